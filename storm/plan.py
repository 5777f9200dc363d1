"""What the agencies will say, drawn from a seed: reports, corrections, withdrawals; pure."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bench.town import BATCH, Feed

AGENCIES = ("public_order_office", "police", "street_work")
CALLING = 5
"""One incident of every fifth batch calls a meeting by itself."""
CORRECTED, WITHDRAWN = 0.06, 0.04


@dataclass(frozen=True)
class Deed:
    """One incident as it is first reported, and what its agency makes of it later."""

    report: dict[str, Any]
    correction: dict[str, Any] | None
    withdrawn: bool

    @property
    def final(self) -> dict[str, Any]:
        """What was said about it last."""
        return self.correction or self.report


@dataclass(frozen=True)
class Parcel:
    """Incidents that one agency reports together."""

    agency: str
    deeds: tuple[Deed, ...]
    doubled: bool
    """Whether it is sent to both replicas at the same time."""


def parcels(incidents: int, seed: int) -> Iterator[Parcel]:
    """Return about `incidents` incidents in parcels, for the agencies in turn."""
    rng = random.Random(seed)
    feed = Feed(seed)
    for number in range(max(incidents // BATCH, 1)):
        reports = feed.batch()
        if number % CALLING == 0:
            reports[-1] = feed.single()[1]
        deeds = tuple(_deed(report, rng) for report in reports)
        yield Parcel(AGENCIES[number % len(AGENCIES)], deeds, doubled=rng.random() < 0.1)


def _deed(report: dict[str, Any], rng: random.Random) -> Deed:
    correction = _corrected(report, rng) if rng.random() < CORRECTED else None
    return Deed(report, correction, withdrawn=rng.random() < WITHDRAWN)


def _corrected(report: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """Return the report with another number, another time or another place."""
    earlier = datetime.fromisoformat(report["occurred_at"]) - timedelta(days=rng.randint(1, 40))
    changes: dict[str, Any] = rng.choice(
        [
            {"quantity": report["quantity"] + rng.randint(1, 5)},
            {"occurred_at": earlier.isoformat()},
            {"latitude": round(report["latitude"] + rng.uniform(0.001, 0.01), 6)},
        ]
    )
    return report | changes
