"""Sign-in with a provider of identities, and every way in which it goes wrong."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from services.directory.api import router
from services.directory.app import SERVICE
from services.directory.identity import attempt_of
from services.directory.joining.domain import LeaveLinks
from services.directory.provider import Provider
from shared.access.caller import Caller, Via
from shared.city.city import City
from shared.facts import ActionTaken
from shared.system.settings import Settings
from tests.unit.directory.office import BODY, MODERATOR, NOW, Office, at

ISSUER = "https://login.example.org/city"
PORTAL = Caller(Via.SERVICE, "portal")
HERE, ELSEWHERE = "h" * 43, "e" * 43
MAIL = "polizeipraesidium@example.org"
KEY, OTHER_KEY = (RSAKey.generate_key(2048, {"kid": kid}, private=True) for kid in ("one", "two"))
NOTHING: dict[str, Any] = {}


@dataclass
class Neighbour:
    """A provider of identities that behaves, or not."""

    claims: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: KEY)
    document: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Callable[[httpx.Request], httpx.Response]] = field(default_factory=dict)
    asked: list[httpx.Request] = field(default_factory=list)

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        path = request.url.path.removeprefix("/city")
        if path in self.answers:
            return self.answers[path](request)
        if path == "/.well-known/openid-configuration":
            known = {
                "issuer": ISSUER,
                "authorization_endpoint": f"{ISSUER}/auth",
                "token_endpoint": f"{ISSUER}/token",
                "jwks_uri": f"{ISSUER}/keys",
                "userinfo_endpoint": f"{ISSUER}/me",
            }
            return httpx.Response(200, json=known | self.document)
        if path == "/keys":
            return httpx.Response(200, json={"keys": [KEY.as_dict(private=False)]})
        if path == "/token":
            return httpx.Response(200, json={"id_token": self.token(), "access_token": "a"})
        return httpx.Response(200, json={"sub": "somebody"})

    def token(self) -> str:
        said = {
            "iss": ISSUER,
            "aud": "rapport",
            "sub": "somebody",
            "iat": int(NOW.timestamp()),
            "exp": int(NOW.timestamp()) + 300,
            "nonce": attempt_of(HERE).nonce,
            "email": MAIL,
            "email_verified": True,
        }
        claims = {name: value for name, value in (said | self.claims).items() if value is not None}
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key, algorithms=["RS256"])


@pytest.fixture
def neighbour() -> Neighbour:
    return Neighbour()


@pytest.fixture
async def office(tmp_path, leipzig: City, neighbour: Neighbour):
    provider = Provider(
        ISSUER,
        "rapport",
        "secret",
        "https://rapport.example.org/sign-in/callback",
        lambda: httpx.AsyncClient(transport=httpx.MockTransport(neighbour.answer)),
    )
    service = replace(SERVICE, router=lambda runtime: router(runtime, LeaveLinks("x"), provider=provider))
    made = Office(Settings(var_dir=tmp_path, durable=False), leipzig, service)
    await made.open()
    yield made
    await made.close()


async def begun(office: Office) -> dict[str, list[str]]:
    answer = await office.ask(
        PORTAL, "POST", "/sign-in/provider", {"asking": HERE, "after": "de.L2RlL21haWxz"}
    )
    assert answer.status_code == 200
    return parse_qs(urlsplit(answer.json()["url"]).query)


async def back(office: Office, **changes: str) -> httpx.Response:
    given = {"asking": HERE, "state": f"{attempt_of(HERE).state}.de.", "code": "c", "iss": ISSUER} | changes
    return await office.ask(PORTAL, "POST", "/sign-in/provider/sessions", given)


async def seats(office: Office, answer: httpx.Response) -> list[str]:
    session = {"session": answer.json()["session"]}
    return (await office.ask(PORTAL, "POST", "/sign-in/session", session)).json()["seats"]


async def test_whom_the_provider_knows_by_a_verified_address_comes_in(office: Office, neighbour: Neighbour):
    asked = await begun(office)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["state"] == [f"{attempt_of(HERE).state}.de.L2RlL21haWxz"]
    answer = await back(office)
    assert await seats(office, answer) == ["extended_rapport/police_president"]
    form = parse_qs(next(one for one in neighbour.asked if one.url.path.endswith("/token")).content.decode())
    assert form["code_verifier"] == [attempt_of(HERE).verifier]
    assert [f.action for f in office.told if isinstance(f, ActionTaken)][-2:] == [
        "sign_in.identity_bound",
        "sign_in.signed_in",
    ]


REFUSED: list[tuple[dict[str, Any], dict[str, str], str]] = [
    (NOTHING, {"asking": ELSEWHERE}, "not_asked"),
    (NOTHING, {"asking": ""}, "not_asked"),
    (NOTHING, {"state": ""}, "not_asked"),
    (NOTHING, {"state": "x" * 43 + ".de."}, "not_asked"),
    (NOTHING, {"iss": "https://evil.example"}, "other_issuer"),
    (NOTHING, {"error": "access_denied"}, "provider_refused"),
    (NOTHING, {"code": ""}, "provider_refused"),
    ({"claims": {"nonce": "x"}}, {}, "token_wrong"),
    ({"claims": {"nonce": None}}, {}, "token_wrong"),
    ({"claims": {"iss": "https://evil.example"}}, {}, "other_issuer"),
    ({"claims": {"aud": "another"}}, {}, "token_wrong"),
    ({"claims": {"aud": ["another", "more"]}}, {}, "token_wrong"),
    ({"claims": {"aud": ["rapport", "more"], "azp": "more"}}, {}, "token_wrong"),
    ({"claims": {"exp": int(NOW.timestamp()) - 61}}, {}, "token_wrong"),
    ({"claims": {"exp": None}}, {}, "token_wrong"),
    ({"claims": {"iat": int(NOW.timestamp()) + 61}}, {}, "token_wrong"),
    ({"claims": {"sub": None}}, {}, "token_wrong"),
    ({"key": OTHER_KEY}, {}, "token_wrong"),
    ({"claims": {"email_verified": False}}, {}, "mail_unverified"),
    ({"claims": {"email_verified": "true"}}, {}, "mail_unverified"),
    ({"claims": {"email_verified": None}}, {}, "mail_unverified"),
    ({"claims": {"email": None}}, {}, "mail_unverified"),
    ({"claims": {"email": ["x@example.org"]}}, {}, "mail_unverified"),
    ({"claims": {"email": "nobody@example.org"}}, {}, "nobody"),
    (
        {"answers": {"/token": lambda _: httpx.Response(400, json={"error": "invalid_grant"})}},
        {},
        "provider_refused",
    ),
]


@pytest.mark.parametrize(("wrong", "changes", "reason"), REFUSED)
async def test_who_is_not_let_in_is_refused_for_a_named_reason(
    office: Office, neighbour: Neighbour, wrong: dict[str, Any], changes: dict[str, str], reason: str
):
    vars(neighbour).update(wrong)
    answer = await back(office, **changes)
    assert (answer.status_code, answer.json()["detail"]) == (403, reason)


def unsigned(_request: httpx.Request) -> httpx.Response:
    head, body = "eyJhbGciOiJub25lIn0", Neighbour().token().split(".")[1]
    return httpx.Response(200, json={"id_token": f"{head}.{body}."})


@pytest.mark.parametrize("token", [unsigned, lambda _: httpx.Response(200, json={"id_token": "no.token"})])
async def test_a_token_without_a_signature_is_none(office: Office, neighbour: Neighbour, token):
    neighbour.answers["/token"] = token
    assert (await back(office)).json()["detail"] == "token_wrong"


def cut(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadError("cut", request=request)


AWAY = [
    {"/.well-known/openid-configuration": lambda _: httpx.Response(500)},
    {"/.well-known/openid-configuration": lambda _: httpx.Response(200, text="<html>")},
    {"/.well-known/openid-configuration": lambda _: httpx.Response(200, json=[])},
    {
        "/.well-known/openid-configuration": lambda _: httpx.Response(
            302, headers={"Location": "https://x.example"}
        )
    },
    {"/.well-known/openid-configuration": cut},
    {"/token": lambda _: httpx.Response(502)},
    {"/token": lambda _: httpx.Response(200, json={"access_token": "a"})},
    {"/token": cut},
    {"/keys": lambda _: httpx.Response(404)},
    {"/keys": lambda _: httpx.Response(200, json={"keys": "none"})},
    {"/keys": lambda _: httpx.Response(200, json=[1])},
]


@pytest.mark.parametrize("answers", AWAY)
async def test_a_provider_that_makes_no_sense_is_away(office: Office, neighbour: Neighbour, answers):
    neighbour.answers = answers
    assert (await back(office)).status_code == 503


@pytest.mark.parametrize(
    "document", [{"issuer": f"{ISSUER}/"}, {"token_endpoint": "http://login.example.org/token"}]
)
async def test_a_provider_that_is_another_or_gives_up_tls_is_not_asked(
    office: Office, neighbour: Neighbour, document: dict[str, str]
):
    neighbour.document = document
    assert (await back(office)).status_code == 503
    assert not any(one.url.path.endswith("/token") for one in neighbour.asked)


@pytest.mark.parametrize(("subject", "comes_in"), [("somebody", True), ("another", False)])
async def test_an_address_may_stand_beside_the_token(
    office: Office, neighbour: Neighbour, subject: str, comes_in: bool
):
    neighbour.claims = {"email": None, "email_verified": None}
    told = {"sub": subject, "email": MAIL, "email_verified": True}
    neighbour.answers["/me"] = lambda _: httpx.Response(200, json=told)
    assert (await back(office)).is_success is comes_in


async def test_who_is_known_comes_in_whatever_becomes_of_the_address(office: Office, neighbour: Neighbour):
    first = await seats(office, await back(office))
    neighbour.claims = {"email": "new@example.org", "email_verified": False}
    assert await seats(office, await back(office)) == first


async def test_who_holds_no_seat_any_more_is_nobody_until_their_address_holds_one(
    office: Office, neighbour: Neighbour
):
    session = (await back(office)).json()["session"]
    seat = f"{BODY}/seats/police_president/holder"
    await office.ask(at(MODERATOR), "DELETE", seat)
    seen = await office.ask(PORTAL, "POST", "/sign-in/session", {"session": session})
    assert seen.status_code == 404
    assert (await back(office)).json()["detail"] == "nobody"
    await office.ask(at(MODERATOR), "PUT", seat, {"mail": "neu@example.org", "name": "", "language": "de"})
    neighbour.claims = {"email": "neu@example.org"}
    assert await seats(office, await back(office)) == ["extended_rapport/police_president"]


async def test_without_a_provider_there_is_no_such_way(tmp_path, leipzig: City):
    plain = Office(Settings(var_dir=tmp_path, durable=False), leipzig)
    await plain.open()
    for path, body in (
        ("/sign-in/provider", {"asking": HERE}),
        ("/sign-in/provider/sessions", {"asking": HERE}),
    ):
        assert (await plain.ask(PORTAL, "POST", path, body)).status_code == 404
        assert (await plain.ask(at(MODERATOR), "POST", path, body)).status_code == 403
    await plain.close()


async def test_who_is_forgotten_leaves_no_identity(office: Office):
    await back(office)
    await office.ask(at(MODERATOR), "DELETE", f"{BODY}/seats/police_president/holder")
    office.clock.advance(timedelta(days=400))
    await office.process.tick()
    async with office.runtime.reading() as tx:
        assert list(await tx.db.exec_driver_sql("select * from identities")) == []
