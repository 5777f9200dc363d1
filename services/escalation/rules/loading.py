"""Reads `rules.yaml`; whatever is wrong with it is named by rule and field."""

from collections.abc import Container, Iterable, Iterator
from typing import Any
from weakref import WeakKeyDictionary

from pydantic import ValidationError

from services.escalation.rules.book import Rulebook
from services.escalation.rules.kinds import KINDS
from services.escalation.rules.rule import Combination, Elementary, Rule
from shared.city import City
from shared.errors import Rejected
from shared.profile_files import described

FILE = "rules.yaml"
_books: WeakKeyDictionary[City, Rulebook] = WeakKeyDictionary()


def rulebook_of(city: City) -> Rulebook:
    """Return the rules of a city, read once; raises Rejected naming rule and field at fault."""
    found = _books.get(city)
    if found is None:
        found = _books[city] = parse_rules(city.read(FILE), city)
    return found


def parse_rules(data: Any, city: City) -> Rulebook:
    """Return checked rules; raises Rejected naming rule and field at fault."""
    if not isinstance(data, list):
        raise Rejected(f"{FILE}: a list of rules is needed")
    rules: dict[str, Rule] = {}
    faults: list[str] = []
    for number, item in enumerate(data, start=1):
        try:
            rule = _parse(item, number)
        except Rejected as rejected:
            faults.append(str(rejected))
            continue
        if rule.id in rules:
            faults.append(str(_fault(rule.id, "id", "used twice")))
        rules[rule.id] = rule
    if faults:
        raise Rejected("\n".join(faults))
    for rule in rules.values():
        faults += [str(_fault(rule.id, field, message)) for field, message in _faults(rule, rules, city)]
    if faults:
        raise Rejected("\n".join(faults))
    _refuse_circles(rules)
    return Rulebook(rules.values())


def _parse(item: Any, number: int) -> Rule:
    name = str(item.get("id", number)) if isinstance(item, dict) else str(number)
    kind = item.get("kind") if isinstance(item, dict) else None
    if not isinstance(kind, str) or kind not in KINDS:
        raise _fault(name, "kind", f"one of {', '.join(KINDS)} is needed")
    try:
        return KINDS[kind].model_validate(item)
    except ValidationError as error:
        raise Rejected("\n".join(f"{FILE}: rule {name}: {fault}" for fault in described(error))) from error


def _fault(rule: str, field: str, message: str) -> Rejected:
    return Rejected(f"{FILE}: rule {rule}: {field}: {message}")


def _faults(rule: Rule, rules: dict[str, Rule], city: City) -> Iterator[tuple[str, str]]:
    for language in ("de", "en"):
        if language not in rule.name:
            yield "name", f"the language {language} is missing"
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


def _refuse_circles(rules: dict[str, Rule]) -> None:
    done: set[str] = set()

    def visit(rule_id: str, above: tuple[str, ...]) -> None:
        if rule_id in above:
            circle = " → ".join((*above[above.index(rule_id) :], rule_id))
            raise _fault(rule_id, "rules", f"refers to itself: {circle}")
        rule = rules[rule_id]
        for part in rule.rules if isinstance(rule, Combination) and rule_id not in done else ():
            visit(part, (*above, rule_id))
        done.add(rule_id)

    for rule_id in rules:
        visit(rule_id, ())
