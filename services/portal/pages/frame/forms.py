"""Forms of pages: what somebody typed, and what the service that decides says of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import parse_qsl

from fastapi import Request

from services.portal.pages.words import Words
from shared.access.caller import Caller
from shared.errors import Unavailable
from shared.web.asking import Ask
from shared.web.door import SMALL_BODY, VISIT

FORM = "application/x-www-form-urlencoded"
WHOLE = ""
"""Instead of a field: what is wrong with all that was sent."""
REFUSALS = {403: "refused_forbidden", 404: "refused_gone", 413: "refused_large", 429: "refused_often"}
AWAY, WRONG = 503, 422


class Asking(Protocol):
    """Somebody in whose name a page asks."""

    @property
    def caller(self) -> Caller: ...


async def read_fields(request: Request, limit: int = SMALL_BODY) -> list[tuple[str, str]]:
    """Return the fields of a posted form in their order; none where it is no such form. Raises Problem."""
    request.scope[VISIT].body.allow(limit)
    body = await request.body()
    if not request.headers.get("content-type", FORM).startswith(FORM):
        return []
    return parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)


async def read_form(request: Request, limit: int = SMALL_BODY) -> dict[str, str]:
    """Return the first value of each field of a posted form, without space around it. Raises Problem."""
    return {name: value.strip() for name, value in reversed(await read_fields(request, limit))}


@dataclass(frozen=True)
class Sent:
    """What became of something that a service was sent."""

    status: int
    said: Any = None
    """What the service answers; None: nothing that can be read."""
    messages: Mapping[str, str] = field(default_factory=dict)
    """What is wrong by field, as the service names it; under `WHOLE` what concerns no field."""

    @property
    def taken(self) -> bool:
        return not self.messages

    @property
    def fields(self) -> set[str]:
        """Return which fields the service names as wrong."""
        return set(self.messages) - {WHOLE}

    def wrong(self, t: Words) -> dict[str, str]:
        """Return what is wrong by field in the reader's language.

        The words are those of the service's own sentence, or of `wrong_FIELD`, where there are any.
        """
        if self.status in REFUSALS or self.status == AWAY:
            return {WHOLE: t(REFUSALS.get(self.status, "refused_away"))}
        return {name: _explained(t, name, message) for name, message in self.messages.items()}


async def send(ask: Ask, asking: Asking, service: str, method: str, path: str, *, body: Any = None) -> Sent:
    """Send something to a service in its reader's name; a service that is away is an answer, too."""
    try:
        answer = await ask(service, method, path, asking.caller, body)
    except Unavailable:
        return Sent(AWAY, messages={WHOLE: ""})
    is_json = "json" in answer.headers.get("content-type", "")
    said = answer.json() if is_json and answer.content else None
    if answer.is_success:
        return Sent(answer.status_code, said)
    problem = said if isinstance(said, dict) else {}
    by_field = {error["field"]: error["message"] for error in problem.get("errors", ())}
    return Sent(answer.status_code, said, by_field or {WHOLE: problem.get("title", "")})


def _explained(t: Words, name: str, message: str) -> str:
    last = name.rpartition(".")[2]
    for known in (message, f"wrong_{last}" if last else ""):
        if known and t.knows(known):
            return t(known)
    return t("wrong_other", why=message)


@dataclass(frozen=True)
class Filled:
    """A form as it is shown: what stands in its fields, and what is wrong with them, by name."""

    given: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """Return the status of the page that it stands on."""
        return WRONG if self.wrong else 200
