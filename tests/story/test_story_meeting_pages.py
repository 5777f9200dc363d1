"""Moderation moves a meeting and calls it off on its page; its members are told."""

import pytest

from tests.story.city import MODERATION, PRESIDENT, Story, addresses
from tests.story.test_story_signed_in import page_of, post

MOVE = {"day": "2018-04-11", "time": "14:00", "location": "Rathaus, Raum 1", "reason": "Raum belegt"}


async def called(story: Story) -> str:
    await story.finds(3, 2, 1)
    [meeting] = await story.meetings()
    return f"/de/meetings/{meeting['meeting_id']}"


async def test_moderation_moves_a_meeting_and_members_are_invited_anew(leipzig: Story) -> None:
    page = await called(leipzig)
    assert 'value="2018-04-10"' in await page_of(leipzig, MODERATION, page)
    done = await post(leipzig, MODERATION, f"{page}/move", **MOVE)
    assert done.headers["location"] == f"{page}?done=moved"
    shown = await page_of(leipzig, MODERATION, done.headers["location"])
    assert "Die Sitzung ist verlegt." in shown
    assert "14:00–15:30 Uhr" in shown
    assert "Ungewöhnlicher Termin" not in shown
    [meeting] = await leipzig.meetings()
    assert (meeting["starts_at"], meeting["location"]) == ("2018-04-11T12:00:00Z", "Rathaus, Raum 1")
    moved = leipzig.mails("moved")
    assert addresses(moved) == leipzig.people("extended_rapport")
    assert "Raum belegt" in moved[0].text


async def test_an_unusual_time_is_said_and_holds_all_the_same(leipzig: Story) -> None:
    page = await called(leipzig)
    await post(leipzig, MODERATION, f"{page}/move", **MOVE | {"day": "2018-05-10", "time": "19:30"})
    shown = await page_of(leipzig, MODERATION, page)
    assert "Ungewöhnlicher Termin: Feiertag, außerhalb der üblichen Zeiten." in shown


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"day": ""}, "Bitte geben Sie Tag und Uhrzeit"),
        ({"time": "25:99"}, "Bitte geben Sie Tag und Uhrzeit"),
        ({"day": "2018-04-08"}, "Bitte geben Sie Tag und Uhrzeit"),
        ({"day": "9999-12-31"}, "Bitte geben Sie Tag und Uhrzeit"),
        ({"day": "2018-05-08", "time": "10:00"}, "eine andere Sitzung"),
    ],
)
async def test_what_was_typed_stays_beside_what_is_wrong(
    leipzig: Story, changes: dict[str, str], words: str
) -> None:
    page = await called(leipzig)
    wrong = await post(leipzig, MODERATION, f"{page}/move", **MOVE | changes)
    assert wrong.status_code == 422
    assert words in wrong.text
    assert "Raum belegt</textarea>" in wrong.text
    assert leipzig.mails("moved") == []


async def test_moderation_calls_a_meeting_off_with_a_reason(leipzig: Story) -> None:
    page = await called(leipzig)
    wrong = await post(leipzig, MODERATION, f"{page}/cancel", because="")
    assert wrong.status_code == 422
    assert 'aria-describedby="wrong-because"' in wrong.text
    done = await post(leipzig, MODERATION, f"{page}/cancel", because="Die Lage ist geklärt")
    shown = await page_of(leipzig, MODERATION, done.headers["location"])
    assert "Die Sitzung ist abgesagt." in shown
    assert "Die Lage ist geklärt" in shown
    assert "Verlegen oder absagen" not in shown
    assert addresses(leipzig.mails("cancelled")) == leipzig.people("extended_rapport")
    again = await post(leipzig, MODERATION, f"{page}/move", **MOVE)
    assert again.status_code == 422
    assert "ist abgesagt" in again.text


async def test_nobody_else_moves_or_cancels(leipzig: Story) -> None:
    page = await called(leipzig)
    assert "Verlegen oder absagen" not in await page_of(leipzig, PRESIDENT, page)
    for way, fields in (("move", MOVE), ("cancel", {"because": "Keine Zeit"})):
        refused = await post(leipzig, PRESIDENT, f"{page}/{way}", **fields)
        assert refused.status_code == 403
        assert "nicht für Ihre Funktionen" in refused.text
    other = await post(leipzig, "rapport/police_drug_lead", f"{page}/cancel", because="Keine Zeit")
    assert other.status_code == 403
    [meeting] = await leipzig.meetings()
    assert meeting["state"] == "planned"


async def test_what_moderation_changes_is_on_record(leipzig: Story) -> None:
    page = await called(leipzig)
    await post(leipzig, MODERATION, f"{page}/move", **MOVE)
    about = page.rpartition("/")[2]
    [entry] = (await leipzig.get(f"/v1/audit?about={about}"))["entries"]
    assert (entry["action"], entry["by"], entry["via"]) == ("meeting.moved", MODERATION, "session")
