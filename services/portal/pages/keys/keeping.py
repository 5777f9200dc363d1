"""Keys as the services know them: one key may open several, and is one line here."""

import asyncio
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fastapi import Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, TypeAdapter

from services.portal.pages.frame.asked import GONE, Desk
from services.portal.pages.frame.forms import Sent
from shared.access.keys import hash_of, make_key

AGENCIES_USE = ("intake",)
FUNCTIONS_USE = ("directory", "escalation", "scheduler", "agreements", "notify", "audit")
SOON = timedelta(days=30)
"""A key that ends within this time should be replaced."""


class Told(BaseModel):
    """A key as one service tells of it."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    id: str
    holder: str
    issued_at: AwareDatetime
    expires_at: AwareDatetime
    revoked_at: AwareDatetime | None
    used_on: date | None


TOLD = TypeAdapter(list[Told])


@dataclass(frozen=True)
class Key:
    """A key, wherever it is known; it holds as long as any service takes it."""

    id: str
    holder: str
    issued_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    used_on: date | None

    def state(self, now: datetime) -> str:
        """Return `revoked`, `expired`, `ending` (within 30 days) or `valid`."""
        if self.revoked_at:
            return "revoked"
        if now >= self.expires_at:
            return "expired"
        return "ending" if now >= self.expires_at - SOON else "valid"


def opened_by(holder: str) -> tuple[str, ...]:
    """Return which services a holder's key opens."""
    return FUNCTIONS_USE if "/" in holder else AGENCIES_USE


def merged(told: Iterable[Told]) -> list[Key]:
    """Return keys that services tell of, each once; of each holder those that hold longest first."""
    by_id: dict[str, list[Told]] = {}
    for each in told:
        by_id.setdefault(each.id, []).append(each)
    keys = [_one(same) for same in by_id.values()]
    return sorted(keys, key=lambda key: (key.holder, key.revoked_at is not None, -key.expires_at.timestamp()))


def _one(same: Sequence[Told]) -> Key:
    revoked = [each.revoked_at for each in same if each.revoked_at]
    return Key(
        id=same[0].id,
        holder=same[0].holder,
        issued_at=min(each.issued_at for each in same),
        expires_at=max(each.expires_at for each in same),
        revoked_at=max(revoked) if len(revoked) == len(same) else None,
        used_on=max((each.used_on for each in same if each.used_on), default=None),
    )


async def find_all(desk: Desk, request: Request) -> tuple[list[Key], list[str]]:
    """Return every key that the reader keeps, and which services did not answer."""
    names = (*AGENCIES_USE, *FUNCTIONS_USE)
    asked = [desk.tell(request, name, f"GET /v1/keys/{name}") for name in names]
    sent = dict(zip(names, await asyncio.gather(*asked), strict=True))
    told = [key for each in sent.values() if each.taken for key in TOLD.validate_python(each.said)]
    return merged(told), [name for name, each in sent.items() if not each.taken]


async def issue(desk: Desk, request: Request, holder: str) -> tuple[str, Sent | None]:
    """Make a key that every service of its holder knows; return it, or the answer that stood in its way.

    Where a service does not take it, those that did end it again.
    """
    key = make_key(secrets.token_hex, secrets.token_urlsafe)
    key_id, digest = hash_of(key)
    said = {"id": key_id, "secret_sha256": digest, "holder": holder}
    taken: list[str] = []
    for name in opened_by(holder):
        sent = await desk.tell(request, name, f"POST /v1/keys/{name}", body=said)
        if not sent.taken:
            await _end(desk, request, key_id, taken)
            return "", sent
        taken.append(name)
    return key, None


async def end(desk: Desk, request: Request, key: Key, in_days: int = 0) -> Sent | None:
    """End a key wherever it may be known; return the answer that stood in its way, or None."""
    return await _end(desk, request, key.id, opened_by(key.holder), in_days)


async def _end(
    desk: Desk, request: Request, key_id: str, names: Sequence[str], in_days: int = 0
) -> Sent | None:
    after = f"?in_days={in_days}" if in_days else ""
    sent = [await desk.tell(request, name, f"DELETE /v1/keys/{name}/{key_id}{after}") for name in names]
    return next((each for each in sent if not each.taken and each.status != GONE), None)
