"""Reads `rules.yaml`; whatever is wrong with it is named by rule and field."""

from collections.abc import Container, Iterable, Iterator
from typing import Any
from weakref import WeakKeyDictionary

from pydantic import ValidationError

from services.escalation.conditions.book import Rulebook
from services.escalation.conditions.condition import Combination, Elementary, Rule
from services.escalation.conditions.kinds import KINDS
from shared.city.by_hand import BY_HAND, body_by_hand
from shared.city.city import City
from shared.city.profile_files import described
from shared.errors import Rejected
from shared.text.yaml_text import Document

FILE = "rules.yaml"
_books: WeakKeyDictionary[City, Rulebook] = WeakKeyDictionary()


def rulebook_of(city: City) -> Rulebook:
    """Return the rules of a city, read once; raises Rejected naming line, rule and field at fault."""
    found = _books.get(city)
    if found is None:
        found = _books[city] = parse_rules(city.document(FILE), city)
    return found


def parse_rules(document: Document, city: City) -> Rulebook:
    """Return checked rules; raises Rejected naming line, rule and field at fault."""
    if not isinstance(document.data, list):
        raise Rejected(f"{document.name}: a list of rules is needed")
    rules: dict[str, Rule] = {}
    places: dict[str, int] = {}
    faults: list[str] = []
    for number, item in enumerate(document.data):
        try:
            rule = _parse(item, number, (document, city))
        except Rejected as rejected:
            faults.append(str(rejected))
            continue
        if rule.id in rules:
            faults.append(_fault(document, number, rule.id, ("id", "used twice")))
        rules[rule.id] = rule
        places[rule.id] = number
    _refuse(faults)
    for name, rule in rules.items():
        faults += [_fault(document, places[name], name, fault) for fault in _faults(rule, rules, city)]
    _refuse(faults)
    if circle := _circle(rules):
        told = ("rules", f"refers to itself: {' → '.join(circle)}")
        raise Rejected(_fault(document, places[circle[0]], circle[0], told))
    return Rulebook(rules.values())


def _parse(item: Any, number: int, source: tuple[Document, City]) -> Rule:
    document, city = source
    name = str(item.get("id", number + 1)) if isinstance(item, dict) else str(number + 1)
    kind = item.get("kind") if isinstance(item, dict) else None
    if not isinstance(kind, str) or kind not in KINDS:
        raise Rejected(_fault(document, number, name, ("kind", f"one of {', '.join(KINDS)} is needed")))
    try:
        return KINDS[kind].model_validate(item, context={"zone": city.zone})
    except ValidationError as error:
        said = [f"{document.at((number, *keys))}: rule {name}: {fault}" for keys, fault in described(error)]
        raise Rejected("\n".join(said)) from error


def _fault(document: Document, number: int, rule: str, fault: tuple[str, str]) -> str:
    field, message = fault
    return f"{document.at((number, *field.split('.')))}: rule {rule}: {field}: {message}"


def _refuse(faults: list[str]) -> None:
    if faults:
        raise Rejected("\n".join(faults))


def _faults(rule: Rule, rules: dict[str, Rule], city: City) -> Iterator[tuple[str, str]]:
    for language in ("de", "en"):
        if language not in rule.name:
            yield "name", f"the language {language} is missing"
    if body_by_hand(rule.id):
        yield "id", f"what begins with {BY_HAND} stands for what moderation calls by hand"
    if not rule.escalate and (rule.notify or rule.convene):
        yield "escalate", "a rule that does not escalate can neither notify nor convene"
    yield from _unknown("notify", "body", rule.notify, city.bodies)
    if rule.convene:
        yield from _unknown("convene.body", "body", [rule.convene.body], city.bodies)
    if isinstance(rule, Elementary):
        yield from _unknown("categories", "category", rule.categories, city.categories)
    if isinstance(rule, Combination):
        yield from _unknown("rules", "rule", rule.rules, rules)
        yield from _other_scopes(rule, rules)


def _unknown(field: str, word: str, names: Iterable[str], known: Container[str]) -> Iterator[tuple[str, str]]:
    return ((field, f"unknown {word} {name}") for name in names if name not in known)


def _other_scopes(rule: Combination, rules: dict[str, Rule]) -> Iterator[tuple[str, str]]:
    for part in rule.rules:
        if part in rules and rules[part].scope is not rule.scope:
            yield "rules", f"{part} has the scope {rules[part].scope}, not {rule.scope}"


def _circle(rules: dict[str, Rule]) -> tuple[str, ...]:
    """Return rules that refer to each other in a circle, the first once more at the end; empty if none do."""
    done: set[str] = set()

    def visit(rule_id: str, above: tuple[str, ...]) -> tuple[str, ...]:
        if rule_id in above:
            return (*above[above.index(rule_id) :], rule_id)
        rule = rules[rule_id]
        for part in rule.rules if isinstance(rule, Combination) and rule_id not in done else ():
            if found := visit(part, (*above, rule_id)):
                return found
        done.add(rule_id)
        return ()

    return next(filter(None, (visit(rule_id, ()) for rule_id in rules)), ())
