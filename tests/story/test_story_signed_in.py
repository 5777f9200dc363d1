"""Leadership answers and moderation decides on pages, signed in."""

from typing import Any

import httpx
import pytest

from tests.story.city import MODERATION, PRESIDENT, Story

PARKS = "extended_rapport/head_parks_office"
DEPUTY = "extended_rapport/police_vice_president"
FROM_US = {"Sec-Fetch-Site": "same-origin"}
REASON = "Die Hecke wird Dienstag geschnitten."


async def post(story: Story, holder: str, path: str, **fields: str) -> httpx.Response:
    return await story.ask(holder, "POST", path, data=fields, headers=FROM_US)


async def page_of(story: Story, holder: str, path: str) -> str:
    answer = await story.ask(holder, "GET", path)
    assert answer.status_code == 200, answer.text
    return answer.text


async def raised(story: Story) -> str:
    await story.finds(3, 2, 1)
    return f"/de/escalations/{(await story.escalation())['escalation_id']}"


async def answer_of(story: Story, seat: str) -> Any:
    return (await story.escalation())["answers"][seat]


async def test_a_leader_answers_on_the_page_and_changes_it(leipzig: Story) -> None:
    page = await raised(leipzig)
    assert "Antwort als Polizeipräsident:in" in await page_of(leipzig, PRESIDENT, page)
    done = await post(leipzig, PRESIDENT, page, seat=PRESIDENT, say="noted")
    assert (done.status_code, done.headers["location"]) == (303, f"{page}?done=noted")
    shown = await page_of(leipzig, PRESIDENT, done.headers["location"])
    assert "Ihre Antwort ist gespeichert." in shown
    assert "1 von 7 haben geantwortet" in shown
    said = await answer_of(leipzig, PRESIDENT)
    assert (said["answer"], said["by"], said["via"]) == ("noted", PRESIDENT, "session")
    fields = {"seat": PRESIDENT, "say": "not_needed", "reason": REASON, "until": "2018-04-23"}
    await post(leipzig, PRESIDENT, page, **fields)
    assert (await answer_of(leipzig, PRESIDENT))["until"] == "2018-04-23T22:00:00Z"
    assert REASON in await page_of(leipzig, MODERATION, page)


BY_PHONE = "Hat am Telefon zugestimmt."


async def test_moderation_enters_what_somebody_says_on_the_telephone(leipzig: Story) -> None:
    page = await raised(leipzig)
    shown = await page_of(leipzig, MODERATION, page)
    assert "Für eine andere Funktion eintragen" in shown
    assert f'<option value="{PARKS}"' in shown
    entered = {"say": "enter", "seat": PARKS, "answer": "noted", "reason": BY_PHONE, "until": "2018-04-23"}
    done = await post(leipzig, MODERATION, page, **entered)
    assert (done.status_code, done.headers["location"]) == (303, f"{page}?done=enter")
    assert "Die Antwort ist eingetragen." in await page_of(leipzig, MODERATION, done.headers["location"])
    said = await answer_of(leipzig, PARKS)
    assert (said["answer"], said["by"], said["until"]) == ("noted", MODERATION, None)
    assert said["reason"] == BY_PHONE
    assert "Suchtbeauftragte:r" in await page_of(leipzig, PARKS, page)
    told = leipzig.mailbox("stadtgruen-leitung@example.org", "answered")[-1]
    for words in ("Eingetragen durch", "Suchtbeauftragte:r", BY_PHONE):
        assert words in told.text
    [entry] = (await leipzig.get("/v1/audit?action=escalation.answered"))["entries"]
    assert (entry["by"], entry["in_name_of"]) == (MODERATION, PARKS)
    refused = entered | {"answer": "not_needed", "reason": "Ist im Urlaub, hält es für erledigt."}
    await post(leipzig, MODERATION, page, **refused)
    assert (await answer_of(leipzig, PARKS))["until"] == "2018-04-23T22:00:00Z"


NOT_ENTERED = {
    "no reason": ({"reason": "  "}, "Bitte nennen Sie einen Grund"),
    "a reason that is too long": ({"reason": "x" * 501}, "Bitte nennen Sie einen Grund"),
    "an address in the reason": ({"reason": "sagt a@example.org"}, "Bitte nennen Sie einen Grund"),
    "markup stays text": ({"reason": "<b>", "answer": "x"}, "&lt;b&gt;"),
    "no answer": ({"answer": ""}, "Bitte wählen Sie eine der Antworten"),
    "a decision": ({"answer": "keep"}, "Bitte wählen Sie eine der Antworten"),
    "moderation's own seat": ({"seat": MODERATION}, "Bitte wählen Sie eine der Antworten"),
    "no seat": ({"seat": ""}, "Bitte wählen Sie eine der Antworten"),
    "a seat of another body": ({"seat": "rapport/police_drug_lead"}, "Bitte wählen Sie eine der Antworten"),
    "a day that is past": ({"answer": "not_needed", "until": "2018-01-01"}, "Bitte wählen Sie einen Tag"),
    "no deputy": ({"answer": "deputy"}, "Diese Funktion hat keine Vertretung"),
}


