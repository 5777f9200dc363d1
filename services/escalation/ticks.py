"""What escalation does by itself: looks what time changed, ends what is calm, tells what was held back."""

from dataclasses import replace
from datetime import timedelta

from services.escalation.conditions.loading import rulebook_of
from services.escalation.counting import ready
from services.escalation.domain import Escalation, Outcome, State
from services.escalation.episodes.alerting import postponed, told, unanswered
from services.escalation.episodes.by_hand import rule_for, rule_of
from services.escalation.episodes.holding import NOTICE, ending
from services.escalation.episodes.parts import bigger_of
from services.escalation.episodes.transition import Present, Transition
from services.escalation.episodes.transitions import ended, told_now
from services.escalation.episodes.window import lately
from services.escalation.facts import Reopening
from services.escalation.intervals import instant
from services.escalation.store import escalations, meetings, watches
from services.escalation.update import look_again, present_of, read_windows, write
from shared.messaging.transaction import Tx
from shared.runtime.service import Tick


async def look_at_time(tx: Tx) -> None:
    """Raise, extend and end what time alone has changed since it was last looked at."""
    if not await watches.find_due(tx, rulebook_of(tx.city)):
        return
    book = await ready(tx)
    await look_again(await watches.find_due(tx, book), book, tx)


async def resolve_due(tx: Tx) -> None:
    """End escalations that have been calm for long enough; tell those whose refusal or hold ran out.

    What may have become active by time alone is looked at before it is said to be calm.
    """
    due = await escalations.find_due(tx)
    if not any(due):
        return
    book = await ready(tx)
    await look_again({(each.rule, each.scope) for all_ in due for each in all_}, book, tx)
    calm, run_out = await escalations.find_due(tx)
    present = present_of(tx)
    begun = {(each.rule, each.scope) for each in await escalations.find_open(tx) if each.counts_from}
    over = [
        ended(
            each,
            rule_for(each, book),
            (Outcome.CALM, instant(each.resolve_due)),
            present,
            goes_on=bool(each.discussed_at) and (each.rule, each.scope) in begun,
        )
        for each in calm
    ]
    again = [each for each in run_out if each.rule in book.rules]
    by_hand = [
        told(Transition(each, each.next()), rule, present, BECAUSE.get(each.state))
        for each in run_out
        if (rule := rule_of(each))
    ]
    await write([*over, *by_hand, *await _told_now(again, present, tx)], tx)


BECAUSE = {State.DECLINED: Reopening.REFUSAL_ENDED, State.ACKNOWLEDGED: Reopening.NOT_FOLLOWED}
"""Why what is told again is told, by how it stood before."""


async def reopen_unfollowed(tx: Tx) -> None:
    """Alert leadership anew of what it has taken note of, and no meeting has."""
    if not await escalations.find_unfollowed(tx):
        return
    book = await ready(tx)
    present, due = present_of(tx), await escalations.find_unfollowed(tx)
    known = [each for each in due if each.rule in book.rules]
    oldest = min((each.raised_at for each in known), default=tx.now)
    has_meeting = await meetings.find_talked_about(tx, oldest)
    followed = [each for each in known if each.id in has_meeting]
    later = [postponed(each, book.rules[each.rule], present) for each in followed]
    again = [each for each in known if each.id not in has_meeting]
    await write([*later, *await _told_now(again, present, tx)], tx)


async def _told_now(run_out: list[Escalation], present: Present, tx: Tx) -> list[Transition]:
    book = present.book
    spans = {
        (each.rule, each.scope): (lately(book, book.rules[each.rule], each.episode),) for each in run_out
    }
    windows = await read_windows(spans, book, tx)
    open_ones = await escalations.find_open(tx) if run_out else []
    return [
        told_now(
            each,
            windows[each.rule, each.scope].after(each.counts_after),
            present,
            BECAUSE.get(each.state),
            bigger_of(each, open_ones, present),
        )
        for each in run_out
    ]


async def notice_holds(tx: Tx) -> None:
    """Tell moderation that leadership is alerted soon of what it holds back."""
    if not await escalations.find_holds_ending(tx, tx.now + NOTICE):
        return
    await tx.lock_service()
    due = await escalations.find_holds_ending(tx, tx.now + NOTICE)
    await write([ending(each, each.hold, tx.now) for each in due if each.hold], tx)


async def remind_silent(tx: Tx) -> None:
    """Tell whose seats have let a deadline pass without an answer."""
    if not await escalations.find_unanswered(tx):
        return
    await tx.lock_service()
    present = present_of(tx)
    due = await escalations.find_unanswered(tx)
    rules = {each.id: rule_for(each, present.book) for each in due}
    passed = [
        unanswered(each, present.leaders(each), rule, present) for each in due if (rule := rules[each.id])
    ]
    gone = [Transition(each, replace(each, answer_by=None)) for each in due if rules[each.id] is None]
    await write([*passed, *gone], tx)


TICKS = (
    Tick("reopen_unfollowed", timedelta(minutes=5), reopen_unfollowed),
    Tick("remind_silent", timedelta(minutes=5), remind_silent),
    Tick("notice_holds", timedelta(minutes=5), notice_holds),
    Tick("look_at_time", timedelta(seconds=60), look_at_time),
    Tick("resolve_due", timedelta(seconds=60), resolve_due),
)
