"""The provider of identities, asked over HTTP: where it is asked, for whom a code stands, with which keys."""

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ConfigDict, RootModel, ValidationError

from services.directory.identity import (
    Client,
    Identity,
    Refusal,
    Refused,
    attempt_of,
    authorization_url,
    read_token,
    verified_mail,
)
from shared.errors import Unavailable
from shared.system.settings import Settings

PATIENCE_S = 5.0
BASIC = "client_secret_basic"
CALLBACK = "/sign-in/callback"
Read = TypeVar("Read", bound=BaseModel)


class Discovered(BaseModel):
    """What the provider publishes of itself (OpenID Connect Discovery 1.0)."""

    model_config = ConfigDict(extra="ignore")
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    token_endpoint_auth_methods_supported: tuple[str, ...] = (BASIC,)


class Tokens(BaseModel):
    """What the provider gives for a code."""

    model_config = ConfigDict(extra="ignore")
    id_token: str
    access_token: str = ""


class Claims(RootModel[dict[str, Any]]):
    """What the provider says of somebody."""


class Returned(BaseModel):
    """What the browser brings back from the provider; nothing of it is believed."""

    state: str = ""
    code: str = ""
    iss: str = ""
    error: str = ""


@dataclass(frozen=True)
class Provider:
    """Lets people say who they are where their city knows them."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str
    connect: Callable[[], httpx.AsyncClient]

    async def begin(self, secret: str, after: str) -> str:
        """Return where the browser with a secret goes; raises Unavailable."""
        async with self.connect() as http:
            found = await self._discover(http)
        client = Client(self.client_id, self.redirect_uri)
        return authorization_url(found.authorization_endpoint, client, attempt_of(secret), after)

    async def finish(self, secret: str, returned: Returned, now: datetime) -> Identity:
        """Return who the browser with a secret says it is; raises Refused or Unavailable."""
        attempt = attempt_of(secret)
        if not secret or returned.state.partition(".")[0] != attempt.state:
            raise Refused(Refusal.NOT_ASKED)
        if returned.iss and returned.iss != self.issuer:
            raise Refused(Refusal.OTHER_ISSUER)
        if returned.error or not returned.code:
            raise Refused(Refusal.PROVIDER_REFUSED)
        async with self.connect() as http:
            found = await self._discover(http)
            tokens = await self._exchange(http, found, returned.code, attempt.verifier)
            keys = await self._keys(http, found.jwks_uri)
            identity = read_token(
                tokens.id_token,
                keys,
                issuer=self.issuer,
                client_id=self.client_id,
                nonce=attempt.nonce,
                now=now,
            )
            if identity.mail or not (found.userinfo_endpoint and tokens.access_token):
                return identity
            return replace(
                identity, mail=await _mail(http, found.userinfo_endpoint, tokens, identity.subject)
            )

    async def _discover(self, http: httpx.AsyncClient) -> Discovered:
        url = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
        found = _read(Discovered, await _ask(http, "GET", url))
        if found.issuer != self.issuer:
            raise Unavailable("the provider of identities says that it is another one")
        endpoints = (found.authorization_endpoint, found.token_endpoint, found.jwks_uri)
        if self.issuer.startswith("https:") and not all(url.startswith("https:") for url in endpoints):
            raise Unavailable("the provider of identities names an address without TLS")
        return found

    async def _exchange(self, http: httpx.AsyncClient, found: Discovered, code: str, verifier: str) -> Tokens:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": verifier,
        }
        if BASIC in found.token_endpoint_auth_methods_supported:
            how: dict[str, Any] = {"auth": httpx.BasicAuth(self.client_id, self.client_secret)}
        else:
            how, form = {}, form | {"client_id": self.client_id, "client_secret": self.client_secret}
        answer = await _ask(http, "POST", found.token_endpoint, data=form, **how)
        if answer.is_client_error:
            raise Refused(Refusal.PROVIDER_REFUSED)
        return _read(Tokens, answer)

    @staticmethod
    async def _keys(http: httpx.AsyncClient, url: str) -> KeySet:
        answer = await _ask(http, "GET", url)
        try:
            return KeySet.import_key_set(answer.raise_for_status().json())
        except (httpx.HTTPError, JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise Unavailable("the keys of the provider of identities cannot be read") from error


async def _mail(http: httpx.AsyncClient, url: str, tokens: Tokens, subject: str) -> str:
    """Return the verified address of a subject, where the token does not say it."""
    answer = await _ask(http, "GET", url, auth=_Bearer(tokens.access_token))
    claims = _read(Claims, answer).root
    return verified_mail(claims) if claims.get("sub") == subject else ""


class _Bearer(httpx.Auth):
    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


async def _ask(http: httpx.AsyncClient, method: str, url: str, **how: Any) -> httpx.Response:
    try:
        return await http.request(method, url, headers={"Accept": "application/json"}, **how)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unavailable(f"the provider of identities does not answer: {type(error).__name__}") from error


def _read(kind: type[Read], answer: httpx.Response) -> Read:
    try:
        return kind.model_validate(answer.raise_for_status().json())
    except (httpx.HTTPError, ValidationError, ValueError) as error:
        raise Unavailable(f"the provider of identities answers {answer.status_code} and no sense") from error


def provider_of(settings: Settings) -> Provider | None:
    """Return the provider that the settings name, or None."""
    if not settings.oidc_issuer:
        return None
    return Provider(
        settings.oidc_issuer,
        settings.oidc_client_id,
        settings.oidc_client_secret.get_secret_value(),
        f"{settings.public_url.rstrip('/')}{CALLBACK}",
        lambda: httpx.AsyncClient(timeout=PATIENCE_S, follow_redirects=False),
    )
