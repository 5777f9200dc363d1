"""Escalation's use cases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC
from itertools import chain
from typing import NamedTuple, TypeVar
from uuid import UUID

from services.escalation.conditions.loading import rulebook_of
from services.escalation.counting import ready
from services.escalation.domain import CountChange, Escalation, counted_of
from services.escalation.episodes import by_hand, holding
from services.escalation.episodes.answers import Verdict, judge_answer, judge_decision
from services.escalation.episodes.discussing import cuts, discussed
from services.escalation.episodes.replying import answered, decided
from services.escalation.episodes.transition import Transition
from services.escalation.replies import Answer, Decision, Hold
from services.escalation.store import escalations, incidents, meetings
from services.escalation.update import look_at, present_of, update_escalations, write
from shared.access.caller import Caller
from shared.access.record import record
from shared.city.by_hand import rule_by_hand
from shared.facts import (
    BodyChanged,
    IncidentCorrected,
    IncidentReported,
    IncidentWithdrawn,
    MeetingCancelled,
    MeetingFact,
    MeetingHeld,
    MeetingMoved,
    MeetingScheduled,
    Scope,
)
from shared.messaging.transaction import Tx
from shared.runtime.bodies import keep_body
from shared.runtime.service import BatchHandler, Subscriptions

Word = TypeVar("Word", Answer, Decision)


class Taken(NamedTuple):
    """An escalation as it stands after an answer or a decision, and what became of that."""

    escalation: Escalation
    verdict: Verdict


async def hold_escalation(escalation_id: UUID, hold: Hold, caller: Caller, tx: Tx) -> Taken:
    """Take moderation's "not now"."""
    await tx.lock_service()
    escalation = await escalations.get(tx, escalation_id)
    verdict = holding.judge(escalation, hold)
    if verdict is not Verdict.TAKEN:
        return Taken(escalation, verdict)
    transition = holding.held(escalation, replace(hold, until=hold.until.astimezone(UTC)))
    await write([transition], tx)
    record(tx, caller, "escalation.held", str(escalation_id), until=hold.until.isoformat())
    return Taken(transition.after, verdict)


async def end_hold(escalation_id: UUID, by: str, caller: Caller, tx: Tx) -> Taken:
    """Take it that moderation, from its seat `by`, holds back no longer."""
    await tx.lock_service()
    escalation = await escalations.get(tx, escalation_id)
    verdict = holding.judge_end(escalation, tx.now)
    if verdict is not Verdict.TAKEN:
        return Taken(escalation, verdict)
    transition = holding.lifted(escalation, Hold(by, caller.via, tx.now, "", tx.now))
    await write([transition], tx)
    record(tx, caller, "escalation.hold_ended", str(escalation_id))
    return Taken(transition.after, verdict)


class Called(NamedTuple):
    """The escalation that moderation has raised by hand, or the open one that has called already."""

    escalation: Escalation | None
    verdict: by_hand.Verdict


async def on_incidents_reported(events: Sequence[IncidentReported], tx: Tx) -> None:
    """Count incidents that are not known yet; a known one may have been corrected or withdrawn since."""
    book = await ready(tx)
    reported = {event.incident_id: event for event in events}
    new = await incidents.add(tx, list(reported.values()))
    counted = [each for id_ in new for each in counted_of(reported[id_], book, tx.city)]
    await incidents.count_in(tx, counted)
    await update_escalations([CountChange(each, added=True) for each in counted], book, tx)


async def on_incident_corrected(event: IncidentCorrected, tx: Tx) -> None:
    """Count an incident as it is now instead of as it was."""
    book = await ready(tx)
    known = await incidents.find_revision(tx, event.incident_id)
    if event.revision <= known:
        return
    before = await incidents.count_out(tx, event.incident_id, tx.city.id)
    after = counted_of(event, book, tx.city)
    await incidents.replace(tx, event, known)
    await incidents.count_in(tx, after)
    shifts = [CountChange(each, added=False) for each in before] + [
        CountChange(each, added=True) for each in after
    ]
    await update_escalations(shifts, book, tx)


