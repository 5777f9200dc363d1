"""What stands on the page of an escalation."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from services.portal.pages.frame.reader import Reader
from services.portal.pages.frame.rows import (
    DeliveryRow,
    EscalationRow,
    MeetingRow,
    delivery_rows,
    escalation_rows,
    meeting_rows,
)
from services.portal.read_model import queries, store
from services.portal.read_model.domain import (
    Entry,
    Escalation,
    fold,
    history,
)
from shared.facts import CoursePoint, EscalationAnswered, Evidence
from shared.messaging.transaction import Tx


@dataclass(frozen=True)
class Signal:
    """One elementary rule in an escalation's evidence."""

    rule: str
    name: str
    count: int
    threshold: int | None
    measure: str
    within: timedelta | None
    categories: tuple[str, ...]
    words: str = ""
    """What is usual and how it compares, or why it cannot be compared; empty for a fixed threshold."""
    course: tuple[CoursePoint, ...] = ()
    """How it ran until it was told; empty for a sum over a window with a fixed threshold."""


def signals(reader: Reader, evidence: Evidence | None) -> list[Signal]:
    """Return what the rule saw, signal by signal."""
    if evidence is None:
        return []
    found = []
    for rule, count in evidence.counts.items():
        known, seen = reader.labels.rules.get(rule), evidence.signals.get(rule)
        found.append(
            Signal(
                rule=rule,
                name=reader.labels.rule(rule),
                count=count,
                threshold=evidence.thresholds.get(rule),
                measure=known.measure if known else "incidents",
                within=known.within if known else None,
                categories=known.categories if known else (),
                words=seen.words[reader.language] if seen and seen.compares else "",
                course=seen.course if seen else (),
            )
        )
    return found


def seats_of(escalation: Escalation) -> list[tuple[str, EscalationAnswered | None]]:
    """Return the seats that were asked or have answered, with what they said last."""
    seats = dict.fromkeys([*escalation.leaders, *escalation.answers])
    return [] if escalation.historic else [(seat, escalation.answers.get(seat)) for seat in seats]


@dataclass(frozen=True)
class EscalationPage:
    """What the page of an escalation shows."""

    row: EscalationRow
    signals: list[Signal]
    seats: list[tuple[str, EscalationAnswered | None]]
    """Each seat of leadership with its newest answer; none where nobody was asked."""
    history: list[Entry]
    meetings: list[MeetingRow]
    deliveries: list[DeliveryRow]


async def escalation_page(tx: Tx, reader: Reader, escalation_id: UUID) -> EscalationPage | None:
    """Return an escalation with all that followed from it."""
    steps = await store.find_steps(tx, escalation_id)
    escalation = fold(steps)
    if escalation is None:
        return None
    [row] = escalation_rows(reader, [escalation])
    return EscalationPage(
        row=row,
        signals=signals(reader, escalation.evidence),
        seats=seats_of(escalation),
        history=history(steps),
        meetings=meeting_rows(reader, await queries.find_meetings_called_by(tx, escalation_id)),
        deliveries=delivery_rows(reader, await queries.find_deliveries(tx, about=escalation_id)),
    )
