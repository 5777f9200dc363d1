"""Whether a report is well formed and fits the city: every field at fault is named at once; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import ValidationError

from services.intake.domain import CLOCK_SKEW, EARLIEST, Report, Where
from shared.city.city import City
from shared.errors import FieldError
from shared.web.fields import field_errors

LOCATION = frozenset({"latitude", "longitude", "district", "place"})


class Misfit(StrEnum):
    """Why a well-formed report does not fit the city."""

    UNKNOWN_CATEGORY = "unknown_category"
    TOO_EARLY = "too_early"
    IN_THE_FUTURE = "in_the_future"
    HALF_A_POSITION = "half_a_position"
    NO_LOCATION = "no_location"
    OUTSIDE = "outside"
    SWAPPED = "swapped"
    IN_NO_DISTRICT = "in_no_district"
    UNKNOWN_DISTRICT = "unknown_district"
    UNKNOWN_PLACE = "unknown_place"


MESSAGES: dict[Misfit, str] = {
    Misfit.UNKNOWN_CATEGORY: "unknown; known are {}",
    Misfit.TOO_EARLY: "before 1990",
    Misfit.IN_THE_FUTURE: "in the future",
    Misfit.HALF_A_POSITION: "latitude and longitude belong together",
    Misfit.NO_LOCATION: "where it was is missing: give latitude and longitude, place or district",
    Misfit.OUTSIDE: "outside {}",
    Misfit.SWAPPED: "latitude and longitude are swapped",
    Misfit.IN_NO_DISTRICT: "in no district of {}",
    Misfit.UNKNOWN_DISTRICT: "unknown code or name",
    Misfit.UNKNOWN_PLACE: "unknown id",
}


@dataclass(frozen=True)
class Fault:
    """One field at fault; `reason` is a Misfit or pydantic's name of the error, `detail` what is known."""

    field: str
    reason: str
    message: str
    detail: str = ""


class Invalid(Exception):  # noqa: N818
    """A report that cannot be accepted, with every field at fault."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{fault.field}: {fault.message}" for fault in faults))
        self.faults = tuple(faults)
        self.errors = tuple(FieldError(field=fault.field, message=fault.message) for fault in faults)


def misfit(field: str, reason: Misfit, detail: str = "") -> Fault:
    """Return a fault in its English words."""
    return Fault(field, reason, MESSAGES[reason].format(detail), detail)


def examine(item: object, city: City, now: datetime) -> tuple[Report, Where]:
    """Return what was reported and where; raises Invalid with all that is wrong in form and content."""
    try:
        report = Report.model_validate(item)
    except ValidationError as error:
        raise Invalid([*_malformed(error), *_beside(item, error, city, now)]) from error
    return report, check(report, city, now)


def check(report: Report, city: City, now: datetime) -> Where:
    """Return where the reported incident was; raises Invalid naming the fields that do not fit the city."""
    if faults := list(misfits(report, city, now)):
        raise Invalid(faults)
    at = _position(report, city)
    named = city.find_district(report.district) if report.district else None
    if at is None:
        return Where(district=named)
    district = named if city.profile.district_source == "report" else city.district_at(*at)
    return Where(*at, district, city.cell_at(*at), city.places_around(*at))


def misfits(report: Report, city: City, now: datetime) -> Iterator[Fault]:
    """Yield every field of a well-formed report that does not fit the city."""
    if report.category not in city.categories:
        yield misfit("category", Misfit.UNKNOWN_CATEGORY, ", ".join(city.categories))
    if report.occurred_at < EARLIEST:
        yield misfit("occurred_at", Misfit.TOO_EARLY)
    if report.occurred_at > now + CLOCK_SKEW:
        yield misfit("occurred_at", Misfit.IN_THE_FUTURE)
    if report.district is not None and city.find_district(report.district) is None:
        yield misfit("district", Misfit.UNKNOWN_DISTRICT)
    yield from _misplaced(report, city)


def _misplaced(report: Report, city: City) -> Iterator[Fault]:
    if (report.latitude is None) != (report.longitude is None):
        missing = "latitude" if report.latitude is None else "longitude"
        yield misfit(missing, Misfit.HALF_A_POSITION)
    elif report.latitude is None and report.place is not None and report.place not in city.places:
        yield misfit("place", Misfit.UNKNOWN_PLACE)
    elif report.latitude is None and report.place is None and report.district is None:
        yield misfit("latitude", Misfit.NO_LOCATION)
    elif at := _position(report, city):
        yield from _off_the_map(at, city)


def _off_the_map(at: tuple[float, float], city: City) -> Iterator[Fault]:
    if city.profile.bounds.contains(at[1], at[0]):
        yield misfit("latitude", Misfit.SWAPPED)
    elif not city.profile.bounds.contains(*at):
        yield misfit("latitude", Misfit.OUTSIDE, city.profile.name)
    elif city.profile.district_source == "position" and city.district_at(*at) is None:
        yield misfit("latitude", Misfit.IN_NO_DISTRICT, city.profile.name)


def _position(report: Report, city: City) -> tuple[float, float] | None:
    if report.latitude is not None and report.longitude is not None:
        at = (report.latitude, report.longitude)
        return None if city.is_unknown_position(*at) else at
    place = city.places.get(report.place or "")
    return (place.latitude, place.longitude) if place else None


def _malformed(error: ValidationError) -> Iterator[Fault]:
    kinds = [found["type"] for found in error.errors()]
    for kind, named in zip([*kinds, "further"], field_errors(error), strict=False):
        yield Fault(named.field, kind, named.message)


def _beside(item: object, error: ValidationError, city: City, now: datetime) -> list[Fault]:
    """Return what is wrong with the fields that are well formed, beside those that are not."""
    bad = {str(found["loc"][0]) for found in error.errors() if found["loc"]}
    if not isinstance(item, dict) or not bad:
        return []
    filled = {"category": next(iter(city.categories)), "occurred_at": EARLIEST.isoformat()}
    good = {name: value for name, value in item.items() if name in Report.model_fields and name not in bad}
    found = misfits(Report.model_validate(filled | good), city, now)
    nowhere = {Misfit.NO_LOCATION} if bad & LOCATION else set()
    return [fault for fault in found if fault.field not in bad and fault.reason not in nowhere]
