"""Builders for tests of the escalation service."""

import itertools
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import SecretStr

from rapport.process.process import Process
from services.escalation.app import SERVICE
from services.escalation.conditions import loading
from services.escalation.conditions.book import Rulebook
from services.escalation.domain import Escalation
from services.escalation.handlers import Taken, answer_escalation, decide_escalation
from services.escalation.replies import Answer, Decision, Ruling, Said
from services.escalation.store import escalations
from shared.access.caller import Caller, Via
from shared.city.city import City, load_city
from shared.facts import ActionTaken, Fact, IncidentCorrected, IncidentReported, IncidentWithdrawn
from shared.messaging.envelope import seal
from shared.messaging.inbox import find_dead
from shared.runtime.receiving import receive
from shared.runtime.service import Runtime
from shared.system.clock import MovableClock
from shared.system.settings import ROOT, Settings
from shared.text.yaml_text import Document

START = datetime(2018, 4, 1, 10, tzinfo=UTC)
KITA = "kita-koehlerstrasse"
NAME = {"de": "Viele Funde", "en": "Many finds"}


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def a_count(rule: str = "finds", **changes: Any) -> dict[str, Any]:
    return {
        "id": rule,
        "kind": "count",
        "scope": "district",
        "categories": ["syringe_find"],
        "at_least": 3,
        "measure": "incidents",
        "within": "P14D",
        "calm": "P14D",
        "name": NAME,
        "notify": ["extended_rapport"],
        "renew_after": "P0D",
    } | changes


def a_rise(rule: str = "rise", **changes: Any) -> dict[str, Any]:
    known = a_count(rule, kind="rate_change", factor=2, at_least=4, before_at_least=2, within="P7D")
    return known | changes


def an_unusual_week(rule: str = "unusual", **changes: Any) -> dict[str, Any]:
    known = a_count(rule, kind="farrington", years=1, at_least=3)
    return {key: value for key, value in known.items() if key not in {"measure", "within"}} | changes


def a_part(rule: str, **changes: Any) -> dict[str, Any]:
    return {key: value for key, value in a_count(rule, escalate=False, **changes).items() if key != "notify"}


def a_combination(kind: str, rules: Sequence[str], rule: str = "together", **changes: Any) -> dict[str, Any]:
    return {
        "id": rule,
        "kind": kind,
        "scope": "district",
        "rules": list(rules),
        "calm": "P14D",
        "name": {"de": "Besondere Problemlage", "en": "Special problem situation"},
        "notify": ["extended_rapport"],
        "convene": {"body": "extended_rapport", "within_working_days": 5},
        "renew_after": "P0D",
    } | changes


def leipzig() -> City:
    return load_city("leipzig", ROOT / "deploy" / "cities", ROOT / "var" / "none")


def a_book(*rules: dict[str, Any]) -> Rulebook:
    return loading.parse_rules(Document("rules.yaml", list(rules)), leipzig())


_ids = itertools.count(1)


def new_id() -> UUID:
    return UUID(int=next(_ids))


def a_find(at: datetime | float, **changes: Any) -> IncidentReported:
    occurred_at = at if isinstance(at, datetime) else day(at)
    known = {
        "incident_id": new_id(),
        "revision": 1,
        "agency": "street_work",
        "category": "syringe_find",
        "quantity": 1,
        "occurred_at": occurred_at,
        "reported_at": occurred_at,
        "district": "20",
    }
    return IncidentReported(**(known | changes))


def corrected(incident: IncidentReported, revision: int = 2, **changes: Any) -> IncidentCorrected:
    return IncidentCorrected(**(incident.model_dump() | {"revision": revision} | changes))


def withdrawn(incident: IncidentReported, revision: int = 2) -> IncidentWithdrawn:
    return IncidentWithdrawn(incident_id=incident.incident_id, revision=revision)


LEADER = "extended_rapport/police_president"
CHAIR = "extended_rapport/addiction_commissioner"


