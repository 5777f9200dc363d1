"""Which page of a long list is shown."""

import math
from dataclasses import dataclass
from typing import Annotated

from fastapi import Query

PAGE = 50
"""Rows on a page of a list."""
Page = Annotated[int, Query(ge=1, le=1_000_000)]
"""The page of a list, from 1."""


@dataclass(frozen=True)
class Pager:
    """Which page of a list is shown, counted from 1."""

    page: int
    pages: int

    @property
    def offset(self) -> int:
        return (self.page - 1) * PAGE


def pager(count: int, wanted: int) -> Pager:
    """Return the page nearest to the wanted one."""
    pages = max(1, math.ceil(count / PAGE))
    return Pager(min(max(1, wanted), pages), pages)
