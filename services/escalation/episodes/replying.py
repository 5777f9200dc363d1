"""What an escalation becomes when somebody answers or decides, and the facts that say so; pure."""

from collections.abc import Sequence
from uuid import UUID

from services.escalation import facts
from services.escalation.domain import Escalation, State
from services.escalation.episodes import alerting
from services.escalation.episodes.by_hand import rule_for
from services.escalation.episodes.transition import Present, Transition
from services.escalation.facts import Reopening
from services.escalation.replies import Answer, Decision, Refusal


def answered(escalation: Escalation, answer: Answer, present: Present) -> Transition:
    """Return an escalation with what a seat of leadership has answered, and what follows from that."""
    return _settled(_with_answer(Transition(escalation, escalation), answer, present), escalation, present)


def decided(escalation: Escalation, decision: Decision, present: Present) -> Transition:
    """Return an escalation with what moderation has decided, and what follows from that."""
    return _settled(
        _with_decision(Transition(escalation, escalation), decision, present), escalation, present
    )


def carried(result: Transition, others: Sequence[Escalation], present: Present) -> Transition:
    """Return an escalation with what was said to others of the same situation, which it takes in."""
    before = result.after
    return _settled(_with_replies(result, others, present), before, present)


def refused_again(result: Transition, refused: Escalation, present: Present) -> Transition:
    """Return an escalation as declined like the one before it, whose refusal goes on."""
    result = _with_replies(result, [refused], present)
    return _declined(result, refused.refusal) if refused.refusal else result


def _with_answer(
    result: Transition, answer: Answer, present: Present, carried_from: UUID | None = None
) -> Transition:
    after = result.after.next(replies=result.after.replies.with_answer(answer))
    tally = after.replies.tally(present.leaders(after))
    return result.then(after, facts.answered(after, answer, tally, carried_from))


def _with_decision(
    result: Transition, decision: Decision, present: Present, carried_from: UUID | None = None
) -> Transition:
    after = result.after.next(replies=result.after.replies.with_decision(decision))
    tally = after.replies.tally(present.leaders(after))
    return result.then(after, facts.decided(after, decision, tally, carried_from))


def _with_replies(result: Transition, others: Sequence[Escalation], present: Present) -> Transition:
    own = result.after.replies
    joined = own.joined(each.replies for each in others)
    for seat, answer in joined.answers.items():
        if seat not in own.answers:
            source = next(each.id for each in others if each.replies.answers.get(seat) == answer)
            result = _with_answer(result, answer, present, source)
    if joined.decision and joined.decision != own.decision:
        source = next(each.id for each in others if each.replies.decision == joined.decision)
        result = _with_decision(result, joined.decision, present, source)
    return result


def _settled(result: Transition, before: Escalation, present: Present) -> Transition:
    """Return what follows from all that was said: it falls, stands again, or is taken note of."""
    if result.after.replies == before.replies:
        return result
    refusal = result.after.replies.refusal(present.leaders(result.after))
    if refusal and refusal != before.refusal:
        return _declined(result, refusal)
    if before.refusal and not refusal:
        result = _taken_back(result, present)
    if alerting.confirms(result.after.replies.decision, result.after):
        result = alerting.told(
            result.then(result.after.next()), rule_for(result.after, present.book), present, None
        )
    note = result.after.replies.note
    if note and result.after.state is State.ACKNOWLEDGED and before.state is not State.ACKNOWLEDGED:
        after = alerting.noted(result.after.next(), rule_for(result.after, present.book), present)
        return result.then(after, facts.acknowledged(after, note))
    return result


def _declined(result: Transition, refusal: Refusal) -> Transition:
    after = result.after.next(refusal=refusal)
    return result.then(after, facts.declined(after, refusal))


def _taken_back(result: Transition, present: Present) -> Transition:
    after = result.after.next(refusal=None, hold=None)
    return alerting.told(result.then(after), rule_for(after, present.book), present, Reopening.TAKEN_BACK)
