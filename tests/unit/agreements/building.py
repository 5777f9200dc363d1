"""Agreements in Leipzig, and a service that keeps them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from services.agreements.domain import Agreement, Origin, Terms
from services.agreements.reminders import Calendar
from shared.city.city import City, load_city
from shared.city.profile import Reminders
from shared.city.workdays import workdays_of
from shared.facts import Owner, Scope, ScopeKind
from shared.system.settings import ROOT

MODERATION = "rapport/addiction_commissioner"
RENEWAL = "neighbourhood_alliance/urban_renewal"
NOW = datetime(2018, 5, 8, 9, tzinfo=UTC)
"""A rapport on a Tuesday, at eleven by Leipzig's clocks."""
KITA = Scope(kind=ScopeKind.PLACE, key="kita-koehlerstrasse")
TERMS = Terms(
    measure="building_work",
    title="Mauer der Kita höher und oben angeschrägt",
    note="",
    owner=Owner(seat=RENEWAL),
    scope=KITA,
    due_on=date(2018, 6, 15),
)


@cache
def leipzig() -> City:
    return load_city("leipzig", ROOT / "deploy" / "cities", Path("none"))


def terms(**changes: Any) -> Terms:
    return replace(TERMS, **changes)


def agreement(**changes: Any) -> Agreement:
    known = Agreement(
        id=UUID(int=1),
        body="rapport",
        terms=TERMS,
        origin=Origin(date(2018, 5, 8)),
        made_by=MODERATION,
        made_at=NOW,
        timed_at=NOW,
    )
    return replace(known, **changes)


def calendar(**changes: Any) -> Calendar:
    return Calendar(Reminders(**changes), workdays_of(leipzig()))
