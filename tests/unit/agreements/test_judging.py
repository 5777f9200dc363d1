"""What is agreed and changed is taken, or not for a reason that has a name."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.agreements.domain import Actor, Change, Entry, Origin, Said, State, changed, made
from services.agreements.judging import Verdict, judge_change, judge_new
from shared.facts import Owner, Scope, ScopeKind
from tests.unit.agreements.building import MODERATION, NOW, RENEWAL, agreement, leipzig, terms

TODAY = date(2018, 5, 8)


@pytest.mark.parametrize(
    ("body", "changes", "agreed_on", "verdict"),
    [
        ("rapport", {}, TODAY, Verdict.TAKEN),
        ("rapport", {"due_on": TODAY}, TODAY, Verdict.TAKEN),
        ("rapport", {"due_on": date(2018, 5, 1)}, date(2018, 4, 20), Verdict.TAKEN),
        ("council", {}, TODAY, Verdict.UNKNOWN_BODY),
        ("rapport", {"measure": "fence"}, TODAY, Verdict.UNKNOWN_MEASURE),
        ("rapport", {"scope": Scope(kind=ScopeKind.PLACE, key="x")}, TODAY, Verdict.UNKNOWN_SCOPE),
        ("rapport", {"scope": Scope(kind=ScopeKind.CELL, key="8")}, TODAY, Verdict.UNKNOWN_SCOPE),
        ("rapport", {"owner": Owner()}, TODAY, Verdict.NO_OWNER),
        ("rapport", {"owner": Owner(seat=RENEWAL, organisation="x")}, TODAY, Verdict.NO_OWNER),
        ("rapport", {"owner": Owner(seat="rapport/nobody")}, TODAY, Verdict.UNKNOWN_SEAT),
        ("rapport", {"owner": Owner(organisation="Stadtreinigung")}, TODAY, Verdict.TAKEN),
        ("rapport", {"belongs_to": "Stadtreinigung"}, TODAY, Verdict.NOT_A_CONTAINER),
        (
            "rapport",
            {"measure": "disposal_container", "belongs_to": "Stadtreinigung"},
            TODAY,
            Verdict.TAKEN,
        ),
        ("rapport", {}, date(2018, 5, 9), Verdict.AGREED_LATER),
        ("rapport", {}, date(2008, 1, 1), Verdict.AGREED_LONG_AGO),
        ("rapport", {"due_on": date(2018, 5, 7)}, TODAY, Verdict.DUE_BEFORE),
        ("rapport", {"due_on": date(2038, 5, 7)}, TODAY, Verdict.DUE_TOO_FAR),
    ],
)
def test_what_is_agreed_is_taken_or_not_for_a_reason(
    body: str, changes: dict[str, Any], agreed_on: date, verdict: Verdict
):
    assert judge_new(body, terms(**changes), Origin(agreed_on), NOW, leipzig()) is verdict


def test_the_day_of_the_agreement_is_one_of_the_city():
    late = datetime(2018, 5, 8, 22, 30, tzinfo=UTC)
    assert judge_new("rapport", terms(), Origin(date(2018, 5, 9)), late, leipzig()) is Verdict.TAKEN


MADE = made(Actor(MODERATION, "session", NOW))
DONE_BY_OWNER = changed(agreement(), Said(Change.DONE, 1), Actor(RENEWAL, "link", NOW), MADE)
DONE = DONE_BY_OWNER.after
LAST = DONE_BY_OWNER.entry


@pytest.mark.parametrize(
    ("known", "said", "last", "verdict"),
    [
        (agreement(), Said(Change.PROGRESS, 1), MADE, Verdict.TAKEN),
        (agreement(), Said(Change.PROGRESS, 1, "Auftrag vergeben"), MADE, Verdict.TAKEN),
        (agreement(), Said(Change.DONE, 1), MADE, Verdict.TAKEN),
        (agreement(), Said(Change.DONE, 2), MADE, Verdict.STALE),
        (DONE, Said(Change.DONE, 1), LAST, Verdict.SAME),
        (DONE, Said(Change.PROGRESS, 2), LAST, Verdict.OVER),
        (DONE, Said(Change.TAKEN_BACK, 2), LAST, Verdict.TAKEN),
        (DONE, Said(Change.TAKEN_BACK, 1), LAST, Verdict.STALE),
        (agreement(), Said(Change.TAKEN_BACK, 1), MADE, Verdict.NOTHING_TO_TAKE_BACK),
        (DONE, Said(Change.REOPENED, 2), LAST, Verdict.REASON_MISSING),
        (DONE, Said(Change.REOPENED, 2, "Die Mauer ist zu niedrig"), LAST, Verdict.TAKEN),
        (agreement(), Said(Change.REOPENED, 1, "Weil"), MADE, Verdict.NOT_OVER),
        (agreement(), Said(Change.DROPPED, 1), MADE, Verdict.REASON_MISSING),
        (agreement(), Said(Change.DROPPED, 1, "Kein Geld"), MADE, Verdict.TAKEN),
        (agreement(), Said(Change.EDITED, 1, "", terms()), MADE, Verdict.SAME),
        (agreement(), Said(Change.EDITED, 1, "", terms(title="Zaun")), MADE, Verdict.TAKEN),
        (agreement(), Said(Change.EDITED, 0, "", terms(title="Zaun")), MADE, Verdict.STALE),
        (
            agreement(),
            Said(Change.EDITED, 1, "", terms(owner=Owner(seat="rapport/x"))),
            MADE,
            Verdict.UNKNOWN_SEAT,
        ),
        (
            agreement(terms=terms(owner=Owner(seat="rapport/gone"), measure="gone")),
            Said(Change.EDITED, 1, "", terms(owner=Owner(seat="rapport/gone"), measure="gone", cost="1 €")),
            MADE,
            Verdict.TAKEN,
        ),
    ],
)
def test_a_change_is_taken_or_not_for_a_reason(known: Any, said: Said, last: Entry, verdict: Verdict):
    assert judge_change(known, said, RENEWAL, last, leipzig()) is verdict


def test_nobody_else_takes_a_report_back():
    back = Said(Change.TAKEN_BACK, 2)
    assert judge_change(DONE, back, MODERATION, LAST, leipzig()) is Verdict.NOTHING_TO_TAKE_BACK


def test_what_is_taken_back_is_as_before_and_reminded_of_anew():
    back = changed(DONE, Said(Change.TAKEN_BACK, 2), Actor(RENEWAL, "link", NOW), LAST)
    assert back.after.state is State.OPEN
    assert [(each.before, each.after) for each in back.entry.fields] == [("done", "open")]
    assert judge_change(back.after, Said(Change.TAKEN_BACK, 3), RENEWAL, back.entry, leipzig()) is (
        Verdict.NOTHING_TO_TAKE_BACK
    )


def test_the_history_says_what_was_before():
    edited = terms(due_on=date(2018, 6, 30), owner=Owner(organisation="Stadtreinigung"), cost="100 Euro")
    said = Said(Change.EDITED, 1, "Die Firma kann später", edited)
    entry = changed(agreement(), said, Actor(MODERATION, "session", NOW), MADE).entry
    assert {each.field: (each.before, each.after) for each in entry.fields} == {
        "owner": (RENEWAL, "Stadtreinigung"),
        "due_on": ("2018-06-15", "2018-06-30"),
        "cost": ("", "100 Euro"),
    }
