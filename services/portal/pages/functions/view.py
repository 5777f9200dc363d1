"""What stands on the page of a function, as far as its reader sits in the same bodies."""

from dataclasses import dataclass

from services.portal.pages.frame.reader import Reader
from services.portal.pages.frame.rows import EscalationRow, escalation_rows
from services.portal.read_model import queries
from shared.city.profile import Body, Member
from shared.facts import EscalationAnswered
from shared.messaging.transaction import Tx

SHOWN = 10
"""Answers on the page, the newest of all."""


@dataclass(frozen=True)
class Seat:
    """Where a function sits: as itself, or as the deputy of `member`."""

    body: Body
    member: Member
    is_deputy: bool


@dataclass(frozen=True)
class FunctionPage:
    """What the page of a function shows."""

    recipient: str
    seats: list[Seat]
    answers: list[tuple[EscalationRow, EscalationAnswered]]
    """What was answered in its name lately, the newest first, each with the escalation."""


async def function_page(tx: Tx, reader: Reader, function: str) -> FunctionPage | None:
    """Return a function, or None where it sits in none of the reader's bodies."""
    seats = seats_of(reader, function)
    if not seats:
        return None
    said = await queries.find_answers(tx, reader.sight, function, SHOWN)
    found = await queries.find_escalations(tx, reader.sight, ids=[each.escalation_id for each in said])
    rows = {row.id: row for row in escalation_rows(reader, found)}
    return FunctionPage(
        recipient=f"{seats[0].body.id}/{function}",
        seats=seats,
        answers=[(rows[each.escalation_id], each) for each in said],
    )


def seats_of(reader: Reader, function: str) -> list[Seat]:
    """Return where a function sits in the reader's bodies."""
    return [
        Seat(body, member, is_deputy=member.function != function)
        for name, body in reader.city.bodies.items()
        if name in reader.sight.bodies
        for member in body.members
        if function in {member.function, member.deputy.function if member.deputy else None}
    ]
