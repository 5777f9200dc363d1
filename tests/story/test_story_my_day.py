"""Who signs in sees first what waits for them, and answers it there."""

from datetime import timedelta

from shared.facts import DeliveryFailed
from shared.messaging.envelope import seal
from shared.runtime.receiving import receive
from tests.story.city import MODERATION, PARK, PRESIDENT, Story, find
from tests.story.test_story_signed_in import DEPUTY, PARKS, REASON, page_of, post, raised

MEMBER = "rapport/police_drug_lead"
PARTNER = "neighbourhood_alliance/city_cleaning"
NOTHING = "Nichts wartet auf Sie."


async def day_of(story: Story, holder: str) -> str:
    return await page_of(story, holder, "/de/today")


async def test_nothing_waits_is_said_plainly(leipzig: Story) -> None:
    for holder in (PRESIDENT, MODERATION, MEMBER, PARTNER):
        page = await day_of(leipzig, holder)
        assert NOTHING in page
        assert "Nächste Sitzungen" in page


async def test_an_answer_is_given_there_and_waits_no_longer(leipzig: Story) -> None:
    page = await raised(leipzig)
    assert "Eine Sache wartet auf Sie." in await day_of(leipzig, PRESIDENT)
    assert "Ihre Antwort als Polizeipräsident:in steht aus." in await day_of(leipzig, DEPUTY)
    done = await post(leipzig, PRESIDENT, page, seat=PRESIDENT, say="noted", back="today")
    assert done.headers["location"] == "/de/today?done=noted"
    shown = await page_of(leipzig, PRESIDENT, done.headers["location"])
    assert "Ihre Antwort ist gespeichert." in shown
    assert NOTHING in shown
    for holder in (MODERATION, MEMBER, PARTNER, DEPUTY):
        assert NOTHING in await day_of(leipzig, holder)


async def test_what_is_left_to_the_deputy_waits_for_the_deputy(leipzig: Story) -> None:
    page = await raised(leipzig)
    await post(leipzig, PRESIDENT, page, seat=PRESIDENT, say="deputy")
    assert NOTHING in await day_of(leipzig, PRESIDENT)
    assert "Ihre Antwort als Polizeipräsident:in steht aus." in await day_of(leipzig, DEPUTY)


async def test_an_objection_waits_for_moderation_until_it_decides(leipzig: Story) -> None:
    page = await raised(leipzig)
    await post(leipzig, PARKS, page, seat=PARKS, say="not_needed", reason=REASON, until="2018-04-23")
    assert "Sitzung nicht nötig. Sie entscheiden als Moderation." in await day_of(leipzig, MODERATION)
    await post(leipzig, MODERATION, page, say="keep", back="today")
    assert NOTHING in await day_of(leipzig, MODERATION)


async def test_a_proposal_waits_for_moderation_and_for_nobody_else(leipzig: Story) -> None:
    for days in (20, 15, 10, 6, 5, 4, 3, 2, 1):
        for category in ("new_scene", "open_use", "dealing", "dealing"):
            at = leipzig.now - timedelta(days=days)
            await leipzig.report(find(at, category=category, **PARK))
    page = f"/de/escalations/{(await leipzig.escalation())['escalation_id']}"
    assert "Soll die Leitung informiert werden?" in await day_of(leipzig, MODERATION)
    assert NOTHING in await day_of(leipzig, PRESIDENT)
    await post(leipzig, MODERATION, page, say="confirm", back="today")
    assert NOTHING in await day_of(leipzig, MODERATION)
    assert "steht aus." in await day_of(leipzig, PRESIDENT)


async def test_a_hold_that_ends_tomorrow_waits_for_moderation(leipzig: Story) -> None:
    page = await raised(leipzig)
    move = {"day": "2018-04-20", "time": "14:00", "location": "Rathaus", "reason": "Der Hof wird umgebaut"}
    meeting = (await leipzig.meetings())[0]["meeting_id"]
    await post(leipzig, MODERATION, f"/de/meetings/{meeting}/move", **move)
    await post(leipzig, MODERATION, page, say="hold", reason="Der Hof wird umgebaut", until="2018-04-15")
    assert NOTHING in await day_of(leipzig, MODERATION)
    assert NOTHING in await day_of(leipzig, PRESIDENT)
    await leipzig.days(6)
    assert "Die Zurückstellung endet 15.04.2018" in await day_of(leipzig, MODERATION)


async def test_a_message_that_failed_waits_for_moderation(leipzig: Story) -> None:
    failed = DeliveryFailed(
        delivery_id=leipzig.new_id(),
        channel="mail",
        recipient=PARKS,
        template="alert",
        about=str(leipzig.new_id()),
        title="Eskalation",
        reason="550",
        failed_at=leipzig.now,
    )
    envelope = seal(failed, leipzig.new_id(), "notify", leipzig.now, None)
    await receive(leipzig.process.runtimes["portal"], [envelope])
    assert "Eine Nachricht wurde nicht zugestellt" in await day_of(leipzig, MODERATION)
    assert NOTHING in await day_of(leipzig, PARKS)


async def test_a_vacant_function_waits_for_moderation(leipzig: Story) -> None:
    way = "/v1/directory/bodies/extended_rapport/seats/head_parks_office/holder"
    assert (await leipzig.ask(MODERATION, "DELETE", way)).status_code == 200
    assert "Eine Funktion ist unbesetzt" in await day_of(leipzig, MODERATION)
    assert NOTHING in await day_of(leipzig, PRESIDENT)


async def test_the_first_address_leads_to_ones_day(leipzig: Story) -> None:
    answer = await leipzig.replay.client.get("/", headers={"Accept-Language": "en"})
    assert answer.headers["location"] == "/en/today"
    answer = await leipzig.replay.client.get("/en/today")
    assert answer.headers["location"] == "/en/sign-in?next=/en/today"
