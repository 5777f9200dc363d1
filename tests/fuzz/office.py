"""A whole system with something of everything in it, to be asked from outside."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from shared.access.caller import Caller, Via
from shared.system.settings import Settings
from tests.story.city import MODERATION, OFFICE, Story, find


@dataclass(frozen=True)
class Operation:
    """One method on one path, with a body that would be taken where it takes one."""

    method: str
    path: str
    good: Mapping[str, Any] | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


REQUEST = {
    "body": "rapport",
    "scope": {"kind": "district", "key": "20"},
    "reason": "Anwohner bitten.",
}
AGREED = {
    "body": "rapport",
    "measure": "disposal_container",
    "title": "Zwei Behälter am Rabet",
    "note": "",
    "owner": {"seat": "", "organisation": "Stadtreinigung"},
    "scope": {"kind": "district", "key": "20"},
    "agreed_on": "2018-04-09",
    "due_on": "2018-05-09",
    "cost": "",
    "belongs_to": "Stadtreinigung",
    "meeting_id": None,
    "escalation_id": None,
    "agreement_id": None,
}
BETWEEN_SERVICES = {
    "/v1/directory/sign-in": ("portal", "directory"),
    "/v1/directory/addresses": ("notify", "directory"),
    "/v1/deliveries/links": ("portal", "notify"),
    "/v1/sign-in-mails": ("portal", "notify"),
    "/v1/join-mails": ("portal", "notify"),
    "/v1/directory/joining": ("portal", "directory"),
}
"""What services alone may ask, by who asks whom."""


class Office:
    """Sends requests one at a time; `known` holds a real id for each path parameter."""

    def __init__(self, settings: Settings) -> None:
        self.runner = asyncio.Runner()
        self.story = self.run(Story(settings).open())
        self.run(self._furnish())

    def run(self, work: Any) -> Any:
        return self.runner.run(work)

    async def _furnish(self) -> None:
        incidents = await self.story.finds(2, 1, 0)
        [meeting] = await self.story.meetings()
        escalation = (await self.story.escalation())["escalation_id"]
        request = await self.story.ask(MODERATION, "POST", "/v1/requests", json=REQUEST)
        agreed = await self.story.ask(MODERATION, "POST", "/v1/agreements", json=AGREED)
        [delivery] = await self.story.get("/v1/deliveries?limit=1")
        self.known = {
            "incident_id": incidents[0],
            "escalation_id": escalation,
            "escalation": escalation,
            "meeting_id": meeting["meeting_id"],
            "meeting": meeting["meeting_id"],
            "delivery_id": delivery["delivery_id"],
            "delivery": delivery["delivery_id"],
            "agreement_id": agreed.json()["agreement_id"],
            "agreement": agreed.json()["agreement_id"],
            "request_id": request.json()["request_id"],
            "name": "weeks",
            "size": "wide",
            "report": "00000000-0000-0000-0000-000000000007",
            "year": "2018",
            "body": "extended_rapport",
            "function": "head_parks_office",
            "key": "0a1b2c3d",
            "key_id": "0a1b2c3d",
            "partner": "00000000-0000-0000-0000-000000000005",
            "join_request": "00000000-0000-0000-0000-000000000007",
            "guest": "00000000-0000-0000-0000-000000000008",
            "reached_at": "00000000-0000-0000-0000-000000000006",
            "rule": "syringes_near_sensitive_place",
        }
        self.cookie = await self.story.cookie()
        keys = {holder: await self.story.key_of(holder) for holder in (OFFICE, MODERATION)}
        self.agency, self.moderation = keys[OFFICE], keys[MODERATION]

    def ask(self, operation: Operation, path: str, headers: dict[str, str], **how: Any) -> httpx.Response:
        """Send a request with a key that opens the operation."""
        given = {"Authorization": f"Bearer {self.key_of(operation.path)}", "Cookie": self.cookie} | headers
        sent = [(name, value.encode("latin-1")) for name, value in given.items()]
        client = self.story.replay.client
        request = client.build_request(operation.method, path, headers=sent, **how)
        answer: httpx.Response = self.run(client._transport.handle_async_request(request))
        self.run(answer.aread())
        return answer

    def key_of(self, path: str) -> str:
        """Return what opens an operation: a key, or what another service asserts of itself."""
        for begins, (asking, asked) in BETWEEN_SERVICES.items():
            if path.startswith(begins):
                runtime = self.story.process.runtimes[asked]
                assert runtime.assertions
                caller = Caller(Via.SERVICE, asking)
                return runtime.assertions.write(caller, asked, runtime.clock.now())
        if path.startswith("/v1/keys/"):
            runtime = self.story.process.runtimes[path.split("/")[3]]
            assert runtime.assertions
            signed_in = Caller(Via.SESSION, MODERATION, (MODERATION,))
            return runtime.assertions.write(signed_in, runtime.name, runtime.clock.now())
        return self.agency if path.startswith("/v1/incidents") else self.moderation

    def path_of(self, operation: Operation, parts: Mapping[str, str]) -> str:
        """Return the path with its parameters filled in, known ones where none are given."""
        path = operation.path
        for name, value in (self.known | parts).items():
            path = path.replace("{" + name + "}", quote(value, safe="", errors="surrogatepass"))
        return path

    async def check(self) -> None:
        """Everything that was taken must be handled, and the system must still do its work."""
        await self.story.settle()
        await self.story.days(1)
        assert await self.story.dead() == []
        before = (await self.story.get("/v1/deliveries?limit=1"))[0]
        await self.story.report(find(self.story.now, external_id=f"after-{before['delivery_id']}"))

    def close(self) -> None:
        self.run(self.story.close())
        self.runner.close()
