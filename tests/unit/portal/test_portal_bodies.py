"""What is open in a body, what a change is called, and which code a new function gets."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from services.portal.pages.bodies.directory_client import Body, Change
from services.portal.pages.bodies.view import rows_of, sentence, what_is_open
from services.portal.pages.frame.labels import rules_of
from services.portal.pages.frame.reader import Reader
from services.portal.pages.seats.codes import code_of
from services.portal.pages.words import WORDS
from services.portal.visitors import Visitor
from shared.city.city import load_city
from tests.unit.portal import town

TODAY = date(2018, 4, 9)
NOBODY = Visitor(person=town.UUID(int=1), seats=(), language="de")
THIS_WEEK = [{"first": "2018-04-09", "last": "2018-04-13"}]
OVER = [{"first": "2018-04-02", "last": "2018-04-08"}]


def seat(function="head", **changes):
    given = {"function": function, "name": {"de": function}, "role": "member", "deputy_of": None}
    return given | {"vacant": False, "away": [], "person": None, "mail": None, "former": None} | changes


def body(*seats):
    known = {"body": "rapport", "name": {}, "purpose": {}, "location": "Rathaus", "sharing": "exact"}
    return Body.model_validate(known | {"may_change": True, "seats": seats})


DEPUTY = {"function": "deputy", "deputy_of": "head"}


@pytest.mark.parametrize(
    ("seats", "expected"),
    [
        ([seat()], []),
        ([seat(role="leadership")], [("no_deputy", "head")]),
        ([seat(role="moderation")], [("no_deputy", "head")]),
        ([seat(role="leadership"), seat(**DEPUTY)], []),
        ([seat(vacant=True)], [("unreached", "head")]),
        ([seat(vacant=True), seat(**DEPUTY)], [("vacant", "head")]),
        ([seat(vacant=True), seat(**DEPUTY, vacant=True)], [("unreached", "head")]),
        ([seat(vacant=True), seat(**DEPUTY, away=THIS_WEEK)], [("unreached", "head")]),
        ([seat(away=THIS_WEEK)], [("unreached", "head")]),
        ([seat(away=OVER)], []),
        ([seat(away=THIS_WEEK), seat(**DEPUTY)], []),
        ([seat(away=THIS_WEEK), seat(**DEPUTY, away=THIS_WEEK)], [("unreached", "head")]),
        ([seat(), seat(**DEPUTY, vacant=True)], [("vacant_deputy", "deputy")]),
        (
            [seat("a", role="leadership"), seat("b", vacant=True), seat("c")],
            [("unreached", "b"), ("no_deputy", "a")],
        ),
    ],
)
def test_what_matters_most_is_open_first(seats, expected):
    found = what_is_open(rows_of(body(*seats), NOBODY), TODAY)
    assert [(each.why, each.seat.function) for each in found] == expected


@pytest.mark.parametrize(
    ("change", "details", "function", "german"),
    [
        ("seeded", {}, "", "Aus dem Stadtprofil übernommen."),
        ("holder", {"before": "x"}, "head", "Amtsleitung wurde neu besetzt."),
        ("vacated", {}, "head", "Amtsleitung ist unbesetzt."),
        ("restored", {}, "head", "Amtsleitung ist wieder besetzt wie zuvor."),
        (
            "away",
            {"days_1": "2018-05-01/2018-05-09", "days_2": "2018-06-01/2018-06-01"},
            "head",
            "Amtsleitung ist abwesend: 01.05.2018 bis 09.05.2018, 01.06.2018.",
        ),
        ("away", {}, "head", "Amtsleitung ist abwesend: keine Tage mehr."),
        ("away", {}, "", "Abwesenheit aus einem anderen Gremium übernommen: keine Tage mehr."),
        ("seat_added", {}, "gone", "gone kam hinzu."),
        ("settings", {"location": "changed"}, "", "Der Ort wurde geändert."),
        (
            "settings",
            {"purpose": "changed", "sharing": "exact/figures"},
            "",
            "Der Zweck wurde neu beschrieben. Mitglieder sehen jetzt Zahlen für die ganze Stadt (vorher genaue Orte und einzelne Meldungen).",
        ),
        ("settings", {}, "", "Angaben zum Gremium geändert."),
        ("settings", {}, "head", "Amtsleitung wurde nach dem Stadtprofil geändert."),
        (
            "partner",
            {"name": "Bürgerverein", "standing": "needed"},
            "",
            "Partner „Bürgerverein“: wird gebraucht.",
        ),
        ("partner_removed", {"name": "Bürgerverein"}, "", "Partner „Bürgerverein“ entfernt."),
        ("of_a_later_version", {}, "", "Änderung: of_a_later_version"),
    ],
)
def test_a_change_is_a_sentence(tmp_path, change, details, function, german):
    city = load_city("leipzig", town.CITIES, tmp_path)
    known = {"head": {"de": "Amtsleitung", "en": "Head"}}.get(function)
    made = {"at": datetime(2018, 4, 9, tzinfo=UTC), "by": "x", "via": "session", "name": known}
    entry = Change.model_validate(made | {"change": change, "details": details, "function": function})
    assert sentence(Reader(city, rules_of(city), "de"), entry) == german
    assert sentence(Reader(city, rules_of(city), "en"), entry)


@pytest.mark.parametrize(
    ("name", "taken", "code"),
    [
        ("Amtsleitung Schule", (), "amtsleitung_schule"),
        ("Amtsleiter:in Straßen & Wege", (), "amtsleiter_in_strassen_wege"),
        ("Bürgermeister:in Übersee", (), "buergermeister_in_uebersee"),
        ("Café Zoë", (), "cafe_zoe"),
        ("Amt", ("amt",), "amt_2"),
        ("Amt", ("amt", "amt_2", "amt_3"), "amt_4"),
        ("移民", (), "funktion"),
        ("", ("funktion",), "funktion_2"),
        ("x" * 200, (), "x" * 56),
    ],
)
def test_a_new_function_has_a_code_of_its_own(name, taken, code):
    assert code_of(name, taken) == code


def test_what_a_service_says_is_what_pages_have_words_for():
    others = (path for path in Path("services").rglob("*.py") if path.parts[1] != "portal")
    said = "".join(path.read_text("utf-8") for path in others)
    sentences = [name for name in WORDS if " " in name]
    assert sentences
    assert [name for name in sentences if f'"{name}"' not in said] == []
