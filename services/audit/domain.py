"""The chain: what an entry says, and how each hash holds all entries before it; pure.

After Haber and Stornetta (1991): the hash of an entry is SHA-256 over the hash before it and the entry
itself, so that who knows the last hash would notice any change to anything before.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from shared.facts import ActionTaken


@dataclass(frozen=True)
class Link:
    """The end of a chain: how many entries it has, and the hash of the last."""

    position: int
    hash: str


GENESIS = Link(0, "0" * 64)
"""The end of the chain that has no entry."""


@dataclass(frozen=True)
class Entry:
    """One entry as it is stored: `text` is what the hash is over; what is below the hash repeats it."""

    position: int
    text: str
    hash: str
    action: str
    about: str
    by: str
    via: str
    taken_at: datetime

    @property
    def link(self) -> Link:
        return Link(self.position, self.hash)

    @cached_property
    def said(self) -> ActionTaken:
        """What the entry says; raises ValidationError where its text is none of ours."""
        return ActionTaken.model_validate_json(self.text)


class Misfit(StrEnum):
    """Why an entry does not follow from the one before it."""

    POSITION = "position"
    """One is missing before it, or it stands twice."""
    HASH = "hash"
    """It, or the hash before it, was changed."""
    COLUMNS = "columns"
    """What it is found by is not what it says."""


def canonical(fact: ActionTaken) -> str:
    """Return a fact as the one text that its hash is over: JSON in ASCII, keys sorted, without blanks."""
    return json.dumps(fact.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))


def hash_of(before: str, text: str) -> str:
    """Return the hash of an entry as hexadecimal digits: SHA-256 over the hash before it and its text."""
    return hashlib.sha256(f"{before}{text}".encode()).hexdigest()


def extend(last: Link, facts: Iterable[ActionTaken]) -> Iterator[Entry]:
    """Yield the entries that follow `last`, one for each fact."""
    for fact in facts:
        text = canonical(fact)
        last = Link(last.position + 1, hash_of(last.hash, text))
        yield Entry(last.position, text, last.hash, **columns_of(fact))


def columns_of(fact: ActionTaken) -> dict[str, Any]:
    """Return what an entry can be asked for by."""
    return {name: getattr(fact, name) for name in ("action", "about", "by", "via", "taken_at")}


def misfit(last: Link, entry: Entry) -> Misfit | None:
    """Return why an entry does not follow `last`; None: it does."""
    if entry.position != last.position + 1:
        return Misfit.POSITION
    if entry.hash != hash_of(last.hash, entry.text):
        return Misfit.HASH
    try:
        repeated = columns_of(entry.said)
    except ValidationError:
        return Misfit.COLUMNS
    return None if all(getattr(entry, name) == repeated[name] for name in repeated) else Misfit.COLUMNS


@dataclass
class Walk:
    """Follows a chain from its beginning, a page at a time, up to the first entry that does not fit."""

    expected: str | None = None
    """A hash that was noted elsewhere, to be found on the way."""
    last: Link = GENESIS
    broken_at: int | None = None
    because: Misfit | None = None
    found_at: int | None = None
    """After how many entries the expected hash stands."""

    def __post_init__(self) -> None:
        self._look()

    def follow(self, entries: Iterable[Entry]) -> None:
        """Go on over the entries that come next."""
        for entry in entries:
            if self.because is None:
                self._step(entry)

    def _step(self, entry: Entry) -> None:
        self.because = misfit(self.last, entry)
        if self.because:
            self.broken_at = self.last.position + 1
        else:
            self.last = entry.link
            self._look()

    def _look(self) -> None:
        if self.last.hash == self.expected:
            self.found_at = self.last.position

    @property
    def holds(self) -> bool:
        """Whether every entry fits and the expected hash, if there is one, is in the chain."""
        return self.because is None and (self.expected is None or self.found_at is not None)
