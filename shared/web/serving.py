"""The HTTP server: uvicorn with h11, and with an end to waiting for the head of a request.

uvicorn waits for ever for a head that does not end, and says what it refuses itself in plain text.
"""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from shared.web.problem import PROBLEM, Problem

HEAD_SECONDS = 10.0
"""How long the head of a request may take, and a connection may be silent before its first one."""
KEEP_SECONDS = 30
"""How long a connection is kept for another request; the gateway closes its own earlier."""
HEAD_BYTES = 32 * 1024


class PatientServer(H11Protocol):
    """One connection."""

    head_seconds = HEAD_SECONDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_is_here()
        super().connection_lost(exc)

    def handle_events(self) -> None:
        super().handle_events()
        if self.conn.their_state is not h11.IDLE:
            self._head_is_here()
        elif self.conn.trailing_data[0]:
            self._await_head()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP; `msg` is uvicorn's own word for it."""
        self._refuse(Problem(400, "The request cannot be read", msg))

    def _await_head(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(self.head_seconds, self._too_late)

    def _head_is_here(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _too_late(self) -> None:
        if self.conn.trailing_data[0]:
            self._refuse(Problem(408, "The request did not arrive in time"))
        else:
            self.transport.close()

    def _refuse(self, problem: Problem) -> None:
        body = problem.body.model_dump_json().encode()
        headers = [("content-type", PROBLEM), ("content-length", str(len(body))), ("connection", "close")]
        answer = h11.Response(status_code=problem.status_code, headers=headers, reason=problem.body.title)
        for part in (answer, h11.Data(data=body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(part) or b"")
        self.transport.close()
