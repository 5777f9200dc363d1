"""Leadership answers from the phone: by the link in the alert, without signing in."""

import re
from datetime import timedelta

import httpx
import pytest

from shared.access.caller import Caller, Via
from tests.story.city import MODERATION, MONDAY, PRESIDENT, Mail, Story

PRESIDENT_AT, DEPUTY_AT = "polizeipraesidium@example.org", "polizei-vize@example.org"
OPERATOR = Caller(Via.COMMAND, "operator")


async def alerted(story: Story, address: str = PRESIDENT_AT) -> Mail:
    await story.finds(3, 2, 1)
    return story.mailbox(address, "alert")[-1]


def links_of(mail: Mail) -> list[str]:
    """Return the links in a mail that lead to its answer page, as paths."""
    return re.findall(r"http://127\.0\.0\.1:8080(/\S+/a/\S+)", mail.text)


async def opened(story: Story, path: str, method: str = "GET", **how: object) -> httpx.Response:
    answer = await story.replay.client.request(method, path, **how)
    await story.settle()
    return answer


async def said(story: Story, seat: str = PRESIDENT) -> str | None:
    answer = (await story.escalation())["answers"][seat]
    return answer["answer"] if answer else None


async def test_a_leader_answers_with_two_clicks_and_changes_it(leipzig: Story) -> None:
    noted, not_needed, deputy = links_of(await alerted(leipzig))
    assert {link.partition("?")[0] for link in (noted, not_needed, deputy)} == {noted.partition("?")[0]}
    page = await opened(leipzig, noted)
    assert page.status_code == 200
    assert "Antwort als Polizeipräsident:in" in page.text
    assert "Bisher geantwortet: 0 von 7" in page.text
    assert await said(leipzig) is None, "opening alone changes nothing"
    done = await opened(leipzig, noted, "POST", data={"say": "noted"})
    assert done.status_code == 303
    assert await said(leipzig) == "noted"
    shown = await opened(leipzig, done.headers["location"])
    assert "Ihre Antwort ist gespeichert." in shown.text
    assert "Bisher geantwortet: 1 von 7" in shown.text
    reason = {"say": "not_needed", "reason": "Die Hecke wird ohnehin geschnitten", "until": "2018-04-23"}
    await opened(leipzig, noted, "POST", data=reason)
    assert await said(leipzig) == "not_needed"
    answer = (await leipzig.escalation())["answers"][PRESIDENT]
    assert (answer["by"], answer["via"]) == (PRESIDENT, "link")
    assert answer["until"] == "2018-04-23T22:00:00Z"


async def test_a_refusal_without_a_reason_is_asked_again_and_keeps_what_was_chosen(leipzig: Story) -> None:
    link = links_of(await alerted(leipzig))[1]
    page = await opened(
        leipzig, link, "POST", data={"say": "not_needed", "reason": "", "until": "2018-05-07"}
    )
    assert page.status_code == 422
    assert "Bitte nennen Sie einen Grund" in page.text
    assert '<option value="2018-05-07" selected>' in page.text
    assert await said(leipzig) is None


@pytest.mark.parametrize("say", ["", "keep", "call_off", "x" * 5000])
async def test_a_leader_gives_no_answer_that_is_not_offered(leipzig: Story, say: str) -> None:
    link = links_of(await alerted(leipzig))[0]
    assert (await opened(leipzig, link, "POST", data={"say": say})).status_code == 422
    assert await said(leipzig) is None


async def test_moderation_decides_on_dissent_by_link(leipzig: Story) -> None:
    link = links_of(await alerted(leipzig))[1]
    await opened(leipzig, link, "POST", data={"say": "not_needed", "reason": "Schon erledigt", "until": ""})
    [moderator] = links_of(leipzig.mailbox("suchtbeauftragte@example.org", "alert")[-1])
    assert "Entscheidung als Suchtbeauftragte:r" in (await opened(leipzig, moderator)).text
    off = {"say": "call_off", "reason": "Wird im nächsten Rapport behandelt", "until": "2018-04-23"}
    await opened(leipzig, moderator, "POST", data=off)
    assert (await leipzig.escalation())["state"] == "declined"
    assert [meeting["state"] for meeting in await leipzig.meetings()] == ["cancelled"]


async def test_scanners_change_nothing(leipzig: Story) -> None:
    links = links_of(await alerted(leipzig))
    for method in ("GET", "HEAD", "OPTIONS"):
        for link in links:
            for _ in range(12):
                assert (await leipzig.replay.client.request(method, link)).status_code < 500
    await leipzig.settle()
    assert await said(leipzig) is None


