"""What rules, scopes, bodies and functions are called in the reader's language."""

from functools import lru_cache

from shared.city.by_hand import NAME as BY_HAND_NAME
from shared.city.by_hand import body_by_hand
from shared.city.city import City
from shared.city.scope_names import whereabouts
from shared.facts import Scope, ScopeKind
from shared.text.language import Language

_IN_FULL: dict[ScopeKind, dict[Language, str]] = {
    ScopeKind.DISTRICT: {"de": "Ortsteil {}", "en": "{}"},
    ScopeKind.CITY: {"de": "{}, ganze Stadt", "en": "{}, whole city"},
}


@lru_cache(maxsize=8)
def _rule_names(city: City) -> dict[str, dict[str, str]]:
    return {rule["id"]: rule["name"] for rule in city.read("rules.yaml") if "name" in rule}


def rule_name(city: City, rule: str, language: Language) -> str:
    """Return the name of a rule, or its id where the profile no longer has it."""
    names = BY_HAND_NAME if body_by_hand(rule) else _rule_names(city).get(rule, {})
    return names.get(language, rule)


def scope_name(city: City, scope: Scope, language: Language) -> str:
    """Return what people call a district, place, cell or the city, said in full."""
    name = whereabouts(scope, city)[language]
    return _IN_FULL[scope.kind][language].format(name) if scope.kind in _IN_FULL else name


def body_name(city: City, body: str, language: Language) -> str:
    """Return the name of a body, or its id where the profile no longer has it."""
    return city.bodies[body].name[language] if body in city.bodies else body


def measure_name(city: City, measure: str, language: Language) -> str:
    """Return what a kind of agreement is called, or its id where the profile no longer has it."""
    return city.measures[measure][language] if measure in city.measures else measure


def function_name(city: City, recipient: str, language: Language) -> str:
    """Return the name of a function, or of a deputy, in a body (`body/function`), or what was given."""
    body, _, function = recipient.partition("/")
    members = city.bodies[body].members if body in city.bodies else ()
    people = [*members, *(member.deputy for member in members if member.deputy)]
    return next((person.name[language] for person in people if person.function == function), recipient)
