"""What the scheduler does by itself: plan the regular meetings, remind of those near, close those over."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import structlog
from dateutil.relativedelta import relativedelta
from sqlalchemy.exc import DBAPIError

from services.scheduler import lifecycle, store
from services.scheduler.domain import Cancellation, Meeting
from services.scheduler.recurrence import LONGEST_MOVE, Occurrence, occurrences
from services.scheduler.reminders import due
from services.scheduler.series import Fate, Step, reconcile
from shared.city.city import avoided_until
from shared.city.profile import Body
from shared.city.workdays import workdays_of
from shared.facts import MeetingReason, ReminderDue
from shared.messaging.transaction import Tx
from shared.runtime.service import Tick

log = structlog.get_logger()

AHEAD = relativedelta(years=1)
HALF_A_YEAR = relativedelta(months=6)


async def plan_ahead(tx: Tx) -> None:
    """Keep each body that meets regularly planned for one year."""
    await tx.lock_service()
    since = workdays_of(tx.city).day_of(tx.now) - LONGEST_MOVE
    until = since + LONGEST_MOVE + AHEAD
    series = await store.find_series(tx, since, until)
    if (last := avoided_until(tx.city)) and last < until - HALF_A_YEAR:
        log.warning("school_holidays_end", last=str(last), mend="rapport city holidays FILE")
    for name in dict.fromkeys([*tx.city.bodies, *series]):
        try:
            async with tx.savepoint():
                await _plan(name, series.get(name, []), (since, until), tx)
        except DBAPIError:
            raise  # the database is away: nothing is planned now
        except Exception:
            log.exception("body_not_planned", body=name)


async def _plan(name: str, series: Sequence[Meeting], span: tuple[date, date], tx: Tx) -> None:
    body = tx.city.bodies.get(name)
    wanted = _of_the_year(body, *span, tx) if body else []
    for step in reconcile(series, wanted, tx.now):
        await _take(step, body, tx)


def _of_the_year(body: Body, since: date, until: date, tx: Tx) -> list[Occurrence]:
    if body.recurrence is None:
        return []
    found = occurrences(body.recurrence, workdays_of(tx.city), since, until)
    return [o for o in found if max(o.starts_at, o.in_holidays or o.starts_at) > tx.now]


async def _take(step: Step, body: Body | None, tx: Tx) -> None:
    """Carry out what was decided of one meeting or day; only who is concerned by a change is told."""
    meeting, occurrence = step.meeting, step.occurrence
    if step.fate is Fate.NEW and body and occurrence:
        new = lifecycle.new_meeting(body, MeetingReason.REGULAR, occurrence.starts_at, tx)
        await lifecycle.schedule(replace(new, recurrence_id=occurrence.recurrence_id), tx)
    elif step.fate is Fate.MOVED and body and meeting and occurrence:
        await lifecycle.follow_recurrence(meeting, occurrence, body, tx)
    elif step.fate is Fate.CANCELLED and meeting:
        freed = replace(meeting, recurrence_id=None)  # its day can be planned again
        await lifecycle.cancel(freed, Cancellation.RECURRENCE_CHANGED, tx)
    elif step.fate is Fate.BY_HAND and meeting and occurrence:
        await store.save(tx, replace(meeting, recurrence_id=occurrence.recurrence_id))


async def remind(tx: Tx) -> None:
    """Remind of each meeting once per lead of its body; of several that are due only the nearest speaks."""
    await tx.lock_service()
    leads = {body.id: body.reminders for body in tx.city.bodies.values()}
    longest = max((lead for of_body in leads.values() for lead in of_body), default=timedelta())
    starting = await store.find_starting(tx, tx.now + longest)
    reminded = await store.find_reminded(tx, starting)
    for meeting in starting:
        sent = {
            lead for key, start, lead in reminded if (key, start) == (meeting.meeting_id, meeting.starts_at)
        }
        await _remind(meeting, due(meeting, leads.get(meeting.body, ()), sent, tx.now), tx)


async def _remind(meeting: Meeting, leads: list[int], tx: Tx) -> None:
    if leads:
        await store.remember_reminders(tx, meeting, leads)
        minutes = leads[-1]
        told = lifecycle.told(meeting, workdays_of(tx.city))
        tx.emit(ReminderDue(**told, lead_hours=minutes // 60, lead_minutes=minutes))


async def end_holds(tx: Tx) -> None:
    """Call off the meetings that were kept for a while and that nothing new has come for."""
    await tx.lock_service()
    for meeting in await store.find_kept_enough(tx):
        await lifecycle.cancel(meeting, Cancellation.EVIDENCE_WITHDRAWN, tx)


async def close_held(tx: Tx) -> None:
    """Close the meetings whose end has passed."""
    await tx.lock_service()
    for meeting in await store.find_over(tx):
        await lifecycle.hold(meeting, tx)


TICKS = (
    Tick("plan_ahead", timedelta(hours=6), plan_ahead),
    Tick("remind", timedelta(minutes=5), remind),
    Tick("end_holds", timedelta(minutes=1), end_holds),
    Tick("close_held", timedelta(minutes=5), close_held),
)
