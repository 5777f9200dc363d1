"""What bodies have agreed: by whom it is done, until when, and how it stands."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.facts.escalation import Scope
from shared.facts.fact import Fact


class Owner(BaseModel):
    """Who does what was agreed: a function in a body, or an organisation that has no seat."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)
    seat: str = ""
    """`body/function`; empty: an organisation does it."""
    organisation: str = ""
    """Its name, as the body's partners are called."""


class AgreementFact(Fact):
    """An agreement as it stands."""

    agreement_id: UUID
    revision: int
    body: str
    """The body that has agreed it."""
    measure: str
    """What kind it is: `building_work`, `greenery`, …, or one of the city's own."""
    title: str
    note: str = ""
    owner: Owner
    scope: Scope
    """A sensitive place, a district or the whole city."""
    agreed_on: date
    due_on: date
    cost: str = ""
    belongs_to: str = ""
    """Whose the disposal container is that is put up."""
    state: str
    """`open`, `in_progress`, `done` or `dropped`."""
    meeting_id: UUID | None = None
    """The meeting at which it was agreed."""
    escalation_id: UUID | None = None
    """The escalation that it answers."""
    made_by: str
    """The function in a body that has entered it."""
    made_at: AwareDatetime


class AgreementMade(AgreementFact):
    """A body has agreed on something; who does it is told."""

    kind: ClassVar[str] = "agreement.made.v1"


class FieldChange(BaseModel):
    """What a field said before, and what it says since."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)
    field: str
    before: str
    after: str


class AgreementChanged(AgreementFact):
    """An agreement is other than before, or stands elsewhere."""

    kind: ClassVar[str] = "agreement.changed.v1"
    change: str
    """`edited`, `progress`, `done`, `dropped`, `reopened` or `taken_back`."""
    fields: tuple[FieldChange, ...] = Field(default=())
    reason: str = ""
    """Why, or how far it has got, in the words of who changed it."""
    by: str
    """The function in a body that has changed it."""
    via: str
    in_name_of: Owner | None = None
    """Who owns it, where somebody has reported for them."""
    changed_at: AwareDatetime


class AgreementStep(BaseModel):
    """An agreement of which somebody is reminded."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)
    agreement_id: UUID
    body: str
    measure: str
    title: str
    owner: Owner
    scope: Scope
    due_on: date
    days: int
    """Which step of the reminders it is: days since it was due, negative before; late steps are joined."""


class AgreementDue(Fact):
    """Who owns agreements is reminded of those that are due soon, today or long since."""

    kind: ClassVar[str] = "agreement.due.v1"
    reminder_id: UUID
    revision: int = 1
    owner: Owner
    agreements: tuple[AgreementStep, ...]
    reminded_at: AwareDatetime


class AgreementOverdue(Fact):
    """Agreements have stayed undone: the owner's superior is told, or else the body's moderation."""

    kind: ClassVar[str] = "agreement.overdue.v1"
    reminder_id: UUID
    revision: int = 1
    seat: str = ""
    """The superior's, `body/function`; empty: the moderation of `body` is told."""
    body: str
    agreements: tuple[AgreementStep, ...]
    noticed_at: AwareDatetime
