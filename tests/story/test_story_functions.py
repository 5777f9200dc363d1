"""A function's page: its bodies, its deputy, and what was answered in its name, as its reader may see it."""

from tests.story.city import MODERATION, PRESIDENT, Story
from tests.story.test_story_signed_in import DEPUTY, REASON, page_of, post, raised

PAGE = "/de/functions/police_president"
ANSWERS = "Zuletzt in ihrem Namen geantwortet"


async def test_a_function_shows_its_deputy_and_what_was_answered_in_its_name(leipzig: Story) -> None:
    escalation = await raised(leipzig)
    assert "noch nicht geantwortet" in await page_of(leipzig, MODERATION, PAGE)
    fields = {"seat": PRESIDENT, "say": "not_needed", "reason": REASON, "until": "2018-04-23"}
    await post(leipzig, DEPUTY, escalation, **fields)
    shown = await page_of(leipzig, MODERATION, PAGE)
    assert ANSWERS in shown
    assert REASON in shown
    assert f'href="{escalation}"' in shown
    assert 'href="/de/functions/police_vice_president"' in shown
    assert "Vertretung von Polizeipräsident:in" in await page_of(
        leipzig, MODERATION, "/de/functions/police_vice_president"
    )


async def test_functions_of_other_bodies_are_not_shown(leipzig: Story) -> None:
    assert (await leipzig.ask("rapport/police_drug_lead", "GET", PAGE)).status_code == 404
    assert (await leipzig.ask(MODERATION, "GET", "/de/functions/nobody")).status_code == 404


async def test_whoever_is_named_on_a_page_has_one(leipzig: Story) -> None:
    escalation = await raised(leipzig)
    for seat in (await leipzig.escalation())["answers"]:
        path = f"/de/functions/{seat.partition('/')[2]}"
        assert f'href="{path}"' in await page_of(leipzig, PRESIDENT, escalation)
        await page_of(leipzig, PRESIDENT, path)
