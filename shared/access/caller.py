"""Who asks: one value for keys, sign-in sessions, links in messages, replies and services; pure."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Via(StrEnum):
    """By what somebody is known to be who they are."""

    KEY = "key"
    """An API key of an agency or of a function."""
    SESSION = "session"
    """Signed in at the portal."""
    LINK = "link"
    """A link in a message, for one purpose and one seat."""
    REPLY = "reply"
    """A reply to a message."""
    SERVICE = "service"
    """Another service of this system, for itself."""
    COMMAND = "command"
    """An operator's command on the machine."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who asks for something to be shown or done."""

    via: Via
    name: str
    """An agency, a function in a body (`extended_rapport/police_president`) or a service; never a person's
    name. Of somebody in several seats: the one that they act from."""
    seats: tuple[str, ...] = ()
    """The functions that they hold, each as `body/function`; those that they hold as deputies among them."""
    person: UUID | None = None
    """Who it is in the directory, where that is known."""
