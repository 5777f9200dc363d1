"""What the pages of partners show: three columns of the map, and what becomes of each row of a list; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.portal.pages.bodies.directory_client import Body, Seat
from services.portal.pages.frame.forms import Sent
from services.portal.pages.partners.directory_client import STANDINGS, Judged, Partner
from services.portal.pages.partners.reading import ListRow
from services.portal.pages.words import Words

REASON = "partner_wrong_reason"


@dataclass(frozen=True)
class Card:
    """A partner on the map, with the function that speaks for it."""

    partner: Partner
    seat: Seat | None

    @property
    def asks(self) -> bool:
        """Say whether somebody should see to it: it is needed, and nobody speaks for it."""
        return self.partner.standing == "needed" and (self.seat is None or self.seat.vacant)


@dataclass(frozen=True)
class Line:
    """A row of a list, and what becomes of it."""

    line: int
    name: str
    verdict: str
    standing: str = ""
    wrong: Sequence[str] = ()
    sent: Mapping[str, Any] | None = None
    """The row as the directory takes it; None where it cannot be read."""

    @property
    def is_taken(self) -> bool:
        return self.verdict in {"new", "changed"}


def said_of(sent: Sent, t: Words) -> dict[str, str]:
    """Return what is wrong with a partner by field: a reason is not asked for, only how long it may be."""
    wrong = sent.wrong(t)
    return wrong | ({"reason": t(REASON)} if "reason" in wrong else {})


def map_of(partners: Sequence[Partner], body: Body) -> list[tuple[str, list[Card]]]:
    """Return the partners by standing; those that ask for something first."""
    cards = [Card(each, body.find(each.function) if each.function else None) for each in partners]
    ordered = sorted(cards, key=lambda card: not card.asks)
    return [
        (standing, [card for card in ordered if card.partner.standing == standing]) for standing in STANDINGS
    ]


def lines_of(read: Sequence[ListRow], judged: Sequence[Judged], t: Words) -> list[Line]:
    """Return what becomes of each row of a list, in the order of the list."""
    broken = [Line(row.line, "", "refused", wrong=[row.wrong]) for row in read if row.wrong]
    rows = {row.line: row for row in read}
    return sorted(
        [*broken, *(_line(each, rows[each.line], t) for each in judged)], key=lambda line: line.line
    )


def _line(judged: Judged, row: ListRow, t: Words) -> Line:
    return Line(
        line=judged.line,
        name=judged.name,
        verdict=judged.verdict,
        standing=str(judged.partner["standing"]) if judged.partner else "",
        wrong=[t(REASON if each.field == "reason" else f"wrong_{each.field}") for each in judged.errors],
        sent={"line": row.line, **row.cells},
    )
