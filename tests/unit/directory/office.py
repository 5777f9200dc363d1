"""A directory that runs, and what people ask of it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any, TypeVar
from uuid import NAMESPACE_OID, UUID, uuid5

import httpx
from fastapi import FastAPI

from rapport.process.process import Process
from services.directory.app import service as directory
from shared.access.assertion import Assertions, make_signing_key
from shared.access.caller import Caller, Via
from shared.city.city import City
from shared.facts import ActionTaken, BodyChanged, Fact, JoinAnswered, JoinRequested
from shared.messaging.envelope import Envelope
from shared.messaging.subscriber import Subscriber
from shared.runtime.service import Service
from shared.system.clock import MovableClock
from shared.system.settings import Settings

NOW = datetime(2018, 4, 9, 8, tzinfo=UTC)
MODERATOR = "extended_rapport/addiction_commissioner"
DEPUTY_MODERATOR = "extended_rapport/addiction_commissioner_deputy"
PRESIDENT = "extended_rapport/police_president"
NOTIFY = Caller(Via.SERVICE, "notify")
BODY = "/bodies/extended_rapport"
F = TypeVar("F", bound=Fact)


def at(seat: str, *more: str) -> Caller:
    """Return who is signed in and holds these seats."""
    return Caller(Via.SESSION, seat, (seat, *more))


class Office:
    """A directory with its clock."""

    def __init__(self, settings: Settings, city: City, service: Service | None = None) -> None:
        self.service = service or directory(settings)
        self.settings = settings
        self.city = city
        self.clock = MovableClock(NOW)
        self.ids: Iterator[UUID] = (uuid5(NAMESPACE_OID, str(number)) for number in count())
        self.assertions = Assertions(make_signing_key())
        self.told: list[Fact] = []

    async def open(self) -> None:
        self.process = Process([self.service], self.settings, self.city, self.clock, self.ids.__next__)
        self.runtime = self.process.runtimes["directory"]
        self.runtime.assertions = self.assertions
        app = self.process.routes(FastAPI())
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://directory")
        await self.process.open()
        kinds = (BodyChanged.kind, ActionTaken.kind, JoinRequested.kind, JoinAnswered.kind)
        self.process.local.subscribers = [
            *self.process.local.subscribers,
            Subscriber("listener", kinds, self._hear, self._hear),
        ]
        await self.settle()

    async def close(self) -> None:
        await self.client.aclose()
        await self.process.close()

    async def settle(self) -> None:
        """Let facts reach who hears them."""
        while await self.process.step():
            pass

    async def _hear(self, envelopes: Sequence[Envelope]) -> None:
        self.told += [envelope.fact() for envelope in envelopes]

    async def ask(self, caller: Caller, method: str, path: str, body: Any = None) -> httpx.Response:
        token = self.assertions.write(caller, "directory", self.clock.now())
        answer = await self.client.request(
            method, f"/v1/directory{path}", json=body, headers={"Authorization": f"Bearer {token}"}
        )
        await self.settle()
        return answer

    def newest(self, kind: type[F]) -> F:
        """Return the newest fact of a kind that was told."""
        return next(fact for fact in reversed(self.told) if isinstance(fact, kind))
