"""A list of questions handed to the database as one table, so that one statement answers all of them."""

import json
from collections.abc import Mapping, Sequence
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

from shared.service import Tx

Columns: TypeAlias = Mapping[str, type[str] | type[int]]
TYPES = {str: Text, int: BigInteger}


def asked(tx: Tx, columns: Columns, rows: Sequence[tuple[Any, ...]]) -> FromClause:
    """Return `rows` as a table with these columns; the statement is the same for any number of rows."""
    if tx.db.dialect.name == "sqlite":
        each = func.json_each(json.dumps(rows)).table_valued("value")
        values = [
            func.json_extract(each.c.value, f"$[{i}]", type_=TYPES[of]()).label(name)
            for i, (name, of) in enumerate(columns.items())
        ]
        return select(*values).subquery("asked")
    lists: list[BindParameter[Any]] = [
        bindparam(None, [row[i] for row in rows], type_=ARRAY(TYPES[of]))
        for i, of in enumerate(columns.values())
    ]
    typed: list[ColumnClause[Any]] = [column(name, TYPES[of]) for name, of in columns.items()]
    return func.unnest(*lists).table_valued(*typed, name="asked").render_derived()
