"""What happens to agreements by itself: owners are reminded, others are told what stays undone."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from services.agreements import facts, store
from services.agreements.domain import Agreement
from services.agreements.facts import Step
from services.agreements.reminders import Calendar, Due, escalation_due, reminder_due, superior_of
from shared.city.workdays import workdays_of
from shared.messaging.transaction import Tx
from shared.runtime.service import Tick

Group = tuple[str, ...]
ANY_DAY_OFF = timedelta(days=30)
"""A step before the due day may come so much earlier, where all days up to it are off."""


async def remind(tx: Tx) -> None:
    """Remind owners of what is due soon, today or since; all of one owner is one reminder."""
    calendar = calendar_of(tx)
    ahead = timedelta(days=max(calendar.steps.days_before, default=0)) + ANY_DAY_OFF
    if not await _steps(tx, today(tx) + ahead, reminder_due):
        return
    await tx.lock_service()
    steps = await _steps(tx, today(tx) + ahead, reminder_due)
    await store.note_reminded(tx, [agreement for agreement, _ in steps])
    for group in _grouped(steps, _owner_of).values():
        tx.emit(facts.due(tx.new_id(), group, tx.now))


async def escalate(tx: Tx) -> None:
    """Tell superiors, or else moderation, what stays undone for too long."""
    if not await _steps(tx, today(tx), escalation_due):
        return
    await tx.lock_service()
    steps = await _steps(tx, today(tx), escalation_due)
    await store.note_escalated(tx, [agreement for agreement, _ in steps])
    superiors = {agreement.id: superior_of(agreement, tx.city, today(tx)) for agreement, _ in steps}
    for group in _grouped(steps, lambda each: (superiors[each.id] or each.body,)).values():
        tx.emit(facts.overdue(tx.new_id(), superiors[group[0][0].id], group, tx.now))


def calendar_of(tx: Tx) -> Calendar:
    """Return when the city reminds, and on which days it works."""
    return Calendar(tx.city.profile.agreement_reminders, workdays_of(tx.city))


def today(tx: Tx) -> date:
    """Return the city's day."""
    return workdays_of(tx.city).day_of(tx.now)


async def _steps(tx: Tx, due_by: date, decide: Callable[..., Due | None]) -> list[Step]:
    calendar = calendar_of(tx)
    standing = await store.find_standing(tx, due_by)
    decided = ((agreement, decide(agreement, calendar, tx.now)) for agreement in standing)
    return [(agreement, due) for agreement, due in decided if due]


def _owner_of(agreement: Agreement) -> Group:
    """Return what is the same for all agreements of one owner: a function in several bodies is one."""
    owner = agreement.terms.owner
    return (owner.seat.partition("/")[2],) if owner.seat else (agreement.body, owner.organisation)


def _grouped(steps: Iterable[Step], by: Callable[[Agreement], Group]) -> dict[Group, list[Step]]:
    groups: dict[Group, list[Step]] = defaultdict(list)
    for step in steps:
        groups[by(step[0])].append(step)
    return groups


TICKS = (
    Tick("remind", timedelta(minutes=5), remind),
    Tick("escalate", timedelta(minutes=5), escalate),
)
