"""A list of questions handed to the database as one table, so that one statement answers all of them.

Statements over it are made once per dialect (`functools.cache`), as making one costs more than running it.
"""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnClause,
    FromClause,
    Text,
    bindparam,
    column,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from shared.messaging.transaction import Tx

Columns: TypeAlias = tuple[tuple[str, type[str] | type[int]], ...]
TYPES = {str: Text, int: BigInteger}


@cache
def asked(dialect: str, columns: Columns) -> FromClause:
    """Return a table with these columns; `given` fills it."""
    if dialect == "sqlite":
        each = func.json_each(bindparam("asked")).table_valued("value")
        values = [
            func.json_extract(each.c.value, f"$[{i}]", type_=TYPES[of]()).label(name)
            for i, (name, of) in enumerate(columns)
        ]
        return select(*values).subquery("asked")
    lists: list[BindParameter[Any]] = [
        bindparam(f"asked_{name}", type_=ARRAY(TYPES[of])) for name, of in columns
    ]
    typed: list[ColumnClause[Any]] = [column(name, TYPES[of]) for name, of in columns]
    return func.unnest(*lists).table_valued(*typed, name="asked").render_derived()


def given(tx: Tx, columns: Columns, rows: Sequence[tuple[Any, ...]]) -> dict[str, Any]:
    """Return the parameters of a statement over `asked`."""
    if tx.db.dialect.name == "sqlite":
        return {"asked": json.dumps(rows)}
    return {f"asked_{name}": [row[i] for row in rows] for i, (name, _) in enumerate(columns)}
