"""Three syringe finds near a Kita call the extended rapport together, once and in time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.system.settings import Settings
from tests.story.city import KITA_SCOPE, Story, addresses, find

TOLD = ("alert", "extended", "resolved", "invitation", "moved", "cancelled")


async def test_two_finds_do_nothing(leipzig: Story) -> None:
    await leipzig.finds(6, 0)
    assert await leipzig.escalations() == []
    assert await leipzig.meetings() == []
    assert leipzig.mails("alert") == []


async def test_three_finds_further_apart_than_the_window_do_nothing(leipzig: Story) -> None:
    await leipzig.finds(15, 6, 0)
    assert await leipzig.escalations() == []


async def test_the_third_find_raises_one_escalation_that_says_what_it_rests_on(leipzig: Story) -> None:
    incidents = await leipzig.finds(6, 3, 0)
    raised = await leipzig.escalation()
    assert (raised["rule"], raised["scope"]) == ("syringes_near_sensitive_place", KITA_SCOPE)
    assert raised["state"] == "raised"
    assert "3 Vorfälle in 14 Tagen (Schwelle 3)" in raised["sentence"]["de"]
    detail = await leipzig.get(f"/v1/escalations/{raised['escalation_id']}")
    assert detail["incidents"] == detail["evidence"]["incidents"] == incidents
    assert detail["evidence"]["counts"] == {"syringes_near_sensitive_place": 3}


async def test_leadership_and_moderation_get_one_alert_each(leipzig: Story) -> None:
    await leipzig.finds(6, 3, 0)
    alerts = leipzig.mails("alert")
    assert addresses(alerts) == leipzig.called()
    for alert in alerts:
        assert "Kita Köhlerstraße" in alert.subject
        assert "3 (Schwelle 3)" in alert.text or "3 (threshold 3)" in alert.text


async def test_everybody_who_is_to_come_gets_one_invitation_that_calendars_take(leipzig: Story) -> None:
    await leipzig.finds(6, 3, 0)
    [meeting] = await leipzig.meetings()
    starts_at = datetime.fromisoformat(meeting["starts_at"])
    invitations = leipzig.mails("invitation", about=meeting["uid"])
    assert addresses(invitations) == leipzig.people("extended_rapport")
    for mail in invitations:
        event = mail.invite
        assert event is not None
        assert mail.method == "REQUEST"
        assert event["SEQUENCE"] == 0
        assert event["ATTENDEE"] == f"mailto:{mail.to}"
        assert event["ORGANIZER"] == "mailto:suchtbeauftragte@example.org"
        assert event.start == starts_at
        assert event.start.tzinfo.key == "Europe/Berlin"
        assert event.end - event.start == timedelta(minutes=90)


async def test_no_invitation_names_another_guest(leipzig: Story) -> None:
    await leipzig.finds(6, 3, 0)
    [meeting] = await leipzig.meetings()
    known = set(leipzig.people("extended_rapport")) - {"suchtbeauftragte@example.org"}
    for mail in leipzig.mails("invitation", about=meeting["uid"]):
        others = known - {mail.to}
        assert not [other for other in others if other in mail.message.as_string()]
        assert mail.invite
        assert not [other for other in others if other in mail.invite.to_ical().decode()]


def berlin(day: int, hour: int, month: int = 5) -> datetime:
    return datetime(2018, month, day, hour - 2, tzinfo=UTC)


FIRST_SLOTS: dict[str, tuple[datetime, datetime]] = {
    "a day's notice, then the next slot": (berlin(9, 10, month=4), berlin(10, 11, month=4)),
    "a slot at the very end of the notice": (berlin(9, 14, month=4), berlin(10, 14, month=4)),
    "too late for the last slot of the day": (berlin(9, 17, month=4), berlin(11, 9, month=4)),
    "not at the weekend": (berlin(13, 15, month=4), berlin(16, 9, month=4)),
    "not on Ascension Day": (berlin(9, 10), berlin(11, 9)),
    "not while the rapport has the moderation": (berlin(7, 10), berlin(8, 14)),
}


@pytest.mark.parametrize(("raised_at", "slot"), FIRST_SLOTS.values(), ids=FIRST_SLOTS.keys())
async def test_the_meeting_is_in_the_first_allowed_slot(
    settings: Settings, raised_at: datetime, slot: datetime
) -> None:
    story = await Story(settings, raised_at).open()
    await story.finds(6, 3, 0)
    [meeting] = await story.meetings()
    assert (datetime.fromisoformat(meeting["starts_at"]), meeting["slot"]) == (slot, "first_free")
    await story.close()


async def test_a_fourth_find_is_nothing_new(leipzig: Story) -> None:
    await leipzig.finds(6, 3, 0)
    before = leipzig.mails(*TOLD)
    await leipzig.days(1)
    await leipzig.finds(0)
    assert len(await leipzig.escalations()) == len(await leipzig.meetings()) == 1
    assert leipzig.mails(*TOLD) == before


async def test_twice_as_many_finds_are_told_once(leipzig: Story) -> None:
    await leipzig.finds(6, 3, 0)
    await leipzig.days(0.2)
    await leipzig.finds(0.1, 0.05, 0)
    assert len(await leipzig.escalations()) == 1
    assert addresses(leipzig.mails("extended")) == leipzig.called()


async def test_a_batch_sent_twice_changes_nothing(leipzig: Story) -> None:
    batch = [find(leipzig.now - timedelta(days=n), external_id=f"OA-{n}") for n in (6, 3, 0)]
    first = await send(leipzig, batch)
    before = await seen(leipzig)
    again = await send(leipzig, [*batch, batch[0]])
    assert (first["accepted"], first["duplicate"]) == (3, 0)
    assert (again["accepted"], again["duplicate"]) == (0, 4)
    assert [item["incident_id"] for item in again["items"][:3]] == [i["incident_id"] for i in first["items"]]
    assert await seen(leipzig) == before


async def test_the_same_number_from_another_agency_is_another_incident(leipzig: Story) -> None:
    for agency in ("public_order_office", "police", "street_work"):
        await leipzig.report(find(leipzig.now, external_id="1"), agency)
    assert (await leipzig.escalation())["peaks"] == {"syringes_near_sensitive_place": 3}


async def send(story: Story, batch: list[dict[str, Any]]) -> dict[str, Any]:
    answer = await story.ask("public_order_office", "POST", "/v1/incidents/batch", json=batch)
    assert answer.status_code == 200, answer.text
    receipt: dict[str, Any] = answer.json()
    return receipt


async def seen(story: Story) -> tuple[Any, Any, list[str]]:
    mails = [mail.message_id for mail in story.mails()]
    return await story.escalations(), await story.meetings(), mails
