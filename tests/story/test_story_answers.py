"""What becomes of an escalation: evidence goes, leadership answers, calm returns."""

from datetime import datetime, timedelta
from typing import Any

from tests.story.city import MODERATION, OFFICE, PARK, POLICE, PRESIDENT, Mail, Story, addresses, find

CHAIR = "suchtbeauftragte@example.org"
PARKS = "extended_rapport/head_parks_office"

MINUTES_15 = 15 / 1440
"""As a part of a day: longer than a meeting is kept and an agenda gathers changes."""


async def called(story: Story) -> tuple[str, dict[str, Any], list[str]]:
    """Given three finds near the Kita: an escalation, its meeting, the incidents."""
    incidents = await story.finds(6, 3, 0)
    [meeting] = await story.meetings()
    return str((await story.escalation())["escalation_id"]), meeting, incidents


def assert_called_off(story: Story, meeting: dict[str, Any]) -> None:
    """Everybody who was invited gets one CANCEL that their calendar takes for the same event."""
    invited = {mail.to: mail.invite for mail in story.mails("invitation", about=meeting["uid"])}
    cancelled = story.mails("cancelled", about=meeting["uid"])
    assert addresses(cancelled) == sorted(invited) == story.people("extended_rapport")
    for mail in cancelled:
        event, before = mail.invite, invited[mail.to]
        assert event is not None
        assert before is not None
        assert mail.method == "CANCEL"
        assert event["STATUS"] == "CANCELLED"
        assert event["SEQUENCE"] > before["SEQUENCE"]
        assert (event["ATTENDEE"], event.start) == (before["ATTENDEE"], before.start)


async def test_withdrawing_one_of_three_finds_calls_the_meeting_off(leipzig: Story) -> None:
    _, meeting, incidents = await called(leipzig)
    answer = await leipzig.ask(OFFICE, "DELETE", f"/v1/incidents/{incidents[1]}")
    assert answer.json()["withdrawn"]
    ended = await leipzig.escalation()
    assert (ended["state"], ended["outcome"]) == ("resolved", "evidence_withdrawn")
    await leipzig.days(MINUTES_15)
    [off] = await leipzig.meetings()
    assert (off["state"], off["cancelled_because"]) == ("cancelled", "evidence_withdrawn")
    assert_called_off(leipzig, meeting)
    assert addresses(leipzig.mails("resolved")) == leipzig.called()


async def test_withdrawing_twice_is_told_once(leipzig: Story) -> None:
    _, _, incidents = await called(leipzig)
    await leipzig.ask(OFFICE, "DELETE", f"/v1/incidents/{incidents[1]}")
    before = leipzig.mails()
    again = await leipzig.ask(OFFICE, "DELETE", f"/v1/incidents/{incidents[1]}")
    assert again.status_code == 200
    assert leipzig.mails() == before


async def test_a_find_moved_away_by_a_correction_counts_no_more(leipzig: Story) -> None:
    escalation, meeting, incidents = await called(leipzig)
    corrected = find(leipzig.now - timedelta(days=3), **PARK)
    answer = await leipzig.ask(OFFICE, "PUT", f"/v1/incidents/{incidents[1]}", json=corrected)
    assert answer.json()["incident"]["revision"] == 2
    assert answer.json()["incident"]["places"] == []
    ended = await leipzig.escalation()
    assert (ended["escalation_id"], ended["outcome"]) == (escalation, "evidence_withdrawn")
    await leipzig.days(MINUTES_15)
    assert_called_off(leipzig, meeting)


async def test_a_find_moved_here_by_a_correction_counts(leipzig: Story) -> None:
    await leipzig.finds(6, 3)
    [elsewhere] = await leipzig.finds(0, **PARK)
    assert await leipzig.escalations() == []
    await leipzig.ask(OFFICE, "PUT", f"/v1/incidents/{elsewhere}", json=find(leipzig.now))
    assert (await leipzig.escalation())["state"] == "raised"


