"""Posts reports to intake, with patience where it is away or busy; raises Unavailable when that ends.

What was posted may be posted again: intake knows an agency's number and takes it once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any

import httpx
from pydantic import BaseModel, ValidationError

from shared.errors import FieldError, Rejected, Unavailable
from shared.system.clock import Clock

ATTEMPTS, FIRST_ATTEMPTS = 6, 3
"""Tries of a request; fewer of the first, as nothing has been sent yet that would be left half done."""
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 300.0
"""Longer than this nobody waits before a terminal; the command says that it may be repeated."""
LATER = frozenset({408, 425, 429, 500, 502, 503, 504})
TOO_LARGE = 413
PROBLEM = "application/problem+json"
Sleep = Callable[[float], Awaitable[None]]


class Trouble(StrEnum):
    """Why nothing more can be sent."""

    NO_KEY = "no_key"
    KEY_REFUSED = "key_refused"
    NOT_AN_AGENCY = "not_an_agency"
    AWAY = "away"
    BUSY = "busy"
    STRANGE = "strange"
    REFUSED = "refused"
    NO_ADDRESS = "no_address"


class Stopped(Unavailable):
    """Sending ends here; `trouble` says why, `detail` with which answer."""

    def __init__(self, trouble: Trouble, detail: str = "") -> None:
        super().__init__(f"{trouble}: {detail}")
        self.trouble = trouble
        self.detail = detail


class Item(BaseModel):
    """What became of one report."""

    status: str
    errors: list[FieldError] = []


class Receipt(BaseModel):
    """What became of a batch; counts and items as intake says them."""

    items: list[Item]


@dataclass(frozen=True)
class Patience:
    """How waiting is done."""

    sleep: Sleep = asyncio.sleep
    attempts: int = ATTEMPTS


def checked_key(key: str) -> str:
    """Return a key as it can stand in a header; raises Stopped where there is none."""
    key = key.strip()
    if not key:
        raise Stopped(Trouble.NO_KEY)
    if not (key.isascii() and key.isprintable() and " " not in key):
        raise Stopped(Trouble.KEY_REFUSED)
    return key


class Sender:
    """Speaks to intake with one agency's key."""

    def __init__(
        self, client: httpx.AsyncClient, key: str, clock: Clock, patience: Patience | None = None
    ) -> None:
        self.client = client
        self.clock = clock
        self.headers = {"Authorization": f"Bearer {checked_key(key)}"}
        self.patience = patience or Patience()

    async def whose(self) -> str:
        """Return the agency whose key this is; raises Stopped where it is none."""
        attempts = min(FIRST_ATTEMPTS, self.patience.attempts)
        answer = await self._answer("GET", "/v1/incidents/agency", attempts=attempts)
        try:
            return str(answer.json()["agency"])
        except (ValueError, KeyError, TypeError) as error:
            raise Stopped(Trouble.STRANGE, str(answer.status_code)) from error

    async def post(self, reports: Sequence[dict[str, Any]]) -> list[Item]:
        """Return what became of each report; a batch that is too large goes in halves."""
        answer = await self._answer(
            "POST", "/v1/incidents/batch", list(reports), attempts=self.patience.attempts
        )
        if answer.status_code == TOO_LARGE and len(reports) > 1:
            half = len(reports) // 2
            return [*await self.post(reports[:half]), *await self.post(reports[half:])]
        if answer.is_client_error and PROBLEM in answer.headers.get("Content-Type", ""):
            raise Stopped(Trouble.REFUSED, str(answer.status_code))
        try:
            items = Receipt.model_validate_json(answer.content).items
        except ValidationError as error:
            raise Stopped(Trouble.STRANGE, str(answer.status_code)) from error
        if answer.is_error or len(items) != len(reports):
            raise Stopped(Trouble.STRANGE, str(answer.status_code))
        return items

    async def _answer(self, method: str, path: str, json: Any = None, *, attempts: int) -> httpx.Response:
        trouble, pause = Stopped(Trouble.AWAY), FIRST_PAUSE_S
        for attempt in range(attempts):
            if attempt:
                await self.patience.sleep(pause)
            pause = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**attempt)
            try:
                answer = await self.client.request(method, path, json=json, headers=self.headers)
            except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
                raise Stopped(Trouble.NO_ADDRESS) from error
            except (httpx.HTTPError, OSError) as error:
                trouble = Stopped(Trouble.AWAY, type(error).__name__)
                continue
            if answer.status_code not in LATER:
                return _allowed(answer)
            trouble = Stopped(Trouble.BUSY, str(answer.status_code))
            pause = max(pause, self._asked(answer))
            if pause > LONGEST_PAUSE_S:
                break
        raise trouble

    def _asked(self, answer: httpx.Response) -> float:
        """Return the seconds that `Retry-After` asks for (RFC 9110, 10.2.3); 0 where it says nothing."""
        text = answer.headers.get("Retry-After", "")
        if text.isascii() and text.isdigit():
            return float(text[:9])
        try:
            return (parsedate_to_datetime(text) - self.clock.now()).total_seconds()
        except (ValueError, TypeError, OverflowError):
            return 0.0


def _allowed(answer: httpx.Response) -> httpx.Response:
    if answer.status_code == httpx.codes.UNAUTHORIZED:
        raise Stopped(Trouble.KEY_REFUSED)
    if answer.status_code == httpx.codes.FORBIDDEN:
        raise Stopped(Trouble.NOT_AN_AGENCY)
    return answer


Post = Callable[[str, Sequence[dict[str, Any]]], Awaitable[list[Item]]]


def poster(client: httpx.AsyncClient, keys: dict[str, str]) -> Post:
    """Return what posts reports for an agency; raises Rejected where intake refuses the whole batch."""

    async def post(agency: str, reports: Sequence[dict[str, Any]]) -> list[Item]:
        headers = {"Authorization": f"Bearer {keys.get(agency, '')}"}
        answer = await client.post("/v1/incidents/batch", json=reports, headers=headers)
        if answer.is_error:
            raise Rejected(f"intake answered {answer.status_code} for {agency}: {answer.text[:300]}")
        return Receipt.model_validate_json(answer.content).items

    return post
