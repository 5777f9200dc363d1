"""Moderation reads who did what on a page: filtered, page by page, in words, and as a table."""

import re
from pathlib import Path

import pytest

from services.directory.domain import Change
from services.portal.pages.audit.view import actions
from services.portal.pages.frame.labels import rules_of
from services.portal.pages.frame.reader import Reader
from tests.story.city import MODERATION, PRESIDENT, Story
from tests.story.test_story_bodies import NEW, SEAT, done, signed_in

PAGE = "/de/audit"


def rows(page: str) -> list[str]:
    return re.findall(r'<th scope="row">([^<]+)</th>', page)


async def test_what_was_done_is_read_in_words(leipzig: Story) -> None:
    async with signed_in(leipzig, MODERATION) as client:
        await done(leipzig, await client.post(SEAT, data=NEW), client)
        await leipzig.settle()
        page = (await client.get(PAGE)).text
        assert rows(page)[0] == "Funktion neu besetzt"
        assert "Suchtbeauftragte:r" in page
        assert "Polizeipräsident:in (Erweiterter Drogenrapport)" in page
        assert "@" not in page
        table = await client.get(f"{PAGE}/export.csv")
        assert table.headers["content-type"].startswith("text/csv")
        assert "directory.holder" in table.text
        await leipzig.settle()
        assert rows((await client.get(PAGE)).text)[0] == "Protokoll heruntergeladen"


async def test_an_escalation_answered_for_somebody_leads_to_it(leipzig: Story) -> None:
    await leipzig.finds(3, 2, 1)
    escalation = (await leipzig.escalation())["escalation_id"]
    await leipzig.answer(escalation, "answers", MODERATION, seat=PRESIDENT, answer="noted")
    async with signed_in(leipzig, MODERATION) as client:
        page = (await client.get(f"{PAGE}?about={escalation}")).text
        assert rows(page) == ["Eskalation beantwortet"]
        assert "im Namen von Polizeipräsident:in" in page
        assert f'href="/de/escalations/{escalation}"' in page


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 3),
        ("first=2018-04-09&last=2018-04-09", 3),
        ("first=2018-04-10", 0),
        ("last=2018-04-08", 0),
        ("last=9999-12-31", 3),
        (f"by={MODERATION}", 3),
        ("by=operator", 0),
        ("action=directory.holder", 1),
        ("action=directory.vacated&by=", 1),
        ("about=extended_rapport%2Fpolice_president", 3),
        ("about=x", 0),
        ("before=x&page=1", 3),
        ("before=99999999999999999999", 3),
    ],
)
async def test_the_record_is_filtered(leipzig: Story, query: str, count: int) -> None:
    async with signed_in(leipzig, MODERATION) as client:
        for do in ({"do": "vacate"}, {"do": "again"}, NEW):
            await client.post(SEAT, data=do)
        await leipzig.settle()
        answer = await client.get(f"{PAGE}?{query}")
    assert answer.status_code == 200
    found = [row for row in rows(answer.text) if row.startswith("Funktion")]
    assert len(found) == count


@pytest.mark.parametrize("query", ["first=gestern", "last=2018-02-30", "about=a b", "about=%00", "by=%C3%A4"])
async def test_a_question_that_is_none_keeps_what_was_typed(leipzig: Story, query: str) -> None:
    async with signed_in(leipzig, MODERATION) as client:
        answer = await client.get(f"{PAGE}?{query}")
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
        assert (await client.get(f"{PAGE}/export.csv?{query}")).status_code in {200, 404}


async def test_older_entries_are_a_page_further(leipzig: Story) -> None:
    async with signed_in(leipzig, MODERATION) as client:
        for _ in range(30):
            for do in ({"do": "vacate"}, {"do": "again"}):
                await client.post(SEAT, data=do)
        await leipzig.settle()
        page = (await client.get(f"{PAGE}?about=extended_rapport/police_president")).text
        assert len(rows(page)) == 50
        older = re.search(r'href="(/de/audit\?[^"]*before=\d+)"', page)
        assert older
        assert len(rows((await client.get(older[1].replace("&amp;", "&"))).text)) == 10


async def test_the_record_is_for_moderation(leipzig: Story) -> None:
    async with signed_in(leipzig, PRESIDENT) as client:
        for path in (PAGE, f"{PAGE}/export.csv"):
            answer = await client.get(path)
            assert answer.status_code == 403
            assert "nicht für Ihre Funktionen" in answer.text


def test_every_action_has_words(leipzig: Story) -> None:
    code = "".join(
        path.read_text("utf-8") for folder in ("services", "rapport") for path in Path(folder).rglob("*.py")
    )
    recorded = set(re.findall(r'record\([^()]*?"([a-z_]+\.[a-z_]+)"', code))
    recorded |= set(re.findall(r'_record\(tx, caller, "([a-z_]+\.[a-z_]+)"', code))
    recorded |= {f"directory.{change}" for change in Change}
    known = {name for name, _ in actions(Reader(leipzig.city, rules_of(leipzig.city), "de"))}
    assert len(recorded) > 25
    assert recorded - known == set()
