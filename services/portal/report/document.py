"""A report as it is read: sections of text, tables and pictures, the same for a page and for a PDF; pure."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias


@dataclass(frozen=True)
class Text:
    """A paragraph; `fine` is in small print."""

    text: str
    is_fine: bool = False


@dataclass(frozen=True)
class Items:
    """A list of sentences."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table; the first cell of each row is its heading."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    """Which columns are numbers, counted from 0."""
    has_total: bool = False
    """Whether the last row is the sum of those above it."""


@dataclass(frozen=True)
class Picture:
    """A drawing by its name; what it shows stands in `alt`, and in a table beside it."""

    name: str
    alt: str
    caption: str
    is_half: bool = False
    """Two half ones stand beside each other."""


Block: TypeAlias = Text | Items | Table | Picture


@dataclass(frozen=True)
class Section:
    """A part of a report under a heading."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Headline:
    """One figure that stands out, and what is to be known of it."""

    name: str
    figure: str
    note: str


@dataclass(frozen=True)
class Document:
    """A report in one language."""

    language: str
    title: str
    about: str
    """Of which body, or for whom."""
    period: str
    last: date
    """The last day of the period, which dates it."""
    notes: tuple[str, ...]
    """What is to be known of the choice and the data."""
    headlines: tuple[Headline, ...]
    essentials: Section
    sections: tuple[Section, ...]
    page_word: str
    """What stands before the number of a page."""

    def pictures(self) -> list[Picture]:
        """Return all pictures of all sections."""
        blocks = (block for section in self.sections for block in section.blocks)
        return [block for block in blocks if isinstance(block, Picture)]
