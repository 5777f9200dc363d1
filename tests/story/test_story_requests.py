"""Who sits in a body asks that one is called; its moderation answers, and all of both bodies see it."""

from typing import Any

import httpx
import pytest

from tests.story.city import KITA_SCOPE, MODERATION, PRESIDENT, Story, addresses

ALLIANCE = "neighbourhood_alliance/neighbourhood_management"
REASON = "Eltern berichten von Spritzen am Zaun"
REFUSAL = "Der nächste Rapport ist am Dienstag"


async def ask(story: Story, holder: str = ALLIANCE, **changes: Any) -> httpx.Response:
    given = {"body": "extended_rapport", "scope": KITA_SCOPE, "reason": REASON} | changes
    return await story.ask(holder, "POST", "/v1/requests", json=given)


async def asked(story: Story) -> str:
    answer = await ask(story)
    assert answer.status_code == 201, answer.text
    return f"/v1/requests/{answer.json()['request_id']}"


async def answer(story: Story, path: str, holder: str = MODERATION, **said: Any) -> httpx.Response:
    return await story.ask(holder, "POST", f"{path}/answer", json=said)


async def test_a_yes_calls_the_body_and_tells_who_asked(leipzig: Story) -> None:
    path = await asked(leipzig)
    [mail] = leipzig.mails("request_made")
    assert mail.to == "suchtbeauftragte@example.org"
    assert REASON in mail.text
    assert "Antwort bis: Mo, 16.04.2018" in mail.text
    said = await answer(leipzig, path, granted=True)
    assert said.status_code == 200
    raised = await leipzig.escalation()
    assert raised["escalation_id"] == said.json()["answer"]["escalation_id"]
    assert REASON in raised["sentence"]["de"]
    assert len(await leipzig.meetings()) == 1
    assert addresses(leipzig.mails("alert")) == leipzig.called()
    [told] = leipzig.mails("request_answered")
    assert told.subject.startswith("Einberufen: Erweiterter Drogenrapport")


async def test_a_no_says_why_and_calls_nobody(leipzig: Story) -> None:
    path = await asked(leipzig)
    for reason in (None, "", "ab"):
        wrong = await answer(leipzig, path, granted=False, reason=reason)
        assert [error["field"] for error in wrong.json()["errors"]] == ["reason"]
    assert (await answer(leipzig, path, granted=False, reason=REFUSAL)).status_code == 200
    assert await leipzig.escalations() == []
    [told] = leipzig.mails("request_answered")
    assert REFUSAL in told.text
    assert (await answer(leipzig, path, granted=True)).status_code == 409
    assert await leipzig.escalations() == []


async def test_a_yes_where_the_body_is_called_already_names_what_has_called_it(leipzig: Story) -> None:
    path = await asked(leipzig)
    call = {"body": "extended_rapport", "scope": KITA_SCOPE, "reason": "Anwohner bitten darum"}
    called = await leipzig.ask(MODERATION, "POST", "/v1/escalations", json=call)
    said = await answer(leipzig, path, granted=True)
    assert said.json()["answer"]["escalation_id"] == called.json()["escalation_id"]
    assert len(await leipzig.escalations()) == 1


async def test_both_bodies_see_it_and_no_other(leipzig: Story) -> None:
    path = await asked(leipzig)
    for holder, may_answer in ((PRESIDENT, False), (MODERATION, True), (ALLIANCE, False)):
        seen = await leipzig.get(path, holder)
        assert (seen["reason"], seen["may_answer"]) == (REASON, may_answer)
        listed = await leipzig.get("/v1/requests?is_open=true", holder)
        assert [each["request_id"] for each in listed["requests"]] == [seen["request_id"]]
    of_rapport = await ask(leipzig, body="rapport")
    seen = await leipzig.get(f"/v1/requests/{of_rapport.json()['request_id']}")
    assert seen["may_answer"], "a key serves its function in all of its bodies"
    of_alliance = await ask(leipzig, body="neighbourhood_alliance")
    other = f"/v1/requests/{of_alliance.json()['request_id']}"
    assert (await leipzig.ask(PRESIDENT, "GET", other)).status_code == 403
    assert (await answer(leipzig, other, PRESIDENT, granted=True)).status_code == 403
    assert (await answer(leipzig, path, ALLIANCE, granted=True)).status_code == 403
    assert (await leipzig.ask("police", "GET", "/v1/requests")).status_code == 401


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"body": "council"}, 422, "body"),
        ({"scope": {"kind": "district", "key": "none"}}, 422, "scope"),
        ({"scope": {"kind": "cell", "key": "891f1d4880fffff"}}, 422, "scope"),
        ({"reason": "x"}, 422, "reason"),
        ({"seat": PRESIDENT}, 422, "seat"),
    ],
)
async def test_what_is_wrong_is_named_by_field(
    leipzig: Story, changes: dict[str, Any], status: int, field: str
) -> None:
    wrong = await ask(leipzig, **changes)
    assert (wrong.status_code, [error["field"] for error in wrong.json()["errors"]]) == (status, [field])


