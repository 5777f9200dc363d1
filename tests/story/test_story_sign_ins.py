"""Somebody sees at which browsers they are signed in, and signs out at others."""

from tests.story.city import PRESIDENT, Story
from tests.story.test_story_bodies import done, signed_in

PAGE = "/de/sign-ins"


async def test_who_is_signed_in_at_three_browsers_ends_two(leipzig: Story) -> None:
    async with (
        signed_in(leipzig, PRESIDENT) as client,
        signed_in(leipzig, PRESIDENT) as other,
        signed_in(leipzig, PRESIDENT) as third,
    ):
        page = (await client.get(PAGE)).text
        assert page.count("Ein anderer Browser") == 2
        listed = page.split('name="id" value="')[1:]
        for each, elsewhere in zip(listed, range(2), strict=True):
            left = await done(leipzig, await client.post(PAGE, data={"id": each[:16]}), client)
            assert left.count("Ein anderer Browser") == 1 - elsewhere
            assert "Dort sind Sie abgemeldet." in left
        assert (await client.get(PAGE)).status_code == 200
        for gone in (other, third):
            assert (await gone.get(PAGE)).status_code == 303


async def test_all_others_end_at_once_and_then_this_one(leipzig: Story) -> None:
    async with signed_in(leipzig, PRESIDENT) as client, signed_in(leipzig, PRESIDENT) as other:
        page = await done(leipzig, await client.post(PAGE, data={"id": ""}), client)
        assert "In allen anderen Browsern sind Sie abgemeldet." in page
        assert "Sie sind in keinem anderen Browser angemeldet." in page
        assert (await other.get(PAGE)).status_code == 303
        assert (await client.post(PAGE, data={"id": "x"})).status_code == 422
        assert (await client.post("/de/sign-out-everywhere")).status_code == 303
        assert (await client.get(PAGE)).status_code == 303
