"""Nothing that somebody writes becomes a header, a line break or another recipient."""

from email import message_from_bytes
from email.policy import compat32, default
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notify.channels.channel import Outgoing
from services.notify.channels.mail.headers import checked, clean
from services.notify.channels.mail.message import compose
from services.notify.domain import Content, Delivery, Reader, State, Template
from shared.city.profile import Person
from shared.errors import Rejected
from shared.text.address import Mailbox
from tests.unit.notify.builders import NOW

EXPECTED = [
    "Content-Type",
    "MIME-Version",
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "Content-Language",
]
ATTACKS = [
    "=?UTF-8?Q?=0A?=Bcc: x@y",
    "=?UTF-8?B?Cg==?=Bcc: x@y",
    "=?utf-8?q?=0D=0ABcc:_x@y?=",
    "Hallo\r\nBcc: x@y",
    "Hallo\nBcc: x@y",
    "Hallo\rBcc: x@y",
    "Hallo\x00Bcc: x@y",
    "Hallo\x0bBcc: x@y",
    "Hallo\u2028Bcc: x@y",
    "Hallo\u2029Bcc: x@y",
    "Hallo\x85Bcc: x@y",
    "=?U=?UTF-8?Q?=0A?=TF-8?Q?=0A?=Bcc: x@y",
    "=?UTF-8?Q?=?UTF-8?Q?=0A?==0A?=",
    '"; Bcc: x@y; "',
    "a@b.example, Evil <x@y>",
    "ä" * 2_000,
    "x" * 2_000,
]

SENDER = Mailbox("rapport@example.org")


def outgoing(text: str, mail: str = "polizeipraesidium@example.org") -> Outgoing:
    person = Person(function="f", name={"de": "f"}, mail=mail).model_copy(update={"name": {"de": text}})
    delivery = Delivery(
        delivery_id=UUID(int=7),
        notice_id=UUID(int=8),
        channel="mail",
        recipient="body/f",
        language="de",
        template=Template.ALERT,
        about="x",
        title=text,
        state=State.DUE,
        attempts=0,
        due_at=NOW,
        expires_at=None,
        reason=None,
        created_at=NOW,
        sent_at=None,
    )
    reader = Reader(mail, {"de": text})
    return Outgoing(delivery, Content(text, "Text", "<p>Text</p>"), reader, person, "Leipzig")


def check(raw: bytes) -> None:
    for policy in (default, compat32):
        message = message_from_bytes(raw, policy=policy)
        assert list(message.keys()) == EXPECTED
        assert not message.defects
    parsed = message_from_bytes(raw, policy=default)
    assert [a.addr_spec for a in parsed["To"].addresses] == ["polizeipraesidium@example.org"]
    assert [a.addr_spec for a in parsed["Reply-To"].addresses] == ["polizeipraesidium@example.org"]
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")


@pytest.mark.parametrize("text", ATTACKS)
def test_an_attack_stays_text(text: str) -> None:
    check(compose(outgoing(text), SENDER))


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=200) | st.text("=?BQq_UTF8-\r\n: <>@,;\"'äß", max_size=80))
def test_whatever_is_written_stays_one_subject_and_one_name(text: str) -> None:
    check(compose(outgoing(text), SENDER))


@settings(deadline=None)
@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    "text", ["Spritzenfunde an der Kita Köhlerstraße", "Ämter: „Übergabe“ – 3 × täglich"]
)
def test_umlauts_arrive_as_they_were_written(text: str) -> None:
    message = message_from_bytes(compose(outgoing(text), SENDER), policy=default)
    assert message["Subject"] == text
    assert message["To"].addresses[0].display_name == text


@pytest.mark.parametrize("mail", ["a@b\r\nBcc: x@y", "a b@example.org", "ä@example.org", "a@b, c@d", "", "a"])
def test_an_address_that_is_none_is_refused(mail: str) -> None:
    with pytest.raises(Rejected):
        checked(mail)
