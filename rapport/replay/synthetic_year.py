"""One synthetic year of incidents in Leipzig, for demonstrations and tests.

Nothing in it has happened. It is drawn with a fixed seed after published figures (`feed_leipzig`), with
seasons, weekdays and hours, late reports, rows that were sent twice and rows that intake must refuse.
Every row says `source` = `synthetic`.
"""

import csv
import math
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rapport.replay import synthetic_leipzig as drawn_after
from rapport.replay.synthetic_leipzig import Area, Burst, Planted, Stream
from shared.city.city import City
from shared.city.geography import METRES_PER_DEGREE

COLUMNS = (
    "report_id",
    "agency",
    "category",
    "quantity",
    "occurred_at",
    "reported_at",
    "latitude",
    "longitude",
    "source",
)
SCATTER_M = 350.0
"""How far from a district's centre its ordinary incidents lie."""

MEAN_DELAY_HOURS = {"citizen_line": 0.3, "police": 4.0, "street_work": 8.0}


@dataclass(frozen=True)
class Draft:
    """An incident before it is written down; instants are aware, in the city's zone."""

    agency: str
    category: str
    occurred_at: datetime
    reported_at: datetime
    latitude: float
    longitude: float
    quantity: int = 1


def leipzig_year(city: City, year: int, seed: int) -> Iterator[dict[str, str]]:
    """Yield the rows of a year in the order in which they are reported; the same for the same seed."""
    drafts = list(_Year(city, year, random.Random(f"leipzig {year} {seed}")).drafts())
    rng = random.Random(f"mistakes {year} {seed}")
    drafts += _faulty(drafts, city, rng)
    rows = [_row(number, draft) for number, draft in enumerate(_by_report(drafts), start=1)]
    repeated = [_sent_again(row, rng) for row in rng.sample(rows, drawn_after.DUPLICATES)]
    yield from sorted(rows + repeated, key=lambda row: datetime.fromisoformat(row["reported_at"]))