async def test_the_agency_sees_what_became_of_its_report(leipzig: Story) -> None:
    escalation, _, incidents = await called(leipzig)
    [apart] = await leipzig.finds(0, **PARK)
    for incident in incidents:
        [followed] = (await leipzig.get(f"/v1/incidents/{incident}", OFFICE))["escalations"]
        assert (followed["escalation_id"], followed["rule"]) == (escalation, "syringes_near_sensitive_place")
    assert (await leipzig.get(f"/v1/incidents/{apart}", OFFICE))["escalations"] == []


async def test_what_moderation_calls_off_calls_its_meeting_off_and_tells_leadership(leipzig: Story) -> None:
    escalation, meeting, _ = await called(leipzig)
    await call_off(leipzig, escalation, days=7)
    assert (await leipzig.escalation())["state"] == "declined"
    assert_called_off(leipzig, meeting)
    told = leipzig.mails("declined")
    assert addresses(told) == [address for address in leipzig.called() if address != CHAIR]
    assert all("Die Lage ist bekannt." in mail.text for mail in told)


async def test_one_objection_leaves_the_meeting_and_moderation_decides(leipzig: Story) -> None:
    escalation, meeting, _ = await called(leipzig)
    await leipzig.answer(escalation, "acknowledge", PRESIDENT)
    objection = {"answer": "not_needed", "reason": "Hecke wird Dienstag ohnehin geschnitten."}
    answer = await leipzig.answer(escalation, "answers", PARKS, **objection)
    assert answer.json()["state"] == "acknowledged"
    [dissent] = leipzig.mails("answered")
    assert dissent.to == CHAIR
    assert "Amtsleiter:in Amt für Stadtgrün und Gewässer hält eine Sitzung für unnötig." in dissent.text
    assert "Hecke wird Dienstag ohnehin geschnitten." in dissent.text
    assert "1 zur Kenntnis, 1 dagegen, 5 ohne Antwort" in dissent.text
    assert [m["state"] for m in await leipzig.meetings()] == ["planned"]
    said = {"decision": "keep", "reason": "Die Kita bittet um die Sitzung."}
    assert (await leipzig.answer(escalation, "decision", MODERATION, **said)).status_code == 200
    kept = leipzig.mails("decided")
    assert addresses(kept) == [address for address in leipzig.called() if address != CHAIR]
    assert leipzig.mails("cancelled", about=meeting["uid"]) == []
    page = (await leipzig.ask(PRESIDENT, "GET", f"/de/escalations/{escalation}")).text
    assert "2 von 7 haben geantwortet" in page
    assert "Sitzung für unnötig gehalten" in page
    assert "Moderation entscheidet: wird weiter verfolgt" in page


async def test_the_meeting_falls_by_itself_when_all_decline_and_is_called_anew_when_one_takes_it_back(
    leipzig: Story,
) -> None:
    escalation, meeting, _ = await called(leipzig)
    seats = (await leipzig.escalation())["answers"]
    for seat in seats:
        assert leipzig.mails("cancelled") == []
        await leipzig.answer(escalation, "answers", seat, answer="not_needed", reason="Bekannt.")
    assert (await leipzig.escalation())["state"] == "declined"
    assert_called_off(leipzig, meeting)
    assert len(leipzig.mails("answered")) == len(seats) - 1
    assert len(leipzig.mails("declined")) == len(leipzig.called()) - 1, "all but who was the last to decline"
    await leipzig.answer(escalation, "answers", PRESIDENT, answer="noted")
    assert (await leipzig.escalation())["state"] == "acknowledged"
    assert sorted(m["state"] for m in await leipzig.meetings()) == ["cancelled", "planned"]
    alerts = leipzig.mailbox("polizeipraesidium@example.org", "alert")
    assert ["Die Ablehnung wurde zurückgenommen" in mail.text for mail in alerts].count(True) == 1


