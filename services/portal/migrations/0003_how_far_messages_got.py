"""how far messages got, and the days off that sessions are moved from."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("status", sa.String(length=16), server_default="sent", nullable=False))
    op.execute("UPDATE deliveries SET status = 'failed' WHERE failed")
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.alter_column("status", server_default=None)
        batch_op.drop_column("failed")

    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("instead_of", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("instead_because", sa.String(length=64), server_default="", nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.drop_column("instead_because")
        batch_op.drop_column("instead_of")

    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("failed", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("UPDATE deliveries SET failed = true WHERE status <> 'sent'")
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.alter_column("failed", server_default=None)
        batch_op.drop_column("status")
