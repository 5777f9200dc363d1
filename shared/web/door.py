"""The door of every HTTP interface: how large and slow a body may be, what an answer carries, who came.

One ASGI middleware. It reads no body before the answer is there: what is refused by its head is refused
without reading. What the client still sends then is thrown away for a moment, so that it can read the
answer instead of a reset (RFC 9112, section 9.6), and the connection is closed.
"""

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass, field

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.access.caller import Caller
from shared.messaging.transaction import trace
from shared.web.problem import Problem

security = structlog.get_logger("security")

BODY_LIMIT = 8 * 1024 * 1024
"""Bytes of the largest body, a batch."""
SMALL_BODY = 64 * 1024
"""Bytes of any other body."""
BODY_SECONDS = 20.0
"""How long a body may take to arrive whole."""
LINGER_SECONDS = 2.0
LONGEST_LENGTH = 20
VISIT = "rapport.visit"
TRACE = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
"""A `traceparent` as W3C Trace Context writes it."""
READING = {"GET", "HEAD", "OPTIONS"}
ALWAYS_LOGGED = {401, 403, 408, 413, 429}
NO_NUMBER = Problem(400, "Content-Length is not a number of bytes")
DATA_HEADERS = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; base-uri 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"strict-transport-security", b"max-age=31536000; includeSubDomains"),
)
"""What every answer carries that does not say otherwise."""


class Body:
    """A request's body as it arrives: counted, and with an end to waiting."""

    def __init__(self, receive: Receive, length: int, *, is_open: bool, seconds: float) -> None:
        self._receive = receive
        self._length = length
        self._end_at = asyncio.get_running_loop().time() + seconds
        self.limit = BODY_LIMIT
        self.seen = 0
        self.is_whole = not is_open and not length
        self.is_late = False

    def allow(self, limit: int) -> None:
        """Take no more than `limit` bytes; raises Problem where more are announced."""
        self.limit = limit
        if refused := self.refused():
            raise refused

    def refused(self) -> Problem | None:
        """Return the answer where more is announced than is taken."""
        return _too_large(self.limit) if self._length > self.limit else None

    async def receive(self) -> Message:
        """Return the next part; raises Problem where it is too much or too late."""
        message = await self._next()
        if self.seen > self.limit:
            raise _too_large(self.limit)
        return message

    async def _next(self) -> Message:
        if self.is_whole:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._end_at):
                message = await self._receive()
        except TimeoutError:
            self.is_late = True
            raise Problem(408, "The body did not arrive in time", "Send it again, at once.") from None
        self.seen += len(message.get("body", b""))
        self.is_whole = not message.get("more_body", False)
        return message

    async def throw_away(self) -> None:
        """Let the client finish sending, for a moment."""
        if self.is_late:
            return
        most = self.seen + BODY_LIMIT
        with suppress(TimeoutError, Problem):
            async with asyncio.timeout(LINGER_SECONDS):
                while not self.is_whole and self.seen <= most:
                    await self._next()


@dataclass
class Visit:
    """What is known of a request: its body, who asks, and what its answer must carry."""

    body: Body
    client: str
    key_id: str | None = None
    caller: Caller | None = None
    headers: dict[str, str] = field(default_factory=dict)


class Door:
    """Stands before an application."""

    def __init__(self, app: ASGIApp, body_seconds: float = BODY_SECONDS) -> None:
        self.app = app
        self.body_seconds = body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        trace.set(_valid_trace(headers.get(b"traceparent", b"")))
        length = headers.get(b"content-length", b"0")
        is_number = length.isdigit() and len(length) <= LONGEST_LENGTH
        is_open = b"transfer-encoding" in headers or not is_number
        body = Body(receive, int(length) if is_number else 0, is_open=is_open, seconds=self.body_seconds)
        visit = Visit(body, scope["client"][0] if scope.get("client") else "")
        scope[VISIT] = visit
        answering = _answering(scope, visit, send)
        if refused := body.refused() if is_number else NO_NUMBER:
            await refused.response()(scope, receive, answering)
        else:
            await self.app(scope, body.receive, answering)


def _answering(scope: Scope, visit: Visit, send: Send) -> Send:
    body = visit.body

    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = _headers(list(message.get("headers", ())), visit)
            _note(scope, visit, message["status"])
        elif message["type"] == "http.response.body" and not body.is_whole and not message.get("more_body"):
            await send({**message, "more_body": True})
            await body.throw_away()
            message = {"type": "http.response.body", "body": b"", "more_body": False}
        await send(message)

    return answer


def _headers(headers: list[tuple[bytes, bytes]], visit: Visit) -> list[tuple[bytes, bytes]]:
    names = {name.lower() for name, _ in headers}
    headers += [(name, value) for name, value in DATA_HEADERS if name not in names]
    headers += [(name.lower().encode(), value.encode()) for name, value in visit.headers.items()]
    return headers if visit.body.is_whole else [*headers, (b"connection", b"close")]


def _note(scope: Scope, visit: Visit, status: int) -> None:
    """Log every refusal and every change: who, from where, what, how it ended; nothing that was sent."""
    is_change = scope["method"] not in READING
    is_refused = 400 <= status < 500 and (visit.caller is not None or status in ALWAYS_LOGGED)  # noqa: PLR2004
    if is_change or is_refused:
        security.info(
            "refused" if status >= 400 else "changed",  # noqa: PLR2004
            key=visit.key_id,
            holder=visit.caller.name if visit.caller else None,
            via=visit.caller.via if visit.caller else None,
            method=scope["method"],
            route=getattr(scope.get("route"), "path", None),
            client=visit.client,
            status=status,
        )


def _too_large(limit: int) -> Problem:
    return Problem(413, "The body is too large", f"At most {limit} bytes are taken at once.")


def _valid_trace(header: bytes) -> str | None:
    text = header.decode("latin-1")
    return text if TRACE.fullmatch(text) else None
