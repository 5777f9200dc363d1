"""What stands on the pages of agreements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.portal.pages.agreements.client import ORGANISATION, SEAT, Line
from services.portal.pages.agreements.client import Agreement as Told
from services.portal.pages.frame.reader import Reader
from services.portal.read_model.agreements import Agreement
from shared.city.scopes import parse_scope
from shared.facts import FieldChange, Owner, Scope, ScopeKind

STATES = ("open", "in_progress", "done", "dropped")


@dataclass(frozen=True)
class Row:
    """An agreement as it stands in a table."""

    id: UUID
    title: str
    measure: str
    body: str
    owner: str
    place: str
    """Where, as exactly as the reader may know it; empty: they may not."""
    agreed_on: date
    due_on: date
    state: str
    """The state, or `overdue`."""
    state_label: str


def rows(reader: Reader, found: Sequence[Agreement], today: date) -> list[Row]:
    """Return agreements with their names."""
    return [_row(reader, each, today) for each in found]


def _row(reader: Reader, agreement: Agreement, today: date) -> Row:
    overdue = agreement.is_overdue(today)
    return Row(
        id=agreement.agreement_id,
        title=agreement.title,
        measure=reader.labels.measure(agreement.measure),
        body=reader.labels.body(agreement.body),
        owner=reader.labels.owner(agreement.owner),
        place=_place(reader, agreement),
        agreed_on=agreement.agreed_on,
        due_on=agreement.due_on,
        state="overdue" if overdue else agreement.state,
        state_label=reader.t("agreement_overdue" if overdue else f"agreement_{agreement.state}"),
    )


def _place(reader: Reader, agreement: Agreement) -> str:
    """Return where it is done, as exactly as the service itself tells the reader."""
    sight, function = reader.sight, agreement.owner.seat.partition("/")[2]
    is_theirs = function in sight.functions | sight.led or agreement.body in sight.moderated
    if agreement.scope.kind is ScopeKind.CITY or is_theirs or agreement.body in sight.exact:
        return reader.labels.scope(agreement.scope)
    return reader.labels.district(agreement.district) if agreement.body in sight.placed else ""


@dataclass(frozen=True)
class Difference:
    """What a term said before, and says since."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Happened:
    """One line of an agreement's history, in words."""

    line: Line
    what: str
    who: str
    for_whom: str
    differences: list[Difference]


def history(reader: Reader, lines: Sequence[Line]) -> list[Happened]:
    """Return what was done with an agreement, in words."""
    return [
        Happened(
            line=line,
            what=reader.t(f"agreement_did_{line.change}"),
            who=reader.labels.recipient(line.by),
            for_whom=reader.labels.owner(line.in_name_of) if line.in_name_of else "",
            differences=[_difference(reader, each) for each in line.fields if each.field != "state"],
        )
        for line in lines
    ]


def _difference(reader: Reader, change: FieldChange) -> Difference:
    before, after = (_worded(reader, change.field, text) for text in (change.before, change.after))
    return Difference(reader.t(f"agreement_{change.field}"), before, after)


def _worded(reader: Reader, field: str, text: str) -> str:
    match field:
        case "due_on":
            return reader.f.short_day(date.fromisoformat(text))
        case "scope":
            return reader.labels.scope(parse_scope(text))
        case "owner":
            return reader.labels.recipient(text) if "/" in text else text
        case "measure":
            return reader.labels.measure(text)
        case _:
            return text or "–"


def place_of(reader: Reader, scope: Scope | None) -> str:
    """Return where an agreement is done, in words."""
    return reader.labels.scope(scope) if scope else reader.t("agreement_place_hidden")


@dataclass(frozen=True)
class Choices:
    """What may be chosen in the form of an agreement."""

    measures: list[tuple[str, str]]
    owners: list[tuple[str, list[tuple[str, str]]]]
    """Seats and organisations in groups, each with what stands in the form and its name."""
    places: Sequence[Any]


def owners(reader: Reader, body: str, partners: Sequence[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return who may own an agreement of a body: its own seats first, its partners, then other bodies."""
    names = sorted(reader.city.bodies, key=lambda name: name != body)
    seats = [
        (
            reader.labels.body(name),
            [
                (f"{SEAT}{name}/{member.function}", reader.labels.text(member.name))
                for member in reader.city.bodies[name].members
            ],
        )
        for name in names
    ]
    organisations = [(f"{ORGANISATION}{name}", name) for name in partners]
    own, others = seats[:1], seats[1:]
    return [*own, *([(reader.t("agreement_partners"), organisations)] if organisations else []), *others]


def measures(reader: Reader) -> list[tuple[str, str]]:
    """Return every kind of agreement with its name."""
    return [(code, reader.labels.measure(code)) for code in reader.city.measures]


def owner_choices(reader: Reader, known: Sequence[Owner]) -> list[tuple[str, str]]:
    """Return who owns agreements, for the filter of the list; a function in several bodies is one."""
    named = {each.seat.partition("/")[2] or each.organisation: reader.labels.owner(each) for each in known}
    return sorted(named.items(), key=lambda pair: pair[1].casefold())


def summary(told: Told) -> str:
    """Return the state of an agreement, or `overdue`."""
    return "overdue" if told.overdue else told.state
