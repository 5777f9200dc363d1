"""What people read: in both languages, right, safe, and without a dead end."""

import re
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any
from urllib.parse import urljoin
from uuid import UUID
from xml.etree import ElementTree as ET

import httpx
import pytest

from services.portal.charts.theme import WIDE
from services.portal.pages.escalations.pictures import course_picture
from services.portal.pages.frame.labels import rules_of
from services.portal.pages.frame.reader import Reader
from shared.errors import Unavailable
from shared.facts import DeliveryDelayed, DeliveryOvertaken, DeliverySent, IncidentWithdrawn
from tests.unit.portal import town
from tests.unit.portal.conftest import client_of

ESCALATION = f"/escalations/{UUID(int=1)}"
MEETING = f"/meetings/{UUID(int=200)}"
MAIL = f"/mails/{UUID(int=300)}"
PAGES = (
    "/today",
    "/",
    "/escalations",
    ESCALATION,
    "/meetings",
    MEETING,
    "/mails",
    MAIL,
    "/docs",
    "/asyncapi",
)
CHARTS = (
    "/charts/weeks-wide.svg",
    "/charts/weeks-narrow.svg",
    "/charts/districts-half.svg",
    "/charts/districts-narrow.svg",
    f"{ESCALATION}/syringes_near_sensitive_place-wide.svg",
)


