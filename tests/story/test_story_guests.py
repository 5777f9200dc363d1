"""A guest of one session gets its invitation and what changes about it, and nothing else."""

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
import structlog.testing
from sqlalchemy import text

from services.directory.ticks import forget_guests
from tests.story.city import MODERATION, PRESIDENT, Story
from tests.story.test_story_addresses import holding
from tests.story.test_story_joining import OURS

MAIL = "planted.guest@secret.example"
GUEST = {"organisation": "Planted Kita", "name": "Planted Guest", "mail": MAIL, "language": "de"}


async def called(story: Story) -> str:
    """Return the page of a session that was called."""
    await story.finds(3, 2, 1)
    [meeting] = await story.meetings()
    return f"/de/meetings/{meeting['meeting_id']}"


async def post(story: Story, path: str, who: str = MODERATION, **data: str) -> httpx.Response:
    return await story.ask(who, "POST", path, headers=OURS, data=data)


def kinds(story: Story) -> list[str]:
    return [mail.kind for mail in story.mailbox(MAIL)]


async def test_a_guest_is_invited_told_of_moves_and_nothing_else(leipzig: Story) -> None:
    with structlog.testing.capture_logs() as logs:
        page = await called(leipzig)
        assert (await post(leipzig, f"{page}/guests", **GUEST)).status_code == 303
        [mail] = leipzig.mailbox(MAIL)
        assert mail.kind == "invitation"
        assert mail.invite
        assert "Planted Guest, Planted Kita (Gast)" in mail.text
        for secret in ("Kita Köhlerstraße", "http", "Spritzen"):
            assert secret not in mail.text
            assert secret not in str(mail.invite.to_ical())
        assert "Planted Kita" in (await leipzig.ask(MODERATION, "GET", page)).text
        assert "Planted Kita" not in (await leipzig.ask(PRESIDENT, "GET", page)).text
        await leipzig.finds(0, 0.1)
        await leipzig.days(0.1)
        assert kinds(leipzig) == ["invitation"], "a new agenda is not for guests"
        [meeting] = await leipzig.meetings()
        day = leipzig.now.date() + timedelta(days=10)
        moved = {"day": day.isoformat(), "time": "10:00", "location": "Rathaus", "reason": "Umbau im Saal."}
        assert (await post(leipzig, f"{page}/move", **moved)).status_code == 303
        assert kinds(leipzig) == ["invitation", "moved"]
        await leipzig.days(9.9)
        assert leipzig.mails("reminder")
        assert kinds(leipzig) == ["invitation", "moved"], "nobody reminds guests"
    planted = (MAIL, "Planted Guest", "Planted Kita")
    assert holding(leipzig, *planted) == {"directory"}
    assert [each for each in planted if each in str(logs)] == []
    assert meeting["meeting_id"] in page
    assert await leipzig.dead() == []


async def test_a_guest_is_uninvited_or_told_that_it_is_off(leipzig: Story) -> None:
    page = await called(leipzig)
    other = "other@guest.example"
    for mail in (MAIL, other):
        await post(leipzig, f"{page}/guests", **GUEST | {"mail": mail})
        await leipzig.days(0.01)
    shown = (await leipzig.ask(MODERATION, "GET", page)).text
    remove = re.findall(r'action="(/de/meetings/[^/"]+/guests/[^"]+)"', shown)
    assert len(remove) == 2
    assert (await post(leipzig, remove[0])).status_code == 303
    assert (await post(leipzig, remove[0])).status_code == 303
    assert kinds(leipzig) == ["invitation", "cancelled"]
    [cancel] = leipzig.mailbox(MAIL, "cancelled")
    assert cancel.invite
    assert "STATUS" not in cancel.invite, "it takes place without them"
    await post(leipzig, f"{page}/cancel", because="Es ist ruhig geworden.")
    late = await post(leipzig, f"{page}/guests", **GUEST)
    assert late.status_code == 422
    assert "lässt sich niemand mehr einladen" in late.text
    assert kinds(leipzig) == ["invitation", "cancelled"]
    assert [mail.kind for mail in leipzig.mailbox(other)] == ["invitation", "cancelled"]


async def test_a_guest_is_forgotten_after_the_session(leipzig: Story) -> None:
    page = await called(leipzig)
    await post(leipzig, f"{page}/guests", **GUEST)
    await leipzig.days(20)
    assert await guests(leipzig)
    await leipzig.days(20)
    async with leipzig.process.runtimes["directory"].transaction() as tx:
        await forget_guests(tx)
    assert await guests(leipzig) == []


async def guests(story: Story) -> list[Any]:
    async with story.process.runtimes["directory"].reading() as tx:
        return list((await tx.db.execute(text("SELECT * FROM guests"))).all())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"mail": "niemand"}, "Bitte geben Sie eine einzelne E-Mail-Adresse an"),
        ({"mail": "a@example.org\r\nBcc: b@example.org"}, "Bitte geben Sie eine einzelne E-Mail-Adresse an"),
        ({"mail": "polizeipraesidium@example.org"}, "Diese Adresse gehört schon zum Gremium."),
        ({"organisation": ""}, "Bitte nennen Sie die Organisation"),
        ({"organisation": "Kita\nBcc: b@example.org"}, "Bitte nennen Sie die Organisation"),
        ({"name": "a@example.org"}, "Bitte geben Sie einen Namen an"),
        ({"language": "fr"}, "Bitte wählen Sie Deutsch oder Englisch."),
    ],
)
async def test_what_is_wrong_with_a_guest_stands_beside_the_field(
    leipzig: Story, changes: dict[str, str], said: str
) -> None:
    page = await called(leipzig)
    answer = await post(leipzig, f"{page}/guests", **GUEST | changes)
    assert answer.status_code == 422
    assert said in answer.text
    assert await guests(leipzig) == []


async def test_one_address_is_invited_once_and_by_moderation_alone(leipzig: Story) -> None:
    page = await called(leipzig)
    assert (await post(leipzig, f"{page}/guests", PRESIDENT, **GUEST)).status_code == 403
    await post(leipzig, f"{page}/guests", **GUEST)
    again = await post(leipzig, f"{page}/guests", **GUEST | {"mail": MAIL.upper()})
    assert "Diese Adresse ist schon eingeladen." in again.text
    elsewhere = "neighbourhood_alliance"
    path = f"/v1/directory/bodies/{elsewhere}/meetings/{page.rpartition('/')[2]}/guests"
    ends = (leipzig.now + timedelta(days=9)).isoformat()
    said = GUEST | {"mail": "third@guest.example", "meeting_ends_at": ends}
    management = f"{elsewhere}/neighbourhood_management"
    assert (await leipzig.ask(management, "POST", path, json=said)).status_code == 201
    assert leipzig.mailbox("third@guest.example") == [], "the session is of another body"
    for wrong in ("2018-04-01T10:00:00Z", "2048-04-01T10:00:00Z", "heute"):
        bad = said | {"meeting_ends_at": wrong, "mail": "fourth@guest.example"}
        assert (await leipzig.ask(management, "POST", path, json=bad)).status_code == 422
