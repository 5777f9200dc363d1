"""conditions are worked out from points that are read; when rules were met is kept no more."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

escalations = sa.table("escalations", sa.column("id", sa.Uuid()), sa.column("levels", sa.JSON()))


def upgrade() -> None:
    op.drop_table("met")
    op.drop_table("measured")
    op.rename_table("sightings", "counted_incidents")
    op.create_table(
        "counted_kinds",
        sa.Column("scope_kind", sa.String(length=16), nullable=False),
        sa.Column("category", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("scope_kind", "category"),
    )
    op.create_table(
        "watches",
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("looked_at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("rule", "scope"),
    )
    with op.batch_alter_table("escalations", schema=None) as batch_op:
        batch_op.alter_column("growth", new_column_name="levels")
    rewrite(
        lambda growth: {
            leaf: {"doublings": height["level"], "peak": height["peak"]}
            for leaf, height in growth["heights"].items()
        }
    )


def downgrade() -> None:
    rewrite(
        lambda levels: {
            "heights": {
                leaf: {"level": level["doublings"], "peak": level["peak"], "bound": level["peak"]}
                for leaf, level in levels.items()
            },
            "unchecked": None,
        }
    )
    with op.batch_alter_table("escalations", schema=None) as batch_op:
        batch_op.alter_column("levels", new_column_name="growth")
    op.drop_table("watches")
    op.drop_table("counted_kinds")
    op.rename_table("counted_incidents", "sightings")
    op.create_table(
        "measured", sa.Column("leaf", sa.String(length=12), nullable=False), sa.PrimaryKeyConstraint("leaf")
    )
    op.create_table(
        "met",
        sa.Column("leaf", sa.String(length=12), nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("until", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("leaf", "scope", "until"),
        sqlite_with_rowid=False,
    )


def rewrite(what: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    db = op.get_bind()
    for id_, before in db.execute(sa.select(escalations)).all():
        db.execute(escalations.update().where(escalations.c.id == id_).values(levels=what(before)))
