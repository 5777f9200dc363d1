"""by hand and kept until."""

import sqlalchemy as sa
from alembic import op

import shared.storage.database

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("by_hand", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(
            sa.Column("kept_until", shared.storage.database.Instant(timezone=True), nullable=True)
        )
    # Until now only moderation changed what a recurrence had planned.
    meetings = sa.table(
        "meetings",
        sa.column("by_hand", sa.Boolean()),
        sa.column("recurrence_id", sa.Date()),
        sa.column("sequence", sa.Integer()),
    )
    changed = sa.and_(meetings.c.recurrence_id.is_not(None), meetings.c.sequence > 0)
    op.execute(meetings.update().where(changed).values(by_hand=sa.true()))


def downgrade() -> None:
    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.drop_column("kept_until")
        batch_op.drop_column("by_hand")