async def test_a_refusal_that_runs_out_while_the_rule_is_met_raises_the_escalation_again(
    leipzig: Story,
) -> None:
    escalation, meeting, _ = await called(leipzig)
    await call_off(leipzig, escalation, days=7)
    await leipzig.days(6)
    assert len(leipzig.mails("alert")) == len(leipzig.called())
    await leipzig.days(2)
    raised = await leipzig.escalation()
    assert (raised["escalation_id"], raised["state"]) == (escalation, "raised")
    assert addresses(again := leipzig.mails("alert")[len(leipzig.called()) :]) == leipzig.called()
    assert {mail.subject.partition(":")[0] for mail in again} <= {
        "Erneute Eskalation",
        "Renewed escalation",
    }
    first, second = await leipzig.meetings()
    assert (first["uid"], first["state"], second["state"]) == (meeting["uid"], "cancelled", "planned")
    assert addresses(leipzig.mails("invitation", about=second["uid"])) == leipzig.people("extended_rapport")


async def test_a_refusal_that_outlasts_the_situation_raises_nothing(leipzig: Story) -> None:
    escalation, _, _ = await called(leipzig)
    await call_off(leipzig, escalation, days=20)
    await leipzig.days(40)
    ended = await leipzig.escalation()
    assert (ended["state"], ended["outcome"]) == ("resolved", "calm")
    assert len(await leipzig.meetings()) == 1


async def test_that_somebody_has_taken_note_is_shown_and_mailed_to_nobody(leipzig: Story) -> None:
    escalation, meeting, _ = await called(leipzig)
    before = len(leipzig.mails())
    first = await leipzig.answer(escalation, "acknowledge")
    second = await leipzig.answer(escalation, "acknowledge")
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    assert first.json()["answered_by"] == PRESIDENT
    await leipzig.answer(escalation, "acknowledge", MODERATION)
    assert len(leipzig.mails()) == before
    assert [m["state"] for m in await leipzig.meetings()] == ["planned"]
    assert leipzig.mails("cancelled", about=meeting["uid"]) == []


async def test_whoever_was_answered_for_is_told(leipzig: Story) -> None:
    escalation, _, _ = await called(leipzig)
    vice = "extended_rapport/police_vice_president"
    answer = await leipzig.answer(escalation, "answers", vice, answer="noted")
    assert answer.json()["answers"][PRESIDENT]["by"] == vice
    [told] = leipzig.mails("answered")
    assert told.to == "polizeipraesidium@example.org"
    assert "Im Namen von: Polizeipräsident:in" in told.text
    assert "Eingetragen durch: Polizeivizepräsident:in" in told.text
    page = (await leipzig.ask(PRESIDENT, "GET", f"/de/escalations/{escalation}")).text
    assert "im Namen von" in page
    assert "eingetragen durch" in page


async def test_nobody_answers_for_another_office(leipzig: Story) -> None:
    escalation, _, _ = await called(leipzig)
    before = len(leipzig.mails())
    until = (leipzig.now + timedelta(days=7)).isoformat()
    for name, status in ((PRESIDENT, 403), (MODERATION, 422)):
        said = {"by": name, "reason": "Bekannt.", "until": until}
        assert (await leipzig.answer(escalation, "decline", PARKS, **said)).status_code == status
    assert not any((await leipzig.escalation())["answers"].values())
    assert len(leipzig.mails()) == before


async def test_calm_ends_an_escalation_and_is_told_once(leipzig: Story) -> None:
    await called(leipzig)
    ended_at = datetime.fromisoformat((await leipzig.escalation())["ended_at"])
    assert ended_at - leipzig.now == timedelta(days=8)
    await leipzig.until(ended_at + timedelta(days=13))
    assert (await leipzig.escalation())["state"] == "discussed", "its meeting has taken place"
    await leipzig.days(2)
    ended = await leipzig.escalation()
    assert (ended["state"], ended["outcome"]) == ("resolved", "calm")
    await leipzig.days(30)
    assert addresses(leipzig.mails("resolved")) == leipzig.called()


async def test_the_meeting_of_a_situation_that_calmed_down_is_held(leipzig: Story) -> None:
    await called(leipzig)
    await leipzig.days(40)
    assert [m["state"] for m in await leipzig.meetings()] == ["held"]
    assert leipzig.mails("cancelled") == []