def write_csv(path: Path, rows: Iterable[Mapping[str, str]]) -> None:
    """Write rows with a heading line."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


class _Year:
    def __init__(self, city: City, year: int, rng: random.Random) -> None:
        self.zone, self.rng = city.zone, rng
        self.days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
        self.days = [day for day in self.days if day.year == year]
        self.districts, self.weights = _weighted_districts(city)

    def drafts(self) -> Iterator[Draft]:
        planted = [draft for episode in drawn_after.PLANTED for draft in self._episode(episode)]
        yield from planted
        found = sum(draft.quantity for draft in planted if _counts_as_collected(draft))
        yield from self._finds(drawn_after.SYRINGES_OF_THE_YEAR - found)
        for stream in (*drawn_after.STREAMS, _violence()):
            days = self._busy_days(stream, stream.count)
            yield from (self._ordinary(stream, day) for day in days)

    def _episode(self, episode: Planted) -> Iterator[Draft]:
        year = self.days[0].year
        first, last = date(year, *episode.first), date(year, *episode.last)
        for burst in episode.bursts:
            for day in _spread_evenly(first, last, burst.count):
                yield self._burst(burst, day)

    def _burst(self, burst: Burst, day: date) -> Draft:
        draft = self._draft(_stream_of(burst.category), burst.agency, day, burst.area)
        return replace(draft, quantity=self._syringes()) if _counts_as_collected(draft) else draft

    def _finds(self, syringes: int) -> Iterator[Draft]:
        while syringes > 0:
            quantity = min(self._syringes(), syringes)
            syringes -= quantity
            (day,) = self._busy_days(drawn_after.FINDS, 1)
            yield replace(self._ordinary(drawn_after.FINDS, day), quantity=quantity)

    def _syringes(self) -> int:
        return min(25, 1 + int(self.rng.expovariate(1 / 2.2)))

    def _ordinary(self, stream: Stream, day: date) -> Draft:
        (agency,) = self.rng.choices(list(stream.agencies), list(stream.agencies.values()))
        return self._draft(stream, agency, day, self._somewhere(stream))

    def _somewhere(self, stream: Stream) -> Area:
        if self.rng.random() < stream.focus_share:
            shares = [share for _, share in drawn_after.FOCUS]
            return self.rng.choices(drawn_after.FOCUS, shares)[0][0]
        (centre,) = self.rng.choices(self.districts, self.weights)
        return Area(centre, centre, SCATTER_M)

    def _draft(self, stream: Stream, agency: str, day: date, area: Area) -> Draft:
        occurred_at = self._time(stream, day)
        latitude, longitude = _point(area, self.rng)
        reported_at = occurred_at + self._delay(agency)
        return Draft(agency, stream.category, occurred_at, reported_at, latitude, longitude)

    def _time(self, stream: Stream, day: date) -> datetime:
        minutes = int(60 * self.rng.triangular(*stream.hours)) % (24 * 60)
        return _on_the_clock(datetime.combine(day, time(*divmod(minutes, 60)), self.zone), self.zone)

    def _delay(self, agency: str) -> timedelta:
        if self.rng.random() < drawn_after.LATE_SHARE:
            return timedelta(minutes=self.rng.randint(2 * 24 * 60, 30 * 24 * 60))
        hours = self.rng.expovariate(1 / MEAN_DELAY_HOURS.get(agency, 2.0))
        return timedelta(minutes=1 + int(60 * hours))

    def _busy_days(self, stream: Stream, count: int) -> list[date]:
        weights = [_busyness(stream, day) for day in self.days]
        return self.rng.choices(self.days, weights, k=count)


def _busyness(stream: Stream, day: date) -> float:
    weekend = stream.weekend if day.weekday() in (5, 6) else 1.0
    return drawn_after.MONTHS[day.month - 1] * weekend


def _violence() -> Stream:
    cases = drawn_after.BODILY_HARM_OF_THE_CITY * drawn_after.SCENE_SHARE_OF_BODILY_HARM
    return replace(drawn_after.VIOLENCE, count=round(cases))


def _stream_of(category: str) -> Stream:
    streams = (drawn_after.FINDS, drawn_after.VIOLENCE, *drawn_after.STREAMS)
    return next(stream for stream in streams if stream.category == category)


def _counts_as_collected(draft: Draft) -> bool:
    return draft.category == "syringe_find" and draft.agency == "public_order_office"


def _weighted_districts(city: City) -> tuple[list[tuple[float, float]], list[float]]:
    known = drawn_after.BODILY_HARM
    rest = drawn_after.BODILY_HARM_OF_THE_CITY - sum(known.values())
    share = rest / (len(city.districts) - len(known))
    centred = [d for d in city.districts.values() if d.latitude is not None and d.longitude is not None]
    centres = [(d.latitude or 0.0, d.longitude or 0.0) for d in centred]
    return centres, [known.get(d.name, share) for d in centred]


def _spread_evenly(first: date, last: date, count: int) -> list[date]:
    days = (last - first).days + 1
    return [first + timedelta(days=n * days // count) for n in range(count)]


def _point(area: Area, rng: random.Random) -> tuple[float, float]:
    along, off, turn = rng.random(), area.spread_m * math.sqrt(rng.random()), math.tau * rng.random()
    latitude = area.start[0] + along * (area.end[0] - area.start[0])
    longitude = area.start[1] + along * (area.end[1] - area.start[1])
    east = METRES_PER_DEGREE * math.cos(math.radians(latitude))
    latitude += off * math.sin(turn) / METRES_PER_DEGREE
    return round(latitude, 5), round(longitude + off * math.cos(turn) / east, 5)


def _on_the_clock(at: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant as clocks show it, also where a clock change skips the given wall time."""
    return datetime.fromtimestamp(at.timestamp(), zone)


def _faulty(drafts: list[Draft], city: City, rng: random.Random) -> list[Draft]:
    north = city.profile.bounds.north + 0.5
    broken = {
        "outside": lambda draft: replace(draft, latitude=round(north, 5)),
        "quantity": lambda draft: replace(draft, quantity=0),
        "category": lambda draft: replace(draft, category="graffiti"),
        "future": lambda draft: replace(draft, occurred_at=draft.reported_at + timedelta(days=365)),
    }
    return [
        broken[mistake](draft)
        for mistake, count in drawn_after.FAULTS.items()
        for draft in rng.sample(drafts, count)
    ]


def _by_report(drafts: list[Draft]) -> list[Draft]:
    return sorted(drafts, key=lambda draft: (draft.reported_at, draft.occurred_at, draft.latitude))


def _row(number: int, draft: Draft) -> dict[str, str]:
    cells = (
        f"S-{number:05d}",
        draft.agency,
        draft.category,
        str(draft.quantity),
        draft.occurred_at.isoformat(timespec="minutes"),
        draft.reported_at.isoformat(timespec="minutes"),
        str(draft.latitude),
        str(draft.longitude),
        "synthetic",
    )
    return dict(zip(COLUMNS, cells, strict=True))


def _sent_again(row: dict[str, str], rng: random.Random) -> dict[str, str]:
    later = datetime.fromisoformat(row["reported_at"]) + timedelta(minutes=rng.randint(5, 2_880))
    return row | {"reported_at": later.isoformat(timespec="minutes")}
