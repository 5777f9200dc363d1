"""What the messages about agreements show, in the reader's language; pure."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from services.notify import dates
from services.notify.domain import plain
from services.notify.naming import body_name, function_name, measure_name, scope_name
from shared.city.city import City
from shared.city.scopes import parse_scope
from shared.facts import (
    AgreementChanged,
    AgreementDue,
    AgreementFact,
    AgreementOverdue,
    AgreementStep,
    FieldChange,
    Owner,
)
from shared.text.language import Language


@dataclass(frozen=True)
class Difference:
    """What a term said before, and says now."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class AgreementView:
    """What the messages about one agreement show."""

    title: str
    measure: str
    note: str
    body: str
    place: str
    owner: str
    agreed: str
    due: str
    cost: str
    belongs_to: str
    for_organisation: str
    """The organisation without a seat that owns it, for which moderation gets the message; or empty."""
    change: str = ""
    differences: tuple[Difference, ...] = ()
    reason: str = ""
    by: str = ""
    reported: bool = False
    """Whether somebody has reported in the owner's name."""


@dataclass(frozen=True)
class Line:
    """One agreement of several."""

    title: str
    body: str
    place: str
    owner: str
    due: str
    days: int
    """How many days ago it was due, negative: it will be."""


@dataclass(frozen=True)
class AgreementsView:
    """What reminders show; `first` is the only one, where there is one."""

    lines: tuple[Line, ...]
    owner: str
    for_organisation: str = ""

    @property
    def first(self) -> Line:
        return self.lines[0]

    @property
    def count(self) -> int:
        return len(self.lines)

    @property
    def latest(self) -> int:
        """Return how many days ago the first of them was due."""
        return max(line.days for line in self.lines)


def agreement(fact: AgreementFact, city: City, language: Language) -> AgreementView:
    """Return what the messages about one agreement show."""
    changed = fact if isinstance(fact, AgreementChanged) else None
    return AgreementView(
        title=plain(fact.title),
        measure=plain(measure_name(city, fact.measure, language)),
        note=plain(fact.note),
        body=plain(body_name(city, fact.body, language)),
        place=plain(scope_name(city, fact.scope, language)),
        owner=owner_name(fact.owner, city, language),
        agreed=dates.calendar_day(fact.agreed_on, language),
        due=dates.calendar_day(fact.due_on, language),
        cost=plain(fact.cost),
        belongs_to=plain(fact.belongs_to),
        for_organisation=plain(fact.owner.organisation),
        **_change(changed, city, language) if changed else {},
    )


def _change(fact: AgreementChanged, city: City, language: Language) -> dict[str, Any]:
    shown = (each for each in fact.fields if each.field != "state")
    return {
        "change": fact.change,
        "differences": tuple(_difference(each, city, language) for each in shown),
        "reason": plain(fact.reason),
        "by": plain(function_name(city, fact.by, language)),
        "reported": fact.in_name_of is not None,
    }


def _difference(change: FieldChange, city: City, language: Language) -> Difference:
    before, after = (
        plain(_worded(change.field, text, city, language)) for text in (change.before, change.after)
    )
    return Difference(change.field, before, after)


def _worded(field: str, text: str, city: City, language: Language) -> str:
    match field:
        case "due_on":
            return dates.calendar_day(date.fromisoformat(text), language)
        case "scope":
            return scope_name(city, parse_scope(text), language)
        case "owner":
            return function_name(city, text, language) if "/" in text else text
        case "measure":
            return measure_name(city, text, language)
        case _:
            return text


def reminders(fact: AgreementDue | AgreementOverdue, city: City, language: Language) -> AgreementsView:
    """Return what a reminder shows, or what tells others that agreements stay undone."""
    at = fact.reminded_at if isinstance(fact, AgreementDue) else fact.noticed_at
    today = at.astimezone(city.zone).date()
    lines = tuple(_line(step, today, city, language) for step in fact.agreements)
    owner = fact.owner if isinstance(fact, AgreementDue) else fact.agreements[0].owner
    named = fact.owner.organisation if isinstance(fact, AgreementDue) else ""
    return AgreementsView(lines, owner_name(owner, city, language), plain(named))


def _line(step: AgreementStep, today: date, city: City, language: Language) -> Line:
    return Line(
        title=plain(step.title),
        body=plain(body_name(city, step.body, language)),
        place=plain(scope_name(city, step.scope, language)),
        owner=owner_name(step.owner, city, language),
        due=dates.calendar_day(step.due_on, language),
        days=(today - step.due_on).days,
    )


def owner_name(owner: Owner, city: City, language: Language) -> str:
    """Return what who owns an agreement is called."""
    return plain(function_name(city, owner.seat, language) if owner.seat else owner.organisation)
