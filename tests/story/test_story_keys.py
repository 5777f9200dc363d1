"""Moderation issues, replaces and ends keys on a page; a key is shown once, and stands nowhere."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from shared.access.keys import SHAPE
from tests.story.city import MODERATION, PRESIDENT, Story, find
from tests.story.test_story_bodies import signed_in

PAGE = "/de/keys"
QUARTER = "neighbourhood_alliance/neighbourhood_management"


def key_on(page: str) -> str:
    found = re.search(r"rk_[0-9a-f]{8}_[A-Za-z0-9_-]{43}", page)
    assert found
    assert SHAPE.fullmatch(found[0])
    return found[0]


async def issued(story: Story, client, holder: str) -> str:
    answer = await client.post(PAGE, data={"holder": holder})
    await story.settle()
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    return key_on(answer.text)


async def report(story: Story, key: str) -> int:
    headers = {"Authorization": f"Bearer {key}"}
    answer = await story.replay.client.post("/v1/incidents", json=find(story.now), headers=headers)
    await story.settle()
    return answer.status_code


async def test_an_agency_gets_a_key_uses_it_and_loses_it(leipzig: Story) -> None:
    async with signed_in(leipzig, MODERATION) as client:
        key = await issued(leipzig, client, "police")
        page = (await client.get(PAGE)).text
        assert key not in page
        assert key[3:11] in page
        assert "noch nie" in page
        assert await report(leipzig, key) == 201
        assert "09.04.2018" in (await client.get(f"{PAGE}/{key[3:11]}")).text
        gone = await client.post(f"{PAGE}/{key[3:11]}", data={"do": "revoke"})
        assert gone.status_code == 303
        assert "Der Schlüssel ist gesperrt." in (await client.get(gone.headers["location"])).text
        assert await report(leipzig, key) == 401
        await leipzig.settle()
        record = (await client.get(f"/de/audit?about={key[3:11]}")).text
        assert "Schlüssel ausgestellt" in record
        assert "Schlüssel gesperrt" in record


async def test_a_key_that_is_replaced_holds_for_a_week(leipzig: Story) -> None:
    async with signed_in(leipzig, MODERATION) as client:
        old = await issued(leipzig, client, "police")
        answer = await client.post(f"{PAGE}/{old[3:11]}", data={"do": "replace"})
        new = key_on(answer.text)
        assert f"Der bisherige Schlüssel {old[3:11]} gilt noch sieben Tage." in answer.text
        assert [await report(leipzig, key) for key in (old, new)] == [201, 201]
        await leipzig.until(leipzig.now + timedelta(days=7))
        assert [await report(leipzig, key) for key in (old, new)] == [401, 201]


async def test_the_key_of_a_function_opens_all_its_services_and_no_secret_is_stored(leipzig: Story) -> None:
    async with signed_in(leipzig, MODERATION) as client:
        key = await issued(leipzig, client, PRESIDENT)
        for path in ("/v1/escalations", "/v1/meetings", "/v1/deliveries", "/v1/directory/bodies"):
            headers = {"Authorization": f"Bearer {key}"}
            assert (await leipzig.replay.client.get(path, headers=headers)).status_code == 200, path
        assert (await client.get(PAGE)).text.count(f"<code>{key[3:11]}</code>") == 1
    for runtime in leipzig.process.runtimes.values():
        async with runtime.reading() as tx:
            for table in ("api_keys", "outbox", "inbox"):
                rows = (await tx.db.execute(text(f"SELECT * FROM {table}"))).all()
                assert key[12:] not in str(rows)


async def test_who_moderates_one_body_keeps_its_keys_alone(leipzig: Story) -> None:
    async with signed_in(leipzig, MODERATION) as client, signed_in(leipzig, QUARTER) as quarter:
        police = await issued(leipzig, client, "police")
        page = (await quarter.get(PAGE)).text
        assert police[3:11] not in page
        assert 'value="police"' not in page
        assert (await quarter.get(f"{PAGE}/{police[3:11]}")).status_code == 404
        for holder in ("police", PRESIDENT, "nobody", "", "neighbourhood_alliance/addiction_commissioner"):
            answer = await quarter.post(PAGE, data={"holder": holder})
            assert answer.status_code == 422, holder
            assert "rk_" not in answer.text
        await issued(leipzig, quarter, QUARTER)


async def test_keys_are_for_moderation(leipzig: Story) -> None:
    async with signed_in(leipzig, PRESIDENT) as client:
        for answer in (
            await client.get(PAGE),
            await client.post(PAGE, data={"holder": "police"}),
            await client.get(f"{PAGE}/0a1b2c3d"),
            await client.post(f"{PAGE}/0a1b2c3d", data={"do": "revoke"}),
        ):
            assert answer.status_code == 403


@pytest.mark.parametrize("away", ["scheduler", "audit"])
async def test_where_a_service_is_away_no_key_is_left_behind(
    leipzig: Story, away: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with signed_in(leipzig, MODERATION) as client:
        before = (await client.get(PAGE)).text.count("Ersetzen oder sperren")
        runtime = leipzig.process.runtimes[away]
        monkeypatch.setattr(runtime, "transaction", unreachable)
        answer = await client.post(PAGE, data={"holder": PRESIDENT})
        assert answer.status_code == 422
        assert "Der zuständige Dienst antwortet gerade nicht." in answer.text
        assert "rk_" not in answer.text
        monkeypatch.undo()
        page = (await client.get(PAGE)).text
        assert page.count("Ersetzen oder sperren") == before
        assert "Abgelaufen oder gesperrt (1)" in page


def unreachable() -> None:
    raise ConnectionError("away")
