"""The two words a failure has; code near the cause chooses, one loop obeys. And which field is at fault."""

from pydantic import BaseModel


class Rejected(Exception):  # noqa: N818
    """Never to be tried again: the message or the request itself is at fault."""


class Unavailable(Exception):  # noqa: N818
    """To be tried again later: something we depend on did not answer."""


class FieldError(BaseModel):
    """What is wrong with one field of the input; `field` is a dotted path."""

    field: str
    message: str
