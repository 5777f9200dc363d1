"""The city and the incidents of the benchmark: Leipzig's profile, with places and one recipient of its own.

Leipzig's rules hold as they are, but none convenes a body, so that one escalation is one mail. Beside them
one rule raises an escalation for every single incident; only the measurement of latency uses it.
"""

import itertools
import random
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from shared.system.settings import ROOT

AGENCY = "public_order_office"
BATCH = 100
PLANTED = 3
"""Syringe finds of each batch that lie at one sensitive place: what its rule needs for one escalation."""
SIDE = 40
"""Sensitive places lie on a grid of SIDE x SIDE, 300 m apart or more."""
SOUTH, WEST, HEIGHT, WIDTH = 51.285, 12.28, 0.115, 0.19
MIX = {"syringe_find": 500, "complaint": 300, "open_use": 90, "dealing": 70, "violence": 38, "new_scene": 2}
YEARS = timedelta(days=5 * 365)
ACUTE = {
    "id": "acute",
    "kind": "count",
    "scope": "place",
    "categories": ["other"],
    "at_least": 1,
    "within": "P1D",
    "calm": "P1D",
    "name": {"de": "Sofortmeldung", "en": "Immediate report"},
    "notify": ["extended_rapport"],
}
BODY = {
    "id": "extended_rapport",
    "name": {"de": "Erweiterter Drogenrapport", "en": "Extended Drug Rapport"},
    "duration": "PT90M",
    "location": "Neues Rathaus",
    "members": [
        {
            "function": "police_president",
            "role": "leadership",
            "name": {"de": "Polizeipräsident:in", "en": "Chief of Police"},
            "mail": "polizeipraesidium@example.org",
        }
    ],
}


def build_town(cities: Path, rules: int = 0) -> None:
    """Write the profile `leipzig` of the benchmark below `cities`, with `rules` rules or those it needs."""
    folder = cities / "leipzig"
    shutil.copytree(ROOT / "deploy" / "cities" / "leipzig", folder)
    own = yaml.safe_load((folder / "rules.yaml").read_text(encoding="utf-8"))
    for rule in own:
        rule.pop("convene", None)
    (folder / "rules.yaml").write_text(
        yaml.safe_dump([*own, ACUTE, *_beyond(rules - len(own) - 1)]), encoding="utf-8"
    )
    (folder / "bodies.yaml").write_text(yaml.safe_dump([BODY]), encoding="utf-8")
    rows = [f"p{i:04},{name_of(i)},kita,{at[0]:.5f},{at[1]:.5f},25" for i, at in enumerate(_grid())]
    heading = "id,name,kind,latitude,longitude,radius_m"
    (folder / "places.csv").write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")


def _beyond(count: int) -> list[dict[str, Any]]:
    """Return rules whose thresholds are out of reach: they are looked at and never met."""
    looked_at = itertools.cycle(itertools.product(("district", "place", "cell", "city"), MIX))
    return [
        {
            "id": f"beyond_{number}",
            "kind": "count",
            "scope": scope,
            "categories": [category],
            "at_least": 100_000 + number,
            "within": f"P{1 + number % 60}D",
            "calm": "P7D",
            "name": {"de": f"Regel {number}", "en": f"Rule {number}"},
            "notify": ["extended_rapport"],
        }
        for number, (scope, category) in enumerate(itertools.islice(looked_at, max(count, 0)))
    ]


def name_of(place: int) -> str:
    """Return how a sensitive place is called, in the subject of its mails too."""
    return f"Kita {place:04}"


def _grid() -> list[tuple[float, float]]:
    return [
        (SOUTH + HEIGHT * row / SIDE, WEST + WIDTH * column / SIDE)
        for row in range(SIDE)
        for column in range(SIDE)
    ]


class Feed:
    """Incidents that have not been used yet; the same seed gives the same ones.

    Each batch raises exactly one escalation: what else it holds is spread over the districts and five
    years so thinly that no other rule comes near its threshold.
    """

    def __init__(self, seed: int = 1, first: int = 0) -> None:
        self.random = random.Random(seed)
        self.places = iter(enumerate(_grid()))
        self.number = first
        self.start = datetime.now(UTC) - timedelta(hours=2)

    def batch(self) -> list[dict[str, Any]]:
        """Return BATCH incidents that together raise one escalation."""
        _, at = next(self.places)
        planted = [self._incident("syringe_find", at, timedelta(minutes=i)) for i in range(PLANTED)]
        others = [self._anywhere() for _ in range(BATCH - PLANTED)]
        found = [*planted, *others]
        self.random.shuffle(found)
        return found

    def single(self) -> tuple[str, dict[str, Any]]:
        """Return an incident that raises an escalation by itself, with the name of its place."""
        place, at = next(self.places)
        return name_of(place), self._incident("other", at, timedelta(0))

    def _anywhere(self) -> dict[str, Any]:
        [category] = self.random.choices(list(MIX), list(MIX.values()))
        at = (SOUTH + HEIGHT * self.random.random(), WEST + WIDTH * self.random.random())
        return self._incident(category, at, self.random.random() * YEARS)

    def _incident(self, category: str, at: tuple[float, float], before: timedelta) -> dict[str, Any]:
        self.number += 1
        return {
            "external_id": f"B-{self.number:07}",
            "category": category,
            "occurred_at": (self.start - before).isoformat(),
            "quantity": self.random.randint(1, 3) if category == "syringe_find" else 1,
            "latitude": round(at[0], 6),
            "longitude": round(at[1], 6),
        }

    def batches(self, count: int) -> Iterator[list[dict[str, Any]]]:
        """Return several batches."""
        return (self.batch() for _ in range(count))
