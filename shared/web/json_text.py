"""JSON from outside (RFC 8259), read strictly: a name stands once in an object, numbers are finite.

What is wrong is said with its place and without repeating the input.
"""

import json
from typing import Any

from shared.errors import FieldError
from shared.web.problem import Problem


class Malformed(Exception):  # noqa: N818
    """A text that is no JSON; the message says where and why."""

    def problem(self, status: int) -> Problem:
        """Return the answer to a request whose body this was."""
        return Problem(status, "The body is not JSON", errors=[FieldError(field="body", message=str(self))])


def parse(body: bytes) -> Any:
    """Return the value that a JSON text stands for; raises Malformed."""
    try:
        text = body.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise Malformed(place(error)) from error
    except UnicodeDecodeError as error:
        raise Malformed(f"byte {error.start + 1}: not UTF-8") from error
    except RecursionError as error:
        raise Malformed("nested too deeply") from error
    except ValueError as error:
        raise Malformed("a number has too many digits") from error


def place(error: json.JSONDecodeError) -> str:
    """Return where a text stops being JSON, and why."""
    return f"line {error.lineno}, column {error.colno}: {error.msg}"


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise Malformed("a name stands twice in one object")
    return made


def _no_constant(_name: str) -> Any:
    raise Malformed("NaN and Infinity are no JSON")
