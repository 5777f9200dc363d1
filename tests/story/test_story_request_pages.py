"""On pages: somebody asks for a session, moderation answers from its day; or calls one by hand."""

from datetime import timedelta

import pytest

from tests.story.city import MODERATION, PRESIDENT, Story
from tests.story.test_story_my_day import NOTHING, day_of
from tests.story.test_story_signed_in import page_of, post

PARTNER = "neighbourhood_alliance/city_cleaning"
MEMBER = "rapport/police_drug_lead"
KITA = "place:kita-koehlerstrasse"
REASON = "Eltern berichten von Spritzen am Zaun"
FORM = {"body": "extended_rapport", "scope": KITA, "reason": REASON}


async def asked(story: Story, holder: str = PARTNER) -> str:
    done = await post(story, holder, "/de/requests/new", **FORM)
    assert done.status_code == 303
    return done.headers["location"].partition("?")[0]


async def test_a_partner_asks_and_moderation_says_yes_from_its_day(leipzig: Story) -> None:
    form = await page_of(leipzig, PARTNER, "/de/requests/new")
    assert "innerhalb von 5 Arbeitstagen" in form
    path = await asked(leipzig)
    assert "Ihr Antrag ist gestellt." in await page_of(leipzig, PARTNER, f"{path}?done=asked")
    assert REASON in await page_of(leipzig, PRESIDENT, path)
    assert (await leipzig.ask(MEMBER, "GET", path)).status_code == 403
    assert "Ja, jetzt einberufen" in await day_of(leipzig, MODERATION)
    assert NOTHING in await day_of(leipzig, PRESIDENT)
    done = await post(leipzig, MODERATION, path, granted="yes", back="today")
    assert done.headers["location"] == "/de/today?done=granted"
    assert "Das Gremium ist einberufen." in await page_of(leipzig, MODERATION, "/de/today?done=granted")
    assert "Das Gremium wird einberufen." in await page_of(leipzig, PARTNER, path)
    assert len(await leipzig.meetings()) == 1


async def test_a_no_needs_a_reason_beside_the_field(leipzig: Story) -> None:
    path = await asked(leipzig)
    wrong = await post(leipzig, MODERATION, path, granted="no", reason="x")
    assert wrong.status_code == 422
    assert ">x</textarea>" in wrong.text
    assert "Bitte nennen Sie einen Grund" in wrong.text
    done = await post(leipzig, MODERATION, path, granted="no", reason="Der Rapport ist am Dienstag")
    assert done.headers["location"] == f"{path}?done=refused"
    assert "Der Rapport ist am Dienstag" in await page_of(leipzig, PARTNER, path)
    again = await post(leipzig, MODERATION, path, granted="yes")
    assert again.status_code == 422
    assert "bereits beantwortet" in again.text


async def test_who_asked_withdraws_on_the_page(leipzig: Story) -> None:
    path = await asked(leipzig)
    assert "Antrag zurückziehen" in await page_of(leipzig, PARTNER, path)
    assert "Antrag zurückziehen" not in await page_of(leipzig, MODERATION, path)
    assert (await post(leipzig, MODERATION, f"{path}/withdraw")).status_code == 403
    done = await post(leipzig, PARTNER, f"{path}/withdraw")
    assert (done.status_code, done.headers["location"]) == (303, f"{path}?done=withdrawn")
    shown = await page_of(leipzig, PARTNER, done.headers["location"])
    assert "Ihr Antrag ist zurückgezogen." in shown
    assert "Zurückgezogen durch" in shown
    assert "Ja, jetzt einberufen" not in await day_of(leipzig, MODERATION)
    assert "Erledigt (1)" in await page_of(leipzig, MODERATION, "/de/requests")
    again = await post(leipzig, PARTNER, f"{path}/withdraw")
    assert again.status_code == 422
    assert "bereits zurückgezogen" in again.text


async def test_a_request_says_that_the_body_is_called_meanwhile(leipzig: Story) -> None:
    path = await asked(leipzig)
    words = "Für denselben Ort ist das Gremium inzwischen einberufen."
    assert words not in await page_of(leipzig, MODERATION, path)
    await leipzig.finds(3, 2, 1)
    for page in (path, "/de/requests"):
        assert words in await page_of(leipzig, MODERATION, page)


async def test_what_waits_too_long_stands_out(leipzig: Story) -> None:
    await asked(leipzig)
    await leipzig.until(leipzig.now + timedelta(days=7))
    assert "überfällig" not in await day_of(leipzig, MODERATION)
    await leipzig.until(leipzig.now + timedelta(days=1))
    assert "überfällig" in await day_of(leipzig, MODERATION)
    assert "überfällig" in await page_of(leipzig, PARTNER, "/de/requests")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"scope": ""}, "Bitte wählen Sie einen Ort der Liste."),
        ({"scope": "cell:891f1d4880fffff"}, "Bitte wählen Sie einen Ort der Liste."),
        ({"body": "council"}, "Bitte wählen Sie ein Gremium der Liste."),
        ({"reason": " "}, "Bitte nennen Sie einen Grund"),
    ],
)
@pytest.mark.parametrize("path", ["/de/requests/new", "/de/call"])
async def test_what_was_chosen_stays_beside_what_is_wrong(
    leipzig: Story, path: str, changes: dict[str, str], words: str
) -> None:
    answer = await post(leipzig, MODERATION, path, **FORM | changes)
    assert answer.status_code == 422
    assert words in answer.text
    if "scope" not in changes:
        assert f'value="{KITA}" selected' in answer.text


async def test_the_same_asked_twice_is_said_in_words(leipzig: Story) -> None:
    await asked(leipzig)
    again = await post(leipzig, PARTNER, "/de/requests/new", **FORM)
    assert again.status_code == 422
    assert "Diese Funktion hat dasselbe schon beantragt" in again.text


async def test_moderation_calls_a_body_by_hand_once(leipzig: Story) -> None:
    done = await post(leipzig, MODERATION, "/de/call", **FORM)
    assert done.headers["location"] == "/de/today?done=called"
    assert REASON in (await leipzig.escalation())["sentence"]["de"]
    assert len(await leipzig.meetings()) == 1
    again = await post(leipzig, MODERATION, "/de/call", **FORM)
    assert "Das Gremium ist dafür bereits einberufen" in again.text


@pytest.mark.parametrize("holder", [PRESIDENT, MEMBER, PARTNER])
async def test_who_moderates_nothing_calls_nobody(leipzig: Story, holder: str) -> None:
    assert (await leipzig.ask(holder, "GET", "/de/call")).status_code == 403
    assert (await post(leipzig, holder, "/de/call", **FORM)).status_code == 403
    assert await leipzig.escalations() == []
