"""Leadership looks at escalations and answers; nobody else does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from services.escalation.rights import concerned
from services.escalation.store.tables import escalations
from shared.access.keys import make_key, store_key
from shared.facts import EscalationAcknowledged, EscalationDeclined
from tests.unit.escalation.building import Town, a_book, a_count, a_find, a_town, day, leipzig
from tests.unit.unseen import UNSEEN

PRESIDENT = "extended_rapport/police_president"
DEPUTY = "extended_rapport/police_vice_president"
MODERATION = "rapport/addiction_commissioner"
ALLIANCE = "neighbourhood_alliance/neighbourhood_management"
UNKNOWN = UUID(int=2**100)


class Desk:
    """A client with keys for functions."""

    def __init__(self, town: Town, client: httpx.AsyncClient) -> None:
        self.town = town
        self.client = client
        self.keys: dict[str, str] = {}

    async def ask(self, method: str, path: str, holder: str = PRESIDENT, **request: Any) -> httpx.Response:
        if holder not in self.keys:
            number = len(self.keys)
            key = make_key(lambda size: f"{number:0{2 * size}x}", lambda size: f"{number:043d}")
            async with self.town.runtime.transaction() as tx:
                await store_key(tx, key, holder, timedelta(days=3_650))
            self.keys[holder] = key
        headers = {"Authorization": f"Bearer {self.keys[holder]}"}
        return await self.client.request(method, f"/v1/{path}", headers=headers, **request)

    async def raised(self) -> UUID:
        await self.town.hear(a_find(0), a_find(0), a_find(0))
        [each] = await self.town.escalations()
        return each.id

    async def decline(self, id_: UUID, holder: str = MODERATION, **said: Any) -> httpx.Response:
        given = {"reason": "Einsatz läuft schon", "until": day(7).isoformat()} | said
        return await self.ask("POST", f"escalations/{id_}/decline", holder, json=given)

    async def acknowledge(self, id_: UUID, holder: str = PRESIDENT, **request: Any) -> httpx.Response:
        return await self.ask("POST", f"escalations/{id_}/acknowledge", holder, **request)


@asynccontextmanager
async def a_desk(folder: Path, *rules: dict[str, Any]) -> AsyncIterator[Desk]:
    async with a_town(folder, *rules) as town:
        app = town.process.routes(FastAPI())
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            yield Desk(town, client)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with a_desk(tmp_path, a_count(), a_count("whole", scope="city", at_least=5)) as made:
        yield made


@pytest.mark.parametrize(
    "holder",
    [
        "police",
        "extended_rapport/drug_help_coordination",
        "extended_rapport/nobody",
        "council/police_president",
        "police_president",
        "/police_president",
        "extended_rapport/",
    ],
)
async def test_only_who_leads_or_moderates_a_body_may_look(desk: Desk, holder: str):
    for path in ("escalations", f"escalations/{UNKNOWN}", "rules"):
        answer = await desk.ask("GET", path, holder)
        assert answer.status_code == 403
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("holder", [PRESIDENT, DEPUTY, MODERATION])
async def test_leadership_deputies_and_moderation_may_look(desk: Desk, holder: str):
    assert (await desk.ask("GET", "escalations", holder)).json() == {"escalations": []}


async def test_without_a_key_there_is_no_answer(desk: Desk):
    assert (await desk.client.get("/v1/escalations")).status_code == 401


async def test_rules_are_listed_with_names_and_versions(desk: Desk):
    first, second = (await desk.ask("GET", "rules")).json()
    assert (first["id"], first["kind"], first["scope"], first["escalates"]) == (
        "finds",
        "count",
        "district",
        True,
    )
    assert first["name"]["de"] == "Viele Funde"
    assert len(first["version"]) == 12 != second["version"]


async def test_an_escalation_shows_evidence_and_the_incidents_of_its_episode(desk: Desk):
    id_ = await desk.raised()
    later = a_find(1)
    await desk.town.hear_each([later])
    seen = (await desk.ask("GET", f"escalations/{id_}")).json()
    assert (seen["state"], seen["rule"], seen["scope"]) == (
        "raised",
        "finds",
        {"kind": "district", "key": "20"},
    )
    assert seen["sentence"]["de"].startswith("Viele Funde (Neustadt-Neuschönefeld): 3 Vorfälle")
    assert len(seen["evidence"]["incidents"]) == 3
    assert seen["incidents"] == [*seen["evidence"]["incidents"], str(later.incident_id)]
    assert datetime.fromisoformat(seen["started_at"]) == day(0)
    assert datetime.fromisoformat(seen["ended_at"]) == day(14)
    assert seen["peaks"] == {"finds": 4}


async def test_lists_are_filtered(desk: Desk):
    await desk.raised()
    await desk.town.hear(*(a_find(0, district="21") for _ in range(3)))
    for query, count in (
        ({}, 3),
        ({"rule": "finds"}, 2),
        ({"scope": "district:21"}, 1),
        ({"state": "raised"}, 1),
        ({"state": "part"}, 2),
        ({"state": "resolved"}, 0),
        ({"limit": 1}, 1),
    ):
        listed = (await desk.ask("GET", "escalations", params=query)).json()["escalations"]
        assert len(listed) == count, query


@pytest.mark.parametrize(
    ("rule", "bodies"),
    [
        ({}, {"extended_rapport"}),
        ({"notify": ["rapport", "neighbourhood_alliance"]}, {"rapport", "neighbourhood_alliance"}),
        (
            {"convene": {"body": "rapport", "within_working_days": 5}},
            {"extended_rapport", "rapport"},
        ),
        ({"notify": []}, {"extended_rapport"}),
        ({"id": "another"}, {"extended_rapport"}),
    ],
)
def test_an_escalation_concerns_whom_its_rule_names_or_else_leadership_that_is_convened(
    rule: dict[str, Any], bodies: set[str]
):
    calls = [
        a_count(body, convene={"body": body, "within_working_days": 5})
        for body in ("extended_rapport", "neighbourhood_alliance")
    ]
    assert concerned("finds", a_book(a_count(**rule), *calls), leipzig()) == bodies


@pytest.fixture
async def divided(tmp_path: Path) -> AsyncIterator[Desk]:
    """A desk with one escalation of the extended rapport, and then one of the alliance."""
    alliance = a_count("whole", scope="city", at_least=5, notify=["neighbourhood_alliance"])
    call = {"body": "extended_rapport", "within_working_days": 5}
    async with a_desk(tmp_path, a_count(convene=call), alliance) as made:
        await made.town.hear(*(a_find(0) for _ in range(5)))
        yield made


async def find_id(desk: Desk, rule: str) -> UUID:
    [found] = [each.id for each in await desk.town.escalations() if each.rule == rule]
    return found


async def rules_seen(desk: Desk, holder: str, **query: Any) -> list[str]:
    listed = (await desk.ask("GET", "escalations", holder, params=query)).json()["escalations"]
    return sorted(each["rule"] for each in listed)


async def test_lists_hold_what_concerns_the_bodies_of_the_holder(divided: Desk):
    assert await rules_seen(divided, MODERATION) == ["finds", "whole"]
    for holder, rule, other in ((PRESIDENT, "finds", "whole"), (ALLIANCE, "whole", "finds")):
        assert await rules_seen(divided, holder) == [rule]
        assert await rules_seen(divided, holder, limit=1) == [rule]
        assert await rules_seen(divided, holder, rule=other) == []


@pytest.mark.parametrize(("holder", "rule"), [(ALLIANCE, "finds"), (PRESIDENT, "whole"), (DEPUTY, "whole")])
async def test_what_concerns_other_bodies_is_neither_shown_nor_answered(
    divided: Desk, holder: str, rule: str
):
    id_ = await find_id(divided, rule)
    for answer in (
        await divided.ask("GET", f"escalations/{id_}", holder),
        await divided.acknowledge(id_, holder),
        await divided.decline(id_, holder),
    ):
        assert answer.status_code == 403
        assert answer.headers["content-type"] == "application/problem+json"
        assert "incidents" not in answer.json()
    assert {each.state for each in await divided.town.escalations()} == {"raised"}


@pytest.mark.parametrize(
    ("holder", "rule"),
    [
        (ALLIANCE, "whole"),
        (PRESIDENT, "finds"),
        (DEPUTY, "finds"),
        (MODERATION, "finds"),
        (MODERATION, "whole"),
    ],
)
async def test_what_concerns_a_body_is_shown_to_and_answered_by_its_leadership_and_moderation(
    divided: Desk, holder: str, rule: str
):
    id_ = await find_id(divided, rule)
    assert (await divided.ask("GET", f"escalations/{id_}", holder)).json()["rule"] == rule
    assert (await divided.acknowledge(id_, holder)).json()["state"] == "acknowledged"
    declined = (await divided.decline(id_, holder)).json()["state"]
    assert declined == ("raised" if holder in {PRESIDENT, DEPUTY} else "declined")


async def test_nobody_may_be_named_who_has_no_say_in_an_escalation(divided: Desk):
    chair = "neighbourhood_alliance/addiction_commissioner"
    answer = await divided.acknowledge(await find_id(divided, "finds"), chair, json={"by": ALLIANCE})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "by"
    answer = await divided.acknowledge(await find_id(divided, "whole"), chair, json={"by": chair})
    assert answer.json()["answered_by"] == chair


async def test_what_a_rule_raised_that_is_gone_is_left_to_leadership_that_is_convened(divided: Desk):
    id_ = await find_id(divided, "whole")
    async with divided.town.runtime.transaction() as tx:
        await tx.db.execute(update(escalations).where(escalations.c.id == id_).values(rule="gone"))
    assert await rules_seen(divided, ALLIANCE) == []
    assert await rules_seen(divided, PRESIDENT) == ["finds", "gone"]
    assert (await divided.acknowledge(id_, ALLIANCE)).status_code == 403
    assert (await divided.acknowledge(id_, PRESIDENT)).status_code == 200


async def test_what_leadership_takes_note_of_is_told_once(desk: Desk):
    id_ = await desk.raised()
    for request in ({}, {"json": {}}, {"json": {"by": DEPUTY}}):
        answer = await desk.acknowledge(id_, **request)
        assert (answer.status_code, answer.json()["state"]) == (200, "acknowledged")
    [told] = desk.town.said(EscalationAcknowledged)
    assert (told.escalation_id, told.by, told.acknowledged_at) == (id_, PRESIDENT, desk.town.now)


async def test_whoever_is_the_deputy_of_a_seat_stands_for_it(desk: Desk):
    id_ = await desk.raised()
    await desk.acknowledge(id_, json={"by": DEPUTY})
    await desk.acknowledge(id_, DEPUTY)
    assert [told.by for told in desk.town.said(EscalationAcknowledged)] == [PRESIDENT]


@pytest.mark.parametrize(
    "by", ["rapport/addiction_commissioner", "extended_rapport/nobody", "Frau Muster", ""]
)
async def test_nobody_else_may_be_named(desk: Desk, by: str):
    answer = await desk.acknowledge(await desk.raised(), json={"by": by})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "by"


async def test_a_refusal_has_a_reason_and_an_end_and_is_told_once(desk: Desk):
    id_ = await desk.raised()
    same_instant = day(7).astimezone(desk.town.runtime.city.zone).isoformat()
    for until in (day(7).isoformat(), same_instant):
        answer = await desk.decline(id_, until=until)
        assert (answer.status_code, answer.json()["state"]) == (200, "declined")
    assert (await desk.decline(id_, until=day(8).isoformat())).status_code == 200
    first, second = desk.town.said(EscalationDeclined)
    assert (first.by, first.reason, first.until, second.until) == (
        MODERATION,
        "Einsatz läuft schon",
        day(7),
        day(8),
    )
    assert (first.revision, second.revision) == (3, 5)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"until": day(0).isoformat()}, "until"),
        ({"until": day(180.1).isoformat()}, "until"),
        ({"until": "2018-05-01T10:00:00"}, "until"),
        ({"until": "9999-12-31T23:59:59-23:00"}, "until"),
        ({"until": "0001-01-01T00:00:00+23:00"}, "until"),
        ({"until": "soon"}, "until"),
        ({"reason": ""}, "reason"),
        ({"reason": "Bitte an a.b@example.org"}, "reason"),
        ({"reason": "a\u0000b"}, "reason"),
        ({"reason": "x" * 501}, "reason"),
        ({"name": "Muster"}, "name"),
    ],
)
async def test_a_refusal_that_is_not_valid_names_the_field(desk: Desk, said: dict[str, Any], field: str):
    answer = await desk.decline(await desk.raised(), **said)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert desk.town.said(EscalationDeclined) == []


@pytest.mark.parametrize("unseen", UNSEEN.values(), ids=UNSEEN)
async def test_a_refusal_is_read_without_what_nobody_sees(desk: Desk, unseen: str):
    id_ = await desk.raised()
    answer = await desk.decline(id_, reason=f"{unseen}Einsatz{unseen} läuft schon{unseen}")
    assert (answer.status_code, answer.json()["declined_reason"]) == (200, "Einsatz läuft schon")
    assert desk.town.said(EscalationDeclined)[0].reason == "Einsatz läuft schon"
    for reason in (unseen * 3, f"Bitte an a{unseen}.b@{unseen}example{unseen}.org"):
        assert (await desk.decline(id_, reason=reason)).status_code == 422


async def test_what_is_over_is_not_answered(desk: Desk):
    id_ = await desk.raised()
    await desk.town.wait_until(40)
    assert (await desk.acknowledge(id_)).status_code == 409
    assert (await desk.decline(id_, until=day(50).isoformat())).status_code == 409


async def test_what_is_unknown_is_not_found(desk: Desk):
    for answer in (
        await desk.ask("GET", f"escalations/{UNKNOWN}"),
        await desk.acknowledge(UNKNOWN),
        await desk.decline(UNKNOWN),
    ):
        assert answer.status_code == 404


@pytest.mark.parametrize(
    "query",
    ["state=%00", "rule=%00", "scope=street:1", "scope=district:%00", "limit=0", "limit=x", "rule=%FF"],
)
async def test_a_filter_that_is_not_valid_is_refused(desk: Desk, query: str):
    answer = await desk.ask("GET", f"escalations?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"]


junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
bodies = junk | st.fixed_dictionaries(
    {}, optional={"reason": junk, "until": junk | st.datetimes().map(str), "by": junk}
)


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(bodies)
async def test_no_body_is_an_error_of_ours(desk: Desk, body: Any):
    known = await desk.town.escalations()
    id_ = known[0].id if known else await desk.raised()
    for verb in ("acknowledge", "decline"):
        answer = await desk.ask("POST", f"escalations/{id_}/{verb}", json=body)
        assert answer.status_code in {200, 422}
