"""What all HTTP interfaces share: problem details (RFC 9457), API keys, a body limit, health."""

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any

import structlog
from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ValidationError
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.errors import FieldError
from shared.keys import find_holder
from shared.service import Runtime, trace

log = structlog.get_logger()

BODY_LIMIT = 8 * 1024 * 1024
LONGEST_LENGTH = 20
MOST_ERRORS = 20
"""Errors that one answer names; of the others it says how many there are."""
PROBLEM = "application/problem+json"
TRACE = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
"""A `traceparent` as W3C Trace Context writes it."""
AUTHENTICATE = {"WWW-Authenticate": "Bearer"}
AWAY = (ConnectionError, TimeoutError, PoolTimeout, DBAPIError)
"""What is raised while a database is away, starting, overloaded or gives up a deadlock."""
OURS = (IntegrityError, ProgrammingError, DataError)
"""What a database raises because the program is wrong."""


class ProblemDetails(BaseModel):
    """The body of every error answer (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    errors: list[FieldError] = []


class Problem(HTTPException):
    """An error answer; raise it anywhere below a route."""

    def __init__(self, status: int, title: str, detail: str = "", errors: Sequence[FieldError] = ()) -> None:
        super().__init__(status, title, AUTHENTICATE if status == 401 else None)  # noqa: PLR2004
        self.body = ProblemDetails(title=title, status=status, detail=detail, errors=list(errors))

    def response(self) -> JSONResponse:
        return JSONResponse(self.body.model_dump(), self.body.status, self.headers, PROBLEM)


PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": ProblemDetails, "content": {PROBLEM: {}}}
    for status in (400, 401, 403, 404, 409, 413, 422, 503)
}
"""What the OpenAPI description says of error answers."""


def field_errors(error: ValidationError | RequestValidationError, skip: int = 0) -> list[FieldError]:
    """Return which fields are wrong and why, without repeating the input."""
    found = error.errors()
    errors = [
        FieldError(field=".".join(str(part) for part in item["loc"][skip:]) or "body", message=item["msg"])
        for item in found[:MOST_ERRORS]
    ]
    if len(found) > MOST_ERRORS:
        errors.append(FieldError(field="body", message=f"and {len(found) - MOST_ERRORS} further errors"))
    return errors


def install(app: FastAPI) -> None:
    """Give an application the error answers and limits that all of ours have."""
    app.add_middleware(_Limits)

    @app.exception_handler(Problem)
    async def problem(_request: Request, error: Problem) -> JSONResponse:
        return error.response()

    @app.exception_handler(RequestValidationError)
    async def invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        return Problem(422, "The input is not valid", errors=field_errors(error, skip=1)).response()

    @app.exception_handler(HTTPException)
    async def http(_request: Request, error: HTTPException) -> JSONResponse:
        answer = Problem(error.status_code, str(error.detail)).response()
        answer.headers.update(error.headers or {})
        return answer

    async def away(_request: Request, error: Exception) -> JSONResponse:
        if isinstance(error, OURS):
            raise error
        log.warning("request_unavailable", error=repr(error))
        answer = Problem(503, "The database cannot answer now", "Repeat the request later.").response()
        answer.headers["Retry-After"] = "5"
        return answer

    for kind in AWAY:
        app.add_exception_handler(kind, away)

    @app.exception_handler(Exception)
    async def mistake(_request: Request, _error: Exception) -> JSONResponse:
        return Problem(500, "The service made a mistake", "Its log says more.").response()


_bearer = HTTPBearer(auto_error=False, description="API key: `rapport keys issue HOLDER`")


def holder_of_key(runtime: Runtime) -> Callable[..., Awaitable[str]]:
    """Return a dependency that gives the holder of the request's API key, or answers 401."""

    async def holder(credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> str:
        if credentials:
            async with runtime.reading() as tx:
                found = await find_holder(tx, credentials.credentials)
            if found:
                return found
        raise Problem(401, "An API key is needed", "Send `Authorization: Bearer rk_…` with a valid key.")

    return holder


class _Limits:
    """Refuses bodies over the limit, also streamed ones, and takes up the caller's trace."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {
            name: value for name, value in scope["headers"] if name in {b"traceparent", b"content-length"}
        }
        trace.set(_valid_trace(headers.get(b"traceparent", b"")))
        refused = _refusal(headers.get(b"content-length", b"0"))
        if refused:
            await refused.response()(scope, receive, send)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > BODY_LIMIT:
                raise _too_large()
            return message

        await self.app(scope, counted, send)


def _refusal(length: bytes) -> Problem | None:
    if not length.isdigit() or len(length) > LONGEST_LENGTH:
        return Problem(400, "Content-Length is not a number of bytes")
    return _too_large() if int(length) > BODY_LIMIT else None


def _too_large() -> Problem:
    return Problem(413, "The body is too large", f"At most {BODY_LIMIT} bytes are taken at once.")


def _valid_trace(header: bytes) -> str | None:
    text = header.decode("latin-1")
    return text if TRACE.fullmatch(text) else None
