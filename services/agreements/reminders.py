"""When who owns an agreement is reminded of it, and when others are told that it stays undone; pure.

Each step has an instant: the morning of a working day. A step is given where its instant lies after the
last one that was, and not in the future; of several that have passed only the latest is, once. So nothing
needs to be kept of single steps, and neither missed ticks nor restarts give one twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.agreements.domain import Agreement
from shared.city.city import City
from shared.city.profile import Reminders
from shared.city.workdays import OPENS, Workdays


@dataclass(frozen=True)
class Calendar:
    """When a city reminds, and on which days it works."""

    steps: Reminders
    workdays: Workdays


@dataclass(frozen=True)
class Due:
    """A step that is to be given: so many days after the agreement was due, negative before."""

    days: int
    at: datetime


def reminder_due(agreement: Agreement, calendar: Calendar, now: datetime) -> Due | None:
    """Return of which step the owner is to be reminded now, or None."""
    steps = calendar.steps
    due_on = agreement.terms.due_on
    before = [_before(days, due_on, calendar) for days in steps.days_before]
    after = _after(due_on, calendar, now)
    return _latest(agreement, [*before, *after], agreement.reminded_at, now)


def escalation_due(agreement: Agreement, calendar: Calendar, now: datetime) -> Due | None:
    """Return that a superior or moderation is to be told now that it stays undone, or None."""
    step = _step(calendar.steps.superior_after_days, agreement.terms.due_on, calendar)
    return _latest(agreement, [step], agreement.escalated_at, now)


def _latest(agreement: Agreement, steps: list[Due], given: datetime | None, now: datetime) -> Due | None:
    if not agreement.is_standing:
        return None
    since = max(agreement.timed_at, given or agreement.timed_at)
    passed = [step for step in steps if since < step.at <= now]
    return max(passed, key=lambda step: step.at, default=None)


def _before(days: int, due_on: date, calendar: Calendar) -> Due:
    day = calendar.workdays.on_or_before(due_on - timedelta(days=days))
    return Due(-days, calendar.workdays.instant(day, OPENS))


def _after(due_on: date, calendar: Calendar, now: datetime) -> Iterator[Due]:
    """Yield the steps after the due day up to now."""
    days = calendar.steps.days_after
    while (step := _step(days, due_on, calendar)).at <= now:
        yield step
        days += calendar.steps.every_days


def _step(days: int, due_on: date, calendar: Calendar) -> Due:
    day = calendar.workdays.on_or_after(due_on + timedelta(days=days))
    return Due(days, calendar.workdays.instant(day, OPENS))


def superior_of(agreement: Agreement, city: City, day: date) -> str:
    """Return the seat that is told that an agreement stays undone; empty: its body's moderation is."""
    function = agreement.terms.owner.seat.partition("/")[2]
    seat = city.profile.superiors.get(function, "")
    member = city.find_member(seat) if seat else None
    return seat if member and member.reached_on(day) else ""
