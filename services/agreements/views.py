"""What the HTTP interface of agreements takes and shows."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.agreements.domain import Agreement, Change, Entry, Origin, State, Terms
from services.agreements.rights import moderates_from, owns_from, place_seen, reports_from
from shared.access.caller import Caller
from shared.city.city import City
from shared.city.profile import Code, SeatName
from shared.city.workdays import workdays_of
from shared.facts import FieldChange, Owner, Scope
from shared.text.public_text import PublicText
from shared.text.written import Day

Title = Annotated[PublicText, Field(min_length=3, max_length=200)]
Reason = Annotated[PublicText, Field(min_length=3, max_length=500)]
Short = Annotated[PublicText, Field(max_length=200)]
Long = Annotated[PublicText, Field(max_length=1_000)]
Revision = Annotated[int, Field(ge=1, le=2_147_483_647)]


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class OwnerText(_Said):
    """Who does it: a seat or, where it has none, an organisation."""

    seat: SeatName | Literal[""] = ""
    """`body/function`, of any body of the city."""
    organisation: Short = ""
    """Its name, as the body's partners are called; never a person's."""


class TermsText(_Said):
    """What is agreed."""

    measure: Code = Field(examples=["building_work"])
    """Which kind it is: one of every city, or of this city's own."""
    title: Title
    note: Long = ""
    owner: OwnerText
    scope: Scope
    """A district, a sensitive place or the whole city."""
    due_on: Day
    cost: Short = ""
    """What is known of its cost."""
    belongs_to: Short = ""
    """Whose the disposal container is; of no other kind."""

    def terms(self) -> Terms:
        """Return them as they are kept."""
        names = ("measure", "title", "note", "scope", "due_on", "cost", "belongs_to")
        owner = Owner(seat=self.owner.seat, organisation=self.owner.organisation)
        return Terms(**{name: getattr(self, name) for name in names}, owner=owner)


class NewAgreement(TermsText):
    """A body has agreed on something."""

    body: Code
    agreed_on: Day | None = None
    """The day of the agreement, where not today."""
    meeting_id: UUID | None = None
    escalation_id: UUID | None = None
    agreement_id: UUID | None = None
    """An id of the caller's own: what is sent twice with the same is made once."""

    def origin(self, today: date) -> Origin:
        """Return where it comes from."""
        return Origin(self.agreed_on or today, self.meeting_id, self.escalation_id)


class _Seen(_Said):
    revision: Revision
    """The revision that the caller has seen; where there is a newer one nothing is changed."""


class EditText(TermsText, _Seen):
    """What an agreement is to say; all of it."""

    reason: Reason | None = None


class ReportText(_Seen):
    """How far it has got."""

    report: Literal[Change.PROGRESS, Change.DONE, Change.TAKEN_BACK]
    note: Reason | None = None


class ReasonText(_Seen):
    """Why it is dropped, or to be done after all."""

    reason: Reason


class EntryView(BaseModel):
    """One line of the history."""

    model_config = ConfigDict(from_attributes=True)
    revision: int
    change: Change
    by: str
    via: str
    at: datetime
    reason: str
    in_name_of: Owner | None
    fields: list[FieldChange]


class AgreementView(BaseModel):
    """An agreement as it stands, as its reader may see it."""

    model_config = ConfigDict(use_attribute_docstrings=True)
    agreement_id: UUID
    revision: int
    body: str
    measure: str
    title: str
    note: str
    owner: Owner
    scope: Scope | None
    """As exactly as the reader may know it; null: they may not."""
    agreed_on: date
    due_on: date
    cost: str
    belongs_to: str
    state: State
    overdue: bool
    meeting_id: UUID | None
    escalation_id: UUID | None
    made_by: str
    made_at: datetime
    may_change: bool
    """Whether the caller moderates the body."""
    may_report: bool
    is_own: bool
    """Whether the caller owns it."""


class WholeAgreement(AgreementView):
    """An agreement with its history."""

    history: list[EntryView]
    may_take_back: bool
    """Whether the newest change is a report that the caller can take back."""


class AgreementList(BaseModel):
    """Agreements, those first that are due first."""

    agreements: list[AgreementView]


def view(agreement: Agreement, caller: Caller, city: City, now: datetime) -> AgreementView:
    """Return an agreement as a caller may see it."""
    return AgreementView(**_shown(agreement, caller, city, now))


def whole(
    agreement: Agreement, history: list[Entry], caller: Caller, city: City, now: datetime
) -> WholeAgreement:
    """Return an agreement with its history as a caller may see it."""
    shown = _shown(agreement, caller, city, now)
    place = shown["scope"]
    hides = place != agreement.terms.scope
    last = history[-1]
    reported = last.change in {Change.PROGRESS, Change.DONE} and last.state_before is not None
    return WholeAgreement(
        **shown,
        history=[_entry(each, hides=hides) for each in history],
        may_take_back=reported and last.by == reports_from(caller, agreement, city),
    )


def _entry(entry: Entry, *, hides: bool) -> EntryView:
    """Return a line of the history; from whom the place is kept, earlier ones are, too."""
    shown = EntryView.model_validate(entry)
    fields = [each for each in shown.fields if not (hides and each.field == "scope")]
    return shown.model_copy(update={"fields": fields})


def _shown(agreement: Agreement, caller: Caller, city: City, now: datetime) -> dict[str, Any]:
    terms, origin = agreement.terms, agreement.origin
    names = ("measure", "title", "note", "owner", "due_on", "cost", "belongs_to")
    return {
        **{name: getattr(terms, name) for name in names},
        **{name: getattr(origin, name) for name in ("agreed_on", "meeting_id", "escalation_id")},
        **{name: getattr(agreement, name) for name in ("revision", "body", "state", "made_by", "made_at")},
        "agreement_id": agreement.id,
        "scope": place_seen(caller, agreement, city),
        "overdue": agreement.is_overdue(workdays_of(city).day_of(now)),
        "may_change": moderates_from(caller, agreement.body, city) is not None,
        "may_report": reports_from(caller, agreement, city) is not None,
        "is_own": owns_from(caller, agreement, city) is not None,
    }
