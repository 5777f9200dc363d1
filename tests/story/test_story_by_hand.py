"""Moderation calls leadership together although no rule does."""

from datetime import timedelta
from typing import Any

from tests.story.city import KITA_SCOPE, MODERATION, PRESIDENT, Story, addresses

REASON = "Anwohner berichten von Drohungen gegen Kinder."


async def call(story: Story, holder: str = MODERATION, **changes: Any) -> Any:
    said = {"scope": KITA_SCOPE, "body": "extended_rapport", "reason": REASON} | changes
    return await story.ask(holder, "POST", "/v1/escalations", json=said)


async def test_what_moderation_calls_goes_the_way_of_every_escalation(leipzig: Story) -> None:
    raised = (await call(leipzig)).json()
    assert (
        raised["sentence"]["de"]
        == f"Von der Moderation einberufen (Kita Köhlerstraße am Köhlerplatz): {REASON}"
    )
    alerts = leipzig.mails("alert")
    assert addresses(alerts) == leipzig.called()
    assert all(REASON in mail.text for mail in alerts)
    [meeting] = await leipzig.meetings()
    assert addresses(leipzig.mails("invitation", about=meeting["uid"])) == leipzig.people("extended_rapport")
    for seat in raised["answers"]:
        said = {"answer": "not_needed", "reason": "Bekannt."}
        await leipzig.answer(raised["escalation_id"], "answers", seat, **said)
    assert [m["state"] for m in await leipzig.meetings()] == ["cancelled"]
    await leipzig.answer(raised["escalation_id"], "answers", PRESIDENT, answer="noted")
    assert sorted(m["state"] for m in await leipzig.meetings()) == ["cancelled", "planned"]
    page = (await leipzig.ask(PRESIDENT, "GET", f"/de/escalations/{raised['escalation_id']}")).text
    assert "Von der Moderation einberufen" in page
    assert "Grundlage der Eskalation" not in page
    await leipzig.days(15)
    ended = await leipzig.escalation()
    assert (ended["state"], ended["outcome"]) == ("resolved", "calm")
    assert all("Schwelle" not in mail.text for mail in leipzig.mails("resolved"))


async def test_only_moderation_calls_and_only_what_is_there_and_once(leipzig: Story) -> None:
    assert (await call(leipzig, PRESIDENT)).status_code == 403
    assert (await call(leipzig, "neighbourhood_alliance/neighbourhood_management")).status_code == 403
    for changes, field in (
        ({"scope": {"kind": "place", "key": "nowhere"}}, "scope"),
        ({"scope": {"kind": "cell", "key": "891f1a8de27ffff"}}, "scope"),
        ({"body": "council"}, "body"),
        ({"reason": ""}, "reason"),
        ({"reason": "Bitte an a.b@example.org"}, "reason"),
    ):
        refused = await call(leipzig, **changes)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field)
    assert leipzig.mails("alert") == []
    assert (await call(leipzig)).status_code == 201
    assert (await call(leipzig)).status_code == 409


async def meet_later(story: Story) -> None:
    """Move the meeting that was called to when all is over."""
    [meeting] = [each for each in await story.meetings() if each["reason"] == "escalation"]
    later = {"starts_at": (story.now + timedelta(days=30)).replace(hour=8, minute=0).isoformat()}
    moved = await story.ask(MODERATION, "POST", f"/v1/meetings/{meeting['meeting_id']}/move", json=later)
    assert moved.status_code == 200, moved.text


async def test_not_now_keeps_leadership_undisturbed_until_its_end_of_which_moderation_is_told(
    leipzig: Story,
) -> None:
    first = await leipzig.finds(6, 3, 0)
    await meet_later(leipzig)
    escalation = (await leipzig.escalation())["escalation_id"]
    alerts = len(leipzig.mails("alert"))
    said = {"reason": "Der Hof wird umgebaut.", "until": (leipzig.now + timedelta(days=5)).isoformat()}
    assert (await leipzig.answer(escalation, "hold", PRESIDENT, **said)).status_code == 403
    held = await leipzig.answer(escalation, "hold", MODERATION, **said)
    assert held.json()["hold"]["reason"] == "Der Hof wird umgebaut."
    await leipzig.finds(0, 0, 0)
    await leipzig.ask("public_order_office", "DELETE", f"/v1/incidents/{first[0]}")
    await leipzig.days(3.9)
    assert leipzig.mails("extended", "held") == []
    await leipzig.days(0.5)
    assert addresses(leipzig.mails("held")) == ["suchtbeauftragte@example.org"]
    assert "Die Zurückstellung endet bald." in leipzig.mails("held")[0].text
    assert len(leipzig.mails("alert")) == alerts
    await leipzig.days(1)
    assert len(leipzig.mails("alert")) == 2 * alerts
    assert len(leipzig.mails("held")) == 1
    page = (await leipzig.ask(PRESIDENT, "GET", f"/de/escalations/{escalation}")).text
    assert "Zurückgestellt bis" in page


async def test_what_is_raised_anew_in_the_same_place_is_held_back_too(leipzig: Story) -> None:
    reports = await leipzig.finds(6, 3, 0)
    escalation = (await leipzig.escalation())["escalation_id"]
    alerts = len(leipzig.mails("alert"))
    said = {"reason": "Der Hof wird umgebaut.", "until": (leipzig.now + timedelta(days=5)).isoformat()}
    await leipzig.answer(escalation, "hold", MODERATION, **said)
    for report in reports:
        await leipzig.ask("public_order_office", "DELETE", f"/v1/incidents/{report}")
    await leipzig.days(2)
    await leipzig.finds(2, 1, 0)
    assert len(await leipzig.escalations()) == 2
    assert len(leipzig.mails("alert")) == alerts
    await leipzig.days(4)
    assert len(leipzig.mails("alert")) == 2 * alerts


async def test_what_was_called_by_hand_and_held_back_is_told_when_the_hold_ends(leipzig: Story) -> None:
    raised = (await call(leipzig)).json()
    await meet_later(leipzig)
    until = (leipzig.now + timedelta(days=2)).isoformat()
    hold = {"reason": "Umbau.", "until": until}
    await leipzig.ask(MODERATION, "POST", f"/v1/escalations/{raised['escalation_id']}/hold", json=hold)
    assert addresses(leipzig.mails("alert")) == leipzig.called()
    await leipzig.days(3)
    assert addresses(leipzig.mails("alert")) == sorted(2 * leipzig.called())
    await leipzig.days(3)
    assert addresses(leipzig.mails("alert")) == sorted(2 * leipzig.called())
