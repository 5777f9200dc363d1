"""What `rules.yaml` may say, and how its faults are named."""

from typing import Any

import pytest

from services.escalation.conditions.kinds import KINDS
from services.escalation.conditions.loading import parse_rules, rulebook_of
from services.escalation.intervals import micros
from shared.city.city import load_city
from shared.errors import Rejected
from shared.system.settings import ROOT
from shared.text.yaml_text import Document
from tests.unit.escalation.building import (
    START,
    a_book,
    a_combination,
    a_count,
    a_part,
    a_rise,
    an_unusual_week,
    day,
    leipzig,
)

PARTS = (a_part("a"), a_part("b", categories=["complaint"]))
FAULTS: list[tuple[list[Any], str]] = [
    (
        [a_count(kind="ratio")],
        "rule finds: kind: one of count, rate_change, farrington, all_of, any_of is needed",
    ),
    (["count"], "rule 1: kind: one of"),
    ([a_count(kind=["count"])], "rule finds: kind"),
    ([a_count(categories=["littering"])], "rule finds: categories: unknown category littering"),
    ([a_count(categories=[])], "rule finds: categories"),
    ([a_count(at_least=0)], "rule finds: at_least"),
    ([a_count(at_least="3")], "rule finds: at_least"),
    ([a_count(scope="street")], "rule finds: scope"),
    ([a_count(measure="weight")], "rule finds: measure"),
    ([a_count(within=14)], "rule finds: within: write a duration such as P14D"),
    ([a_count(within="PT0S")], "rule finds: within"),
    ([a_count(calm="-P1D")], "rule finds: calm"),
    ([a_count(name={"de": "Funde"})], "rule finds: name: the language en is missing"),
    ([a_count(treshold=3)], "rule finds: treshold"),
    ([a_count(notify=["council"])], "rule finds: notify: unknown body council"),
    (
        [a_count(convene={"body": "council", "within_working_days": 5})],
        "rule finds: convene.body: unknown body council",
    ),
    ([a_count(convene={"body": "rapport"})], "rule finds: convene.within_working_days"),
    ([a_count(escalate=False)], "rule finds: escalate: a rule that does not escalate can neither"),
    ([a_count(), a_count()], "rule finds: id: used twice"),
    ([a_count(id="by_hand.rapport")], "rule by_hand.rapport: id: what begins with by_hand. stands for"),
    ([a_rise(factor=1)], "rule rise: factor"),
    ([a_rise(before_at_least=0)], "rule rise: before_at_least"),
    ([a_rise(at_least=None)], "rule rise: at_least"),
    ([an_unusual_week(scope="place")], "rule unusual: scope"),
    ([an_unusual_week(years=0)], "rule unusual: years"),
    ([an_unusual_week(within="P7D")], "rule unusual: within"),
    ([*PARTS, a_combination("all_of", ["a", "c"])], "rule together: rules: unknown rule c"),
    ([*PARTS, a_combination("all_of", [])], "rule together: rules"),
    (
        [*PARTS, a_combination("any_of", ["a", "b"], scope="city")],
        "rule together: rules: a has the scope district, not city",
    ),
    (
        [
            a_combination("all_of", ["two"], rule="one"),
            a_combination("any_of", ["one"], rule="two"),
        ],
        "rule one: rules: refers to itself: one → two → one",
    ),
    ([a_combination("all_of", ["together"])], "refers to itself: together → together"),
]


@pytest.mark.parametrize(
    ("rules", "message"), FAULTS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_fault_is_named_by_rule_and_field(rules: list[Any], message: str):
    with pytest.raises(Rejected) as raised:
        parse_rules(Document("rules.yaml", rules), leipzig())
    assert str(raised.value).startswith("rules.yaml: ")
    assert message in str(raised.value)


def test_rules_are_a_list():
    with pytest.raises(Rejected, match="a list of rules is needed"):
        parse_rules(Document("rules.yaml", {"rules": []}), leipzig())


@pytest.mark.parametrize("name", ["leipzig", "boston"])
def test_the_rules_that_are_shipped_are_read_once(name: str):
    city = load_city(name, ROOT / "deploy" / "cities", ROOT / "var" / "none")
    assert rulebook_of(city) is rulebook_of(city)
    assert rulebook_of(city).escalating


def test_every_kind_of_rule_is_named_after_its_file():
    names = {path.stem for path in (ROOT / "services" / "escalation" / "conditions").glob("*.py")}
    assert set(KINDS) <= names


def test_a_version_follows_the_definition_and_that_of_its_parts():
    before = a_book(*PARTS, a_combination("all_of", ["a", "b"])).versions
    reordered = a_book(*reversed(PARTS), a_combination("all_of", ["a", "b"])).versions
    stricter = a_book(PARTS[0], PARTS[1] | {"at_least": 4}, a_combination("all_of", ["a", "b"])).versions
    assert all(len(version) == 12 and int(version, 16) >= 0 for version in before.values())
    assert before == reordered
    assert stricter["a"] == before["a"]
    assert stricter["b"] != before["b"]
    assert stricter["together"] != before["together"]


def test_a_combination_of_combinations_rests_on_their_elementary_rules():
    book = a_book(
        *PARTS,
        a_part("c", categories=["violence"], within="P30D"),
        a_combination("any_of", ["b", "c"], rule="upset"),
        a_combination("all_of", ["a", "upset"]),
    )
    rule = book.rules["together"]
    assert [leaf.id for leaf in book.leaves(rule)] == ["a", "b", "c"]
    assert book.counted_since(rule, micros(day(30))) == micros(START)
    active = book.active(rule, {"a": ((0, 9),), "b": ((2, 4),), "c": ((3, 6), (8, 12))})
    assert active == ((2, 6), (8, 9))


def test_an_incident_touches_only_rules_that_matter():
    book = a_book(*PARTS, a_count("finds"), a_combination("all_of", ["b"], rule="upset"))
    assert [leaf.id for leaf in book.touched_by("syringe_find")] == ["finds"]
    assert [leaf.id for leaf in book.touched_by("complaint")] == ["b"]
    assert book.touched_by("violence") == ()
