"""Agencies report with their own keys, keep what is good, and are told what is wrong with the rest."""

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from shared.access.keys import store_key
from tests.story.city import MODERATION, OFFICE, POLICE, PRESIDENT, Story, find

ALLIANCE = "neighbourhood_alliance/neighbourhood_management"
UNKNOWN = "5f0c7a52-9d1e-4c55-8f7b-1c2d3e4f5a6b"


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    """Return the problem details of an error answer."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    assert body["title"]
    return body


def fields(answer: httpx.Response) -> list[str]:
    return [error["field"] for error in answer.json()["errors"]]


@pytest.mark.parametrize("key", ["", "rk_00000000_" + "A" * 43, "nonsense", "Bearer"])
@pytest.mark.parametrize("path", ["/v1/incidents/batch", "/v1/escalations/x/decline"])
async def test_a_wrong_key_opens_nothing(leipzig: Story, key: str, path: str) -> None:
    for given in ({"Authorization": f"Bearer {key}"}, {}):
        answer = await leipzig.replay.client.post(path, json=[], headers=given)
        problem(answer, 401)


async def test_an_expired_key_opens_nothing(leipzig: Story) -> None:
    await leipzig.report(find(leipzig.now))
    leipzig.clock.advance(timedelta(days=3_651))
    problem(await leipzig.ask(OFFICE, "POST", "/v1/incidents", json=find(leipzig.now)), 401)


async def test_an_incident_of_another_agency_is_not_there(leipzig: Story) -> None:
    incident = await leipzig.report(find(leipzig.now))
    for method, how in (("GET", {}), ("PUT", {"json": find(leipzig.now)}), ("DELETE", {})):
        problem(await leipzig.ask(POLICE, method, f"/v1/incidents/{incident}", **how), 404)
        problem(await leipzig.ask(OFFICE, method, f"/v1/incidents/{UNKNOWN}", **how), 404)
    assert not (await leipzig.get(f"/v1/incidents/{incident}", OFFICE))["withdrawn"]


async def test_keys_open_only_what_is_their_holders(leipzig: Story) -> None:
    agency, leader = await leipzig.key_of(OFFICE), await leipzig.key_of(PRESIDENT)
    for path in ("/v1/escalations", "/v1/rules", "/v1/meetings", "/v1/deliveries"):
        for key in (agency, agency.upper(), leader[:-1]):
            answer = await leipzig.replay.client.get(path, headers={"Authorization": f"Bearer {key}"})
            problem(answer, 401)
    answer = await leipzig.ask(PRESIDENT, "POST", "/v1/incidents", json=find(leipzig.now))
    problem(answer, 401)


async def test_an_agency_that_is_given_a_key_to_escalations_is_still_not_leadership(leipzig: Story) -> None:
    await leipzig.finds(2, 1, 0)
    escalation = (await leipzig.escalation())["escalation_id"]
    await admit(leipzig, OFFICE, "escalation", "scheduler", "notify")
    await admit(leipzig, PRESIDENT, "intake")
    for path in ("/v1/escalations", f"/v1/escalations/{escalation}", "/v1/meetings", "/v1/deliveries"):
        problem(await leipzig.ask(OFFICE, "GET", path), 403)
    problem(await leipzig.answer(escalation, "acknowledge", OFFICE), 403)
    problem(await leipzig.ask(PRESIDENT, "POST", "/v1/incidents", json=find(leipzig.now)), 403)


async def test_leadership_does_not_move_meetings(leipzig: Story) -> None:
    await leipzig.finds(2, 1, 0)
    [meeting] = await leipzig.meetings()
    path = f"/v1/meetings/{meeting['meeting_id']}/cancel"
    problem(await leipzig.ask(PRESIDENT, "POST", path, json={"reason": "Keine Zeit."}), 403)
    assert [m["state"] for m in await leipzig.meetings()] == ["planned"]


async def test_moderation_of_another_body_neither_sees_nor_declines_an_escalation(leipzig: Story) -> None:
    await leipzig.finds(2, 1, 0)
    path = f"/v1/escalations/{(await leipzig.escalation())['escalation_id']}"
    refusal = {"reason": "Nein.", "until": (leipzig.now + timedelta(days=7)).isoformat()}
    problem(await leipzig.ask(ALLIANCE, "GET", path), 403)
    problem(await leipzig.ask(ALLIANCE, "POST", f"{path}/acknowledge"), 403)
    problem(await leipzig.ask(ALLIANCE, "POST", f"{path}/decline", json=refusal), 403)
    assert (await leipzig.get("/v1/escalations", ALLIANCE))["escalations"] == []
    assert [m["state"] for m in await leipzig.meetings()] == ["planned"]
    for holder in (PRESIDENT, MODERATION):
        assert (await leipzig.get(path, holder))["state"] == "raised"
        assert len((await leipzig.get("/v1/escalations", holder))["escalations"]) == 1
    answer = await leipzig.ask(MODERATION, "POST", f"{path}/decline", json=refusal)
    assert answer.json()["state"] == "declined"
    assert [m["state"] for m in await leipzig.meetings()] == ["cancelled"]


async def test_moderation_of_another_body_does_not_read_leadership_s_mail(leipzig: Story) -> None:
    await leipzig.finds(2, 1, 0)
    found = await leipzig.get("/v1/deliveries?limit=1000")
    mine = [f"/v1/deliveries/{d['delivery_id']}" for d in found if d["recipient"] == PRESIDENT]
    assert len(mine) == 2
    for path in mine:
        problem(await leipzig.ask(ALLIANCE, "GET", path), 403)
        problem(await leipzig.ask(ALLIANCE, "GET", f"{path}/message"), 403)
        problem(await leipzig.ask(ALLIANCE, "POST", f"{path}/retry"), 403)
        for holder in (PRESIDENT, MODERATION):
            assert (await leipzig.get(f"{path}/message", holder))["subject"]
    seen = await leipzig.get("/v1/deliveries?limit=1000", ALLIANCE)
    assert {d["recipient"].split("/")[0] for d in seen} <= {"neighbourhood_alliance"}


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no category": ({"category": None}, "category"),
    "an unknown category": ({"category": "graffiti"}, "category"),
    "no zone": ({"occurred_at": "2018-04-09T10:00:00"}, "occurred_at"),
    "a number as time": ({"occurred_at": 1_523_260_800}, "occurred_at"),
    "the future": ({"occurred_at": "2018-04-10T10:00:00+02:00"}, "occurred_at"),
    "before 1990": ({"occurred_at": "1989-11-09T19:00:00+01:00"}, "occurred_at"),
    "the first instant of all": ({"occurred_at": "0001-01-01T00:00:00+14:00"}, "occurred_at"),
    "the last instant of all": ({"occurred_at": "9999-12-31T23:59:59-14:00"}, "occurred_at"),
    "nothing found": ({"quantity": 0}, "quantity"),
    "half a syringe": ({"quantity": 0.5}, "quantity"),
    "another city": ({"latitude": 52.52, "longitude": 13.40}, "latitude"),
    "half a position": ({"longitude": None}, "longitude"),
    "no position at all": ({"latitude": None, "longitude": None}, "latitude"),
    "an unknown district": ({"district": "Kreuzberg"}, "district"),
    "an unknown place": ({"latitude": None, "longitude": None, "place": "nowhere"}, "place"),
    "a name, which might be personal data": ({"reporter": "Jane Doe"}, "reporter"),
    "an empty number": ({"external_id": ""}, "external_id"),
    "a line break in the number": ({"external_id": "1\n2"}, "external_id"),
}


async def test_each_bad_item_of_a_batch_is_named_and_the_good_ones_are_kept(leipzig: Story) -> None:
    bad = [find(leipzig.now, **changes) for changes, _ in BAD.values()]
    good = [find(leipzig.now - timedelta(days=n)) for n in range(3)]
    mixed = [good[0], *bad, "no object", None, good[1], good[2]]
    receipt = (await leipzig.ask(OFFICE, "POST", "/v1/incidents/batch", json=mixed)).json()
    assert (receipt["accepted"], receipt["rejected"]) == (3, len(bad) + 2)
    assert [item["index"] for item in receipt["items"]] == list(range(len(mixed)))
    named = [item["errors"][0]["field"] for item in receipt["items"][1 : len(bad) + 1]]
    assert named == [field for _, field in BAD.values()]
    assert (await leipzig.escalation())["state"] == "raised"


@pytest.mark.parametrize(("changes", "field"), BAD.values(), ids=BAD.keys())
async def test_a_single_bad_report_is_refused_by_name(leipzig: Story, changes: Any, field: str) -> None:
    answer = await leipzig.ask(OFFICE, "POST", "/v1/incidents", json=find(leipzig.now, **changes))
    problem(answer, 422)
    assert fields(answer)[0] == field


async def test_a_number_used_for_another_report_is_refused(leipzig: Story) -> None:
    first = await leipzig.report(find(leipzig.now, external_id="1"))
    other = find(leipzig.now, external_id="1", quantity=5)
    answer = await leipzig.ask(OFFICE, "POST", "/v1/incidents", json=other)
    problem(answer, 409)
    assert fields(answer) == ["external_id"]
    receipt = (await leipzig.ask(OFFICE, "POST", "/v1/incidents/batch", json=[other])).json()
    assert receipt["items"][0] | {"errors": []} == {
        "status": "conflict",
        "incident_id": first,
        "errors": [],
        "index": 0,
    }


async def test_lines_of_json_are_taken_like_a_batch(leipzig: Story) -> None:
    lines = [json.dumps(find(leipzig.now - timedelta(days=n), external_id=str(n))) for n in range(3)]
    body = "\r\n".join([lines[0], "", "{broken", lines[1], lines[0], lines[2], "[]", ""])
    answer = await leipzig.ask(
        OFFICE,
        "POST",
        "/v1/incidents/batch",
        content=body.encode(),
        headers={"Content-Type": "application/x-ndjson"},
    )
    statuses = [item["status"] for item in answer.json()["items"]]
    assert statuses == ["accepted", "rejected", "accepted", "duplicate", "accepted", "rejected"]
    assert (await leipzig.escalation())["state"] == "raised"


async def test_a_batch_has_its_limits(leipzig: Story) -> None:
    many = [find(leipzig.now)] * 1_001
    problem(await leipzig.ask(OFFICE, "POST", "/v1/incidents/batch", json=many), 413)
    problem(await leipzig.ask(OFFICE, "POST", "/v1/incidents/batch", content=b" " * 9_000_000), 413)
    problem(await leipzig.ask(OFFICE, "POST", "/v1/incidents/batch", content=streamed()), 413)
    problem(await leipzig.ask(OFFICE, "POST", "/v1/incidents", content=streamed()), 413)
    problem(await leipzig.ask(OFFICE, "POST", "/v1/incidents/batch", json={"category": "other"}), 422)
    problem(await leipzig.ask(OFFICE, "POST", "/v1/incidents/batch", content=b"{"), 400)


async def streamed() -> Any:
    for _ in range(9):
        yield b" " * 1_000_000


async def test_every_other_mistake_is_a_problem_as_well(leipzig: Story) -> None:
    problem(await leipzig.ask(OFFICE, "GET", "/v1/nothing"), 404)
    problem(await leipzig.ask(OFFICE, "PATCH", "/v1/incidents"), 405)
    problem(await leipzig.ask(OFFICE, "GET", "/v1/incidents/not-a-uuid"), 422)
    problem(await leipzig.ask(MODERATION, "GET", "/v1/escalations?limit=0"), 422)
    problem(await leipzig.ask(MODERATION, "GET", "/v1/meetings?body=nobody"), 422)
    problem(await leipzig.ask(MODERATION, "GET", f"/v1/escalations/{UNKNOWN}"), 404)
    problem(await leipzig.ask(MODERATION, "GET", f"/v1/deliveries/{UNKNOWN}/message"), 404)


async def test_an_error_of_ours_is_a_problem_too_and_says_nothing_of_its_cause(
    leipzig: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("services.intake.handlers.report_incidents", fails)
    key = await leipzig.key_of(OFFICE)
    transport = httpx.ASGITransport(leipzig.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://rapport") as client:
        given = {"Authorization": f"Bearer {key}"}
        answer = await client.post("/v1/incidents", json=find(leipzig.now), headers=given)
    assert "secret" not in str(problem(answer, 500))


async def admit(story: Story, holder: str, *services: str) -> None:
    """Let a holder's key be known to services that `rapport keys issue` would not tell."""
    key = await story.key_of(holder)
    for name in services:
        async with story.process.runtimes[name].transaction() as tx:
            await store_key(tx, key, holder, timedelta(days=1))
