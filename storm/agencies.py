"""Agencies as careful clients: each parcel until it is answered, at the other replica where one fails."""

import asyncio
import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import httpx

from storm.plan import Deed, Parcel

RETRY_SECONDS = 0.2
GOOD = frozenset({200, 201})
LATER = frozenset({408, 429, 500, 502, 503, 504})


class RefusedError(Exception):
    """Intake has answered something that no fault excuses."""


@dataclass
class Agencies:
    """Three agencies with one key each, and what was answered."""

    ports: list[int]
    keys: dict[str, str]
    may_go_on: Callable[[float], bool]
    """Says whether this share of all parcels may be sent by now."""
    client: httpx.AsyncClient = field(default_factory=lambda: httpx.AsyncClient(timeout=15))
    ids: dict[str, str] = field(default_factory=dict)
    """Incident ids by external id, as intake has answered them."""
    sent: int = 0
    retries: int = 0
    strange: list[str] = field(default_factory=list)
    """Answers that contradict one another."""

    def __post_init__(self) -> None:
        self._turn = itertools.cycle(self.ports)

    async def report_all(self, parcels: list[Parcel]) -> None:
        """Send everything, each agency beside the others."""
        by_agency: dict[str, list[Parcel]] = {}
        for parcel in parcels:
            by_agency.setdefault(parcel.agency, []).append(parcel)
        await asyncio.gather(*(self._report(own) for own in by_agency.values()))

    async def _report(self, parcels: Iterable[Parcel]) -> None:
        own = list(parcels)
        for number, parcel in enumerate(own):
            while not self.may_go_on(number / len(own)):
                await asyncio.sleep(RETRY_SECONDS)
            times = 2 if parcel.doubled else 1
            await asyncio.gather(*(self._batch(parcel) for _ in range(times)))
            for deed in parcel.deeds:
                await self._change(deed, parcel.agency)
            self.sent += 1

    async def _batch(self, parcel: Parcel) -> None:
        answer = await self.ask("POST", "/batch", parcel.agency, [deed.report for deed in parcel.deeds])
        for deed, item in zip(parcel.deeds, answer["items"], strict=True):
            external = deed.report["external_id"]
            if item["status"] not in {"accepted", "duplicate"}:
                raise RefusedError(f"{external}: {item}")
            known = self.ids.setdefault(external, item["incident_id"])
            if known != item["incident_id"]:
                self.strange.append(f"{external} is {known} and {item['incident_id']}")

    async def _change(self, deed: Deed, agency: str) -> None:
        path = f"/{self.ids[deed.report['external_id']]}"
        if deed.correction:
            await self.ask("PUT", path, agency, deed.correction)
        if deed.withdrawn:
            await self.ask("DELETE", path, agency, None)

    async def ask(self, method: str, path: str, agency: str, content: Any) -> Any:
        """Ask until there is an answer; raises RefusedError for one that no repetition would change."""
        headers = {"Authorization": f"Bearer {self.keys[agency]}"}
        while True:
            url = f"http://127.0.0.1:{next(self._turn)}/v1/incidents{path}"
            try:
                answer = await self.client.request(method, url, json=content, headers=headers)
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code in GOOD:
                return answer.json()
            if answer is not None and answer.status_code not in LATER:
                raise RefusedError(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
            self.retries += 1
            await asyncio.sleep(RETRY_SECONDS)
