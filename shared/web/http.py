"""What all HTTP interfaces share: error answers, the door before them, keys."""

import json

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from shared.errors import FieldError
from shared.web.admission import BODY_BYTES, admitting, caller_of, holder_of_key, keyed
from shared.web.door import BODY_LIMIT, BODY_SECONDS, Door
from shared.web.fields import field_errors
from shared.web.json_text import place
from shared.web.openapi import describe
from shared.web.problem import PROBLEM, PROBLEMS, Problem, ProblemDetails

__all__ = [
    "BODY_BYTES",
    "BODY_LIMIT",
    "PROBLEM",
    "PROBLEMS",
    "Problem",
    "ProblemDetails",
    "admitting",
    "caller_of",
    "holder_of_key",
    "install",
    "keyed",
]

log = structlog.get_logger()

AWAY = (ConnectionError, TimeoutError, PoolTimeout, DBAPIError)
"""What is raised while a database is away, starting, overloaded or gives up a deadlock."""
OURS = (IntegrityError, ProgrammingError, DataError)
"""What a database raises because the program is wrong."""


def _malformed(error: RequestValidationError) -> str | None:
    """Return where a body stops being JSON, as the framework's own reading leaves it; None: it is JSON."""
    first = error.errors()[0]
    if first["type"] != "json_invalid":
        return None
    return place(json.JSONDecodeError(first["ctx"]["error"], str(error.body), first["loc"][1]))


def install(app: FastAPI, body_seconds: float = BODY_SECONDS) -> None:
    """Give an application the error answers and limits that all of ours have."""
    app.add_middleware(Door, body_seconds=body_seconds)
    describe(app)

    @app.exception_handler(Problem)
    async def problem(_request: Request, error: Problem) -> JSONResponse:
        return error.response()

    @app.exception_handler(RequestValidationError)
    async def invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        if where := _malformed(error):
            named = [FieldError(field="body", message=where)]
            return Problem(422, "The body is not JSON", errors=named).response()
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