async def test_altered_foreign_and_old_links_are_refused_with_a_page_that_helps(leipzig: Story) -> None:
    link = links_of(await alerted(leipzig))[0].partition("?")[0]
    other = links_of(
        leipzig.mailbox("jugendamt-leitung@example.org", "alert")[-1] if False else await alerted(leipzig)
    )
    head, _, token = link.rpartition("/")
    flipped = ("B" if token[-2] != "B" else "C").join([token[:-2], token[-1]])
    for wrong in (flipped, token[:-1], "x" * 43, "%00", "ä", token + "A", token[::-1]):
        page = await opened(leipzig, f"{head}/{wrong}", "POST", data={"say": "noted"})
        assert page.status_code in {404, 410}, wrong
    assert other
    await leipzig.days(22)
    page = await opened(leipzig, link, "POST", data={"say": "noted"})
    assert page.status_code == 410
    assert "Dieser Link gilt nicht mehr" in page.text


async def test_a_seat_that_has_passed_on_takes_its_links_along(leipzig: Story) -> None:
    link = links_of(await alerted(leipzig))[0]
    path = "/v1/directory/bodies/extended_rapport/seats/police_president/holder"
    seated = await leipzig.ask(MODERATION, "PUT", path, json={"mail": "neu@example.org"})
    assert seated.status_code == 200
    page = await opened(leipzig, link, "POST", data={"say": "noted"})
    assert page.status_code == 410
    assert "diese Funktion hat jetzt jemand" in page.text
    assert await said(leipzig) is None


@pytest.mark.parametrize("until", ["9999-12-31", "0001-01-01", "2018-02-30", "x" * 400, "\x00"])
async def test_an_end_that_no_calendar_has_is_no_error_of_ours(leipzig: Story, until: str) -> None:
    link = links_of(await alerted(leipzig))[1]
    given = {"say": "not_needed", "reason": "Schon erledigt", "until": until}
    assert (await opened(leipzig, link, "POST", data=given)).status_code in {303, 422}


async def test_a_message_that_is_tried_again_goes_to_who_holds_the_seat_then(leipzig: Story) -> None:
    blocked = leipzig.settings.data_dir / "mail"
    kept = blocked.rename(blocked.with_name("mail-kept")) if blocked.exists() else None
    blocked.write_text("a file, not a folder")
    await leipzig.finds(3, 2, 1)
    path = "/v1/directory/bodies/extended_rapport/seats/police_president/holder"
    assert (await leipzig.ask(MODERATION, "PUT", path, json={"mail": "neu@example.org"})).status_code == 200
    blocked.unlink()
    if kept:
        kept.rename(blocked)
    await leipzig.days(0.2)
    assert leipzig.mailbox(PRESIDENT_AT, "alert") == []
    link = links_of(leipzig.mailbox("neu@example.org", "alert")[-1])[0]
    await opened(leipzig, link, "POST", data={"say": "noted"})
    assert await said(leipzig) == "noted"


async def test_the_deputy_of_who_is_away_answers_for_the_seat(leipzig: Story) -> None:
    day = leipzig.now.date()
    path = "/v1/directory/bodies/extended_rapport/seats/police_president/away"
    days = {"days": [{"first": str(day), "last": str(day + timedelta(days=9))}]}
    assert (await leipzig.ask(MODERATION, "PUT", path, json=days)).status_code == 200
    link = links_of(await alerted(leipzig, DEPUTY_AT))[0]
    assert leipzig.mailbox(PRESIDENT_AT, "alert") == []
    assert "Antwort in Vertretung für Polizeipräsident:in" in (await opened(leipzig, link)).text
    await opened(leipzig, link, "POST", data={"say": "noted"})
    answer = (await leipzig.escalation())["answers"][PRESIDENT]
    assert (answer["answer"], answer["by"]) == ("noted", "extended_rapport/police_vice_president")


PICTURES = ("map/area-narrow.svg", "map/area-half.svg", "syringes_near_sensitive_place-wide.svg")


