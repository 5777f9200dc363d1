"""What the pages of bodies show: what is open first, then who sits there, and what was changed in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from services.portal.pages.bodies.directory_client import Body, Change, Seat
from services.portal.pages.frame.reader import Reader
from services.portal.visitors import Visitor
from shared.city.profile import Away, Role


@dataclass(frozen=True)
class Open:
    """Something that somebody should see to."""

    why: str
    """`vacant`, `vacant_deputy`, `unreached` or `no_deputy`."""
    seat: Seat


@dataclass(frozen=True)
class SeatRow:
    """A seat with its deputy, as it stands in a table."""

    seat: Seat
    deputy: Seat | None
    own: bool
    """Whether the reader holds the seat or its deputy."""


def rows_of(body: Body, visitor: Visitor) -> list[SeatRow]:
    """Return the seats of a body with their deputies."""
    seats = [seat for seat in body.seats if seat.deputy_of is None]
    return [_row(body, seat, visitor) for seat in seats]


def _row(body: Body, seat: Seat, visitor: Visitor) -> SeatRow:
    deputy = body.deputy_of(seat.function)
    pair = [each for each in (seat, deputy) if each]
    return SeatRow(seat, deputy, own=any(holds(visitor, body.body, each.function) for each in pair))


def holds(visitor: Visitor, body: str, function: str) -> bool:
    """Say whether somebody holds a function."""
    return f"{body}/{function}" in visitor.seats


def what_is_open(rows: Sequence[SeatRow], today: date) -> list[Open]:
    """Return what somebody should see to in a body, what matters most first."""
    order = ("unreached", "vacant", "vacant_deputy", "no_deputy")
    return sorted(_open(rows, today), key=lambda each: order.index(each.why))


def _open(rows: Sequence[SeatRow], today: date) -> Iterator[Open]:
    for row in rows:
        deputy_is_there = row.deputy is not None and not row.deputy.is_away(today)
        if row.seat.vacant and not deputy_is_there:
            yield Open("unreached", row.seat)
        elif row.seat.vacant:
            yield Open("vacant", row.seat)
        elif row.seat.is_away(today) and not deputy_is_there:
            yield Open("unreached", row.seat)
        elif row.deputy is not None and row.deputy.vacant:
            yield Open("vacant_deputy", row.deputy)
        elif row.deputy is None and row.seat.role is not Role.MEMBER:
            yield Open("no_deputy", row.seat)


def span_of(reader: Reader, away: Away) -> str:
    """Return days of absence in words."""
    first, last = reader.f.short_day(away.first), reader.f.short_day(away.last)
    return first if first == last else reader.t("away_span", first=first, last=last)


def sentence(reader: Reader, change: Change) -> str:
    """Return a change of a body as a sentence without its author and date."""
    name = reader.labels.text(change.name or {}) or change.function
    said = change.details
    if change.change == "away":
        spans = [_told(reader, span) for key, span in said.items() if key.startswith("days_")]
        listed = ", ".join(spans) or reader.t("change_away_never")
        return reader.t("change_away" if name else "change_away_elsewhere", which=name, days=listed)
    if change.change == "settings":
        return _settings(reader, change)
    if change.change == "partner":
        standing = reader.t(f"partner_{said.get('standing', 'present')}")
        return reader.t("change_partner", which=said.get("name", ""), standing=standing)
    known = f"change_{change.change}"
    words = known if reader.t.knows(known) else "change_other"
    return reader.t(words, which=said.get("name", name), what=change.change)


def _told(reader: Reader, span: str) -> str:
    first, _, last = span.partition("/")
    return span_of(reader, Away(first=date.fromisoformat(first), last=date.fromisoformat(last)))


def _settings(reader: Reader, change: Change) -> str:
    if change.function:
        return reader.t("change_function", which=reader.labels.text(change.name or {}) or change.function)
    said = [reader.t(f"change_{name}") for name in ("purpose", "location") if name in change.details]
    if "open" in change.details:
        said.append(reader.t(f"change_open_{change.details['open']}"))
    if "sharing" in change.details:
        before, _, after = change.details["sharing"].partition("/")
        levels = {"before": reader.t(f"sharing_{before}"), "after": reader.t(f"sharing_{after}")}
        said.append(reader.t("change_sharing", **levels))
    return " ".join(said) or reader.t("change_settings")
