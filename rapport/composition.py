"""The composition root: which services there are, and how a process of one or all of them is built."""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI

from rapport.docs.asyncapi import asyncapi
from rapport.process.process import Process
from services.escalation.app import SERVICE as ESCALATION
from services.intake.app import SERVICE as INTAKE
from services.notify.app import service as notify
from services.portal.app import service as portal
from services.scheduler.app import SERVICE as SCHEDULER
from shared.access.keys import make_key, renew_key
from shared.city.city import City
from shared.runtime.service import Service
from shared.system.clock import Clock
from shared.system.private_file import make_once
from shared.system.settings import Settings

NAMES = ("intake", "escalation", "scheduler", "notify", "portal")
PORTAL_KEY_LIFETIME = timedelta(days=3_650)
"""The portal's key is renewed at each start of notify and never leaves the machine."""
Fetch = Callable[[str], Awaitable[Any]]


def declare(settings: Settings, fetch: Fetch) -> dict[str, Service]:
    """Return every service by name; `fetch` is how the portal asks notify for a message."""
    services = [INTAKE, ESCALATION, SCHEDULER, notify(settings)]
    told = portal(settings, fetch, {})
    return {s.name: s for s in [*services, portal(settings, fetch, asyncapi([*services, told]))]}


def build(
    names: Sequence[str], settings: Settings, city: City, clock: Clock, new_id: Callable[[], UUID]
) -> tuple[Process, FastAPI]:
    """Return a process of the named services and its HTTP application."""
    key = portal_key(settings.data_dir / "portal.key")
    app: list[FastAPI] = []

    async def fetch(path: str) -> Any:
        inside = httpx.ASGITransport(app[0]) if "notify" in names else None
        base = "http://notify" if inside else settings.notify_url
        headers = {"Authorization": f"Bearer {key}"}
        async with httpx.AsyncClient(transport=inside, base_url=base, headers=headers, timeout=5) as client:
            answer = await client.get(path)
            answer.raise_for_status()
            return answer.json()

    async def admit_portal() -> None:
        async with process.runtimes["notify"].transaction() as tx:
            await renew_key(tx, key, "portal", PORTAL_KEY_LIFETIME)

    declared = declare(settings, fetch)
    process = Process([declared[name] for name in names], settings, city, clock, new_id)
    if "notify" in names:
        process.prepare = admit_portal
    app.append(process.app())
    return process, app[0]


def portal_key(path: Path) -> str:
    """Return the key with which the portal asks notify; made once, whoever of both starts first."""
    return make_once(path, make_key(secrets.token_hex, secrets.token_urlsafe))
