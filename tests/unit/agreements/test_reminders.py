"""Owners are reminded before, on and after the day, each step once, however time passes."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.agreements.domain import Actor, Agreement, Change, Changed, Entry, Said, State, changed, made
from services.agreements.judging import Verdict, judge_change
from services.agreements.reminders import escalation_due, reminder_due, superior_of
from shared.facts import Owner
from tests.unit.agreements.building import MODERATION, NOW, RENEWAL, agreement, calendar, leipzig, terms

ZONE = leipzig().zone
CALENDAR = calendar()


def at(day: str, hour: int = 8) -> datetime:
    return datetime.fromisoformat(f"{day}T{hour:02}:00").replace(tzinfo=ZONE)


def given_until(known: Agreement, last: datetime, step: timedelta) -> list[tuple[str, int]]:
    """Return day and step of each reminder where a tick comes so often."""
    found, now = [], known.timed_at
    while now <= last:
        if due := reminder_due(known, CALENDAR, now):
            found.append((f"{now.astimezone(ZONE):%m-%d}", due.days))
            known = replace(known, reminded_at=now)
        now += step
    return found


def test_it_is_reminded_of_a_week_before_on_the_day_a_week_after_and_then_weekly():
    found = given_until(agreement(), at("2018-07-07", 12), timedelta(minutes=5))
    assert found == [("06-08", -7), ("06-15", 0), ("06-22", 7), ("06-29", 14), ("07-06", 21)]


def test_days_off_give_way_to_working_days():
    sunday = agreement(terms=terms(due_on=date(2018, 6, 17)))
    found = given_until(sunday, at("2018-06-26", 12), timedelta(minutes=30))
    assert found == [("06-08", -7), ("06-15", 0), ("06-25", 7)], "Friday, Friday, Monday"
    unity_day = agreement(terms=terms(due_on=date(2018, 10, 3)))
    assert ("10-02", 0) in given_until(unity_day, at("2018-10-05"), timedelta(hours=1))


def test_after_a_month_without_a_tick_there_is_one_reminder():
    assert reminder_due(agreement(), CALENDAR, at("2018-07-20")).days == 35
    known = replace(agreement(), reminded_at=at("2018-07-20"))
    assert reminder_due(known, CALENDAR, at("2018-07-20", 9)) is None
    assert reminder_due(known, CALENDAR, at("2018-07-27")).days == 42


def test_what_is_entered_late_is_not_reminded_of_what_has_passed():
    late = agreement(timed_at=at("2018-06-20", 11))
    assert reminder_due(late, CALENDAR, at("2018-06-20", 12)) is None
    assert reminder_due(late, CALENDAR, at("2018-06-22")).days == 7


@pytest.mark.parametrize("state", [State.DONE, State.DROPPED])
def test_what_is_over_is_not_reminded_of(state: State):
    assert reminder_due(agreement(state=state), CALENDAR, at("2018-06-15")) is None
    assert escalation_due(agreement(state=state), CALENDAR, at("2018-08-15")) is None


def test_others_are_told_once_a_fortnight_after_it_was_due():
    assert escalation_due(agreement(), CALENDAR, at("2018-06-29", 7)) is None
    assert escalation_due(agreement(), CALENDAR, at("2018-06-29")).days == 14
    told = replace(agreement(), escalated_at=at("2018-06-29"))
    assert escalation_due(told, CALENDAR, at("2018-12-01")) is None
    moved = replace(told, terms=terms(due_on=date(2018, 9, 1)), timed_at=at("2018-07-10"))
    assert escalation_due(moved, CALENDAR, at("2018-09-17")).days == 14


@pytest.mark.parametrize(
    ("owner", "superior"),
    [
        (Owner(seat="neighbourhood_alliance/parks_office"), "extended_rapport/head_parks_office"),
        (Owner(seat=RENEWAL), ""),
        (Owner(organisation="Stadtreinigung"), ""),
    ],
)
def test_the_superior_is_told_else_moderation(owner: Owner, superior: str):
    assert superior_of(agreement(terms=terms(owner=owner)), leipzig(), date(2018, 7, 1)) == superior


def test_leipzig_names_seats_that_it_has_as_superiors():
    assert all(leipzig().find_member(seat) for seat in leipzig().profile.superiors.values())


MOVES = st.one_of(
    st.tuples(st.just("pass"), st.timedeltas(timedelta(minutes=-90), timedelta(days=25))),
    st.tuples(st.just("due"), st.integers(-20, 60)),
    st.tuples(st.just("say"), st.sampled_from([c for c in Change if c not in {Change.MADE, Change.EDITED}])),
    st.tuples(st.just("stale"), st.sampled_from([Change.PROGRESS, Change.DONE])),
)


@given(st.lists(MOVES, max_size=60))
def test_whatever_happens_each_step_comes_once_and_the_state_follows_from_the_history(moves):
    """Time passes by any spans and jumps back a little; people change, report, drop and reopen in any order."""
    known, now = agreement(), NOW
    history, steps, told = [made(Actor(MODERATION, "session", NOW))], [], []
    for what, how in moves:
        if what == "pass":
            now += how
        else:
            known = said(known, what, how, now, history)
        if due := reminder_due(known, CALENDAR, now):
            steps.append((known.terms.due_on, due))
            known = replace(known, reminded_at=now)
        if due := escalation_due(known, CALENDAR, now):
            told.append(due)
            known = replace(known, escalated_at=now)
    instants = [due.at for _, due in steps]
    assert all(before < after for before, after in pairwise(instants)), (
        "no step twice, none after a later one"
    )
    assert all(before.at < after.at for before, after in pairwise(told))
    assert folded(history) == (known.state, known.terms.due_on, known.revision)


def said(known: Agreement, what: str, how: object, now: datetime, history: list[Entry]) -> Agreement:
    if what == "due":
        later = terms(due_on=max(known.origin.agreed_on, known.terms.due_on + timedelta(days=how)))
        wanted = Said(Change.EDITED, known.revision, "", later)
    else:
        wanted = Said(how, known.revision - (what == "stale"), "Weil es so ist")
    verdict = judge_change(known, wanted, MODERATION, history[-1], leipzig())
    assert verdict is not Verdict.TAKEN or what != "stale"
    if verdict is not Verdict.TAKEN:
        return known
    taken: Changed = changed(known, wanted, Actor(MODERATION, "session", now), history[-1])
    history.append(taken.entry)
    return taken.after


def folded(history: list[Entry]) -> tuple[State, date, int]:
    """Return state, day and revision as they follow from the history alone."""
    state, due_on = State.OPEN, terms().due_on
    for entry in history:
        for each in entry.fields:
            if each.field == "state":
                assert each.before == state
                state = State(each.after)
            if each.field == "due_on":
                assert each.before == due_on.isoformat()
                due_on = date.fromisoformat(each.after)
    return state, due_on, history[-1].revision
