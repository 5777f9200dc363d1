"""Error answers: problem details after RFC 9457."""

from collections.abc import Sequence
from typing import Any

from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from shared.errors import FieldError

PROBLEM = "application/problem+json"
AUTHENTICATE = {"WWW-Authenticate": "Bearer"}


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


MEANINGS = {
    400: "The request cannot be read",
    401: "An API key is needed, and none that is valid was given",
    403: "The key's holder has no such right",
    404: "There is no such thing",
    408: "The request did not arrive whole in time",
    409: "It contradicts what is known",
    413: "The body is too large",
    422: "The input is not valid; each field at fault is named",
    429: "Too many requests or incidents; `Retry-After` says when to come again",
    503: "A server behind this one is away; repeat the request later",
}
"""The error answers that every route with a key may give."""
REFERENCE = {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}
WAIT = {"description": "Seconds until it is worth trying again", "schema": {"type": "integer"}}
RATE_HEADERS = {
    "Retry-After": WAIT,
    "RateLimit-Policy": {"description": "What is allowed: `q` in `w` seconds", "schema": {"type": "string"}},
    "RateLimit": {"description": "What is left: `r`, full in `t` seconds", "schema": {"type": "string"}},
}
HEADERS: dict[int, dict[str, Any]] = {429: RATE_HEADERS, 503: {"Retry-After": WAIT}}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"description": meaning, "content": {PROBLEM: REFERENCE}}
    | ({"headers": HEADERS[status]} if status in HEADERS else {})
    for status, meaning in MEANINGS.items()
}
"""What the OpenAPI description says of error answers; `shared.web.openapi` adds the schema they name."""
