"""Sign-in with a provider of identities (OpenID Connect Core 1.0, code flow with PKCE); pure.

The provider says who somebody is, never what they may: which function they hold is the directory's to say.
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

SCOPE = "openid email"
ALGORITHMS = ["RS256", "PS256", "ES256"]
"""Signatures that are taken; none that needs our own secret, and not `none`."""
LEEWAY_S = 60
"""Seconds that the provider's clock may differ from ours."""


class Refusal(StrEnum):
    """Why somebody who comes back from the provider is not let in."""

    NOT_ASKED = "not_asked"
    """Another browser asked, or none: the state is not what ours was given."""
    OTHER_ISSUER = "other_issuer"
    """Somebody else than our provider answers (RFC 9207), or issued the token."""
    PROVIDER_REFUSED = "provider_refused"
    """The provider did not let them in, or does not take the code."""
    TOKEN_WRONG = "token_wrong"  # noqa: S105 - no secret
    """The identity token is not signed by the provider, not for us, not for this sign-in, or too old."""
    MAIL_UNVERIFIED = "mail_unverified"
    """Nobody is known by the identity, and the provider has not verified an address."""
    NOBODY = "nobody"
    """Nobody who holds a seat is known by the identity or its address."""


class Refused(Exception):  # noqa: N818
    """Somebody is not let in, for a named reason."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class Attempt:
    """One sign-in of one browser: all follows from the secret that only the browser keeps."""

    state: str
    nonce: str
    verifier: str

    @property
    def challenge(self) -> str:
        """Return the PKCE challenge (RFC 7636, S256)."""
        return _digest(self.verifier.encode())


def attempt_of(secret: str) -> Attempt:
    """Return the sign-in of the browser that has a secret."""
    state, nonce, verifier = (_digest(f"{name}:{secret}".encode()) for name in ("state", "nonce", "verifier"))
    return Attempt(state, nonce, verifier)


@dataclass(frozen=True)
class Client:
    """What the provider of identities knows of us."""

    client_id: str
    redirect_uri: str


def authorization_url(endpoint: str, client: Client, attempt: Attempt, after: str) -> str:
    """Return where the browser goes to say who it is; `after` comes back behind the state."""
    asked = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": client.redirect_uri,
        "scope": SCOPE,
        "state": f"{attempt.state}.{after}",
        "nonce": attempt.nonce,
        "code_challenge": attempt.challenge,
        "code_challenge_method": "S256",
    }
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"


@dataclass(frozen=True)
class Identity:
    """Who the provider says somebody is; `mail` is empty unless it has verified the address."""

    issuer: str
    subject: str
    mail: str


def read_token(
    token: str, keys: KeySet, *, issuer: str, client_id: str, nonce: str, now: datetime
) -> Identity:
    """Return whom an identity token names; raises Refused."""
    claims = _claims(token, keys, now)
    if claims.get("iss") != issuer:
        raise Refused(Refusal.OTHER_ISSUER)
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    is_ours = client_id in audiences and claims.get("azp", client_id) == client_id
    if not is_ours or claims.get("nonce") != nonce or not isinstance(claims.get("sub"), str):
        raise Refused(Refusal.TOKEN_WRONG)
    return Identity(issuer, claims["sub"], verified_mail(claims))


def verified_mail(claims: Mapping[str, Any]) -> str:
    """Return the address that claims name and the provider has verified, or nothing."""
    mail = claims.get("email")
    return mail if isinstance(mail, str) and claims.get("email_verified") is True else ""


def _claims(token: str, keys: KeySet, now: datetime) -> Mapping[str, Any]:
    registry = jwt.JWTClaimsRegistry(
        lambda: int(now.timestamp()), LEEWAY_S, exp={"essential": True}, iat={"essential": True}
    )
    try:
        found = jwt.decode(token, keys, algorithms=ALGORITHMS)
        registry.validate(found.claims)
    except (JoseError, ValueError) as error:
        raise Refused(Refusal.TOKEN_WRONG) from error
    return found.claims


def _digest(data: bytes) -> str:
    return urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
