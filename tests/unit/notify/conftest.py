"""Builders: a city, facts about it, and a notify service that writes to a sender of the test's own."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest
import pytest_asyncio

from services.notify.app import service
from services.notify.channels.envelope import Letter
from services.notify.channels.mail import Mail
from shared import inbox
from shared.city import City, load_city
from shared.clock import MovableClock
from shared.envelope import seal
from shared.messages import (
    Convene,
    EscalationRaised,
    Evidence,
    Fact,
    MeetingReason,
    MeetingScheduled,
    Scope,
    ScopeKind,
)
from shared.process import Process
from shared.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2018, 4, 17, 9, 30, tzinfo=UTC)
SPACE = UUID("6ba7b812-9dad-11d1-80b4-00c04fd430c8")
ESCALATION = UUID(int=1)
MEETING = UUID(int=2)


@pytest.fixture(scope="session")
def leipzig(tmp_path_factory: pytest.TempPathFactory) -> City:
    return load_city("leipzig", ROOT / "deploy" / "cities", tmp_path_factory.mktemp("var"))


@pytest.fixture(scope="session")
def boston(tmp_path_factory: pytest.TempPathFactory) -> City:
    return load_city("boston", ROOT / "deploy" / "cities", tmp_path_factory.mktemp("var"))


def evidence(**changes: Any) -> Evidence:
    values: dict[str, Any] = {
        "rule": "syringes_near_sensitive_place",
        "rule_version": "3f2a9c01d7e4",
        "window_start": NOW - timedelta(days=14),
        "window_end": NOW,
        "counts": {"syringes_near_sensitive_place": 3},
        "thresholds": {"syringes_near_sensitive_place": 3},
        "incidents": tuple(UUID(int=n) for n in range(100, 103)),
    }
    return Evidence(**values | changes)


def raised(**changes: Any) -> EscalationRaised:
    values: dict[str, Any] = {
        "escalation_id": ESCALATION,
        "revision": 1,
        "rule": "syringes_near_sensitive_place",
        "scope": Scope(kind=ScopeKind.PLACE, key="kita-koehlerstrasse"),
        "started_at": NOW - timedelta(days=6),
        "raised_at": NOW,
        "evidence": evidence(),
        "sentence": {
            "de": "In den letzten 14 Tagen wurden im Umkreis der Kita Köhlerstraße 3 Spritzenfunde gemeldet; die Schwelle liegt bei 3.",
            "en": "In the last 14 days 3 syringe finds were reported near the day-care centre Köhlerstraße; the threshold is 3.",
        },
        "notify": ("extended_rapport",),
        "convene": Convene(body="extended_rapport", within_working_days=5),
    }
    return EscalationRaised(**values | changes)


def meeting(kind: type[Any] = MeetingScheduled, **changes: Any) -> Any:
    values: dict[str, Any] = {
        "meeting_id": MEETING,
        "uid": "meeting-2@rapport.example.org",
        "sequence": 0,
        "body": "extended_rapport",
        "reason": MeetingReason.ESCALATION,
        "starts_at": datetime(2018, 4, 19, 12, 0, tzinfo=UTC),
        "ends_at": datetime(2018, 4, 19, 13, 30, tzinfo=UTC),
        "location": "Neues Rathaus, Martin-Luther-Ring 4–6, 04109 Leipzig",
        "escalations": (ESCALATION,),
        "notes": {
            "de": ("Spritzenfunde an der Kita Köhlerstraße: 3 in 14 Tagen", "Sofortmaßnahmen und Zuständigkeiten"),
            "en": ("Syringe finds near the day-care centre Köhlerstraße: 3 in 14 days", "Immediate measures"),
        },
    }
    return kind(**values | changes)


class Memory:
    """A sender that keeps letters, or fails as it is told."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.failures: dict[str, list[Exception]] = {}

    async def send(self, letter: Letter) -> None:
        waiting = self.failures.get(letter.recipient, [])
        if waiting:
            raise waiting.pop(0)
        self.letters.append(letter)

    async def close(self) -> None:
        return None


class Desk:
    """A notify service with its clock and sender; facts go in, letters come out."""

    def __init__(self, process: Process, clock: MovableClock, sender: Memory, ids: Iterator[UUID]) -> None:
        self.process = process
        self.clock = clock
        self.sender = sender
        self.ids = ids
        self.runtime = process.runtimes["notify"]

    async def hear(self, *facts: Fact) -> None:
        now = self.clock.now()
        await inbox.receive(self.runtime, [seal(fact, next(self.ids), "test", now, None) for fact in facts])

    async def work(self) -> None:
        while await self.runtime.service.worker(self.runtime):  # type: ignore[misc]
            pass

    async def tell(self, *facts: Fact) -> list[Letter]:
        before = len(self.sender.letters)
        await self.hear(*facts)
        await self.work()
        return self.sender.letters[before:]

    def published(self) -> list[Fact]:
        assert self.runtime.relay
        return [envelope.fact() for envelope in self.runtime.relay.fresh]


@pytest.fixture
def ids() -> Iterator[UUID]:
    return (uuid5(SPACE, str(number)) for number in count())


@pytest_asyncio.fixture
async def desk(tmp_path: Path, leipzig: City, ids: Iterator[UUID]) -> AsyncIterator[Desk]:
    settings = Settings(var_dir=tmp_path, durable=False)
    clock, sender = MovableClock(NOW), Memory()
    declared = service(settings, {"mail": Mail(sender, settings.mail_from)})
    process = Process([declared], settings, leipzig, clock, ids.__next__)
    await process.open()
    yield Desk(process, clock, sender, ids)
    await process.close()