class Page(HTMLParser):
    """What checks need of a page: its links, headings, pictures and language."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.append((tag, given))
        self.links += [given[name] for name in ("href", "src", "srcset") if given.get(name)]

    def all(self, *wanted):
        return [(tag, given) for tag, given in self.tags if tag in wanted]


async def test_every_link_on_every_page_resolves(reader):
    seen, waiting = set(), ["/de/", "/en/"]
    while waiting:
        url = waiting.pop()
        if url in seen:
            continue
        seen.add(url)
        answer = await reader.get(url)
        assert answer.status_code == 200, url
        if answer.headers["content-type"].startswith("text/html"):
            found = (urljoin(url, link).partition("#")[0] for link in Page(answer.text).links)
            waiting += [link for link in found if link not in seen]
    assert len(seen) > 80
    assert not [url for url in seen if url.startswith("http")]


@pytest.mark.parametrize("language", ["de", "en"])
async def test_every_page_is_well_formed_for_people_and_their_tools(reader, language):
    for path in PAGES:
        answer = await reader.get(f"/{language}{path}")
        assert answer.status_code == 200, path
        page = Page(answer.text)
        assert page.all("html")[0][1]["lang"] == language
        assert len(page.all("h1")) == 1
        levels = [int(tag[1]) for tag, _ in page.all("h1", "h2", "h3", "h4")]
        assert all(after - before <= 1 for before, after in pairwise(levels)), path
        assert all("alt" in given for _, given in page.all("img")), path
        assert all(given.get("scope") for _, given in page.all("th")), path
        assert all(given.get("title") for _, given in page.all("iframe")), path
        ids = [given["id"] for _, given in page.tags if "id" in given]
        assert len(ids) == len(set(ids)), path
        assert not page.all("script", "style")
        assert not [given for _, given in page.tags if "style" in given or "onclick" in given]


async def test_headers_let_nothing_foreign_in(reader):
    for path in ("/de/", "/de/charts/weeks-wide.svg", "/de/nowhere", "/portal/portal.css", "/asyncapi.json"):
        headers = (await reader.get(path)).headers
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] in {"no-referrer", "same-origin"}
    policy = (await reader.get("/de/")).headers["content-security-policy"]
    assert "style-src 'self';" in policy
    assert "unsafe" not in policy
    assert (await reader.get("/de/")).headers["cache-control"] == "no-store"


async def test_charts_are_valid_svg_and_nothing_but_pictures(reader):
    for path in CHARTS:
        answer = await reader.get(f"/de{path}")
        assert answer.headers["content-type"] == "image/svg+xml"
        root = ET.fromstring(answer.text)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert "<script" not in answer.text
        assert "NaN" not in answer.text


async def test_the_overview_counts_what_was_heard(leipzig):
    runtime = leipzig.runtimes["portal"]
    facts = [town.incident(n, leipzig.city, town.at(5, 1 + n % 20), quantity=2) for n in range(1, 1235)]
    await town.hear(runtime, facts)
    async with client_of(leipzig) as client:
        german, english = (await client.get("/de/")).text, (await client.get("/en/")).text
    assert "<strong>1.234</strong> <span>2.468 Spritzen gefunden" in german
    assert "<strong>1,234</strong> <span>2,468 syringes found" in english


async def test_withdrawn_incidents_vanish(leipzig):
    runtime = leipzig.runtimes["portal"]
    await town.hear(runtime, [town.incident(n, leipzig.city, town.at(5, n)) for n in (1, 2, 3)])
    await town.hear(runtime, [IncidentWithdrawn(incident_id=UUID(int=2), revision=2)])
    async with client_of(leipzig) as client:
        page = (await client.get("/de/")).text
    assert "<dt>Vorfälle</dt>\n    <dd><strong>2</strong>" in page


async def test_an_empty_system_says_so_politely(leipzig):
    async with client_of(leipzig) as client:
        for path in ("/de/", "/en/", "/de/escalations", "/de/meetings", "/de/mails"):
            assert (await client.get(path)).status_code == 200
        assert "Keine Vorfälle in diesem Zeitraum." in (await client.get("/de/")).text
        for name in ("weeks-wide", "districts-half", "focus-half"):
            assert (await client.get(f"/de/charts/{name}.svg")).status_code == 200


async def test_what_lies_in_no_district_stands_beside_the_districts(leipzig):
    runtime = leipzig.runtimes["portal"]
    nowhere = town.incident(1, leipzig.city, town.at(5, 1), district=None, quantity=3)
    await town.hear(runtime, [nowhere, town.incident(2, leipzig.city, town.at(6, 1))])
    async with client_of(leipzig) as client:
        page = (await client.get("/de/")).text
        assert '<th scope="row">ohne Zuordnung</th><td>1</td><td>3</td>' in page
        for name in ("districts-half", "focus-half"):
            assert (await client.get(f"/de/charts/{name}.svg")).status_code == 200


async def test_a_year_can_be_chosen_and_the_language_switch_keeps_it(reader):
    page = (await reader.get("/de/?period=2018")).text
    assert 'href="/en/?period=2018"' in page
    assert "weeks-wide.svg?period=2018" in page
    assert (await reader.get("/de/?period=<script>")).status_code == 200


async def test_an_escalation_shows_evidence_history_and_what_followed(reader):
    german = (await reader.get(f"/de{ESCALATION}")).text
    for expected in (
        "Schwelle 6",
        "<strong>14</strong>",
        "14 Tage",
        "3f1c9a77b2e0",
        "Hält 5 weitere Tage an",
        "Lage verschärft: das 2-Fache der Schwelle erreicht",
        "Beendet: seither ruhig",
        MEETING,
        MAIL,
    ):
        assert expected in german, expected
    english = (await reader.get(f"/en{ESCALATION}")).text
    assert "Goes on for 5 more days" in english


async def test_all_courses_of_an_escalation_have_the_same_axis_of_time(boston):
    runtime, district = boston.runtimes["portal"], next(iter(boston.city.districts))
    scope = town.Scope(kind=town.ScopeKind.DISTRICT, key=district)
    counts = {"hard_week": 3, "hard_month": 12}
    raised = town.escalation(7, "neighborhood_under_strain", scope, town.at(6, 20), {"en": "Strain"})
    seen = raised.evidence.model_copy(update={"counts": counts, "thresholds": counts})
    finds = [town.incident(n, boston.city, town.at(6, n)) for n in range(1, 20)]
    await town.hear(runtime, [*finds, raised.model_copy(update={"evidence": seen})])
    reader = Reader(boston.city, rules_of(boston.city), "en").seeing(town.sight(boston.city))
    async with runtime.reading() as tx:
        specs = [await course_picture(tx, reader, UUID(int=7), rule, WIDE) for rule in counts]
        windows = {rule.within for name, rule in reader.labels.rules.items() if name in counts}
    assert len(windows) == 2
    first, second = (spec["layer"][0]["encoding"]["x"]["scale"]["domain"] for spec in specs)
    assert first == second
    ends = [[point["at"] for point in spec["layer"][0]["data"]["values"]] for spec in specs]
    assert [[at[0], at[-1]] for at in ends] == [first, second]


async def test_everything_from_outside_is_escaped(reader):
    declined = (await reader.get(f"/de/escalations/{UUID(int=2)}")).text
    assert "Baustelle, &lt;b&gt;bereits&lt;/b&gt; bekannt" in declined
    mail = (await reader.get(f"/de{MAIL}")).text
    assert "<h1>Erweiterter Drogenrapport &lt;Köhlerplatz&gt;</h1>" in mail
    assert "<script" not in mail


async def test_a_mail_is_shown_in_a_frame_that_runs_nothing(reader):
    answer = await reader.get(f"/de{MAIL}")
    [(_, frame)] = Page(answer.text).all("iframe")
    assert frame["sandbox"] == ""
    assert frame["srcdoc"] == town.MESSAGE["html"]
    assert "<h2>Inhalt der Nachricht</h2>" in answer.text
    assert "BEGIN:VCALENDAR" in answer.text
    assert "script-src" not in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "seats",
    [
        ("extended_rapport/head_health_office",),
        ("rapport/police_drug_lead",),
        ("neighbourhood_alliance/neighbourhood_management",),
    ],
)
@pytest.mark.parametrize("language", ["de", "en"])
async def test_what_a_mail_says_is_closed_to_whom_it_is_not_for(tmp_path, seats, language):
    asked = []

    async def ask(service: str, *more: Any) -> httpx.Response:
        asked.append(service)
        return town.answered(town.MESSAGE)

    process = town.portal_process(tmp_path, "leipzig", ask, town.signed_in(*seats))
    await process.open()
    facts = town.story(process.city)
    await town.hear(process.runtimes["portal"], facts)
    mail = next(f for f in facts if isinstance(f, DeliverySent) and f.recipient not in seats)
    async with client_of(process) as client:
        answer = await client.get(f"/{language}/mails/{mail.delivery_id}")
    await process.close()
    assert answer.status_code == 404
    assert asked == []
    for closed in ("Köhlerplatz", "eingeladen", "VCALENDAR", "iframe"):
        assert closed not in answer.text


async def refuse(service: str, *more: Any) -> httpx.Response:
    raise Unavailable(service)


async def nonsense(service: str, *more: Any) -> httpx.Response:
    return town.answered({"something": service})


async def break_off(service: str, *more: Any) -> httpx.Response:
    raise httpx.ReadTimeout(service)


@pytest.mark.parametrize("ask", [refuse, nonsense, break_off])
async def test_a_mail_whose_service_is_away_gets_a_friendly_note(tmp_path, ask):
    process = town.portal_process(tmp_path, "leipzig", ask)
    await process.open()
    await town.hear(process.runtimes["portal"], town.story(process.city))
    async with client_of(process) as client:
        answer = await client.get(f"/de{MAIL}")
    await process.close()
    assert answer.status_code == 200
    assert "gerade nicht abrufbar" in answer.text


@pytest.mark.parametrize(
    ("header", "place"),
    [
        ("de-DE,de;q=0.9", "/de/today"),
        ("en-GB,en;q=0.9,de;q=0.1", "/en/today"),
        ("fr", "/de/today"),
        ("", "/de/today"),
    ],
)
async def test_the_entrance_follows_the_readers_language(leipzig, header, place):
    async with client_of(leipzig) as client:
        answer = await client.get("/", headers={"accept-language": header})
    assert answer.status_code == 307
    assert answer.headers["location"] == place


async def test_boston_greets_in_english_where_no_language_is_asked_for(boston):
    async with client_of(boston) as client:
        assert (await client.get("/docs")).headers["location"] == "/en/docs"


@pytest.mark.parametrize(
    "path",
    [
        "/de/nowhere",
        "/en/escalations/unknown",
        f"/de/meetings/{UUID(int=9)}",
        "/de/mails/9",
        "/de/charts/weeks-huge.svg",
        "/de/charts/moon-wide.svg",
        "/portal/secrets.txt",
    ],
)
async def test_what_is_not_there_is_not_found(leipzig, path):
    async with client_of(leipzig) as client:
        assert (await client.get(path)).status_code == 404


async def test_the_menu_is_for_everybody_and_the_footer_names_what_is_for_developers(reader):
    page = (await reader.get("/de/docs")).text
    menu, footer = page.split("<main")[0], page.split("<footer>")[1]
    for path, name in (("/de/docs", "Technische Schnittstellen"), ("/de/asyncapi", "Nachrichtenformate")):
        assert '<nav class="sections"' in menu
        assert path not in menu.split('class="sections"')[1]
        assert re.search(f'<a href="{path}"[^>]*>{name}</a>', footer)
    assert 'href="/de/docs" aria-current="page"' in footer


async def test_one_of_something_is_not_called_several(leipzig):
    scope = town.Scope(kind=town.ScopeKind.CITY, key="leipzig")
    found = town.incident(1, leipzig.city, town.at(6, 2), quantity=1)
    raised = town.escalation(9, "violence_wave", scope, town.at(6, 2), {"de": "Nr. 9"})
    await town.hear(leipzig.runtimes["portal"], [found, raised])
    async with client_of(leipzig) as client:
        german, english = (await client.get("/de/")).text, (await client.get("/en/")).text
    for said in ("1 Spritze gefunden", "1 Eskalation im Zeitraum", "insgesamt 1 Vorfall."):
        assert said in german
    for said in ("1 syringe found", "1 escalation in the period", "1 incident in all."):
        assert said in english


async def test_notes_about_the_data_stand_on_every_page_with_figures(reader):
    for path in ("/", ESCALATION):
        page = (await reader.get(f"/de{path}")).text
        assert 'class="note"' in page
        assert "Hinweis zu den Daten" in page


async def test_a_long_list_is_read_page_by_page(leipzig):
    runtime = leipzig.runtimes["portal"]
    scope = town.Scope(kind=town.ScopeKind.CITY, key="leipzig")
    facts = [
        town.escalation(1_000 + n, "violence_wave", scope, town.at(6, 1 + n % 28), {"de": f"Nr. {n}"})
        for n in range(120)
    ]
    await town.hear(runtime, facts)
    async with client_of(leipzig) as client:
        first, last = await client.get("/de/escalations"), await client.get("/de/escalations?page=99")
    assert "Seite 1 von 3" in first.text
    assert "Seite 3 von 3" in last.text
    assert len(re.findall("Gesamte Stadt", last.text)) == 20


async def test_the_portal_changes_nothing(reader):
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert (await reader.request(method, "/de/")).status_code == 405


@pytest.mark.parametrize(
    "path", ["/", "/de/", f"/en{ESCALATION}", "/de/nowhere", "/health/live", "/health/ready"]
)
async def test_every_page_and_the_state_of_health_answer_head_like_get(reader, path):
    asked, headed = await reader.get(path), await reader.head(path)
    assert headed.status_code == asked.status_code != 405
    assert headed.headers["content-type" if asked.content else "location"]


async def test_reference_pages_name_every_operation_and_every_fact(reader):
    docs = (await reader.get("/en/docs")).text
    assert "/health/ready" in docs
    assert "curl http://127.0.0.1:8080/metrics" in docs
    facts = (await reader.get("/de/asyncapi")).text
    assert "escalation.raised.v1" in facts
    assert "Gehört von" in facts
    document = (await reader.get("/asyncapi.json")).json()
    assert document["asyncapi"] == "3.0.0"


@pytest.mark.parametrize("path", ["/mails", f"/meetings/{UUID(int=202)}"])
async def test_a_refused_mail_is_seen_with_subject_and_function_and_is_not_called_sent(leipzig, path):
    *_, failed = town.story(leipzig.city)
    alone = failed.model_copy(update={"title": "Einladung: Rapport"})
    told = [fact for fact in town.story(leipzig.city) if fact.kind != "delivery.sent.v1" and fact != failed]
    await town.hear(leipzig.runtimes["portal"], [*told, alone])
    async with client_of(leipzig) as client:
        page = (await client.get(f"/de{path}")).text
    table = page[page.rindex("<table") : page.rindex("</table>")]
    assert "Einladung: Rapport" in table
    assert "nicht versandt" in table
    assert "ersandt" not in table.replace("nicht versandt", "")


@pytest.mark.parametrize("path", ["/mails", f"/meetings/{UUID(int=202)}", "/"])
async def test_a_mail_that_waits_or_was_dropped_is_seen_and_is_not_called_sent(leipzig, path):
    *_, failed = town.story(leipzig.city)
    shared = failed.model_dump(exclude={"kind", "delivery_id", "reason", "failed_at", "title"})
    waits = DeliveryDelayed(
        delivery_id=UUID(int=500),
        **shared,
        title="Einladung",
        reason="450: busy",
        delayed_at=town.at(12, 11, 9),
    )
    dropped = DeliveryOvertaken(
        delivery_id=UUID(int=501), **shared, title="Verlegt", overtaken_at=town.at(12, 11, 9)
    )
    told = [fact for fact in town.story(leipzig.city) if not fact.kind.startswith("delivery.")]
    await town.hear(leipzig.runtimes["portal"], [*told, waits, dropped])
    async with client_of(leipzig) as client:
        page = (await client.get(f"/de{path}")).text
        english = (await client.get(f"/en{path}")).text
        one = (await client.get(f"/de/mails/{waits.delivery_id}")).text
    table = page[page.rindex("<table") : page.rindex("</table>")]
    assert re.findall(r'class="state (\w+)">([^<]+)<', table) == [
        ("delayed", "wartet"),
        ("overtaken", "entfallen"),
    ]
    assert "ersandt" not in table
    assert '<span class="state delayed">waiting</span>' in english
    assert "Weitere folgen von selbst" in one
    if path == "/":
        assert "1 wartet auf Versand" in page
        assert "alle versandt" not in page


async def test_a_session_that_stands_for_a_day_off_says_so(leipzig):
    moved = town.meeting(1, "rapport", town.at(6, 26)).model_copy(
        update={"instead_of": date(2018, 7, 10), "instead_because": "school_holiday"}
    )
    await town.hear(leipzig.runtimes["portal"], [moved])
    async with client_of(leipzig) as client:
        german = (await client.get(f"/de/meetings/{moved.meeting_id}")).text
        english = (await client.get(f"/en/meetings/{moved.meeting_id}")).text
    assert "<dt>Statt</dt><dd>10. Juli 2018 (Schulferien)</dd>" in german
    assert "<dt>Instead of</dt><dd>10 July 2018 (school holidays)</dd>" in english


async def test_meetings_are_sorted_by_date_the_nearest_to_now_first(leipzig):
    declined = {"sequence": 1, "cancelled_because": "by_moderation"}
    coming = [
        town.meeting(1, "rapport", town.at(12, 28)),
        town.meeting(2, "extended_rapport", town.at(12, 21), town.MeetingCancelled, **declined),
        town.meeting(3, "rapport", town.at(12, 24)),
    ]
    past = [
        town.meeting(4 + n, "rapport", town.at(month, 3), town.MeetingHeld)
        for n, month in enumerate((5, 9, 7))
    ]
    await town.hear(leipzig.runtimes["portal"], [*coming, *past])
    async with client_of(leipzig) as client:
        overview, listed = (await client.get("/de/")).text, (await client.get("/de/meetings")).text
    for page in (overview, listed):
        ahead, behind = page[page.index("Nächste Sitzungen") :].split("Vergangene Sitzungen")
        days = [re.findall(r'<time datetime="2018-(\d\d-\d\d)', part) for part in (ahead, behind)]
        assert days == [["12-21", "12-24", "12-28"], ["09-03", "07-03", "05-03"]]
        assert "abgesagt" in ahead
    assert '<strong class="text">Mo, 24. Dezember</strong>' in overview
