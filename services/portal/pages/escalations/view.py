"""What stands on the page of an escalation."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from services.portal.pages.agreements.view import Row as AgreementRow
from services.portal.pages.agreements.view import rows as agreement_rows
from services.portal.pages.frame.reader import Reader
from services.portal.pages.frame.rows import (
    DeliveryRow,
    EscalationRow,
    MeetingRow,
    delivery_rows,
    escalation_rows,
    meeting_rows,
)
from services.portal.pages.replies.matter import Found, Matter, Reply
from services.portal.pages.replies.saying import ENTER, Given, Voice, days_from, entering, voices
from services.portal.read_model import queries, store
from services.portal.read_model.agreements import Wanted, find_agreements
from services.portal.read_model.domain import (
    ONGOING,
    Entry,
    Escalation,
    State,
    fold,
    history,
)
from services.portal.visitors import Visitor
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


def seats_of(escalation: Escalation, matter: Matter | None) -> list[tuple[str, Reply | None]]:
    """Return the seats that were asked or have answered, with what they said last."""
    if escalation.historic:
        return []
    if matter:
        return list(matter.answers.items())
    seats = dict.fromkeys([*escalation.leaders, *escalation.answers])
    return [(seat, _reply(escalation.answers.get(seat))) for seat in seats]


def _reply(fact: EscalationAnswered | None) -> Reply | None:
    if fact is None:
        return None
    return Reply(answer=fact.answer, reason=fact.reason, until=fact.until, by=fact.by, at=fact.answered_at)


def refreshed(escalation: Escalation, matter: Matter | None) -> Escalation:
    """Return an escalation as the service in charge says that it stands, which knows first."""
    if matter is None:
        return escalation
    state = State.OPEN if matter.state == "raised" else State(matter.state)
    return replace(escalation, state=state, declined_until=matter.declined_until)


@dataclass(frozen=True)
class EscalationPage:
    """What the page of an escalation shows."""

    row: EscalationRow
    signals: list[Signal]
    seats: list[tuple[str, Reply | None]]
    """Each seat of leadership with its newest answer; none where nobody was asked."""
    history: list[Entry]
    meetings: list[MeetingRow]
    agreements: list[AgreementRow]
    deliveries: list[DeliveryRow]
    whole: EscalationRow | None
    """The bigger one that it is a part of, where the reader may see that."""
    parts: list[EscalationRow]
    found: Found
    voices: Sequence[Voice]
    entering: Sequence[str]
    """The seats for which moderation may enter an answer."""
    days: list[tuple[date, int]]
    moderates: bool
    """Whether the reader moderates a body, and so may enter what it agrees."""

    @property
    def answered(self) -> int:
        return sum(said is not None for _, said in self.seats)

    def voice_of(self, given: Given) -> Voice | None:
        """Return in which function something may be said; without a seat: as moderation."""
        if given.say == ENTER:
            return Voice(given.seat, "", (ENTER,)) if given.seat in self.entering else None
        return next((voice for voice in self.voices if voice.seat == given.seat), None)


async def _rows(tx: Tx, reader: Reader, ids: Sequence[UUID | None]) -> list[EscalationRow]:
    known = [each for each in ids if each]
    found = await queries.find_escalations(tx, reader.sight, ids=known) if known else []
    return escalation_rows(reader, found)


async def escalation_page(
    tx: Tx, reader: Reader, visitor: Visitor, escalation_id: UUID, found: Found
) -> EscalationPage | None:
    """Return an escalation with all that followed from it, and what its reader may say to it."""
    if not await queries.find_escalations(tx, reader.sight, ids=[escalation_id]):
        return None
    steps = await store.find_steps(tx, escalation_id)
    escalation = fold(steps)
    if escalation is None:
        return None
    [row] = escalation_rows(reader, [refreshed(escalation, found.matter)])
    return EscalationPage(
        row=row,
        signals=signals(reader, escalation.evidence),
        seats=seats_of(escalation, found.matter),
        history=history(steps),
        meetings=meeting_rows(reader, await queries.find_meetings_called_by(tx, escalation_id)),
        agreements=agreement_rows(
            reader,
            await find_agreements(tx, reader.sight, Wanted(escalation=escalation_id)),
            reader.f.local(tx.now).date(),
        ),
        deliveries=delivery_rows(
            reader, await queries.find_deliveries(tx, reader.sight, about=escalation_id)
        ),
        whole=next(iter(await _rows(tx, reader, [escalation.part_of])), None),
        parts=[
            row for row in await _rows(tx, reader, escalation.parts) if row.escalation.state not in ONGOING
        ],
        found=found,
        voices=voices(found.matter, visitor.seats, reader, tx.now) if found.matter else [],
        entering=entering(found.matter, reader.sight.moderated) if found.matter else [],
        days=days_from(tx.now, reader.city.zone),
        moderates=bool(reader.sight.moderated),
    )
