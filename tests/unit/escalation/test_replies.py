"""What follows from what leadership's seats and moderation have said."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.escalation.replies import HOLDS_FOR, Answer, Because, Decision, Replies, Ruling, Said
from tests.unit.escalation.building import CHAIR, START

SEATS = ("rapport/a", "rapport/b", "rapport/c")
HOUR = timedelta(hours=1)


def said(seat: str, what: Said, hours: int = 0, **how: object) -> Answer:
    return Answer(seat, what, seat, "key", START + hours * HOUR, **how)  # type: ignore[arg-type]


def against(seat: str, hours: int = 0, **how: object) -> Answer:
    return said(seat, Said.NOT_NEEDED, hours, reason="Bekannt", **how)


def ruled(ruling: Ruling, hours: int = 0) -> Decision:
    until = START + timedelta(days=30) if ruling is Ruling.CALL_OFF else None
    return Decision(ruling, CHAIR, "key", START + hours * HOUR, "Bekannt", until)


def replies(*answers: Answer, decision: Decision | None = None) -> Replies:
    return Replies({answer.seat: answer for answer in answers}, decision)


def test_one_objection_is_not_a_refusal():
    assert replies(against(SEATS[0])).refusal(SEATS) is None
    assert replies(*(against(seat) for seat in SEATS[:2]), said(SEATS[2], Said.DEPUTY)).refusal(SEATS) is None


def test_all_decline_for_as_long_as_the_first_of_them_does():
    soon = START + timedelta(days=3)
    found = replies(against(SEATS[0], until=soon), against(SEATS[1]), against(SEATS[2], 2)).refusal(SEATS)
    assert found
    assert (found.because, found.seat, found.until) == (Because.ALL_DECLINED, SEATS[2], soon)


def test_an_objection_holds_for_two_weeks_where_it_does_not_say():
    found = replies(*(against(seat) for seat in SEATS)).refusal(SEATS)
    assert found
    assert found.until == START + HOLDS_FOR


@pytest.mark.parametrize(("decided", "falls"), [(0, True), (1, False), (2, False)])
def test_moderations_keep_holds_against_what_all_have_declined_before_it(decided: int, falls: bool):
    all_ = replies(*(against(seat, 1) for seat in SEATS), decision=ruled(Ruling.KEEP, decided))
    assert (all_.refusal(SEATS) is not None) is falls


def test_what_moderation_calls_off_is_off_whatever_seats_say():
    found = replies(*(said(seat, Said.NOTED, 5) for seat in SEATS), decision=ruled(Ruling.CALL_OFF))
    refusal = found.refusal(SEATS)
    assert refusal
    assert refusal.because is Because.CALLED_OFF


def test_a_body_without_leadership_declines_nothing():
    assert replies(against("rapport/a")).refusal(()) is None


def test_what_was_said_to_this_one_counts_before_what_was_said_to_another():
    own = replies(said(SEATS[0], Said.NOTED))
    other = replies(against(SEATS[0], 5), against(SEATS[1], 5), decision=ruled(Ruling.CALL_OFF, 5))
    joined = own.joined([other])
    assert joined.answers[SEATS[0]].said is Said.NOTED
    assert joined.answers[SEATS[1]].said is Said.NOT_NEEDED
    assert joined.decision is None
    assert replies().joined([other]).decision == other.decision


answers = st.builds(
    lambda seat, what, hours: said(seat, what, hours, reason="Bekannt"),
    st.sampled_from(SEATS),
    st.sampled_from(Said),
    st.integers(0, 9),
)
decisions = st.none() | st.builds(ruled, st.sampled_from(Ruling), st.integers(0, 9))


@given(st.lists(answers, max_size=8), decisions)
def test_it_falls_by_moderation_or_by_all_and_the_tally_counts_each_seat_once(
    given_: list[Answer], decision: Decision | None
):
    found = Replies(decision=decision)
    for answer in given_:
        found = found.with_answer(answer)
    tally = found.tally(SEATS)
    assert tally.noted + tally.not_needed + tally.deputy + tally.open == len(SEATS)
    refusal = found.refusal(SEATS)
    called_off = decision is not None and decision.ruling is Ruling.CALL_OFF
    if called_off:
        assert refusal
        assert refusal.because is Because.CALLED_OFF
    elif refusal:
        assert tally.not_needed == len(SEATS)


@given(st.lists(answers, max_size=6), st.lists(answers, max_size=6))
def test_joining_twice_changes_nothing(one: list[Answer], two: list[Answer]):
    own, other = replies(*one), replies(*two)
    joined = own.joined([other])
    assert joined.joined([other]) == joined
    assert joined.answers.keys() == own.answers.keys() | other.answers.keys()
