"""Why something failed, in words that can be stored, logged and shown: clean, without addresses; pure."""

import re

from pydantic import ValidationError

from shared.text.clean import clean_line

LONGEST = 2_000
WITHHELD = "…"
_AT = r"(?:\s?@\s?|%40|=40|\+40|\s?[\[(]at[\])]\s?)"
_ADDRESS = re.compile(rf"""[^\s<>"'(\[]{{1,256}}{_AT}[^\s<>"')\],;]+""", re.IGNORECASE)
"""A mail address, also as it is written in URLs and delivery options (RFC 3461, xtext).

What stands before the sign has a bound, as a long word without one would be searched from each of its
letters to its end. No local part comes near it (RFC 5321, 4.5.3.1.1).
"""


def reason_of(error: BaseException) -> str:
    """Return the kind of `error` and what it says; inputs that a validation would repeat are left out."""
    said = _of_fields(error) if isinstance(error, ValidationError) else str(error)
    return clean_line(without_addresses(clean_line(f"{type(error).__name__}: {said}")), LONGEST)


def without_addresses(text: str) -> str:
    """Return `text` with each mail address withheld."""
    return _ADDRESS.sub(WITHHELD, text)


def _of_fields(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in found)
