"""Addresses and names of people lie in the directory alone: in no other database, no fact and no log."""

import structlog.testing

from tests.story.city import MODERATION, Story

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
    holding = set()
    for file in leipzig.settings.data_dir.iterdir():
        if file.is_file() and any(text.encode() in file.read_bytes() for text in (MAIL, NAME)):
            holding.add(file.name.partition(".")[0])
    assert holding == {"directory"}
    assert MAIL not in str(logs)
    assert NAME not in str(logs)