class Town:
    """A city with its own rules, whose escalation service is told facts and looked at."""

    def __init__(self, settings: Settings, city: City, clock: MovableClock) -> None:
        self.settings = settings
        self.city = city
        self.clock = clock

    async def start(self) -> None:
        self.process = Process([SERVICE], self.settings, self.city, self.clock, new_id)
        if self.city in loading._books:
            loading._books[self.runtime.city] = loading._books[self.city]
        await self.process.open()
        while await self.process.step():
            pass  # the relay looks for leftovers

    async def restart(self) -> None:
        """End the process and start another on the same database."""
        await self.process.close()
        await self.start()

    @property
    def runtime(self) -> Runtime:
        return self.process.runtimes["escalation"]

    @property
    def now(self) -> datetime:
        return self.clock.now()

    async def hear(self, *facts: Fact) -> None:
        """Take facts in one group."""
        await receive(self.runtime, [seal(fact, new_id(), "test", self.now, None) for fact in facts])
        async with self.runtime.reading() as tx:
            assert [dead.reason for dead in await find_dead(tx)] == []

    async def hear_each(self, facts: Iterable[Fact]) -> None:
        """Take facts one by one, each at the time at which it happened."""
        for fact in facts:
            self.clock.move_to(getattr(fact, "occurred_at", self.now))
            await self.hear(fact)

    async def wait_until(self, instant: datetime | float) -> None:
        self.clock.move_to(instant if isinstance(instant, datetime) else day(instant))
        await self.process.tick()

    async def answer(self, each: Escalation, said: Said, seat: str = LEADER, **how: Any) -> Taken:
        """Answer for a seat as who holds it, or as `by`."""
        by = how.pop("by", seat)
        async with self.runtime.transaction() as tx:
            given = Answer(seat, said, by, "key", tx.now, **how)
            return await answer_escalation(each.id, given, Caller(Via.KEY, by, (by,)), tx)

    async def note(self, each: Escalation, seat: str = LEADER) -> Taken:
        return await self.answer(each, Said.NOTED, seat)

    async def object(self, each: Escalation, seat: str = LEADER, until: float | None = None) -> Taken:
        end = None if until is None else day(until)
        return await self.answer(each, Said.NOT_NEEDED, seat, reason="Hecke wird geschnitten", until=end)

    async def decide(self, each: Escalation, ruling: Ruling, **how: Any) -> Taken:
        """Decide as moderation."""
        async with self.runtime.transaction() as tx:
            given = Decision(ruling, CHAIR, "key", tx.now, **how)
            return await decide_escalation(each.id, given, Caller(Via.KEY, CHAIR, (CHAIR,)), tx)

    async def call_off(self, each: Escalation, until: float) -> Taken:
        return await self.decide(each, Ruling.CALL_OFF, reason="Einsatz läuft schon", until=day(until))

    def said(self, kind: type[Fact] | None = None) -> list[Any]:
        """What went out since the start, in order."""
        assert self.runtime.relay
        facts = [envelope.fact() for envelope in self.runtime.relay.fresh]
        wanted = kind or Fact
        return [fact for fact in facts if isinstance(fact, wanted) and not isinstance(fact, ActionTaken)]

    async def escalations(self) -> list[Escalation]:
        async with self.runtime.reading() as tx:
            found = await escalations.find_all(tx, await escalations.find_rules(tx), 1_000)
        return sorted(found, key=lambda each: (each.rule, each.episode))


@asynccontextmanager
async def a_town(
    folder: Path,
    *rules: dict[str, Any],
    now: datetime = START,
    database: str | None = None,
    city: City | None = None,
) -> AsyncIterator[Town]:
    """A running service in Leipzig with these rules instead of Leipzig's."""
    city = city or leipzig()
    if rules:
        loading._books[city] = loading.parse_rules(Document("rules.yaml", list(rules)), city)
    clock = MovableClock(now)
    settings = Settings(var_dir=folder, durable=False, database_url=SecretStr(database) if database else None)
    town = Town(settings, city, clock)
    await town.start()
    try:
        yield town
    finally:
        await town.process.close()
