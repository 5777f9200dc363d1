"""Somebody asks for a link, reads it in the mail, presses, sees the pages, and loses their seat."""

import re

import httpx

from shared.access.caller import Caller, Via
from tests.story.city import MODERATION, Story

BASE = "http://127.0.0.1:8080"
PRESIDENT = "polizeipraesidium@example.org"
FROM_US = {"Sec-Fetch-Site": "same-origin"}


def browser(story: Story) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(story.app), base_url=BASE, headers=FROM_US)


def mailed(story: Story) -> list[str]:
    """Return the links in sign-in mails, the oldest first."""
    files = sorted(story.settings.data_dir.joinpath("mail").glob("*-sign_in-*.eml"))
    found = [re.search(r"/de/sign-in/[\w-]+", file.read_text().replace("=\n", "")) for file in files]
    return [match[0] for match in found if match]


async def asked(client: httpx.AsyncClient, mail: str) -> str:
    answer = await client.post("/de/sign-in", data={"mail": mail, "next": "/de/mails"})
    assert answer.status_code == 200
    return re.sub(r"\d{3} \d{3}", "CODE", answer.text)


async def test_signing_in_anew_ends_what_was_before(leipzig: Story) -> None:
    async with browser(leipzig) as client, browser(leipzig) as thief:
        await asked(client, PRESIDENT)
        (first,) = mailed(leipzig)
        await client.post(first)
        thief.cookies.update(client.cookies)
        assert (await thief.get("/de/mails")).status_code == 200
        await asked(client, PRESIDENT)
        (second,) = set(mailed(leipzig)) - {first}
        assert (await client.post(second)).status_code == 303
        assert (await client.get("/de/mails")).status_code == 200
        assert (await thief.get("/de/mails")).status_code == 303


async def test_from_a_mail_to_the_pages_and_out_with_the_seat(leipzig: Story) -> None:
    story = leipzig
    async with browser(story) as client, browser(story) as other:
        assert (await client.get("/de/mails")).headers["location"] == "/de/sign-in?next=/de/mails"
        assert await asked(client, PRESIDENT) == await asked(other, "nobody@example.org")
        (link,) = mailed(story)
        for method in ("GET", "HEAD"):
            for _ in range(100):
                assert (await other.request(method, link)).status_code == 200
        assert (await other.post(link)).status_code == 409
        entered = await client.post(link, data={"next": "/de/mails"})
        assert (entered.status_code, entered.headers["location"]) == (303, "/de/mails")
        assert "HttpOnly" in entered.headers["set-cookie"]
        assert (await client.get("/de/mails")).status_code == 200
        assert (await client.post(link)).status_code == 410
        ask = story.process.runtimes["directory"].assertions
        moderation = Caller(Via.SESSION, MODERATION, (MODERATION,))
        token = ask.write(moderation, "directory", story.clock.now())
        seat = "/v1/directory/bodies/extended_rapport/seats/police_president/holder"
        gone = await other.request("DELETE", seat, headers={"Authorization": f"Bearer {token}"})
        assert gone.status_code == 200
        assert (await client.get("/de/mails")).status_code == 303
