"""Who sits in which body: the profile is where it begins, moderation changes it, others hear of seats."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from services.directory.seeding import take_in
from shared.access.caller import Caller, Via
from shared.city.seats import seated
from shared.city.told import body_of
from shared.facts import ActionTaken, BodyChanged
from tests.unit.directory.office import (
    BODY,
    DEPUTY_MODERATOR,
    MODERATOR,
    NOTIFY,
    PRESIDENT,
    Office,
    at,
)

SEAT = f"{BODY}/seats/police_president"
NEW = {"mail": "neu@leipzig.example", "name": "N. N.", "language": "en"}


async def seat_of(office: Office, function: str, caller: str = MODERATOR) -> dict:
    seats = next(
        body["seats"]
        for body in (await office.ask(at(caller), "GET", "/bodies")).json()
        if body["body"] == "extended_rapport"
    )
    return next(seat for seat in seats if seat["function"] == function)


async def test_the_profile_is_where_it_begins(office: Office) -> None:
    first = {fact.body: body_of(fact) for fact in office.told if isinstance(fact, BodyChanged)}
    assert first == seated(office.city.seed.values(), "leipzig") == office.city.bodies


async def test_another_start_changes_nothing(office: Office) -> None:
    await office.ask(at(MODERATOR), "PUT", f"{SEAT}/holder", NEW)
    before = office.runtime.known_bodies
    await office.close()
    told = len(office.told)
    await office.open()
    assert office.runtime.known_bodies == before
    assert len(office.told) == told
    assert (await seat_of(office, "police_president"))["mail"] == NEW["mail"]


@pytest.mark.parametrize("caller", [MODERATOR, DEPUTY_MODERATOR])
async def test_moderation_lets_somebody_hold_a_seat(office: Office, caller: str) -> None:
    answer = await office.ask(at(caller), "PUT", f"{SEAT}/holder", NEW)
    assert answer.status_code == 200
    seat = await seat_of(office, "police_president")
    assert (seat["mail"], seat["person"], seat["vacant"]) == ("neu@leipzig.example", "N. N.", False)
    fact = office.newest(BodyChanged)
    assert fact.revision == 2
    told = next(seat for seat in fact.seats if seat.function == "police_president")
    assert told.language == "en"
    reached = await office.ask(NOTIFY, "GET", f"/addresses/{told.reached_at}?recipient={PRESIDENT}")
    assert reached.json() == {
        "mail": "neu@leipzig.example",
        "name": {"de": "Polizeipräsident:in", "en": "Chief of Police"},
        "leave": None,
    }
    action = office.newest(ActionTaken)
    assert (action.action, action.about, action.by) == ("directory.holder", PRESIDENT, caller)


async def test_facts_and_actions_hold_neither_names_nor_addresses(office: Office) -> None:
    await office.ask(at(MODERATOR), "PUT", f"{SEAT}/holder", NEW)
    await office.ask(
        at(MODERATOR), "PUT", f"{SEAT}/away", {"days": [{"first": "2018-05-01", "last": "2018-05-09"}]}
    )
    said = " ".join(fact.model_dump_json() for fact in office.told)
    assert "@" not in said
    assert "N. N." not in said
    async with office.runtime.reading() as tx:
        rows = await tx.db.execute(text("SELECT details, by FROM changes"))
        assert "neu@" not in str(rows.all())


async def test_who_sits_elsewhere_already_is_the_same_person(office: Office) -> None:
    known = await seat_of(office, "head_health_office")
    await office.ask(at(MODERATOR), "PUT", f"{SEAT}/holder", {"mail": known["mail"].upper()})
    seats = {seat.function: seat for seat in office.newest(BodyChanged).seats}
    assert seats["police_president"].person == seats["head_health_office"].person
    assert seats["police_president"].reached_at == seats["head_health_office"].reached_at


async def test_another_body_changes_neither_name_nor_language_of_who_sits_elsewhere(office: Office) -> None:
    known = await seat_of(office, "head_health_office")
    given = {"mail": known["mail"], "name": "Anders", "language": "de"}
    await office.ask(at(MODERATOR), "PUT", f"{SEAT}/holder", given)
    seats = {seat.function: seat for seat in office.newest(BodyChanged).seats}
    assert seats["police_president"].language == seats["head_health_office"].language == "en"
    assert (await seat_of(office, "police_president"))["person"] == known["person"]


async def test_a_seat_is_vacant_and_held_again(office: Office) -> None:
    assert (await office.ask(at(MODERATOR), "DELETE", f"{SEAT}/holder")).status_code == 200
    assert (await seat_of(office, "police_president"))["vacant"]
    away = await office.ask(at(MODERATOR), "PUT", f"{SEAT}/away", {"days": []})
    assert away.status_code == 409
    await office.ask(at(MODERATOR), "PUT", f"{SEAT}/holder", NEW)
    assert not (await seat_of(office, "police_president"))["vacant"]


async def test_a_change_of_holder_can_be_undone(office: Office) -> None:
    first = await seat_of(office, "police_president")
    assert first["former"] is None
    assert (await office.ask(at(MODERATOR), "POST", f"{SEAT}/former")).status_code == 409
    await office.ask(at(MODERATOR), "DELETE", f"{SEAT}/holder")
    assert (await seat_of(office, "police_president"))["former"] == first["mail"]
    assert (await office.ask(at(MODERATOR), "POST", f"{SEAT}/former")).status_code == 200
    assert (await seat_of(office, "police_president"))["mail"] == first["mail"]
    await office.ask(at(MODERATOR), "PUT", f"{SEAT}/holder", NEW)
    for expected in (first["mail"], NEW["mail"]):
        assert (await office.ask(at(MODERATOR), "POST", f"{SEAT}/former")).status_code == 200
        assert (await seat_of(office, "police_president"))["mail"] == expected
    changes = (await office.ask(at(MODERATOR), "GET", f"{BODY}/changes")).json()
    assert [each["change"] for each in changes[:3]] == ["restored", "restored", "holder"]
    assert changes[0]["name"]["en"] == "Chief of Police"
    assert "@" not in str(changes)


async def test_whom_the_directory_has_forgotten_holds_nothing_again(office: Office) -> None:
    await office.ask(at(MODERATOR), "DELETE", f"{SEAT}/holder")
    office.clock.advance(timedelta(days=366))
    await office.process.tick()
    assert (await seat_of(office, "police_president"))["former"] is None
    assert (await office.ask(at(MODERATOR), "POST", f"{SEAT}/former")).status_code == 409


@pytest.mark.parametrize(
    ("caller", "function", "status"),
    [
        ("neighbourhood_alliance/neighbourhood_management", "addiction_commissioner", 409),
        ("neighbourhood_alliance/neighbourhood_management", "addiction_commissioner_deputy", 409),
        ("neighbourhood_alliance/neighbourhood_management", "police_president", 409),
        ("neighbourhood_alliance/neighbourhood_management", "city_cleaning", 200),
        ("neighbourhood_alliance/neighbourhood_management", "drug_help_coordination", 200),
        ("neighbourhood_alliance/neighbourhood_management", "neighbourhood_management", 200),
        ("neighbourhood_alliance/addiction_commissioner", "addiction_commissioner", 200),
    ],
)
async def test_nobody_gives_rights_in_a_body_that_they_do_not_moderate(
    office: Office, caller: str, function: str, status: int
) -> None:
    alliance = "/bodies/neighbourhood_alliance/seats"
    named = {"de": "Polizeipräsident:in", "en": "Chief of Police"}
    await office.ask(at(caller), "POST", alliance, {"function": "police_president", "name": named})
    for method, what in (("PUT", "holder"), ("DELETE", "holder"), ("POST", "former")):
        given = NEW if method == "PUT" else None
        answer = await office.ask(at(caller), method, f"{alliance}/{function}/{what}", given)
        assert answer.status_code == (200 if method == "DELETE" else status)


async def test_each_body_is_seen_by_who_sits_there(office: Office) -> None:
    for caller, status in ((MODERATOR, 200), (PRESIDENT, 200), ("rapport/police_drug_lead", 403)):
        assert (await office.ask(at(caller), "GET", BODY)).status_code == status
    assert (await office.ask(at(MODERATOR), "GET", "/bodies/council")).status_code == 404


async def test_what_a_body_is_for_can_be_said_anew(office: Office) -> None:
    purpose = {"de": "Wozu es dient.", "en": "What it is for."}
    given = {"purpose": purpose, "sharing": "district"}
    answer = await office.ask(at(MODERATOR), "PUT", f"{BODY}/settings", given)
    assert answer.json()["purpose"] == purpose == office.newest(BodyChanged).purpose
    newest = (await office.ask(at(MODERATOR), "GET", f"{BODY}/changes")).json()[0]
    assert newest["details"] == {"purpose": "changed", "sharing": "exact/district"}


async def test_who_is_away_says_so_for_all_functions(office: Office) -> None:
    days = {"days": [{"first": "2018-05-01", "last": "2018-05-09"}]}
    seat = "/bodies/rapport/seats/addiction_commissioner/away"
    answer = await office.ask(at("rapport/addiction_commissioner"), "PUT", seat, days)
    assert answer.status_code == 200
    for body in ("rapport", "extended_rapport", "neighbourhood_alliance"):
        seats = office.runtime.city.bodies[body].members
        assert [
            str(span.first) for m in seats if m.function == "addiction_commissioner" for span in m.away
        ] == ["2018-05-01"]


@pytest.mark.parametrize(
    ("caller", "method", "path", "body"),
    [
        (PRESIDENT, "PUT", f"{SEAT}/holder", NEW),
        (PRESIDENT, "DELETE", f"{SEAT}/holder", None),
        (PRESIDENT, "PUT", f"{BODY}/seats/head_health_office/away", {"days": []}),
        (PRESIDENT, "POST", f"{BODY}/seats", {"function": "x", "name": {"de": "x", "en": "x"}}),
        (PRESIDENT, "DELETE", SEAT, None),
        (PRESIDENT, "PUT", f"{BODY}/settings", {"location": "Anderswo"}),
        (PRESIDENT, "GET", f"{BODY}/changes", None),
        (PRESIDENT, "GET", f"{BODY}/partners", None),
        ("rapport/police_drug_lead", "PUT", f"{SEAT}/holder", NEW),
        ("neighbourhood_alliance/neighbourhood_management", "PUT", f"{SEAT}/holder", NEW),
    ],
)
async def test_nobody_else_changes_a_body(
    office: Office, caller: str, method: str, path: str, body: dict
) -> None:
    assert (await office.ask(at(caller), method, path, body)).status_code == 403


async def test_addresses_are_for_notify_alone(office: Office) -> None:
    reached_at = office.city.bodies["rapport"].members[0].reached_at
    for caller in (at(MODERATOR), Caller(Via.SERVICE, "portal"), Caller(Via.KEY, "notify")):
        assert (await office.ask(caller, "GET", f"/addresses/{reached_at}")).status_code == 403
    assert (await office.ask(NOTIFY, "GET", f"/addresses/{UUID(int=1)}")).status_code == 404


async def test_a_member_sees_functions_without_names_and_addresses(office: Office) -> None:
    answer = await office.ask(at(PRESIDENT), "GET", "/bodies")
    assert [body["body"] for body in answer.json()] == ["extended_rapport"]
    assert "@" not in answer.text
    assert not answer.json()[0]["may_change"]


async def test_a_seat_and_its_deputy_come_and_go(office: Office) -> None:
    new = {"function": "head_schools", "name": {"de": "Amtsleitung Schule", "en": "Head of Schools"}}
    assert (
        await office.ask(at(MODERATOR), "POST", f"{BODY}/seats", {**new, "role": "leadership"})
    ).status_code == 201
    deputy = {
        "function": "schools_deputy",
        "name": {"de": "Vertretung", "en": "Deputy"},
        "deputy_of": "head_schools",
    }
    assert (await office.ask(at(MODERATOR), "POST", f"{BODY}/seats", deputy)).status_code == 201
    assert (await seat_of(office, "schools_deputy"))["deputy_of"] == "head_schools"
    again = await office.ask(at(MODERATOR), "POST", f"{BODY}/seats", new)
    assert again.json()["errors"] == [{"field": "function", "message": "the body has this function already"}]
    assert (await office.ask(at(MODERATOR), "DELETE", f"{BODY}/seats/head_schools")).status_code == 200
    assert office.newest(BodyChanged).seats[-1].function != "head_schools"
    assert (await office.ask(at(MODERATOR), "DELETE", f"{BODY}/seats/schools_deputy")).status_code == 404


async def test_the_last_moderator_stays(office: Office) -> None:
    answer = await office.ask(at(MODERATOR), "DELETE", f"{BODY}/seats/addiction_commissioner")
    assert (answer.status_code, answer.json()["title"]) == (409, "A body needs somebody who moderates it")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"mail": "kein"}, "mail"),
        ({"mail": "a@b.example\nBcc: x@y.example"}, "mail"),
        ({"mail": "a@b.example", "language": "fr"}, "language"),
        ({"mail": "a@b.example", "name": "x" * 121}, "name"),
        ({"mail": "a@b.example", "name": "wer@anderswo.example"}, "name"),
        ({"mail": "a@b.example", "person": "x"}, "person"),
        ({}, "mail"),
    ],
)
async def test_bad_input_is_named(office: Office, given: dict, field: str) -> None:
    answer = await office.ask(at(MODERATOR), "PUT", f"{SEAT}/holder", given)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize("blank", [" ", "\u200b", "\t\u2800"])
async def test_a_name_of_blanks_is_none(office: Office, blank: str) -> None:
    answer = await office.ask(at(MODERATOR), "PUT", f"{BODY}/settings", {"location": blank})
    assert answer.json()["errors"][0]["field"] == "location"
    new = {"function": "head_schools", "name": {"de": blank, "en": "Head"}}
    answer = await office.ask(at(MODERATOR), "POST", f"{BODY}/seats", new)
    assert answer.json()["errors"][0]["field"] == "name.de"
    assert (await office.ask(at(MODERATOR), "GET", BODY)).status_code == 200


async def test_days_in_the_wrong_order_are_named(office: Office) -> None:
    days = {"days": [{"first": "2018-05-09", "last": "2018-05-01"}]}
    answer = await office.ask(at(MODERATOR), "PUT", f"{SEAT}/away", days)
    assert [error["field"] for error in answer.json()["errors"]] == ["days.0.last"]


async def test_the_history_says_who_changed_what(office: Office) -> None:
    await office.ask(at(DEPUTY_MODERATOR), "PUT", f"{SEAT}/holder", NEW)
    changes = (await office.ask(at(MODERATOR), "GET", f"{BODY}/changes")).json()
    assert [(each["change"], each["function"], each["by"], each["via"]) for each in changes] == [
        ("holder", "police_president", DEPUTY_MODERATOR, "session"),
        ("seeded", "", "profile", "command"),
    ]


async def test_partners_are_needed_present_or_excluded_and_why(office: Office) -> None:
    path = f"{BODY}/partners/{UUID(int=5)}"
    given = {"name": "Bürgerverein", "standing": "needed", "reason": "Anwohner fehlen", "since": "2018-04-01"}
    assert (await office.ask(at(MODERATOR), "PUT", path, given)).status_code == 200
    await office.ask(at(MODERATOR), "PUT", path, given | {"standing": "present"})
    [partner] = (await office.ask(at(MODERATOR), "GET", f"{BODY}/partners")).json()
    assert (partner["name"], partner["standing"]) == ("Bürgerverein", "present")
    elsewhere = path.replace("extended_rapport", "rapport")
    other = at("rapport/addiction_commissioner")
    assert (await office.ask(other, "PUT", elsewhere, given | {"name": "Andere"})).status_code == 409
    assert [each["name"] for each in (await office.ask(at(MODERATOR), "GET", f"{BODY}/partners")).json()] == [
        "Bürgerverein"
    ]
    assert (await office.ask(at(MODERATOR), "DELETE", path)).status_code == 204
    assert (await office.ask(at(MODERATOR), "DELETE", path)).status_code == 404


async def test_people_are_forgotten_a_year_after_their_last_seat(office: Office) -> None:
    old = next(m for m in office.city.bodies["extended_rapport"].members if m.function == "police_president")
    await office.ask(at(MODERATOR), "PUT", f"{SEAT}/holder", NEW)
    path = f"/addresses/{old.reached_at}"
    office.clock.advance(timedelta(days=364))
    await office.process.tick()
    assert (await office.ask(NOTIFY, "GET", path)).status_code == 200
    office.clock.advance(timedelta(days=2))
    await office.process.tick()
    assert (await office.ask(NOTIFY, "GET", path)).status_code == 404
    assert (await seat_of(office, "police_president"))["mail"] == NEW["mail"]


async def test_an_edited_profile_is_taken_in_when_it_is_told_to(office: Office) -> None:
    operator = Caller(Via.COMMAND, "operator")
    async with office.runtime.transaction() as tx:
        assert await take_in(tx, operator, store=True) == []
    await office.ask(at(MODERATOR), "PUT", f"{SEAT}/holder", NEW)
    differs = [("extended_rapport", "police_president", "holder")]
    for store, expected, holder in (
        (False, differs, NEW["mail"]),
        (True, differs, "polizeipraesidium@example.org"),
        (False, [], "polizeipraesidium@example.org"),
    ):
        async with office.runtime.transaction() as tx:
            found = await take_in(tx, operator, store=store)
        await office.settle()
        assert [(each.body, each.function, each.change) for each in found] == expected
        assert (await seat_of(office, "police_president"))["mail"] == holder
