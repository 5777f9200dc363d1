"""What joining takes and shows over HTTP."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.directory.domain import Standing
from services.directory.joining.domain import Leaving, Verdict
from services.directory.views import Reason, Secret
from shared.city.profile import Code, Names
from shared.text.address import MailAddress
from shared.text.language import Language
from shared.text.public_text import PublicText


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewJoinRequest(_Given):
    """Somebody asks that their organisation joins an open body."""

    body: Code
    organisation: Annotated[PublicText, Field(min_length=2, max_length=120)]
    name: Annotated[PublicText, Field(max_length=120)] = ""
    mail: Annotated[MailAddress, Field(max_length=320)]
    language: Language = "de"
    reason: Reason = ""


class LinkToken(_Given):
    """What stands in a link."""

    token: Secret


class LeavingToken(LinkToken):
    """What stands in a link by which one leaves; with `stay` one comes back."""

    stay: bool = False


class Approval(_Given):
    """Moderation lets who asked hold a function: a new one where it has a name, else one that is vacant."""

    function: Code
    name: Names | None = None
    reason: Reason = ""


class JoinRefusal(_Given):
    """Moderation does not let who asked join."""

    reason: Annotated[PublicText, Field(min_length=3, max_length=500)]


class JoinLinkView(BaseModel):
    """What is to be mailed to confirm an address; all is null where nothing is to be mailed."""

    token: str | None = None
    reached_at: UUID | None = None


class ConfirmingView(BaseModel):
    """What becomes, or would become, of a request by its link."""

    verdict: Verdict
    body: str | None = None
    organisation: str = ""


class LeavingView(BaseModel):
    """What somebody may do by the link by which one leaves."""

    may: Leaving
    body: str | None = None
    name: dict[str, str] = {}
    """What their function is called."""


class JoinRequestView(BaseModel):
    """A request that waits for moderation's answer."""

    id: UUID
    body: str
    organisation: str
    name: str
    mail: str
    language: Language
    reason: str
    confirmed_at: datetime
    standing: Standing | None
    """How the organisation stands in the map of partners, where one of that name does."""
    standing_reason: str = ""
    standing_since: date | None = None
    holds: list[dict[str, str]]
    """The functions of the body that who has the address holds already, each by language."""
