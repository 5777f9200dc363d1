"""Which fields of an input are wrong, and why."""

from collections.abc import Sequence
from typing import Any, Protocol

from shared.errors import FieldError

MOST_ERRORS = 20
"""Errors that one answer names; of the others it says how many there are."""


class Faulty(Protocol):
    """What pydantic, or the framework on top of it, raises for an input."""

    def errors(self) -> Sequence[Any]: ...


def field_errors(error: Faulty, skip: int = 0) -> list[FieldError]:
    """Return which fields are wrong and why, without repeating the input."""
    found = error.errors()
    errors = [
        FieldError(field=".".join(str(part) for part in item["loc"][skip:]) or "body", message=item["msg"])
        for item in found[:MOST_ERRORS]
    ]
    if len(found) > MOST_ERRORS:
        errors.append(FieldError(field="body", message=f"and {len(found) - MOST_ERRORS} further errors"))
    return errors
