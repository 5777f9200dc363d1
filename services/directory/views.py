"""What the directory takes and shows over HTTP."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.directory.domain import Change, Person, Standing, holders_of
from services.directory.store import bodies, people
from shared.city.profile import Away, Body, Code, Holder, Member, Name, Names, Role, Sharing
from shared.errors import FieldError
from shared.messaging.transaction import Tx
from shared.text.address import MailAddress
from shared.text.language import Language
from shared.text.public_text import PublicText

MOST_SPANS = 50
Reason = Annotated[PublicText, Field(max_length=500)]
Purpose = dict[Language, Annotated[PublicText, Field(max_length=1_000)]]


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewHolder(_Given):
    """Who holds a function from now on: whoever has the address already, or somebody new."""

    mail: MailAddress
    name: Annotated[PublicText, Field(max_length=120)] = ""
    language: Language = "de"


class NewAway(_Given):
    """All days on which a function's holder is away."""

    days: Annotated[list[Away], Field(max_length=MOST_SPANS)]


class NewSeat(_Given):
    """A function that a body is to have; with `deputy_of` the deputy of one that it has."""

    function: Code
    name: Names
    role: Role = Role.MEMBER
    deputy_of: Code | None = None


class NewSettings(_Given):
    """What is to be different about a body; what is left out stays."""

    purpose: Purpose | None = None
    location: Name | None = None
    sharing: Sharing | None = None
    open: bool | None = None


class NewPartner(_Given):
    """A partner that a body needs, has or excludes, and why."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    name: Annotated[PublicText, Field(min_length=2, max_length=120)]
    standing: Standing
    reason: Reason = ""
    since: date
    function: Code | None = None


MOST_ROWS = 500
Cell = Annotated[str, Field(max_length=2_000)]


class PartnerRow(_Given):
    """A row of a list of partners as it was written; `line` is where it stands there."""

    line: Annotated[int, Field(ge=1, le=10_000_000)]
    name: Cell = ""
    standing: Cell = ""
    """`needed`, `present` or `excluded`, also in German; empty: it is one that the body has."""
    reason: Cell = ""
    since: Cell = ""
    function: Cell = ""
    """A function of the body, by its code or its name."""


class NewPartners(_Given):
    """A list of partners; with `dry_run` it is only judged."""

    rows: Annotated[list[PartnerRow], Field(max_length=MOST_ROWS)]
    dry_run: bool = True


Secret = Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9_-]*$")]
SixDigits = Annotated[str, Field(pattern=r"^[0-9]{6}$")]


class NewLink(_Given):
    """Somebody at a browser wants to sign in; `asking` is what the browser keeps, `code` what it shows."""

    mail: MailAddress
    asking: Annotated[Secret, Field(min_length=43)]
    code: SixDigits


class Comer(_Given):
    """Somebody presses the button behind a link; what their browser does not have is left empty."""

    token: Secret
    asking: Secret = ""
    code: SixDigits | Literal[""] = ""


class Shown(_Given):
    """What a browser has that is signed in."""

    session: Secret


class Elsewhere(Shown):
    """Which other session is to end: one by its id, or with an empty one all others."""

    id: Annotated[str, Field(pattern=r"^([0-9a-f]{16})?$")] = ""


class Lent(_Given):
    """A seat that a demonstration lends to everybody."""

    seat: Annotated[str, Field(max_length=130)]


class LinkView(BaseModel):
    """A link to be mailed; all is null where nobody is to be mailed one."""

    token: str | None = None
    reached_at: UUID | None = None
    language: Language | None = None


class OpenedView(BaseModel):
    """What a browser is to keep as long as it is signed in."""

    session: str


class VisitorView(BaseModel):
    """Who is signed in."""

    person: UUID
    seats: tuple[str, ...]
    """The functions that they hold, each as `body/function`."""
    language: Language


class SessionView(BaseModel):
    """A browser at which somebody is signed in."""

    id: str
    started_at: datetime
    seen_at: datetime
    current: bool


class EndedView(BaseModel):
    """How many sessions ended."""

    ended: int


class SeatView(BaseModel):
    """A function; who holds it is shown to moderation."""

    function: str
    name: dict[str, str]
    role: Role
    deputy_of: str | None
    vacant: bool
    away: list[Away]
    person: str | None = None
    """Name of who holds it, or null where it is not known or not for the caller."""
    mail: str | None = None
    former: str | None = None
    """Name, or address, of who held it before, where they could hold it again."""


class BodyView(BaseModel):
    """A body with its seats."""

    body: str
    name: dict[str, str]
    purpose: dict[str, str]
    location: str
    sharing: Sharing
    open: bool
    """Whether organisations may ask to join it."""
    may_change: bool
    """Whether the caller moderates it."""
    seats: list[SeatView]


class ChangeView(BaseModel):
    """One change of a body, and who made it."""

    model_config = ConfigDict(from_attributes=True)
    at: datetime
    change: Change
    function: str
    name: dict[str, str] | None
    """What the function is or was called."""
    details: dict[str, str]
    by: str
    via: str


class PartnerView(BaseModel):
    """A partner of a body."""

    model_config = ConfigDict(from_attributes=True)
    id: UUID
    name: str
    standing: Standing
    reason: str
    since: date
    function: str | None


class JudgedView(BaseModel):
    """What becomes of a row: `new`, `changed`, `same`, `repeated` or `refused`, and then why."""

    model_config = ConfigDict(from_attributes=True)
    line: int
    name: str
    verdict: str
    partner: NewPartner | None
    """What is stored, or would be."""
    errors: list[FieldError]


class AddressView(BaseModel):
    """Where somebody is reached, and what a function is or was called."""

    mail: str
    name: dict[str, str] | None
    leave: str | None = None
    """What stands in the link by which they leave the body; null: they have none."""


async def view(body: Body, tx: Tx, *, may_change: bool) -> BodyView:
    """Return a body as one sees it who moderates it, or who only sits in it."""
    holders = list(holders_of(body))
    former = await bodies.find_former(tx, body.id) if may_change else {}
    held = {h.person for _, h in holders if h.person} if may_change else set()
    known = await people.find_some(tx, held | set(former.values()))
    return BodyView(
        body=body.id,
        name=dict(body.name),
        purpose=dict(body.purpose),
        location=body.location,
        sharing=body.sharing,
        open=body.open,
        may_change=may_change,
        seats=[_seat(member, holder, known, former.get(holder.function)) for member, holder in holders],
    )


def _seat(member: Member, holder: Holder, known: Mapping[UUID, Person], former: UUID | None) -> SeatView:
    person = known.get(holder.person) if holder.person else None
    before = known.get(former) if former and former != holder.person else None
    return SeatView(
        function=holder.function,
        name=dict(holder.name),
        role=member.role,
        deputy_of=member.function if holder.function != member.function else None,
        vacant=holder.person is None,
        away=list(holder.away),
        person=(person.name or None) if person else None,
        mail=person.mail if person else None,
        former=(before.name or before.mail) if before else None,
    )