@pytest.mark.parametrize(("changes", "told"), NOT_ENTERED.values(), ids=NOT_ENTERED.keys())
async def test_what_is_not_entered_is_said(leipzig: Story, changes: dict[str, str], told: str) -> None:
    page = await raised(leipzig)
    entered = {"say": "enter", "seat": PARKS, "answer": "noted", "reason": BY_PHONE, "until": ""} | changes
    answer = await post(leipzig, MODERATION, page, **entered)
    assert answer.status_code == 422
    assert told in answer.text
    assert await answer_of(leipzig, PARKS) is None


@pytest.mark.parametrize("holder", [PRESIDENT, DEPUTY])
async def test_only_moderation_enters_for_others(leipzig: Story, holder: str) -> None:
    page = await raised(leipzig)
    assert "Für eine andere Funktion eintragen" not in await page_of(leipzig, holder, page)
    answer = await post(leipzig, holder, page, say="enter", seat=PARKS, answer="noted", reason=BY_PHONE)
    assert answer.status_code == 422
    assert await answer_of(leipzig, PARKS) is None


async def test_what_was_typed_stays_beside_what_is_wrong(leipzig: Story) -> None:
    page = await raised(leipzig)
    fields = {"seat": PRESIDENT, "say": "not_needed", "reason": "ab", "until": "2018-05-07"}
    answer = await post(leipzig, PRESIDENT, page, **fields)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert "Bitte nennen Sie einen Grund" in answer.text
    assert ">ab</textarea>" in answer.text
    assert '<option value="2018-05-07" selected>' in answer.text
    assert await answer_of(leipzig, PRESIDENT) is None


@pytest.mark.parametrize(
    ("holder", "fields"),
    [
        (PRESIDENT, {"seat": PARKS, "say": "noted"}),
        (PRESIDENT, {"say": "keep"}),
        (PRESIDENT, {"seat": PRESIDENT, "say": "hold"}),
        (PRESIDENT, {"seat": PRESIDENT, "say": "x" * 5_000}),
        (MODERATION, {"say": "noted"}),
        (MODERATION, {"say": "end_hold"}),
        (MODERATION, {}),
    ],
)
async def test_nobody_says_what_is_not_theirs_to_say(leipzig: Story, holder: str, fields: dict[str, str]):
    page = await raised(leipzig)
    assert (await post(leipzig, holder, page, **fields)).status_code == 422
    standing = await leipzig.escalation()
    assert set(standing["answers"].values()) == {None}
    assert (standing["decision"], standing["hold"]) == (None, None)


async def test_a_deputy_answers_for_the_seat(leipzig: Story) -> None:
    page = await raised(leipzig)
    shown = await page_of(leipzig, DEPUTY, page)
    assert "Antwort in Vertretung für Polizeipräsident:in" in shown
    assert "vertritt mich" not in shown
    await post(leipzig, DEPUTY, page, seat=PRESIDENT, say="noted")
    assert (await answer_of(leipzig, PRESIDENT))["by"] == DEPUTY


async def test_moderation_decides_on_dissent_and_takes_it_back(leipzig: Story) -> None:
    page = await raised(leipzig)
    await post(leipzig, PARKS, page, seat=PARKS, say="not_needed", reason=REASON, until="2018-04-23")
    shown = await page_of(leipzig, MODERATION, page)
    assert "Widerspruch von" in shown
    await post(
        leipzig, MODERATION, page, say="call_off", reason="Wird im Rapport behandelt", until="2018-04-23"
    )
    assert (await leipzig.escalation())["state"] == "declined"
    await post(leipzig, MODERATION, page, say="keep")
    assert (await leipzig.escalation())["state"] == "acknowledged"
    assert "Widerspruch von" not in await page_of(leipzig, MODERATION, page)


async def test_moderation_holds_back_and_ends_the_hold(leipzig: Story) -> None:
    page = await raised(leipzig)
    await post(leipzig, MODERATION, page, say="hold", reason="Der Hof wird umgebaut", until="2018-04-23")
    assert "Zurückgestellt bis 23.04.2018" in await page_of(leipzig, MODERATION, page)
    done = await post(leipzig, MODERATION, page, say="end_hold")
    assert done.status_code == 303
    assert (await leipzig.escalation())["hold"] is None
    assert "Zurückstellung beendet" in await page_of(leipzig, MODERATION, page)


async def test_what_is_over_is_said_in_words(leipzig: Story) -> None:
    page = await raised(leipzig)
    await leipzig.days(60)
    assert "Entscheidung der Moderation" not in await page_of(leipzig, MODERATION, page)
    answer = await post(leipzig, PRESIDENT, page, seat=PRESIDENT, say="noted")
    assert answer.status_code == 422


async def test_an_escalation_that_there_is_not_is_a_page(leipzig: Story) -> None:
    path = "/de/escalations/00000000-0000-0000-0000-000000000001"
    assert (await post(leipzig, MODERATION, path, say="keep")).status_code == 404
