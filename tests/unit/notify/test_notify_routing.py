"""Who is told what, and who is not and why."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.notify.domain import Entry, History, State, Template
from services.notify.routing import ROUTES, Plan, Reason, Situation, plan
from shared.city.city import City
from shared.city.profile import Role
from shared.errors import Unavailable
from shared.facts import FACTS as KINDS
from shared.facts import (
    ActionTaken,
    BodyChanged,
    DeliveryDelayed,
    DeliveryFailed,
    DeliveryOvertaken,
    DeliverySent,
    EscalationDiscussed,
    EscalationJoined,
    Fact,
    GuestInvited,
    GuestUninvited,
    Incident,
    IncidentWithdrawn,
    MeetingAnswered,
    MeetingCancelled,
    MeetingHeld,
    MeetingMoved,
    MeetingScheduled,
    ReminderDue,
)
from tests.unit.notify.builders import (
    NOW,
    acknowledged,
    answered,
    decided,
    declined,
    extended,
    held,
    meeting,
    proposed,
    raised,
    request_answered,
    request_made,
    resolved,
    unanswered,
)

PRESIDENT = "extended_rapport/police_president"
MODERATOR = "extended_rapport/addiction_commissioner"
OFFICE = "extended_rapport/head_youth_office"
TOLD = frozenset({PRESIDENT, MODERATOR})


def asked(recipient: str, address: UUID | None = None) -> Entry:
    return Entry(recipient, "de", address, Template.INVITATION, State.SENT, 0)


ASKED = (asked(PRESIDENT, UUID(int=1)), asked(MODERATOR, UUID(int=2)))


def planned(fact: Fact, city: City, **history: Any) -> Plan:
    return plan(fact, Situation(city, History(**history), NOW))


def reasons(result: Plan) -> set[Reason]:
    return {withheld.reason for withheld in result.withheld}


def recipients(result: Plan) -> list[str]:
    return [intended.recipient for intended in result.intended]


def moved(**changes: Any) -> MeetingMoved:
    fact: MeetingMoved = meeting(
        MeetingMoved, **{"sequence": 1, "changes": ("time",), "previous_starts_at": NOW} | changes
    )
    return fact


def test_an_alert_goes_to_leadership_and_moderation_and_to_nobody_else(leipzig: City) -> None:
    told = recipients(planned(raised(), leipzig))
    roles = {member.role for member in (leipzig.find_member(r) for r in told) if member}
    assert roles == {Role.LEADERSHIP, Role.MODERATION}
    called = [m for m in leipzig.bodies["extended_rapport"].members if m.role is not Role.MEMBER]
    assert len(told) == len(called)


def test_somebody_who_sits_in_several_bodies_gets_one_alert(leipzig: City) -> None:
    result = planned(raised(notify=("extended_rapport", "rapport", "neighbourhood_alliance")), leipzig)
    people = [leipzig.find_member(recipient).person for recipient in recipients(result)]  # type: ignore[union-attr]
    assert len(people) == len(set(people))
    assert "rapport/addiction_commissioner" in {
        w.recipient for w in result.withheld if w.reason is Reason.SAME_PERSON
    }


def test_each_is_told_in_their_own_language(leipzig: City) -> None:
    languages = {i.recipient: i.language for i in planned(raised(), leipzig).intended}
    assert languages["extended_rapport/head_health_office"] == "en"
    assert languages[PRESIDENT] == "de"


@pytest.mark.parametrize("kind", [MeetingScheduled, ReminderDue])
def test_all_members_of_the_body_are_asked_to_come(kind: type[Fact], leipzig: City) -> None:
    more = {"lead_hours": 24} if kind is ReminderDue else {}
    told = recipients(planned(meeting(kind, **more), leipzig))
    assert told == [f"extended_rapport/{m.function}" for m in leipzig.bodies["extended_rapport"].members]


def test_moving_a_meeting_reaches_everybody_also_who_was_not_invited_before(leipzig: City) -> None:
    assert len(recipients(planned(moved(), leipzig, told=TOLD))) == 9


def test_a_cancellation_goes_to_those_who_were_invited(leipzig: City) -> None:
    fact = meeting(MeetingCancelled, sequence=1, cancelled_because="by_moderation")
    told = planned(fact, leipzig, entries=ASKED).intended
    assert {(each.recipient, each.reached_at) for each in told} == {
        (PRESIDENT, UUID(int=1)),
        (MODERATOR, UUID(int=2)),
    }


@pytest.mark.parametrize("reason", ["calm", "evidence_withdrawn"])
def test_those_who_were_alerted_hear_that_it_is_over(reason: str, leipzig: City) -> None:
    assert set(recipients(planned(resolved(reason=reason), leipzig, told=TOLD))) == TOLD


def test_moderation_hears_of_an_objection_and_of_what_one_alone_declined_before(leipzig: City) -> None:
    assert recipients(planned(answered(), leipzig, told=TOLD)) == [MODERATOR]
    assert recipients(planned(declined(), leipzig, told=TOLD)) == [MODERATOR]


@pytest.mark.parametrize("because", ["called_off", "all_declined"])
def test_leadership_hears_that_it_is_not_followed(because: str, leipzig: City) -> None:
    told = recipients(planned(declined(because=because, by=MODERATOR), leipzig, told=TOLD))
    assert told == [PRESIDENT]
    told = recipients(planned(declined(because=because, by=OFFICE), leipzig, told=TOLD))
    assert set(told) == TOLD


def test_leadership_hears_that_moderation_keeps_what_somebody_objected_to(leipzig: City) -> None:
    assert recipients(planned(decided(), leipzig, told=TOLD)) == [PRESIDENT]


@pytest.mark.parametrize(
    "answer", [answered(), answered(answer="noted", by=MODERATOR), decided(), declined()]
)
def test_an_answer_whose_alert_is_not_known_yet_is_to_come_again(answer: Fact, leipzig: City) -> None:
    with pytest.raises(Unavailable):
        planned(answer, leipzig)


def test_nobody_gets_a_mail_about_what_they_did_themselves(leipzig: City) -> None:
    """In whichever of their bodies they did it."""
    for by in (MODERATOR, "rapport/addiction_commissioner"):
        result = planned(answered(by=by), leipzig, told=TOLD)
        assert recipients(result) == [OFFICE]
        assert reasons(result) == {Reason.OWN_DOING}


@pytest.mark.parametrize("answer", ["noted", "not_needed", "deputy"])
def test_the_seat_is_told_that_somebody_has_answered_in_its_name(answer: str, leipzig: City) -> None:
    deputy = "extended_rapport/deputy_youth_office"
    told = recipients(planned(answered(answer=answer, by=deputy), leipzig, told=TOLD))
    assert told == ([MODERATOR, OFFICE] if answer == "not_needed" else [OFFICE])


def test_moderation_is_asked_first_where_the_rule_says_so(leipzig: City) -> None:
    result = planned(proposed(), leipzig)
    assert (result.template, recipients(result)) == (Template.PROPOSED, [MODERATOR])


def test_the_deputy_who_is_to_act_is_told(leipzig: City) -> None:
    [to] = planned(answered(answer="deputy"), leipzig, told=TOLD).intended
    deputy = leipzig.find_member(OFFICE).deputy
    assert (to.recipient, to.reached_at) == ("extended_rapport/deputy_youth_office", deputy.reached_at)


def test_moderation_of_the_body_is_told_what_is_asked_of_it(leipzig: City) -> None:
    assert recipients(planned(request_made(), leipzig)) == [MODERATOR]
    own = planned(request_made(by="rapport/addiction_commissioner"), leipzig)
    assert (recipients(own), reasons(own)) == ([], {Reason.OWN_DOING})


@pytest.mark.parametrize(
    "asked_by", ["neighbourhood_alliance/city_cleaning", "extended_rapport/deputy_youth_office"]
)
def test_who_asked_is_told_what_moderation_answers_also_as_a_deputy(asked_by: str, leipzig: City) -> None:
    assert recipients(planned(request_answered(asked_by=asked_by), leipzig)) == [asked_by]


def test_silent_seats_and_their_deputies_are_reminded_and_then_moderation_is_told(leipzig: City) -> None:
    parks, police = "extended_rapport/head_parks_office", "extended_rapport/police_president"
    first = planned(unanswered(seats=(parks, police)), leipzig, told=TOLD)
    assert recipients(first) == [parks, police, "extended_rapport/police_vice_president"]
    assert recipients(planned(unanswered(times=2), leipzig, told=TOLD)) == [MODERATOR]


@pytest.mark.parametrize("fact", [answered(answer="deputy"), unanswered(), unanswered(times=2)])
def test_what_comes_before_its_alert_waits_for_it(fact: Fact, leipzig: City) -> None:
    with pytest.raises(Unavailable):
        planned(fact, leipzig)


CANCELLED = meeting(MeetingCancelled, sequence=1, cancelled_because="by_moderation")
PAST = {"starts_at": NOW - timedelta(hours=2), "ends_at": NOW}
SILENT = [
    (proposed(ask=()), {}, Reason.ASKED_BEFORE),
    (proposed(revision=1), {"revisions": {Template.ALERT: 2}}, Reason.OVERTAKEN),
    (proposed(ask=("abolished",)), {}, Reason.UNKNOWN_BODY),
    (decided(decision="confirm"), {"told": TOLD}, Reason.SAID_ELSEWHERE),
    (decided(), {"told": TOLD, "revisions": {Template.PROPOSED: 1}}, Reason.SAID_ELSEWHERE),
    (unanswered(times=2), {"alert": raised()}, Reason.NOBODY_TOLD),
    (
        unanswered(seats=("extended_rapport/abolished_office",)),
        {"told": TOLD},
        Reason.GONE,
    ),
    (raised(historic=True), {}, Reason.HISTORIC),
    (extended(reason="lasting"), {}, Reason.LASTING),
    (resolved(reason="merged"), {"told": TOLD}, Reason.MERGED),
    (resolved(quiet=True), {"told": TOLD}, Reason.GOES_ON),
    (raised(revision=1), {"revisions": {Template.RESOLVED: 2}}, Reason.OVERTAKEN),
    (raised(revision=1), {"revisions": {Template.ALERT: 3}}, Reason.OVERTAKEN),
    (extended(revision=2), {"revisions": {Template.RESOLVED: 3}}, Reason.OVERTAKEN),
    (resolved(revision=2), {"revisions": {Template.ALERT: 3}, "told": TOLD}, Reason.OVERTAKEN),
    (meeting(), {"revisions": {Template.CANCELLED: 1}}, Reason.OVERTAKEN),
    (meeting(), {"revisions": {Template.MOVED: 1}}, Reason.OVERTAKEN),
    (moved(), {"revisions": {Template.MOVED: 2}}, Reason.OVERTAKEN),
    (meeting(**PAST), {}, Reason.OVER),
    (moved(**PAST), {}, Reason.OVER),
    (meeting(MeetingCancelled, sequence=1, cancelled_because="x", **PAST), {"entries": ASKED}, Reason.OVER),
    (resolved(), {}, Reason.NOBODY_TOLD),
    (acknowledged(), {"told": TOLD}, Reason.FOR_THE_RECORD),
    (answered(answer="noted"), {"told": TOLD}, Reason.FOR_THE_RECORD),
    (answered(carried_from=UUID(int=9)), {"told": TOLD}, Reason.CARRIED),
    (answered(noted=0, open=0), {"told": TOLD}, Reason.SAID_ELSEWHERE),
    (decided(carried_from=UUID(int=9)), {"told": TOLD}, Reason.CARRIED),
    (decided(not_needed=0), {"told": TOLD}, Reason.FOR_THE_RECORD),
    (decided(decision="call_off"), {"told": TOLD}, Reason.SAID_ELSEWHERE),
    (decided(), {"told": TOLD, "revisions": {Template.DECLINED: 2}}, Reason.SAID_ELSEWHERE),
    (request_answered(asked_by="rapport/abolished"), {}, Reason.GONE),
    (held(lifted=True), {"told": TOLD}, Reason.FOR_THE_RECORD),
    (held(), {"told": TOLD}, Reason.OWN_DOING),
    (held(), {"alert": raised()}, Reason.NOBODY_TOLD),
    (declined(), {"alert": raised(historic=True)}, Reason.NOBODY_TOLD),
    (declined(because="called_off"), {"alert": raised()}, Reason.NOBODY_TOLD),
    (CANCELLED, {}, Reason.NOBODY_TOLD),
    (CANCELLED, {"entries": (asked("extended_rapport/abolished_office"),)}, Reason.GONE),
    (meeting(body="abolished"), {}, Reason.UNKNOWN_BODY),
    (raised(notify=("abolished",)), {}, Reason.UNKNOWN_BODY),
]


@pytest.mark.parametrize(("fact", "history", "reason"), SILENT)
def test_nobody_is_told_for_a_named_reason(
    fact: Fact, history: dict[str, Any], reason: Reason, leipzig: City
) -> None:
    result = planned(fact, leipzig, **history)
    assert not result.intended
    assert reasons(result) == {reason}


def test_a_new_agenda_is_told_although_the_sequence_stays(leipzig: City) -> None:
    again = moved(sequence=0, changes=("agenda",))
    assert planned(again, leipzig, revisions={Template.MOVED: 0, Template.INVITATION: 0}).intended


def test_a_refusal_that_ran_out_is_told_again(leipzig: City) -> None:
    again = raised(revision=5, reopened=True)
    assert planned(again, leipzig, revisions={Template.ALERT: 1, Template.DECLINED: 4}).intended


def test_every_fact_about_escalations_and_meetings_is_routed_or_known_to_concern_nobody() -> None:
    of_messages = {DeliverySent, DeliveryDelayed, DeliveryFailed, DeliveryOvertaken}
    for_the_record = {EscalationJoined, EscalationDiscussed, MeetingAnswered, MeetingHeld}
    silent = {IncidentWithdrawn, BodyChanged, ActionTaken} | for_the_record | of_messages
    silent |= {GuestInvited, GuestUninvited}  # calendars follow them, as they follow who sits in a body
    about_people = {fact for fact in KINDS.values() if not issubclass(fact, Incident)} - silent
    assert about_people == set(ROUTES)