async def on_incident_withdrawn(event: IncidentWithdrawn, tx: Tx) -> None:
    """Count an incident no more, also if its report is still to come."""
    book = await ready(tx)
    known = await incidents.find_revision(tx, event.incident_id)
    if event.revision <= known:
        return
    before = await incidents.count_out(tx, event.incident_id, tx.city.id)
    await incidents.withdraw(tx, event.incident_id, event.revision, known)
    await update_escalations([CountChange(each, added=False) for each in before], book, tx)


async def answer_escalation(escalation_id: UUID, answer: Answer, caller: Caller, tx: Tx) -> Taken:
    """Take what a seat of leadership answers."""
    await tx.lock_service()
    escalation = await escalations.get(tx, escalation_id)
    present = present_of(tx)
    verdict = judge_answer(escalation, answer, present.leaders(escalation), tx.city)
    if verdict is not Verdict.TAKEN:
        return Taken(escalation, verdict)
    transition = answered(escalation, _in_utc(answer), present)
    await write([transition], tx)
    details = {"answer": answer.said.value}
    record(tx, caller, "escalation.answered", str(escalation_id), in_name_of=answer.seat, **details)
    return Taken(transition.after, verdict)


async def decide_escalation(escalation_id: UUID, decision: Decision, caller: Caller, tx: Tx) -> Taken:
    """Take what moderation decides."""
    await tx.lock_service()
    escalation = await escalations.get(tx, escalation_id)
    verdict = judge_decision(escalation, decision)
    if verdict is not Verdict.TAKEN:
        return Taken(escalation, verdict)
    transition = decided(escalation, _in_utc(decision), present_of(tx))
    await write([transition], tx)
    record(tx, caller, "escalation.decided", str(escalation_id), decision=decision.ruling.value)
    return Taken(transition.after, verdict)


async def call_by_hand(scope: Scope, body: str, reason: str, caller: Caller, tx: Tx) -> Called:
    """Raise an escalation because moderation says so, once as long as it is open."""
    await tx.lock_service()
    known = await escalations.find_all(tx, [rule_by_hand(body)], 100, scope=str(scope))
    verdict = by_hand.judge(scope, body, tx.city, is_open=any(each.is_open for each in known))
    if verdict is not by_hand.Verdict.CALLED:
        return Called(next((each for each in known if each.is_open), None), verdict)
    transition = by_hand.called(scope, body, reason, present_of(tx))
    await write([transition], tx)
    record(tx, caller, "escalation.called", str(transition.after.id), body=body, scope=str(scope))
    return Called(transition.after, verdict)


def _in_utc(said: Word) -> Word:
    """Return it with its end as it is kept; only what was taken is known to have one that UTC can say."""
    return replace(said, until=said.until and said.until.astimezone(UTC))


async def find_incidents_of(escalation: Escalation, tx: Tx) -> list[UUID]:
    """Return all incidents that count in the whole episode of an escalation, in the order they happened."""
    book = rulebook_of(tx.city)
    rule = book.rules.get(escalation.rule)
    if rule is None:
        return list(escalation.evidence.incidents)
    since = book.counted_since(rule, escalation.episode[0])
    span = max(since, escalation.counts_after or since), escalation.episode[1]
    wanted = {(escalation.scope, category): (span,) for category in book.categories(rule)}
    found = await incidents.find_counted(tx, wanted)
    return [each.id for each in sorted(chain(*found.values()))]


async def on_meeting(event: MeetingFact, tx: Tx) -> None:
    """Keep which meetings talk about which escalations."""
    await meetings.keep(tx, event)


async def on_meeting_held(event: MeetingHeld, tx: Tx) -> None:
    """Keep that a meeting has had its escalations and their parts: what comes after it is another episode."""
    book = await ready(tx)
    await meetings.keep(tx, event)
    had = [each for each in await escalations.find_discussed(tx, event.escalations) if not each.discussed_at]
    talks = [discussed(Transition(each, each), event.ends_at, event.meeting_id) for each in had]
    await write(talks, tx)
    await look_at(cuts(had, event.ends_at, tx.now, book), book, tx)


SUBSCRIPTIONS: Subscriptions = {
    IncidentReported: BatchHandler(on_incidents_reported),
    IncidentCorrected: on_incident_corrected,
    IncidentWithdrawn: on_incident_withdrawn,
    MeetingScheduled: on_meeting,
    MeetingMoved: on_meeting,
    MeetingCancelled: on_meeting,
    MeetingHeld: on_meeting_held,
    BodyChanged: keep_body,
}
