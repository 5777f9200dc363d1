"""Somebody joins a body, leaves it or has another address: their calendar follows, and nobody else is told."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from tests.story.city import Mail, Story, start_with

OLD, NEW = "drogenhilfe@example.org", "drogenhilfe-neu@example.org"
SCHOOLS = "schulamt@example.org"


def reached_at(mail: str) -> Callable[[dict[str, Any]], None]:
    def change(body: dict[str, Any]) -> None:
        for member in body["members"]:
            if member["mail"] == OLD:
                member["mail"] = mail

    return change


def joined_by_schools(body: dict[str, Any]) -> None:
    body["members"].append(
        {"function": "schools", "name": {"de": "Schulamt", "en": "Schools office"}, "mail": SCHOOLS}
    )


def left(body: dict[str, Any]) -> None:
    body["members"] = [member for member in body["members"] if member["mail"] != OLD]


async def calendar(story: Story, address: str) -> set[str]:
    """Return the sessions of the rapport that are in somebody's calendar after all that was mailed."""
    rapport = {meeting["uid"] for meeting in await story.meetings("rapport")}
    said = {str(mail.invite["UID"]): mail.method for mail in story.mailbox(address) if mail.invite}
    return {uid for uid, method in said.items() if uid in rapport and method == "REQUEST"}


async def change(story: Story, how: Callable[[dict[str, Any]], None]) -> list[Mail]:
    """Change the rapport a day later; return what is mailed because of it."""
    await story.days(1)
    before = len(story.mails())
    await start_with(story, how)
    return story.mails()[before:]


async def test_who_joins_gets_each_coming_session_once(city: Story) -> None:
    sessions = {meeting["uid"]: meeting["sequence"] for meeting in await city.meetings("rapport")}
    mails = await change(city, joined_by_schools)
    assert {mail.to for mail in mails} == {SCHOOLS}
    assert {str(m.invite["UID"]): int(m.invite["SEQUENCE"]) for m in mails if m.invite} == sessions
    assert len(mails) == len(sessions)
    assert await change(city, lambda _: None) == []


async def test_another_address_takes_over_every_entry(city: Story) -> None:
    had = await calendar(city, OLD)
    assert had
    mails = await change(city, reached_at(NEW))
    assert Counter((mail.to, mail.method) for mail in mails) == {
        (OLD, "CANCEL"): len(had),
        (NEW, "REQUEST"): len(had),
    }
    assert (await calendar(city, OLD), await calendar(city, NEW)) == (set(), had)


async def test_who_leaves_and_comes_back_has_the_same_entries_again(city: Story) -> None:
    had = await calendar(city, OLD)
    assert {(mail.to, mail.method) for mail in await change(city, left)} == {(OLD, "CANCEL")}
    assert await calendar(city, OLD) == set()
    assert {(mail.to, mail.method) for mail in await change(city, joined_by_help)} == {(OLD, "REQUEST")}
    assert await calendar(city, OLD) == had


def joined_by_help(body: dict[str, Any]) -> None:
    body["members"].append(
        {"function": "drug_help", "name": {"de": "Drogenhilfe", "en": "Drug help"}, "mail": OLD}
    )
