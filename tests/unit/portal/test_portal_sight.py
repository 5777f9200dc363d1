"""Which pages show what to whom: a table of pages and readers."""

from uuid import UUID

import pytest

from shared.city.city import load_city
from shared.city.profile import Sharing
from tests.unit.portal import town
from tests.unit.portal.conftest import client_of

ESCALATION = f"/escalations/{UUID(int=1)}"
COURSE = f"{ESCALATION}/syringes_near_sensitive_place-wide.svg"
EXTENDED, REGULAR = f"/meetings/{UUID(int=202)}", f"/meetings/{UUID(int=110)}"
TO_MAYOR, TO_PRESIDENT = f"/mails/{UUID(int=302)}", f"/mails/{UUID(int=301)}"

CHAIR = "extended_rapport/addiction_commissioner"
ALL = {ESCALATION, COURSE, EXTENDED, REGULAR, TO_MAYOR, TO_PRESIDENT}
READERS = {
    "moderation of both bodies": ((CHAIR, "rapport/addiction_commissioner"), ALL),
    "moderation of the extended rapport": ((CHAIR,), ALL - {REGULAR}),
    "police president": (
        ("extended_rapport/police_president",),
        {ESCALATION, COURSE, EXTENDED, TO_PRESIDENT},
    ),
    "their deputy": (("extended_rapport/police_vice_president",), {ESCALATION, COURSE, EXTENDED}),
    "head of the health office": (("extended_rapport/head_health_office",), {ESCALATION, COURSE, EXTENDED}),
    "member of the rapport": (("rapport/police_drug_lead",), {REGULAR}),
    "neighbourhood": (("neighbourhood_alliance/neighbourhood_management",), set()),
    "member of the extended rapport": (
        ("extended_rapport/drug_help_coordination",),
        {ESCALATION, COURSE, EXTENDED},
    ),
}


async def shown(tmp_path, seats, **bodies):
    """Return which of all pages are shown, and the texts of the lists and of the overview."""
    process = town.portal_process(tmp_path, "leipzig", who=town.signed_in(*seats))
    await process.open()
    runtime = process.runtimes["portal"]
    runtime.city.bodies = runtime.city.bodies | bodies
    first = next(iter(process.city.places))
    await town.hear(runtime, town.cluster_at(process.city, first, town.at(3, 20), 14))
    await town.hear(runtime, town.story(process.city))
    async with client_of(process) as client:
        found = {path for path in ALL if (await client.get(f"/de{path}")).status_code == 200}
        lists = [
            (await client.get(f"/de{path}")).text for path in ("/", "/escalations", "/meetings", "/mails")
        ]
    await process.close()
    return found, " ".join(lists)


@pytest.mark.parametrize(("seats", "open_to_them"), READERS.values(), ids=READERS.keys())
async def test_each_page_is_shown_to_whom_it_is_for(tmp_path, seats, open_to_them):
    found, lists = await shown(tmp_path, seats)
    assert found == open_to_them
    for path in ALL - {COURSE}:
        assert (f'"/de{path}"' in lists) is (path in open_to_them), path


@pytest.mark.parametrize("level", [Sharing.DISTRICT, Sharing.FIGURES])
async def test_what_names_places_is_for_bodies_that_share_exactly(tmp_path, level):
    body = load_city("leipzig", town.CITIES, tmp_path).bodies["extended_rapport"]
    less = body.model_copy(update={"sharing": level})
    seats = ("rapport/police_drug_lead", "extended_rapport/police_president")
    found, lists = await shown(tmp_path, seats, extended_rapport=less)
    assert found == {EXTENDED, REGULAR, TO_PRESIDENT}
    assert "/de/escalations/0" not in lists


async def test_an_overview_that_is_open_names_no_escalation_meeting_or_message(tmp_path):
    process = town.portal_process(tmp_path, "leipzig", who=town.signed_in(), portal_open_pages="overview")
    await process.open()
    await town.hear(process.runtimes["portal"], town.story(process.city))
    async with client_of(process) as client:
        page = (await client.get("/de/")).text
    await process.close()
    for named in ("/de/escalations/0", "/de/meetings/0", "/de/mails/0", "Spritzenfunde in 14 Tagen"):
        assert named not in page


PLACE = "Kita Köhlerstraße"
LEAST = "nicht ausgewiesen"
LEVELS = {
    "nobody, where the overview is open": (None, {"/"}, False, True),
    "figures": (Sharing.FIGURES, {"/", "/meetings", "/mails", "/escalations", EXTENDED}, False, True),
    "district": (Sharing.DISTRICT, {"/", "/meetings", "/mails", "/escalations", EXTENDED}, False, False),
    "exact": (
        Sharing.EXACT,
        {"/", "/meetings", "/mails", "/escalations", EXTENDED, ESCALATION, COURSE},
        True,
        False,
    ),
}
CHART = "/charts/districts-wide.svg"


@pytest.mark.parametrize(("level", "open_", "names_places", "hides"), LEVELS.values(), ids=LEVELS.keys())
async def test_each_sharing_level_shows_so_much_and_no_more(tmp_path, level, open_, names_places, hides):
    """By level: which pages there are, whether any names a place, whether small numbers are hidden."""
    seats = ("extended_rapport/drug_help_coordination",) if level else ()
    who = town.signed_in(*seats)
    process = town.portal_process(tmp_path, "leipzig", who=who, portal_open_pages="overview")
    await process.open()
    runtime = process.runtimes["portal"]
    if level:
        body = runtime.city.bodies["extended_rapport"].model_copy(update={"sharing": level})
        runtime.city.bodies = runtime.city.bodies | {"extended_rapport": body}
    first = next(iter(process.city.places))
    await town.hear(
        runtime,
        [
            *town.year_of_incidents(process.city),
            town.incident(9_999, process.city, town.at(3, 1), district="07"),
        ],
    )
    await town.hear(runtime, town.cluster_at(process.city, first, town.at(3, 20), 14))
    await town.hear(runtime, town.story(process.city))
    async with client_of(process) as client:
        answers = {
            path: await client.get(f"/de{path}")
            for path in ("/", "/meetings", "/mails", "/escalations", *sorted(ALL))
        }
        chart = await client.get(f"/de{CHART}?period=2018")
    await process.close()
    assert {path for path, answer in answers.items() if answer.status_code == 200} == open_
    text = " ".join(answer.text for path, answer in answers.items() if path != "/mails")
    places = {place.name for place in process.city.places.values()}
    assert any(name in text for name in places) is names_places
    assert (LEAST in answers["/"].text) is hides
    assert (chart.status_code == 200) is not hides
