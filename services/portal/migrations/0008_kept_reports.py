"""reports that were kept."""

import sqlalchemy as sa
from alembic import op

import shared.storage.database

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_reports",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.String(length=64), nullable=False),
        sa.Column("meeting", sa.Uuid(), nullable=True),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", shared.storage.database.Instant(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=160), nullable=False),
        sa.PrimaryKeyConstraint("report_id"),
    )
    op.create_index("kept_reports_body", "kept_reports", ["body", "made_at"], unique=False)


def downgrade() -> None:
    op.drop_index("kept_reports_body", "kept_reports")
    op.drop_table("kept_reports")
