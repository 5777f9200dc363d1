"""What one service tells another of who asks: a JWT (RFC 7519) signed with Ed25519 that holds for a minute.

The key is made once, in a file that only the user of the system reads.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from shared.access.caller import Caller, Via

ALGORITHM = "Ed25519"
ISSUER = "rapport"
LIFETIME = timedelta(seconds=60)
SKEW = timedelta(seconds=30)
"""How far apart the clocks of two machines may be."""


def make_signing_key() -> str:
    """Return a new private key as PEM."""
    return OKPKey.generate_key("Ed25519").as_pem(private=True).decode()


class Assertions:
    """Writes assertions, and reads those that were written with the same key."""

    def __init__(self, pem: str) -> None:
        self._key = OKPKey.import_key(pem)

    def write(self, caller: Caller, audience: str, now: datetime) -> str:
        """Return what tells the service `audience` who asks."""
        claims = {
            "iss": ISSUER,
            "aud": audience,
            "iat": int(now.timestamp()),
            "exp": int((now + LIFETIME).timestamp()),
            "sub": caller.name,
            "via": caller.via.value,
            "seats": list(caller.seats),
            "person": str(caller.person) if caller.person else None,
        }
        return jwt.encode({"alg": ALGORITHM}, claims, self._key, algorithms=[ALGORITHM])

    def read(self, token: str, audience: str, now: datetime) -> Caller | None:
        """Return who asks, or None: not signed with our key, for another service, or not of this minute."""
        try:
            claims = jwt.decode(token, self._key, algorithms=[ALGORITHM]).claims
        except (JoseError, ValueError):
            return None
        if claims.get("iss") != ISSUER or claims.get("aud") != audience:
            return None
        if not _holds(claims, now):
            return None
        person = claims["person"]
        return Caller(
            via=Via(claims["via"]),
            name=claims["sub"],
            seats=tuple(claims["seats"]),
            person=UUID(person) if person else None,
        )


def _holds(claims: dict[str, Any], now: datetime) -> bool:
    at = now.timestamp()
    since, until = int(claims["iat"]), int(claims["exp"])
    return since - SKEW.total_seconds() <= at < until + SKEW.total_seconds()
