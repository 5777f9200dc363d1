"""Requests as the escalation service shows them to their reader."""

from datetime import datetime
from uuid import UUID

from fastapi import Request
from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.portal.pages.frame.asked import Desk
from services.portal.pages.frame.forms import Sent
from services.portal.pages.words import Words
from shared.facts import Scope

PATH = "/v1/requests"


class Answer(BaseModel):
    """What moderation has answered."""

    model_config = ConfigDict(extra="ignore")
    granted: bool
    reason: str | None
    by: str
    at: AwareDatetime
    escalation_id: UUID | None


class Asked(BaseModel):
    """A request as it stands."""

    model_config = ConfigDict(extra="ignore")
    request_id: UUID
    body: str
    scope: Scope
    reason: str
    by: str
    made_at: AwareDatetime
    answer_by: AwareDatetime
    answer: Answer | None
    withdrawn_at: AwareDatetime | None = None
    called_by: UUID | None = None
    """The escalation that calls the body for the same place meanwhile."""
    may_answer: bool
    may_withdraw: bool = False

    @property
    def is_open(self) -> bool:
        return self.answer is None and self.withdrawn_at is None

    def is_late(self, now: datetime) -> bool:
        return self.is_open and self.answer_by <= now


class _List(BaseModel):
    requests: list[Asked]


async def find_requests(desk: Desk, request: Request, *, only_open: bool = False) -> list[Asked]:
    """Return what is asked of, or by, the bodies of a page's reader, newest first; raises NotShown."""
    found = await desk.get(request, "escalation", f"{PATH}?is_open=true" if only_open else PATH)
    return _List.model_validate(found).requests


async def get_request(desk: Desk, request: Request, request_id: UUID) -> Asked:
    """Return a request; raises NotShown."""
    return Asked.model_validate(await desk.get(request, "escalation", f"{PATH}/{request_id}"))


def wrong_of(sent: Sent, t: Words) -> dict[str, str]:
    """Return what is wrong by field of the form, in which a scope is one field."""
    wrong = sent.wrong(t)
    scope = {"scope": t("wrong_scope")} if any(name.startswith("scope") for name in wrong) else {}
    return {name: said for name, said in wrong.items() if not name.startswith("scope")} | scope
