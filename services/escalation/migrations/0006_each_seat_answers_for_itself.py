"""each seat answers for itself: what one has taken note of is its answer, what was declined is called off."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from shared.storage.database import CleanText, Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_BEFORE = sa.table(
    "escalations",
    sa.column("id", sa.Uuid),
    sa.column("answered_at", Instant),
    sa.column("answered_by", sa.String),
    sa.column("entered_by", sa.String),
    sa.column("declined_reason", CleanText),
    sa.column("declined_until", Instant),
)
_AFTER = sa.table(
    "escalations",
    sa.column("id", sa.Uuid),
    sa.column("answers", sa.JSON),
    sa.column("decision", sa.JSON(none_as_null=True)),
    sa.column("refusal", sa.JSON(none_as_null=True)),
)


def upgrade() -> None:
    with op.batch_alter_table("escalations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("answers", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("decision", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("refusal", sa.JSON(none_as_null=True), nullable=True))
    answered = sa.select(_BEFORE).where(_BEFORE.c.answered_by.is_not(None))
    for row in op.get_bind().execute(answered).all():
        op.execute(sa.update(_AFTER).where(_AFTER.c.id == row.id).values(**_said(row)))
    with op.batch_alter_table("escalations", schema=None) as batch_op:
        batch_op.drop_column("answered_at")
        batch_op.drop_column("answered_by")
        batch_op.drop_column("entered_by")
        batch_op.drop_column("declined_reason")


def _said(row: Any) -> dict[str, Any]:
    by, at = row.entered_by or row.answered_by, row.answered_at.isoformat()
    if row.declined_until is None:
        answer = {"seat": row.answered_by, "said": "noted", "by": by, "via": "", "at": at}
        return {"answers": [answer]}
    declined = {"by": by, "at": at, "reason": row.declined_reason or ""}
    declined["until"] = row.declined_until.isoformat()
    return {
        "decision": {"ruling": "call_off", "via": "", **declined},
        "refusal": {"because": "called_off", "seat": row.answered_by, **declined},
    }


def downgrade() -> None:
    with op.batch_alter_table("escalations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("declined_reason", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("answered_by", sa.String(length=160), nullable=True))
        batch_op.add_column(sa.Column("entered_by", sa.String(length=160), nullable=True))
        batch_op.add_column(sa.Column("answered_at", Instant(), nullable=True))
        batch_op.drop_column("refusal")
        batch_op.drop_column("decision")
        batch_op.drop_column("answers")
