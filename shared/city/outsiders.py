"""People who hold no function: how messages to them, and what they do, are named; pure."""

from uuid import UUID

APPLICANT, GUEST = "applicant", "guest"
"""No function is called so: its code has no colon."""


def applicant(body: str, request: UUID) -> str:
    """Return what stands for somebody who asks to join a body, where a function of it would stand."""
    return f"{body}/{APPLICANT}:{request}"


def guest(body: str, who: UUID) -> str:
    """Return what stands for a guest of one session of a body."""
    return f"{body}/{GUEST}:{who}"


def kind_of_outsider(recipient: str) -> str:
    """Return `applicant` or `guest`, or an empty word for a function."""
    kind, colon, _ = recipient.rpartition("/")[2].partition(":")
    return kind if colon and kind in {APPLICANT, GUEST} else ""