async def test_the_page_shows_where_it_is_how_it_ran_and_who_reported_what(leipzig: Story) -> None:
    await leipzig.finds(5, 4, agency="city_cleaning")
    link = links_of(await alerted(leipzig))[0].partition("?")[0]
    page = (await opened(leipzig, link)).text
    assert 'alt="Kleine Karte: Kita Köhlerstraße am Köhlerplatz mit der Umgebung' in page
    assert 'alt="Linie: Spritzenfunde an einem sensiblen Ort, gleitende Summe' in page
    reported = re.findall(r'<th scope="row">(\S+)</th><td class="said">(.+?)</td><td>(\d+)</td>', page)
    assert ("04.04.2018", "EB Stadtreinigung", "1") in reported
    assert ("06.04.2018", "Ordnungsamt", "1") in reported
    for picture in PICTURES:
        drawn = await opened(leipzig, f"{link}/{picture}")
        assert (drawn.status_code, drawn.headers["content-type"]) == (200, "image/svg+xml"), picture


@pytest.mark.parametrize("level", ["exact", "district", "figures"])
async def test_the_page_shows_no_more_than_the_body_shares(leipzig: Story, level: str) -> None:
    link = links_of(await alerted(leipzig))[0].partition("?")[0]
    path = "/v1/directory/bodies/extended_rapport"
    about = await leipzig.get(path)
    said = {"purpose": about["purpose"], "location": about["location"], "sharing": level}
    assert (await leipzig.ask(MODERATION, "PUT", f"{path}/settings", json=said)).is_success
    await leipzig.settle()
    page = await opened(leipzig, link)
    assert page.status_code == 200
    assert "Zur Kenntnis genommen" in page.text
    assert ("Neustadt-Neuschönefeld" in page.text) is (level == "district")
    for what in ("Köhlerstraße", "Kleine Karte", "gleitende Summe", "Ordnungsamt</td>"):
        assert (what in page.text) is (level == "exact"), what
    for picture in PICTURES:
        assert ((await opened(leipzig, f"{link}/{picture}")).status_code == 200) is (level == "exact")


@pytest.mark.parametrize("picture", ["map/area-huge.svg", "nothing-wide.svg", "%3Cscript%3E-wide.svg"])
async def test_there_is_no_other_picture_and_none_without_a_link(leipzig: Story, picture: str) -> None:
    link = links_of(await alerted(leipzig))[0].partition("?")[0]
    assert (await opened(leipzig, f"{link}/{picture}")).status_code == 404
    for other in ("x" * 43, "%00"):
        assert (await opened(leipzig, f"/de/a/{other}/{PICTURES[0]}")).status_code == 404


async def test_what_was_done_by_link_is_on_record(leipzig: Story) -> None:
    link = links_of(await alerted(leipzig))[0]
    await opened(leipzig, link, "POST", data={"say": "noted"})
    entries = (await leipzig.get("/v1/audit?action=escalation.answered"))["entries"]
    assert [(entry["by"], entry["via"]) for entry in entries] == [(PRESIDENT, "link")]


@pytest.mark.parametrize("holder", [MODERATION, "extended_rapport/head_health_office", PRESIDENT])
async def test_who_reads_the_message_of_another_finds_no_link_in_it(leipzig: Story, holder: str) -> None:
    assert links_of(await alerted(leipzig))
    deliveries = await leipzig.get("/v1/deliveries?limit=1000", holder)
    alerts = [each for each in deliveries if each["template"] == "alert"]
    assert PRESIDENT in {each["recipient"] for each in alerts}
    for each in alerts:
        message = await leipzig.get(f"/v1/deliveries/{each['delivery_id']}/message", holder)
        assert "/a/" not in message["text"] + message["html"]


async def test_after_a_meeting_the_page_shows_what_counts_since(leipzig: Story) -> None:
    await leipzig.finds(3, 2, 1)
    await leipzig.until(MONDAY + timedelta(days=28))
    await leipzig.finds(0)
    for _ in range(3):
        await leipzig.days(1)
        await leipzig.days(0.5)
        await leipzig.finds(0)
    newest = max(await leipzig.escalations(), key=lambda each: each["raised_at"])
    assert newest["counts_from"] == "2018-05-08T10:30:00Z"
    assert "erneut nach dem Rapport vom 10.04.2018" in newest["sentence"]["de"]
    [link] = {each.partition("?")[0] for each in links_of(leipzig.mailbox(PRESIDENT_AT, "alert")[-1])}
    page = (await opened(leipzig, link)).text
    reported = re.findall(r'<th scope="row">(\S+)</th><td class="said">', page)
    assert reported == ["11.05.2018", "10.05.2018", "08.05.2018"]
    assert "höchster Wert 3." in page
