"""Who is invited says with one click whether they come; who declines is stood in for."""

import re

import pytest

from tests.story.city import MODERATION, PRESIDENT, Mail, Story
from tests.story.test_story_links import DEPUTY_AT, PRESIDENT_AT, links_of, opened
from tests.story.test_story_signed_in import page_of, post

BODY = "extended_rapport"
VICE = f"{BODY}/police_vice_president"


async def invited(story: Story) -> Mail:
    await story.finds(3, 2, 1)
    return story.mailbox(PRESIDENT_AT, "invitation")[-1]


async def attendance(story: Story) -> dict[str, str | None]:
    [meeting] = await story.meetings()
    shown = await story.get(f"/v1/meetings/{meeting['meeting_id']}/answers")
    return {each["seat"]: each["answer"] and each["answer"]["answer"] for each in shown["seats"]}


async def test_an_invitation_is_answered_with_two_clicks_and_changed(leipzig: Story) -> None:
    accepted, tentative, declined = links_of(await invited(leipzig))
    page = await opened(leipzig, accepted)
    assert page.status_code == 200
    assert "Ihre Antwort als Polizeipräsident:in" in page.text
    assert "Di, 10. April 2018, 11:00–12:30 Uhr" in page.text
    assert '<button type="submit" name="coming" value="accepted" class="first">' in page.text
    assert (await attendance(leipzig))[PRESIDENT] is None, "opening alone changes nothing"
    done = await opened(leipzig, accepted, "POST", data={"coming": "accepted"})
    assert done.status_code == 303
    assert "Sie kommen." in (await opened(leipzig, done.headers["location"])).text
    assert (await attendance(leipzig))[PRESIDENT] == "accepted"
    assert "1 von" in (await opened(leipzig, tentative)).text
    await opened(leipzig, declined, "POST", data={"coming": "declined", "comment": "Dienstreise"})
    assert (await attendance(leipzig))[PRESIDENT] == "declined"
    shown = await page_of(leipzig, MODERATION, f"/de/meetings/{(await leipzig.meetings())[0]['meeting_id']}")
    assert "Dienstreise" in shown


async def test_a_hundred_looks_change_nothing(leipzig: Story) -> None:
    link = links_of(await invited(leipzig))[2]
    for method in ("GET", "HEAD", "OPTIONS") * 33:
        await opened(leipzig, link, method)
    assert set((await attendance(leipzig)).values()) == {None}


async def test_who_declines_is_stood_in_for_until_they_come_after_all(leipzig: Story) -> None:
    link = links_of(await invited(leipzig))[0]
    assert leipzig.mailbox(DEPUTY_AT, "invitation") == []
    await opened(leipzig, link, "POST", data={"coming": "declined"})
    [for_deputy] = leipzig.mailbox(DEPUTY_AT, "invitation")
    assert for_deputy.method == "REQUEST"
    await opened(leipzig, links_of(for_deputy)[0], "POST", data={"coming": "accepted"})
    [meeting] = await leipzig.meetings()
    shown = await leipzig.get(f"/v1/meetings/{meeting['meeting_id']}/answers")
    seat = next(each for each in shown["seats"] if each["seat"] == PRESIDENT)
    assert (seat["deputy"], seat["deputy_answer"]["answer"], seat["represented"]) == (VICE, "accepted", True)
    await opened(leipzig, link, "POST", data={"coming": "accepted"})
    [off] = leipzig.mailbox(DEPUTY_AT, "cancelled")
    assert off.method == "CANCEL"


async def test_who_has_declined_is_not_reminded(leipzig: Story) -> None:
    link = links_of(await invited(leipzig))[0]
    await opened(leipzig, link, "POST", data={"coming": "declined"})
    await leipzig.days(6)
    reminded = {mail.to for mail in leipzig.mails("reminder")}
    assert PRESIDENT_AT not in reminded
    assert DEPUTY_AT in reminded
    assert len(reminded) > 5


@pytest.mark.parametrize("coming", ["", "noted", "x" * 5000, "accepted\x00"])
async def test_what_is_no_answer_is_asked_again(leipzig: Story, coming: str) -> None:
    link = links_of(await invited(leipzig))[0]
    assert (await opened(leipzig, link, "POST", data={"coming": coming})).status_code == 422
    assert (await attendance(leipzig))[PRESIDENT] is None


async def test_a_link_to_an_invitation_opens_nothing_else(leipzig: Story) -> None:
    mail = await invited(leipzig)
    link = links_of(mail)[0].partition("?")[0]
    [alert] = leipzig.mailbox(PRESIDENT_AT, "alert")
    await opened(leipzig, link, "POST", data={"say": "noted", "coming": "accepted"})
    assert (await leipzig.escalation())["answers"][PRESIDENT] is None
    assert (await opened(leipzig, f"{link}/map/area-small.svg")).status_code == 404
    altered = link[:-3] + ("abc" if not link.endswith("abc") else "abd")
    assert (await opened(leipzig, altered)).status_code == 410
    await opened(leipzig, links_of(alert)[0], "POST", data={"coming": "accepted", "say": "noted"})
    assert (await leipzig.escalation())["answers"][PRESIDENT]["answer"] == "noted"


async def test_answers_are_given_on_the_page_of_the_meeting_too(leipzig: Story) -> None:
    await invited(leipzig)
    page = f"/de/meetings/{(await leipzig.meetings())[0]['meeting_id']}"
    shown = await page_of(leipzig, PRESIDENT, page)
    assert "Ihre Antwort als Polizeipräsident:in" in shown
    done = await post(leipzig, PRESIDENT, f"{page}/answers", coming="tentative", attendee=PRESIDENT)
    assert done.headers["location"] == f"{page}?done=tentative"
    assert (await attendance(leipzig))[PRESIDENT] == "tentative"
    assert "sobald Sie es wissen" in await page_of(leipzig, PRESIDENT, done.headers["location"])
    for_other = {"coming": "declined", "attendee": f"{BODY}/head_youth_office", "entered": "1"}
    assert (await post(leipzig, PRESIDENT, f"{page}/answers", **for_other)).status_code == 403
    assert (await post(leipzig, MODERATION, f"{page}/answers", **for_other)).status_code == 303
    assert (await attendance(leipzig))[f"{BODY}/head_youth_office"] == "declined"
    about = page.rpartition("/")[2]
    entries = (await leipzig.get(f"/v1/audit?about={about}"))["entries"]
    assert [e["action"] for e in entries] == ["meeting.answered", "meeting.answered"]


async def test_a_moved_session_is_answered_anew_by_the_link_of_either_message(leipzig: Story) -> None:
    link = links_of(await invited(leipzig))[0]
    await opened(leipzig, link, "POST", data={"coming": "accepted"})
    await leipzig.days(0.01)
    page = f"/de/meetings/{(await leipzig.meetings())[0]['meeting_id']}"
    move = {"day": "2018-04-11", "time": "14:00", "location": "Rathaus", "reason": "Raum belegt"}
    await post(leipzig, MODERATION, f"{page}/move", **move)
    assert (await attendance(leipzig))[PRESIDENT] is None
    moved = leipzig.mailbox(PRESIDENT_AT, "moved")[-1]
    assert re.search("Bitte antworten Sie für den neuen Termin noch einmal", moved.text)
    await opened(leipzig, links_of(moved)[0], "POST", data={"coming": "accepted"})
    assert (await attendance(leipzig))[PRESIDENT] == "accepted"