async def test_two_situations_within_the_deadline_share_one_meeting(leipzig: Story) -> None:
    _, meeting, _ = await called(leipzig)
    await leipzig.finds(6, 3, 0, latitude=51.3434, longitude=12.4030)
    assert len(await leipzig.escalations()) == 2
    [shared] = await leipzig.meetings()
    assert (shared["uid"], len(shared["escalations"])) == (meeting["uid"], 2)
    await leipzig.days(MINUTES_15)
    moved = leipzig.mails("moved", about=meeting["uid"])
    assert addresses(moved) == leipzig.people("extended_rapport")
    assert {sequence_of(mail) for mail in moved} == {shared["sequence"]}


async def test_a_meeting_with_something_left_to_talk_about_takes_place(leipzig: Story) -> None:
    first, meeting, _ = await called(leipzig)
    await leipzig.finds(6, 3, 0, latitude=51.3434, longitude=12.4030, agency=POLICE)
    await call_off(leipzig, first, days=7)
    [kept] = await leipzig.meetings()
    assert (kept["state"], len(kept["escalations"])) == ("planned", 1)
    assert leipzig.mails("cancelled", about=meeting["uid"]) == []


async def call_off(story: Story, escalation: str, *, days: int) -> None:
    until = (story.now + timedelta(days=days)).isoformat()
    answer = await story.answer(
        escalation, "decline", MODERATION, reason="Die Lage ist bekannt.", until=until
    )
    assert answer.status_code == 200, answer.text


def sequence_of(mail: Mail) -> int:
    assert mail.invite
    return int(mail.invite["SEQUENCE"])


async def test_reports_that_come_and_go_all_day_are_few_mails(leipzig: Story) -> None:
    for _ in range(12):
        for incident in await leipzig.finds(0, 0, 0):
            await leipzig.ask(OFFICE, "DELETE", f"/v1/incidents/{incident}")
    assert len(leipzig.mails("alert")) == len(leipzig.called())
    assert len(leipzig.mails("resolved")) == len(leipzig.called())
    [meeting] = await leipzig.meetings()
    await leipzig.days(MINUTES_15)
    assert_called_off(leipzig, meeting)


async def test_an_agenda_that_changes_again_and_again_is_one_mail(leipzig: Story) -> None:
    _, meeting, _ = await called(leipzig)
    [first, *_] = await leipzig.finds(6, 3, 0, latitude=51.3434, longitude=12.4030)
    await leipzig.days(MINUTES_15 / 3)
    await leipzig.ask(OFFICE, "DELETE", f"/v1/incidents/{first}")
    [changed] = await leipzig.meetings()
    assert changed["sequence"] == 2
    assert leipzig.mails("moved") == []
    await leipzig.days(MINUTES_15)
    moved = leipzig.mails("moved", about=meeting["uid"])
    assert addresses(moved) == leipzig.people("extended_rapport")
    assert {sequence_of(mail) for mail in moved} == {2}


async def test_a_report_that_is_withdrawn_and_sent_again_keeps_the_meeting(leipzig: Story) -> None:
    _, meeting, incidents = await called(leipzig)
    await leipzig.ask(OFFICE, "DELETE", f"/v1/incidents/{incidents[1]}")
    await leipzig.finds(3)
    await leipzig.until(leipzig.now + timedelta(hours=12, minutes=5))
    [kept] = await leipzig.meetings()
    assert (kept["uid"], kept["state"], kept["kept_until"]) == (meeting["uid"], "planned", None)
    assert addresses(leipzig.mails("invitation", about=meeting["uid"])) == leipzig.people("extended_rapport")
    assert leipzig.mails("cancelled") == []


async def test_a_declined_situation_stays_declined_when_a_report_is_withdrawn_and_sent_again(
    leipzig: Story,
) -> None:
    escalation, _, incidents = await called(leipzig)
    await call_off(leipzig, escalation, days=7)
    before = len(leipzig.mails())
    await leipzig.ask(OFFICE, "DELETE", f"/v1/incidents/{incidents[1]}")
    await leipzig.finds(3)
    again = next(each for each in await leipzig.escalations() if each["escalation_id"] != escalation)
    assert again["state"] == "declined"
    assert addresses(leipzig.mails()[before:]) == leipzig.called(), "the all-clear and nothing else"
    await leipzig.days(8)
    assert len(leipzig.mails("alert")) == 2 * len(leipzig.called())
