"""Addresses and names of people lie in the directory alone: in no other database, no fact and no log."""

import structlog.testing

from tests.story.city import MODERATION, Story
from tests.story.test_story_joining import OURS, confirmed, link_of, visit

MAIL, NAME = "planted.person@secret.example", "Planted Person"


async def test_a_planted_name_and_address_are_found_in_the_directory_alone(leipzig: Story) -> None:
    with structlog.testing.capture_logs() as logs:
        path = "/v1/directory/bodies/extended_rapport/seats/police_president"
        given = {"mail": MAIL, "name": NAME, "language": "de"}
        assert (await leipzig.ask(MODERATION, "PUT", f"{path}/holder", json=given)).status_code == 200
        await leipzig.finds(3, 2, 1)
        assert {mail.kind for mail in leipzig.mailbox(MAIL)} == {"alert", "invitation"}
        assert (await leipzig.ask(MODERATION, "DELETE", f"{path}/holder")).status_code == 200
        assert leipzig.mailbox(MAIL, "cancelled"), "who leaves is told although nobody else has the address"
    assert holding(leipzig, MAIL, NAME) == {"directory"}
    assert MAIL not in str(logs)
    assert NAME not in str(logs)


async def test_who_asks_to_join_is_found_in_the_directory_alone(leipzig: Story) -> None:
    said = {"organisation": "Planted Society", "name": NAME, "mail": MAIL, "language": "de", "reason": ""}
    body = "neighbourhood_alliance"
    management = f"{body}/neighbourhood_management"
    with structlog.testing.capture_logs() as logs:
        for organisation in ("Planted Society", "Planted Club"):
            page = await confirmed(leipzig, **said | {"organisation": organisation})
            do = {"do": "approve", "name.de": "Verein", "name.en": "Society"}
            if organisation == "Planted Society":
                do = {"do": "refuse", "because": "Vollzählig."}
            assert (await leipzig.ask(management, "POST", page, headers=OURS, data=do)).status_code == 303
        assert {"join_confirm", "join_answered", "invitation"} <= {m.kind for m in leipzig.mailbox(MAIL)}
        leave = link_of(leipzig, "join_answered", "leave", MAIL)
        await visit(leipzig, "POST", leave, data={"do": "leave"})
    planted = (MAIL, NAME, "Planted Society", "Planted Club", leave.rpartition("/")[2])
    assert holding(leipzig, *planted) == {"directory"}
    assert [text for text in planted if text in str(logs)] == []


def holding(story: Story, *planted: str) -> set[str]:
    """Return which databases, their outboxes among them, hold one of some texts."""
    files = [file for file in story.settings.data_dir.iterdir() if file.is_file()]
    found = [file for file in files if any(text.encode() in file.read_bytes() for text in planted)]
    return {file.name.partition(".")[0] for file in found}
