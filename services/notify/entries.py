"""Who has a meeting in their calendar, and what is to be told where others are to have it; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from services.notify.domain import Entry, Intended, State, Template

ARRIVED = frozenset({State.SENT, State.SENDING})
"""What is in a mailbox, or may be."""


@dataclass(frozen=True)
class Standing:
    """A meeting that somebody was asked to come to: the newest mail that says so, and whether one arrived."""

    newest: Entry
    arrived: bool


def standing(entries: Iterable[Entry]) -> dict[UUID | str, Standing]:
    """Return by address who was asked to come and not told otherwise since.

    `entries` come in the order in which they count: by SEQUENCE, then by age (RFC 5546, 2.1.5).
    """
    found: dict[UUID | str, Standing] = {}
    for entry in entries:
        who = entry.reached_at or entry.recipient
        if entry.state is State.OVERTAKEN:
            continue
        if entry.template is Template.CANCELLED:
            found.pop(who, None)
            continue
        before = found.get(who)
        found[who] = Standing(entry, entry.state in ARRIVED or (before is not None and before.arrived))
    return found


@dataclass(frozen=True)
class Differences:
    """What is to be told so that the calendars are those of the body's members again."""

    joining: tuple[Intended, ...]
    """Who is to come and does not know the newest state of the meeting."""
    leaving: tuple[Standing, ...]
    """Who is not to come and was asked to."""


def compare(invited: Mapping[UUID | None, Intended], entries: Iterable[Entry], revision: int) -> Differences:
    """Compare who is to come, by address, with who was asked to; `revision` is the meeting's newest."""
    asked = standing(entries)
    up_to_date = {who for who, entry in asked.items() if entry.newest.revision >= revision}
    return Differences(
        joining=tuple(intended for who, intended in invited.items() if who not in up_to_date),
        leaving=tuple(
            entry
            for who, entry in asked.items()
            if who not in invited and entry.newest.reached_at is not None
        ),
    )
