"""reminders by the minute: two leads of less than an hour are two."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SENT = sa.table("reminders_sent", sa.column("lead_minutes", sa.Integer()))


def upgrade() -> None:
    with op.batch_alter_table("reminders_sent", schema=None) as batch_op:
        batch_op.alter_column("lead_hours", new_column_name="lead_minutes")
    op.execute(SENT.update().values(lead_minutes=SENT.c.lead_minutes * 60))


def downgrade() -> None:
    op.execute(SENT.update().values(lead_minutes=SENT.c.lead_minutes / 60))
    with op.batch_alter_table("reminders_sent", schema=None) as batch_op:
        batch_op.alter_column("lead_minutes", new_column_name="lead_hours")