async def test_the_same_is_asked_once_and_ten_things_at_a_time(leipzig: Story) -> None:
    await asked(leipzig)
    assert (await ask(leipzig)).status_code == 409
    for district in list(leipzig.city.districts)[:9]:
        scope = {"kind": "district", "key": district}
        assert (await ask(leipzig, scope=scope)).status_code == 201
    assert (await ask(leipzig, scope={"kind": "city", "key": "leipzig"})).status_code == 409
    assert (await ask(leipzig, MODERATION)).status_code == 201


async def test_who_asked_withdraws_while_the_answer_is_open(leipzig: Story) -> None:
    path = await asked(leipzig)
    for other in (MODERATION, PRESIDENT):
        assert (await leipzig.ask(other, "POST", f"{path}/withdraw")).status_code == 403
    said = await leipzig.ask(ALLIANCE, "POST", f"{path}/withdraw")
    assert (said.status_code, said.json()["may_withdraw"]) == (200, False)
    [mail] = leipzig.mails("request_withdrawn")
    assert mail.to == "suchtbeauftragte@example.org"
    assert "zieht den Antrag zurück" in mail.text
    assert (await leipzig.ask(ALLIANCE, "POST", f"{path}/withdraw")).status_code == 409
    assert (await answer(leipzig, path, granted=True)).status_code == 409
    assert await leipzig.escalations() == []
    assert (await leipzig.get("/v1/requests?is_open=true"))["requests"] == []
    assert (await ask(leipzig)).status_code == 201, "the same may be asked anew"
    [entry] = (await leipzig.get("/v1/audit?action=request.withdrawn"))["entries"]
    assert (entry["by"], entry["in_name_of"]) == (ALLIANCE, "")


async def test_what_is_answered_is_not_withdrawn(leipzig: Story) -> None:
    path = await asked(leipzig)
    await answer(leipzig, path, granted=False, reason=REFUSAL)
    assert (await leipzig.ask(ALLIANCE, "POST", f"{path}/withdraw")).status_code == 409
    unknown = "/v1/requests/00000000-0000-4000-8000-000000000009/withdraw"
    assert (await leipzig.ask(ALLIANCE, "POST", unknown)).status_code == 404


async def test_an_open_request_names_what_calls_the_body_meanwhile(leipzig: Story) -> None:
    path = await asked(leipzig)
    assert (await leipzig.get(path, ALLIANCE))["called_by"] is None
    await leipzig.finds(3, 2, 1)
    raised = (await leipzig.escalation())["escalation_id"]
    assert (await leipzig.get(path, ALLIANCE))["called_by"] == raised
    await answer(leipzig, path, granted=False, reason=REFUSAL)
    assert (await leipzig.get(path, ALLIANCE))["called_by"] is None


async def test_what_people_do_with_requests_is_on_record(leipzig: Story) -> None:
    path = await asked(leipzig)
    await answer(leipzig, path, granted=False, reason=REFUSAL)
    entries = (await leipzig.get("/v1/audit?about=" + path.rpartition("/")[2]))["entries"]
    assert {(entry["action"], entry["by"]) for entry in entries} == {
        ("request.made", ALLIANCE),
        ("request.answered", MODERATION),
    }
