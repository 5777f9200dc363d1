"""Services tell each other who asks, for a minute and for one service."""

import hmac
import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from joserfc.jwk import OKPKey

from shared.access.assertion import Assertions, make_signing_key
from shared.access.caller import Caller, Via

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
KEY = make_signing_key()
LEADER = Caller(
    Via.SESSION,
    "extended_rapport/police_president",
    ("extended_rapport/police_president", "rapport/police_president"),
    UUID(int=7),
)


@pytest.mark.parametrize("caller", [LEADER, Caller(Via.SERVICE, "portal"), Caller(Via.LINK, "a/b", ("a/b",))])
def test_what_is_written_is_read(caller: Caller) -> None:
    both = Assertions(KEY)
    assert both.read(both.write(caller, "escalation", NOW), "escalation", NOW) == caller


@pytest.mark.parametrize(
    ("audience", "seconds"), [("notify", 0), ("escalation", 91), ("escalation", -31), ("escalation", 86_400)]
)
def test_it_holds_for_one_service_and_a_minute(audience: str, seconds: int) -> None:
    both = Assertions(KEY)
    token = both.write(LEADER, "escalation", NOW)
    assert both.read(token, audience, NOW + timedelta(seconds=seconds)) is None


def test_what_another_key_signed_is_nothing() -> None:
    token = Assertions(make_signing_key()).write(LEADER, "escalation", NOW)
    assert Assertions(KEY).read(token, "escalation", NOW) is None


def test_a_changed_letter_is_noticed() -> None:
    head, claims, signature = Assertions(KEY).write(LEADER, "escalation", NOW).split(".")
    for changed in ((head, claims[:-2] + "AA", signature), (head, claims, signature[:-4] + "AAAA")):
        assert Assertions(KEY).read(".".join(changed), "escalation", NOW) is None


def test_neither_an_unsigned_token_nor_one_signed_with_the_public_key_is_taken() -> None:
    claims = {"iss": "rapport", "aud": "escalation", "iat": 0, "exp": 9e9, "sub": "x", "via": "session"}
    public = OKPKey.import_key(KEY).as_pem(private=False)
    unsigned = b".".join([part({"alg": "none"}), part(claims), b""])
    signed = b".".join([part({"alg": "HS256"}), part(claims)])
    confused = b".".join([signed, encoded(hmac.digest(public, signed, "sha256"))])
    for token in (unsigned, confused):
        assert Assertions(KEY).read(token.decode(), "escalation", NOW) is None


def part(claims: dict[str, object]) -> bytes:
    return encoded(json.dumps(claims).encode())


def encoded(raw: bytes) -> bytes:
    return urlsafe_b64encode(raw).rstrip(b"=")


@pytest.mark.parametrize("token", ["", "a.b.c", "x" * 5000, "rk_", "eyJhbGciOiJFZDI1NTE5In0..", "\x00.é."])
def test_what_is_no_token_is_nothing(token: str) -> None:
    assert Assertions(KEY).read(token, "escalation", NOW) is None
