"""requests that are withdrawn."""

import sqlalchemy as sa
from alembic import op

import shared.storage.database

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("withdrawn_at", shared.storage.database.Instant(timezone=True), nullable=True)
        )


def downgrade() -> None:
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.drop_column("withdrawn_at")
