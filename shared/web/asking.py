"""How one service asks another: over HTTP, or inside the process where both run in it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

import httpx
from starlette.types import ASGIApp

from shared.access.assertion import Assertions
from shared.access.caller import Caller
from shared.errors import Unavailable

PATIENCE_S = 5.0


class Ask(Protocol):
    """Asks a service for something in the name of a caller; raises Unavailable where it does not answer."""

    async def __call__(
        self, service: str, method: str, path: str, caller: Caller, body: Any = None
    ) -> httpx.Response: ...


def asking(
    inside: Mapping[str, ASGIApp],
    urls: Mapping[str, str],
    assertions: Assertions,
    now: Callable[[], datetime],
) -> Ask:
    """Return what asks services: those `inside` the process directly, others at their addresses."""

    async def ask(service: str, method: str, path: str, caller: Caller, body: Any = None) -> httpx.Response:
        app = inside.get(service)
        headers = {"Authorization": f"Bearer {assertions.write(caller, service, now())}"}
        base = f"http://{service}" if app else urls.get(service)
        if base is None:
            raise Unavailable(f"SERVICE_URLS does not say where {service} is")
        transport = httpx.ASGITransport(app) if app else None
        try:
            async with httpx.AsyncClient(transport=transport, base_url=base, timeout=PATIENCE_S) as client:
                answer = await client.request(method, path, json=body, headers=headers)
        except httpx.HTTPError as error:
            raise Unavailable(f"{service} does not answer: {type(error).__name__}") from error
        if answer.status_code in {502, 503, 504}:
            raise Unavailable(f"{service} cannot answer now")
        return answer

    return ask
