"""What rules, places, functions and categories are called, for readers of one language."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter

from services.portal.pages.words import Words
from services.portal.read_model.sight import Concerned
from shared.city.by_hand import NAME as BY_HAND_NAME
from shared.city.by_hand import body_by_hand
from shared.city.city import City
from shared.city.outsiders import kind_of_outsider
from shared.city.profile import Body, Names, Role, Text
from shared.city.scope_names import whereabouts
from shared.facts import Owner, Scope, ScopeKind
from shared.text.language import Language


class Convened(BaseModel):
    """Which body a rule convenes."""

    body: str


class Rule(BaseModel):
    """What the portal needs of a rule of the city profile, of whatever kind."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    id: str
    name: Text
    categories: tuple[str, ...] = ()
    measure: str = "incidents"
    within: timedelta | None = None
    notify: tuple[str, ...] = ()
    convene: Convened | None = None

    @property
    def bodies(self) -> tuple[str, ...]:
        """Return the bodies that the rule alerts or convenes."""
        return (*self.notify, self.convene.body) if self.convene else self.notify


_RULES = TypeAdapter(tuple[Rule, ...])


def rules_of(city: City) -> dict[str, Rule]:
    """Return the rules of the city by id."""
    return {rule.id: rule for rule in _RULES.validate_python(city.read("rules.yaml"))}


def concerned_by(rules: Mapping[str, Rule], bodies: Mapping[str, Body]) -> Concerned:
    """Return which bodies an escalation concerns, as the escalation service decides it."""
    convened = {rule.convene.body for rule in rules.values() if rule.convene} & bodies.keys()
    leads = [name for name in convened if any(m.role is Role.LEADERSHIP for m in bodies[name].members)]
    return Concerned({rule.id: rule.bodies for rule in rules.values()}, leads)


def _named(text: Mapping[Any, str], language: Language, otherwise: str) -> str:
    return text.get(language) or next(iter(text.values()), otherwise)


class Labels:
    """Names in one language; what the profile does not know (any more) is shown by its id."""

    def __init__(self, city: City, rules: Mapping[str, Rule], language: Language) -> None:
        self.city = city
        self.rules = rules
        self.language = language
        self.words = Words(language)
        self._names: Mapping[str, Names] = {}
        self._named_in: Mapping[str, Body] | None = None

    def text(self, text: Mapping[Any, str]) -> str:
        """Return a text in this language, or in any."""
        return _named(text, self.language, "")

    def rule(self, rule: str) -> str:
        known = self.rules.get(rule)
        if body_by_hand(rule):
            return self.text(BY_HAND_NAME)
        return _named(known.name, self.language, rule) if known else rule

    def category(self, category: str) -> str:
        """Return the name of a category as it stands in a legend or a heading."""
        name = _named(self.city.categories.get(category, {}), self.language, category)
        return name[:1].upper() + name[1:]

    def district(self, code: str | None) -> str:
        known = self.city.districts.get(code or "")
        return known.name if known else code or self.words("no_district")

    def scope(self, scope: Scope) -> str:
        """Return what a scope is called."""
        if scope.kind is ScopeKind.CITY:
            return self.words("whole_city")
        name = whereabouts(scope, self.city)[self.language]
        return name[:1].upper() + name[1:] if scope.kind is ScopeKind.CELL else name

    def agency(self, agency: str | None) -> str:
        known = self.city.agencies.get(agency or "")
        return _named(known.name, self.language, known.id) if known else agency or self.words("no_agency")

    def body(self, body: str) -> str:
        known = self.city.bodies.get(body)
        return _named(known.name, self.language, body) if known else body

    def recipient(self, recipient: str) -> str:
        """Return the name of a function given as `body/function` or `function`."""
        if outside := kind_of_outsider(recipient):
            return self.words(f"who_{outside}")
        known = self._people().get(recipient.rpartition("/")[2])
        return _named(known, self.language, recipient) if known else recipient

    def measure(self, measure: str) -> str:
        """Return the name of a kind of agreement as it stands in a heading."""
        name = _named(self.city.measures.get(measure, {}), self.language, measure)
        return name[:1].upper() + name[1:]

    def owner(self, owner: Owner) -> str:
        """Return what who owns an agreement is called."""
        return self.recipient(owner.seat) if owner.seat else owner.organisation

    def _people(self) -> Mapping[str, Names]:
        """Return what functions are called; looked up anew where the bodies have changed."""
        if self._named_in is not self.city.bodies:
            members = [member for body in self.city.bodies.values() for member in body.members]
            deputies = [member.deputy for member in members if member.deputy]
            named = {holder.function: holder.name for holder in (*deputies, *members)}
            organizer = self.city.profile.organizer
            self._names = {organizer.function: organizer.name} | named
            self._named_in = self.city.bodies
        return self._names
