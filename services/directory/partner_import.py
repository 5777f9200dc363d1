"""What rows of a list of partners mean for a body: each is judged, and why it would be refused; pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from services.directory.domain import Organisation, Standing, holders_of
from services.directory.views import NewPartner, PartnerRow
from shared.city.profile import Body
from shared.errors import FieldError
from shared.web.fields import field_errors

NOBODY = UUID(int=0)
STANDINGS = {
    "": Standing.PRESENT,
    "gebraucht": Standing.NEEDED,
    "wird gebraucht": Standing.NEEDED,
    "benötigt": Standing.NEEDED,
    "dabei": Standing.PRESENT,
    "ist dabei": Standing.PRESENT,
    "vorhanden": Standing.PRESENT,
    "have": Standing.PRESENT,
    "takes part": Standing.PRESENT,
    "is needed": Standing.NEEDED,
    "is excluded": Standing.EXCLUDED,
    "ausgeschlossen": Standing.EXCLUDED,
    "ist ausgeschlossen": Standing.EXCLUDED,
} | {str(standing): standing for standing in Standing}
"""How lists say whether a partner is needed; who is only listed is one that a body has."""
DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y")


class Verdict(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REPEATED = "repeated"
    """An earlier row names the same partner; that one counts."""
    REFUSED = "refused"


@dataclass(frozen=True)
class Judged:
    """A row with what becomes of it."""

    line: int
    name: str
    verdict: Verdict
    partner: Organisation | None = None
    """What is to be stored, where something is; without an id of its own where it is new."""
    errors: Sequence[FieldError] = ()


def judge(
    rows: Iterable[PartnerRow], known: Iterable[Organisation], body: Body, today: date
) -> Iterator[Judged]:
    """Yield what becomes of each row; a partner is known by its name, whatever its capitals."""
    by_name = {_key(each.name): each for each in known}
    seen: set[str] = set()
    for row in rows:
        try:
            given = NewPartner.model_validate(_translated(row, body, today, by_name.get(_key(row.name))))
        except ValidationError as error:
            yield Judged(row.line, row.name, Verdict.REFUSED, errors=field_errors(error))
            continue
        key = _key(given.name)
        if key in seen:
            yield Judged(row.line, given.name, Verdict.REPEATED)
            continue
        seen.add(key)
        yield _compared(row.line, given, by_name.get(key), body)


def _compared(line: int, given: NewPartner, before: Organisation | None, body: Body) -> Judged:
    if given.function and given.function not in {holder.function for _, holder in holders_of(body)}:
        unknown = FieldError(field="function", message="the body has no such function")
        return Judged(line, given.name, Verdict.REFUSED, errors=[unknown])
    after = Organisation(id=before.id if before else NOBODY, body=body.id, **given.model_dump())
    if before is None:
        return Judged(line, given.name, Verdict.NEW, after)
    if replace(after, name=before.name) == before:
        return Judged(line, before.name, Verdict.SAME)
    return Judged(line, given.name, Verdict.CHANGED, after)


def _translated(row: PartnerRow, body: Body, today: date, before: Organisation | None) -> Mapping[str, Any]:
    """Return a row as the interface takes a partner; what it leaves out stays as it is known."""
    standing = STANDINGS.get(row.standing.casefold().strip(), row.standing)
    if before and not row.standing:
        standing = before.standing
    return {
        "name": row.name,
        "standing": standing,
        "reason": row.reason or (before.reason if before else ""),
        "since": _day(row.since) if row.since else before.since if before else today,
        "function": _function(row.function, body) or (before.function if before else None),
    }


def _day(text: str) -> date | str:
    for written in DAYS:
        try:
            return datetime.strptime(text, written).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return text


def _function(text: str, body: Body) -> str:
    """Return the code of a function that is named by its code or its name; what is neither stays."""
    names = {
        _key(name): holder.function
        for _, holder in holders_of(body)
        for name in (*holder.name.values(), holder.function)
    }
    return names.get(_key(text), text)


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()
