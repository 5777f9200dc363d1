"""Agreements as their service shows them to their reader, and forms as it takes them."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.portal.pages.frame.forms import Asking, Sent, send
from services.portal.pages.requests.places import scope_of
from services.portal.pages.words import Words
from services.portal.read_model.agreements import STANDING
from shared.facts import FieldChange, Owner, Scope
from shared.web.asking import Ask

SERVICE, PATH = "agreements", "/v1/agreements"
TEXTS = ("measure", "title", "note", "due_on", "cost", "belongs_to")
SEAT = "seat:"
"""How a seat begins among those who may own an agreement; an organisation begins otherwise."""
ORGANISATION = "organisation:"


class Line(BaseModel):
    """One line of the history."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    revision: int
    change: str
    by: str
    via: str
    at: AwareDatetime
    reason: str
    in_name_of: Owner | None
    fields: tuple[FieldChange, ...]


class Agreement(BaseModel):
    """An agreement as it stands."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    agreement_id: UUID
    revision: int
    body: str
    measure: str
    title: str
    note: str
    owner: Owner
    scope: Scope | None
    agreed_on: date
    due_on: date
    cost: str
    belongs_to: str
    state: str
    overdue: bool
    meeting_id: UUID | None
    escalation_id: UUID | None
    made_by: str
    may_change: bool
    may_report: bool
    may_take_back: bool
    is_own: bool
    history: tuple[Line, ...]

    @property
    def is_standing(self) -> bool:
        return self.state in STANDING

    def since(self, revision: int) -> list[Line]:
        """Return what others have done since somebody has looked."""
        return [line for line in self.history if line.revision > revision]


async def find(ask: Ask, asking: Asking, agreement_id: UUID) -> Sent:
    """Return what the service says of an agreement."""
    return await send(ask, asking, SERVICE, "GET", f"{PATH}/{agreement_id}")


def given_of(agreement: Agreement) -> dict[str, str]:
    """Return an agreement as it stands in the form that changes it."""
    owner = agreement.owner
    return {
        **{name: str(getattr(agreement, name)) for name in TEXTS},
        "owner": f"{SEAT}{owner.seat}" if owner.seat else f"{ORGANISATION}{owner.organisation}",
        "scope": str(agreement.scope or ""),
        "revision": str(agreement.revision),
    }


def terms_of(given: Mapping[str, str]) -> dict[str, Any]:
    """Return the terms that stand in a form, as the service takes them."""
    return {
        **{name: given.get(name, "") for name in TEXTS},
        "owner": _owner(given),
        "scope": scope_of(given.get("scope", "")),
    }


def _owner(given: Mapping[str, str]) -> dict[str, str]:
    """Return who is chosen or typed; a seat together with an organisation is refused by the service."""
    chosen, typed = given.get("owner", ""), given.get("organisation", "")
    if chosen.startswith(SEAT):
        return {"seat": chosen.removeprefix(SEAT), "organisation": typed}
    return {"organisation": typed or chosen.removeprefix(ORGANISATION)}


def new_of(given: Mapping[str, str]) -> dict[str, Any]:
    """Return a new agreement as it stands in a form."""
    names = ("agreed_on", "meeting_id", "escalation_id", "agreement_id")
    origin = {name: given[name] for name in names if given.get(name)}
    return {**terms_of(given), **origin, "body": given.get("body", "")}


def revision_of(given: Mapping[str, str]) -> int:
    """Return the revision that somebody has seen; 0 is none."""
    text = given.get("revision", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0  # noqa: PLR2004


def wrong_of(sent: Sent, t: Words) -> dict[str, str]:
    """Return what is wrong by field of the form, in which owner and scope are one field each."""
    wrong: dict[str, str] = {}
    for name, said in sent.wrong(t).items():
        field = name.partition(".")[0]
        own = f"wrong_agreement_{field}"
        wrong[field] = t(own) if field and t.knows(own) else said
    return wrong
