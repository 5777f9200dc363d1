"""The sentence that leadership reads on a phone."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import h3
import pytest

from services.escalation.conditions import wording
from services.escalation.domain import CountedIncident, Outcome
from services.escalation.episodes.sentences import active_sentence, ended_sentence
from services.escalation.episodes.window import EvidenceWindow
from services.escalation.intervals import micros
from shared.city.city import load_city
from shared.city.scope_names import whereabouts
from shared.facts import Scope, ScopeKind
from shared.system.settings import ROOT
from tests.unit.escalation.building import KITA, a_book, a_combination, a_count, a_part, leipzig

SINCE = wording.day(date(2018, 4, 17))
NAMES = {
    "finds": {"de": "Spritzenfunde an einem sensiblen Ort", "en": "Syringe finds near a sensitive place"},
    "many": {"de": "Viele Spritzenfunde", "en": "Many syringe finds"},
    "angry": {"de": "Viele Beschwerden", "en": "Many complaints"},
}


def said(rules: list[dict[str, Any]], rule_id: str, scope: Scope, counts: dict[str, int]) -> dict[str, str]:
    book = a_book(*rules)
    rule = book.rules[rule_id]
    at = micros(datetime(2018, 4, 17, tzinfo=UTC))
    seen = [
        CountedIncident(at, UUID(int=n), 1, leaf.categories[0], str(scope))
        for leaf in book.leaves(rule)
        for n in range(counts[leaf.id])
    ]
    evidence = EvidenceWindow(book, rule, seen).evidence(at, at)
    assert evidence.counts == counts
    parts = [(leaf.id, leaf.name) for leaf in book.leaves(rule)]
    return active_sentence((rule.name, whereabouts(scope, leipzig())), parts, evidence, SINCE)


def test_a_count_says_what_where_how_many_and_since_when():
    rule = a_count(scope="place", name=NAMES["finds"])
    sentence = said([rule], "finds", Scope(kind=ScopeKind.PLACE, key=KITA), {"finds": 4})
    assert sentence == {
        "de": "Spritzenfunde an einem sensiblen Ort (Kita Köhlerstraße am Köhlerplatz): "
        "4 Vorfälle in 14 Tagen (Schwelle 3), seit 17.04.2018.",
        "en": "Syringe finds near a sensitive place (Kita Köhlerstraße am Köhlerplatz): "
        "4 incidents in 14 days (threshold 3), since 17 Apr 2018.",
    }


def test_several_signals_are_listed():
    rules = [
        a_part("many", at_least=45, measure="quantity", within="P28D", name=NAMES["many"]),
        a_part("angry", categories=["complaint"], at_least=1, within="PT36H", name=NAMES["angry"]),
        a_combination("all_of", ["many", "angry"]),
    ]
    scope = Scope(kind=ScopeKind.DISTRICT, key="21")
    sentence = said(rules, "together", scope, {"many": 52, "angry": 1})
    assert sentence == {
        "de": "Besondere Problemlage (Volkmarsdorf): Viele Spritzenfunde: insgesamt 52 in 28 Tagen "
        "(Schwelle 45); Viele Beschwerden: 1 Vorfall in 36 Stunden (Schwelle 1), seit 17.04.2018.",
        "en": "Special problem situation (Volkmarsdorf): Many syringe finds: 52 in total in 28 days "
        "(threshold 45); Many complaints: 1 incident in 36 hours (threshold 1), since 17 Apr 2018.",
    }


def test_of_several_alternatives_only_those_that_are_met_are_listed():
    rules = [
        a_part("many", within="P1D", name=NAMES["many"]),
        a_part("angry", categories=["complaint"], name=NAMES["angry"]),
        a_combination("any_of", ["many", "angry"]),
    ]
    scope = Scope(kind=ScopeKind.CITY, key="leipzig")
    sentence = said(rules, "together", scope, {"many": 3, "angry": 2})
    assert "(Leipzig): Viele Spritzenfunde: 3 Vorfälle in 1 Tag (Schwelle 3), seit" in sentence["de"]
    assert "Beschwerden" not in sentence["de"]


@pytest.mark.parametrize(
    ("outcome", "german"),
    [
        (Outcome.CALM, "Lage beruhigt, Schwelle zuletzt am 17.04.2018 erreicht."),
        (Outcome.MERGED, "wird mit der früher begonnenen Lage zusammengeführt."),
        (Outcome.EVIDENCE_WITHDRAWN, "Schwelle nach Berichtigung von Meldungen nicht erreicht."),
    ],
)
def test_an_end_says_why(outcome: Outcome, german: str):
    sentence = ended_sentence(NAMES["many"], {"de": "Volkmarsdorf", "en": "Volkmarsdorf"}, outcome, SINCE)
    assert sentence["de"] == f"Viele Spritzenfunde (Volkmarsdorf): {german}"
    assert sentence["en"].startswith("Many syringe finds (Volkmarsdorf): ")


@pytest.mark.parametrize(
    ("city", "at", "german"),
    [
        ("leipzig", (51.3394, 12.4036), "Umkreis "),
        ("leipzig", (51.3031, 12.4741), "Rasterzelle in Holzhausen"),
        ("boston", (42.2564, -71.1242), "Rasterzelle "),
    ],
)
def test_a_cell_is_named_after_what_lies_next_to_it(city: str, at: tuple[float, float], german: str):
    profile = load_city(city, ROOT / "deploy" / "cities", ROOT / "var" / "none")
    scope = Scope(kind=ScopeKind.CELL, key=h3.latlng_to_cell(*at, 9))
    assert whereabouts(scope, profile)["de"].startswith(german)


@pytest.mark.parametrize(("city", "middle"), [("leipzig", (51.34, 12.40)), ("boston", (42.33, -71.08))])
def test_no_two_cells_of_a_city_are_called_the_same(city: str, middle: tuple[float, float]):
    profile = load_city(city, ROOT / "deploy" / "cities", ROOT / "var" / "none")
    cells = h3.grid_disk(h3.latlng_to_cell(*middle, 9), 15)
    for language in ("de", "en"):
        names = {whereabouts(Scope(kind=ScopeKind.CELL, key=cell), profile)[language] for cell in cells}
        assert len(names) == len(cells)


@pytest.mark.parametrize("kind", list(ScopeKind))
def test_a_scope_that_the_profile_no_longer_knows_is_named_by_its_key(kind: ScopeKind):
    if kind is not ScopeKind.CITY:
        assert "gone" in whereabouts(Scope(kind=kind, key="gone"), leipzig())["en"]
