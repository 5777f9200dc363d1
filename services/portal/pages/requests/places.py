"""Where something may be asked or called for: the whole city, its sensitive places, its districts; pure."""

from dataclasses import dataclass

from services.portal.pages.frame.reader import Reader
from shared.facts import Scope, ScopeKind


@dataclass(frozen=True)
class Group:
    """Places of one kind; each with what stands in the form, `kind:key`, and its name."""

    name: str
    places: list[tuple[str, str]]


def groups(reader: Reader) -> list[Group]:
    """Return all places of the city."""
    city, t = reader.city, reader.t
    whole = Scope(kind=ScopeKind.CITY, key=city.id)
    places = [(f"place:{place.id}", place.name) for place in city.places.values()]
    districts = [(f"district:{district.code}", district.name) for district in city.districts.values()]
    return [
        Group(t("places_sensitive"), sorted(places, key=lambda place: place[1])),
        Group(t("places_districts"), sorted(districts, key=lambda place: place[1])),
        Group(t("places_all"), [(str(whole), reader.labels.scope(whole))]),
    ]


def scope_of(chosen: str) -> dict[str, str]:
    """Return a chosen place as services take it; what names none is refused there."""
    kind, _, key = chosen.partition(":")
    return {"kind": kind, "key": key}
