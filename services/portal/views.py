"""What stands on each page: figures and names put together for a reader of one language."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from services.portal.formats import Formats
from services.portal.labels import Labels, Rule
from services.portal.period import Period, chosen, periods
from services.portal.read_model import queries, store
from services.portal.read_model.domain import (
    Delivery,
    Entry,
    Escalation,
    Meeting,
    Standing,
    Tally,
    fold,
    history,
)
from services.portal.read_model.queries import Totals
from services.portal.words import Words
from shared.city.city import City
from shared.facts import CoursePoint, Evidence
from shared.messaging.transaction import Tx
from shared.text.language import Language

SYRINGES = "syringe_find"
SHOWN = 8
"""Rows of each table on the overview."""
PAGE = 50
"""Rows on a page of a list."""


class Reader:
    """Words, formats and names for readers of one language."""

    def __init__(self, city: City, rules: Mapping[str, Rule], language: Language) -> None:
        self.city = city
        self.language = language
        self.t = Words(language)
        self.f = Formats(language, city.zone)
        self.labels = Labels(city, rules, language)

    def period(self, period: Period) -> str:
        return period.key or self.t("last_year", day=self.f.day(period.span.last))


@dataclass(frozen=True)
class EscalationRow:
    """An escalation as it stands in a table."""

    id: UUID
    rule: str
    place: str
    state: str
    state_label: str
    sentence: str
    escalation: Escalation


@dataclass(frozen=True)
class MeetingRow:
    """A meeting as it stands in a table."""

    id: UUID
    body: str
    standing: str
    why: str
    meeting: Meeting


@dataclass(frozen=True)
class DeliveryRow:
    """A message as it stands in a table."""

    id: UUID
    recipient: str
    kind: str
    title: str
    delivery: Delivery


def escalation_rows(reader: Reader, found: Sequence[Escalation]) -> list[EscalationRow]:
    """Return escalations with their names."""
    return [
        EscalationRow(
            id=e.escalation_id,
            rule=reader.labels.rule(e.rule),
            place=reader.labels.scope(e.scope),
            state=e.state,
            state_label=_state(reader, e),
            sentence=reader.labels.text(e.sentence),
            escalation=e,
        )
        for e in found
    ]


def _state(reader: Reader, escalation: Escalation) -> str:
    if escalation.state == "declined" and escalation.declined_until:
        return reader.t("declined_until", day=reader.f.until(escalation.declined_until))
    return reader.t(f"state_{escalation.state}")


def meeting_rows(reader: Reader, found: Sequence[Meeting]) -> list[MeetingRow]:
    """Return meetings with their names."""
    return [
        MeetingRow(
            id=m.meeting_id,
            body=reader.labels.body(m.body),
            standing="moved" if m.standing is Standing.PLANNED and m.sequence else m.standing,
            why=reader.t(f"why_{m.reason}"),
            meeting=m,
        )
        for m in found
    ]


def delivery_rows(reader: Reader, found: Sequence[Delivery]) -> list[DeliveryRow]:
    """Return messages with their names."""
    return [
        DeliveryRow(
            id=d.delivery_id,
            recipient=reader.labels.recipient(d.recipient),
            kind=reader.t.kind_of_mail(d.template),
            title=d.title or reader.t.kind_of_mail(d.template),
            delivery=d,
        )
        for d in found
    ]


@dataclass(frozen=True)
class Overview:
    """What the overview shows."""

    period: Period
    periods: list[Period]
    totals: Totals
    incidents: int
    syringes: int
    raised: int
    months: "Months"
    districts: list[tuple[str, int, int]]
    """Name, incidents and syringes, the most first."""
    escalations: list[EscalationRow]
    next_meeting: MeetingRow | None
    next_meetings: list[MeetingRow]
    past_meetings: list[MeetingRow]
    deliveries: list[DeliveryRow]

    @property
    def most(self) -> str:
        return ", ".join(f"{name} ({count})" for name, count, _ in self.districts[:3])


async def overview(tx: Tx, reader: Reader, wanted: str) -> Overview:
    """Return the overview of a period."""
    options = periods(await queries.find_days(tx), tx.now.astimezone(reader.city.zone).date())
    period = chosen(options, wanted)
    start, end = period.bounds(reader.city.zone)
    days = await queries.count_by_day(tx, period.span)
    by_district = await queries.count_by_district(tx, period.span)
    next_one = await queries.find_next_meeting(tx)
    return Overview(
        period=period,
        periods=options,
        totals=await queries.count_all(tx, start, end),
        incidents=days.incidents.total(),
        syringes=_quantity(days, SYRINGES),
        raised=len(await queries.find_raised(tx, start, end)),
        months=months(days, reader),
        districts=_districts(by_district, reader),
        escalations=escalation_rows(reader, await queries.find_escalations(tx, SHOWN)),
        next_meeting=meeting_rows(reader, [next_one])[0] if next_one else None,
        next_meetings=meeting_rows(reader, await queries.find_next_meetings(tx, SHOWN // 2)),
        past_meetings=meeting_rows(reader, await queries.find_past_meetings(tx, SHOWN // 2)),
        deliveries=delivery_rows(reader, await queries.find_deliveries(tx, SHOWN)),
    )


def _quantity(tally: Tally, category: str) -> int:
    return sum(number for (_, kind), number in tally.quantities.items() if kind == category)


def _districts(tally: Tally, reader: Reader) -> list[tuple[str, int, int]]:
    counts: Counter[str | None] = Counter()
    syringes: Counter[str | None] = Counter()
    for (district, category), count in tally.incidents.items():
        counts[district] += count
        if category == SYRINGES:
            syringes[district] += tally.quantities[district, category]
    named = [(reader.labels.district(code), count, syringes[code]) for code, count in counts.items()]
    return sorted(named, key=lambda row: (-row[1], row[0]))


@dataclass(frozen=True)
class Months:
    """Incidents by month (rows) and category (columns), with totals."""

    categories: list[str]
    rows: list[tuple[str, list[int], int]]


def months(days: Tally, reader: Reader) -> Months:
    """Return the table behind the weekly chart."""
    shown = [c for c in reader.city.categories if any(category == c for _, category in days.incidents)]
    counts: dict[date, Counter[str]] = {}
    for (day, category), count in days.incidents.items():
        counts.setdefault(day.replace(day=1), Counter())[category] += count
    rows = [
        (reader.f.month(month), [found[category] for category in shown], found.total())
        for month, found in sorted(counts.items())
    ]
    return Months([reader.labels.category(category) for category in shown], rows)


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


@dataclass(frozen=True)
class EscalationPage:
    """What the page of an escalation shows."""

    row: EscalationRow
    signals: list[Signal]
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
        history=history(steps),
        meetings=meeting_rows(reader, await queries.find_meetings_called_by(tx, escalation_id)),
        deliveries=delivery_rows(reader, await queries.find_deliveries(tx, about=escalation_id)),
    )


@dataclass(frozen=True)
class MeetingPage:
    """What the page of a meeting shows."""

    row: MeetingRow
    agenda: list[str]
    members: Sequence[Any]
    escalations: list[EscalationRow]
    deliveries: list[DeliveryRow]


async def meeting_page(tx: Tx, reader: Reader, meeting_id: UUID) -> MeetingPage | None:
    """Return a meeting with why it is held and who belongs to it."""
    meeting = await queries.find_meeting(tx, meeting_id)
    if meeting is None:
        return None
    body = reader.city.bodies.get(meeting.body)
    called_by = await queries.find_escalations(tx, ids=meeting.escalations)
    return MeetingPage(
        row=meeting_rows(reader, [meeting])[0],
        agenda=meeting.notes.get(reader.language) or next(iter(meeting.notes.values()), []),
        members=body.members if body else (),
        escalations=escalation_rows(reader, called_by),
        deliveries=delivery_rows(reader, await queries.find_deliveries(tx, about=meeting_id)),
    )


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


async def about(tx: Tx, delivery: Delivery) -> dict[str, UUID]:
    """Return what a message is about, as far as it is known: `escalation` or `meeting` with its id."""
    try:
        subject = UUID(delivery.about)
    except ValueError:
        return {}
    if await queries.find_meeting(tx, subject):
        return {"meeting": subject}
    return {"escalation": subject} if await queries.find_escalations(tx, ids=[subject]) else {}
