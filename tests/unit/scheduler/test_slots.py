"""A called body meets in the first free slot of a working day, or joins a meeting that is called already."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scheduler.domain import SlotReason, Span
from services.scheduler.slots import Call, choose
from shared.city.profile import Slots
from shared.city.workdays import Workdays
from shared.errors import Rejected

SAXONY = Workdays(ZoneInfo("Europe/Berlin"), "DE", "SN")
BOSTON = Workdays(ZoneInfo("America/New_York"), "US", "MA")
HOUR = timedelta(hours=1)
TUESDAY = datetime(2018, 4, 17, 8, tzinfo=UTC)


def call(raised_at=TUESDAY, days=5, slots=None):
    return Call(slots or Slots(), timedelta(minutes=90), raised_at, days)


def berlin(day, hour):
    return datetime.combine(day, time(hour), SAXONY.zone).astimezone(UTC)


def span(starts_at, hours=1.5):
    return Span(starts_at, starts_at + hours * HOUR)


def decide(now=TUESDAY, *, busy=(), called=None, **of_call):
    called = called or {}
    return choose(call(**of_call), now, SAXONY, busy=[*busy, *called.values()], called=called)


def test_the_first_slot_that_leaves_a_day_of_notice_is_taken():
    decision = decide()
    assert decision.reason is SlotReason.FIRST_FREE
    assert decision.span == span(berlin(date(2018, 4, 18), 11))


def test_what_is_raised_before_the_holidays_meets_after_them():
    maundy_thursday = datetime(2018, 3, 29, 15, tzinfo=UTC)
    decision = decide(maundy_thursday, raised_at=maundy_thursday)
    assert decision.span.starts_at == berlin(date(2018, 4, 3), 9)


def test_a_meeting_of_a_body_that_shares_people_is_not_overlapped():
    noon = berlin(date(2018, 4, 18), 12)
    assert decide(busy=[span(noon)]).span.starts_at == berlin(date(2018, 4, 18), 14)


def test_a_slot_may_begin_when_another_meeting_ends():
    ends_at_eleven = Span(berlin(date(2018, 4, 18), 9), berlin(date(2018, 4, 18), 11))
    assert decide(busy=[ends_at_eleven]).span.starts_at == ends_at_eleven.ends_at


def test_without_a_free_slot_within_the_deadline_the_first_one_after_it_is_taken():
    busy = [Span(TUESDAY, berlin(date(2018, 4, 19), 0))]
    decision = decide(busy=busy, days=1)
    assert decision.reason is SlotReason.AFTER_DEADLINE
    assert decision.span.starts_at == berlin(date(2018, 4, 19), 9)


def test_what_comes_late_is_still_called():
    decision = decide(TUESDAY + timedelta(days=30))
    assert decision.reason is SlotReason.AFTER_DEADLINE
    assert decision.span.starts_at == berlin(date(2018, 5, 18), 11)


def test_a_session_called_already_within_the_deadline_is_joined():
    later = {
        UUID(int=1): span(berlin(date(2018, 4, 24), 16)),
        UUID(int=2): span(berlin(date(2018, 4, 23), 16)),
    }
    decision = decide(called=later)
    assert decision.reason is SlotReason.JOINED_EXISTING
    assert (decision.meeting_id, decision.span) == (UUID(int=2), later[UUID(int=2)])


def test_the_deadline_is_the_end_of_the_nth_working_day_after_the_raise():
    fifth_working_day = {UUID(int=1): span(berlin(date(2018, 4, 24), 22))}
    sixth_working_day = {UUID(int=1): span(berlin(date(2018, 4, 25), 9))}
    assert decide(called=fifth_working_day).reason is SlotReason.JOINED_EXISTING
    assert decide(called=sixth_working_day).reason is SlotReason.FIRST_FREE


def test_a_session_after_the_deadline_is_joined_where_a_slot_of_its_own_would_be_later():
    busy = [Span(TUESDAY, berlin(date(2018, 4, 19), 0))]
    called = {UUID(int=1): span(berlin(date(2018, 4, 19), 9))}
    assert decide(busy=busy, called=called, days=1).reason is SlotReason.JOINED_EXISTING


def test_a_session_that_has_begun_is_not_joined():
    begun = {UUID(int=1): span(TUESDAY - HOUR)}
    assert decide(called=begun).reason is SlotReason.FIRST_FREE


def test_a_year_without_a_free_slot_is_refused_in_words():
    with pytest.raises(Rejected, match="no free slot"):
        decide(busy=[Span(TUESDAY, TUESDAY + timedelta(days=400))])


minutes = st.integers(0, 60 * 24 * 20).map(lambda count: timedelta(minutes=count))
raises = st.integers(0, 13 * 365 * 24 * 60).map(
    lambda count: datetime(2018, 1, 1, tzinfo=UTC) + count * HOUR / 60
)
slots = st.builds(
    Slots,
    at=st.sets(st.times().map(lambda at: at.replace(microsecond=0)), min_size=1, max_size=4).map(tuple),
    notice=st.integers(0, 72).map(lambda hours: hours * HOUR),
)


@st.composite
def situations(draw):
    raised_at = draw(raises)
    the_call = call(raised_at, draw(st.integers(1, 12)), draw(slots))
    now = raised_at + draw(minutes)
    spans = [span(raised_at + at, draw(st.integers(1, 30))) for at in draw(st.lists(minutes, max_size=12))]
    meetings = [span(raised_at + at) for at in draw(st.lists(minutes, max_size=2))]
    called = {UUID(int=number): each for number, each in enumerate(meetings)}
    workdays = draw(st.sampled_from([SAXONY, BOSTON]))
    return the_call, now, workdays, [*spans, *meetings], called


@settings(deadline=None, max_examples=300)
@given(situations())
def test_a_new_session_is_on_a_working_day_with_notice_and_overlaps_nothing(situation):
    the_call, now, workdays, busy, called = situation
    decision = choose(the_call, now, workdays, busy=busy, called=called)
    assert decision == choose(the_call, now, workdays, busy=busy[::-1], called=dict(reversed(called.items())))
    if decision.reason is not SlotReason.JOINED_EXISTING:
        assert workdays.is_working(workdays.day_of(decision.span.starts_at))
        assert decision.span.starts_at >= now + the_call.slots.notice
        assert not any(decision.span.overlaps(other) for other in busy)
        assert decision.span.ends_at - decision.span.starts_at == the_call.duration


@settings(deadline=None, max_examples=300)
@given(situations())
def test_the_named_reason_tells_whether_the_deadline_is_kept(situation):
    the_call, now, workdays, busy, called = situation
    decision = choose(the_call, now, workdays, busy=busy, called=called)
    deadline = workdays.end_of_nth_after(the_call.raised_at, the_call.within_working_days)
    within = [key for key, each in called.items() if now < each.starts_at and each.ends_at <= deadline]
    if within:
        assert decision.meeting_id in within
        assert decision.span.starts_at == min(called[key].starts_at for key in within)
    elif decision.reason is not SlotReason.JOINED_EXISTING:
        assert (decision.span.ends_at <= deadline) == (decision.reason is SlotReason.FIRST_FREE)


@settings(deadline=None, max_examples=300)
@given(situations(), minutes)
def test_who_asks_later_never_meets_earlier(situation, later):
    the_call, now, workdays, busy, called = situation
    first = choose(the_call, now, workdays, busy=busy, called=called)
    second = choose(the_call, now + later, workdays, busy=busy, called=called)
    assert second.span.starts_at >= first.span.starts_at
