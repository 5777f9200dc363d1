"""an address is the person's: another address is another person."""

import sqlalchemy as sa
from alembic import op

import shared.storage.database

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("addresses")


def downgrade() -> None:
    op.create_table(
        "addresses",
        sa.Column("reached_at", sa.Uuid(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("mail", shared.storage.database.CleanText(), nullable=False),
        sa.Column("replaced_at", shared.storage.database.Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("reached_at"),
    )
    op.create_index("ix_addresses_person", "addresses", ["person"], unique=False)
