"""What the mail server says decides whether a mail is tried again; connections are kept while mails come."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import aiosmtplib
import pytest
import pytest_asyncio
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from services.notify.app import service
from services.notify.channels import mail as channel
from services.notify.channels.envelope import Letter
from services.notify.channels.files import Files
from services.notify.channels.smtp import Smtp, failure, parse
from shared.city import City
from shared.clock import MovableClock
from shared.errors import Rejected, Unavailable
from shared.process import Process
from shared.settings import Settings
from shared.text import is_clean
from tests.unit.notify.builders import NOW, Desk, Memory, meeting, parsed, raised

PRESIDENT = "polizeipraesidium@example.org"
LETTER = Letter("name.eml", "rapport@example.org", PRESIDENT, b"Subject: x\r\n\r\nx\r\n")


class Sink:
    """A mail server of the test's own: answers as it is told, and remembers."""

    def __init__(self) -> None:
        self.recipients: dict[str, list[str]] = {}
        self.data: list[str] = []
        self.drop_after_data = 0
        self.mails: list[Envelope] = []
        self.connections = 0
        self.logins: list[tuple[bytes, bytes]] = []
        self.port = 0

    def connected(self) -> SMTP:
        self.connections += 1
        return SMTP(
            self,
            hostname="sink",
            enable_SMTPUTF8=False,
            authenticator=self.authenticate,
            auth_require_tls=False,
        )

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answers = self.recipients.get(address)
        if answers:
            return answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.data:
            return self.data.pop(0)
        self.mails.append(envelope)
        if self.drop_after_data:
            self.drop_after_data -= 1
            server.transport.abort()  # type: ignore[union-attr]
        return "250 OK"

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: Any
    ) -> AuthResult:
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"p@ss/word", handled=False)


@pytest_asyncio.fixture
async def sink() -> AsyncIterator[Sink]:
    made = Sink()
    server = await asyncio.get_running_loop().create_server(made.connected, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()
    await server.wait_closed()


@pytest_asyncio.fixture
async def smtp(sink: Sink) -> AsyncIterator[Smtp]:
    made = Smtp(SecretStr(f"smtp://127.0.0.1:{sink.port}"))
    yield made
    await made.close()


@pytest_asyncio.fixture
async def office(smtp: Smtp, tmp_path: Path, leipzig: City, ids: Iterator[UUID]) -> AsyncIterator[Desk]:
    settings = Settings(var_dir=tmp_path, durable=False)
    clock = MovableClock(NOW)
    declared = service(settings, {"mail": channel.Mail(smtp, settings.mail_from)})
    process = Process([declared], settings, leipzig, clock, ids.__next__)
    await process.open()
    await process.step()  # the relay has looked for leftovers
    yield Desk(process, clock, Memory(), ids)
    await process.close()


async def test_invitations_go_over_the_wire_one_per_recipient(office: Desk, sink: Sink) -> None:
    await office.tell(meeting())
    assert len(sink.mails) == 9
    for envelope in sink.mails:
        [recipient] = envelope.rcpt_tos
        assert envelope.mail_from == "rapport@example.org"
        content = envelope.content
        assert isinstance(content, bytes)
        message = parsed(Letter("", "", recipient, content))
        assert [a.addr_spec for a in message["To"].addresses] == [recipient]
        assert not message.defects


async def test_a_burst_shares_a_few_connections(office: Desk, sink: Sink) -> None:
    await office.tell(*(meeting(meeting_id=UUID(int=n), uid=f"{n}@x") for n in range(10, 20)))
    assert len(sink.mails) == 90
    assert sink.connections <= 4


async def test_a_refused_recipient_does_not_affect_the_others(office: Desk, sink: Sink) -> None:
    sink.recipients[PRESIDENT] = ["550 5.1.1 unknown user polizeipraesidium@example.org"]
    await office.tell(raised())
    assert len(sink.mails) == 7
    facts = [fact for fact in office.published() if fact.kind == "delivery.failed.v1"]
    assert [fact.reason for fact in facts] == ["550 5.1.1 unknown user …"]  # type: ignore[attr-defined]


async def test_a_connection_lost_after_data_repeats_the_mail_with_its_message_id(
    office: Desk, sink: Sink
) -> None:
    sink.drop_after_data = 1
    await office.tell(raised())
    assert len(sink.mails) == 8
    office.clock.advance(timedelta(minutes=1))
    await office.work()
    ids = [parsed(Letter("", "", "", bytes(m.content or b"")))["Message-ID"] for m in sink.mails]
    assert len(ids) == 9
    assert len(set(ids)) == 8


ANSWERS = [
    ("421 4.3.2 busy", Unavailable),
    ("450 4.2.0 greylisted", Unavailable),
    ("452 4.2.2 mailbox full for now", Unavailable),
    ("550 5.1.1 no such user", Rejected),
    ("553 5.1.3 bad address", Rejected),
    ("530 5.7.0 log in first", Unavailable),
]


@pytest.mark.parametrize(("answer", "kind"), ANSWERS)
async def test_the_answer_to_a_recipient_decides(
    answer: str, kind: type[Exception], smtp: Smtp, sink: Sink
) -> None:
    sink.recipients[PRESIDENT] = [answer]
    with pytest.raises(kind, match=answer[:3]):
        await smtp.send(LETTER)
    await smtp.send(LETTER)
    assert len(sink.mails) == 1


@pytest.mark.parametrize(("answer", "kind"), [("451 later", Unavailable), ("554 5.7.1 spam", Rejected)])
async def test_the_answer_to_the_content_decides(
    answer: str, kind: type[Exception], smtp: Smtp, sink: Sink
) -> None:
    sink.data = [answer]
    with pytest.raises(kind):
        await smtp.send(LETTER)
    await smtp.send(LETTER)
    assert sink.connections == 1


async def test_a_server_that_is_away_is_tried_later(unused_tcp_port: int) -> None:
    away = Smtp(SecretStr(f"smtp://127.0.0.1:{unused_tcp_port}"))
    with pytest.raises(Unavailable, match="does not answer"):
        await away.send(LETTER)
    await away.close()


async def test_a_connection_that_the_server_closed_is_replaced(smtp: Smtp, sink: Sink) -> None:
    await smtp.send(LETTER)
    smtp._idle[0].close()
    await smtp.send(LETTER)
    assert sink.connections == 2
    assert len(sink.mails) == 2


async def test_a_server_that_closes_a_used_connection_gets_the_mail_at_once_on_a_fresh_one(
    smtp: Smtp, sink: Sink
) -> None:
    await smtp.send(LETTER)
    sink.recipients[PRESIDENT] = ["421 4.7.0 too many messages on this connection"]
    await smtp.send(LETTER)
    assert (sink.connections, len(sink.mails)) == (2, 2)


async def test_a_server_that_closes_a_fresh_connection_too_is_tried_later(smtp: Smtp, sink: Sink) -> None:
    await smtp.send(LETTER)
    sink.recipients[PRESIDENT] = ["421 4.3.2 closing"] * 3
    with pytest.raises(Unavailable, match="421"):
        await smtp.send(LETTER)
    assert sink.recipients[PRESIDENT] == ["421 4.3.2 closing"]


async def test_a_used_connection_that_is_cut_leads_to_one_copy(smtp: Smtp, sink: Sink) -> None:
    await smtp.send(LETTER)
    sink.drop_after_data = 1
    await smtp.send(LETTER)
    assert (sink.connections, len(sink.mails)) == (2, 3)
    assert len({mail.content for mail in sink.mails}) == 1


async def test_idle_connections_are_closed(smtp: Smtp) -> None:
    await smtp.send(LETTER)
    [client] = smtp._idle
    smtp._rest()
    assert smtp._closing
    await smtp._closing
    assert not smtp._idle
    assert not client.is_connected


async def test_credentials_come_from_the_address(sink: Sink) -> None:
    sender = Smtp(SecretStr(f"smtp://rapport:p%40ss%2Fword@127.0.0.1:{sink.port}"))
    await sender.send(LETTER)
    await sender.close()
    assert sink.logins == [(b"rapport", b"p@ss/word")]


async def test_a_wrong_password_lets_mails_wait_and_is_not_shown(sink: Sink) -> None:
    sender = Smtp(SecretStr(f"smtp://rapport:secret@127.0.0.1:{sink.port}"))
    with pytest.raises(Unavailable) as raised_error:
        await sender.send(LETTER)
    await sender.close()
    assert "secret" not in str(raised_error.value)
    assert "secret" not in repr(sender.__dict__)


@pytest.mark.parametrize(
    "url",
    [
        "http://x",
        "smtp://",
        "mail.example.org:25",
        "smtp+tls://x:secret@y",
        "smtp://u:sec/ret@y",
        "smtp://y:99999",
    ],
)
def test_an_address_that_is_none_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(Rejected, match="SMTP_URL") as refused:
        parse(SecretStr(url))
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (aiosmtplib.SMTPServerDisconnected("gone"), Unavailable),
        (aiosmtplib.SMTPReadTimeoutError("slow"), Unavailable),
        (aiosmtplib.SMTPConnectResponseError(554, "not today"), Unavailable),
        (aiosmtplib.SMTPHeloError(550, "who are you"), Unavailable),
        (aiosmtplib.SMTPAuthenticationError(535, "no"), Unavailable),
        (aiosmtplib.SMTPSenderRefused(550, "no", "a@b"), Unavailable),
        (TimeoutError(), Unavailable),
        (OSError(), Unavailable),
        (ssl.SSLCertVerificationError("expired"), Unavailable),
        (ValueError(), Unavailable),
    ],
)
def test_every_failure_says_whether_to_try_again(error: Exception, kind: type[Exception]) -> None:
    assert isinstance(failure(error), kind)


@pytest.mark.parametrize("address", ["a b@example.org", "bürger@example.org"])
async def test_an_address_that_none_can_be_mailed_to_is_refused(address: str, smtp: Smtp, sink: Sink) -> None:
    with pytest.raises(Rejected, match="address"):
        await smtp.send(Letter("name.eml", "rapport@example.org", address, b""))
    assert sink.connections == 0


REASONS = [
    ("a byte of Latin-1", "Empf\udce4nger unbekannt", "550 Empfänger unbekannt"),
    ("UTF-8", "Empfänger unbekannt", "550 Empfänger unbekannt"),
    ("a surrogate that is no byte", "a\ud800b", "550 a\ufffdb"),
    ("NUL and colours", "\x1b[31mno\x00body\x1b[0m", "550 nobody"),
    ("several lines", "5.1.1 no\n5.1.1 such user", "550 5.1.1 no 5.1.1 such user"),
    ("no text", "", "550"),
    ("an address", "<a.schmidt@stadt.test>: unknown", "550 …: unknown"),
    ("an address in a link", "see https://mail.test/?rcpt=a.schmidt%40stadt.test now", "550 see … now"),
    ("a name in quotes", 'mailbox of "Schmidt, Anna" is full', "550 mailbox of … is full"),
    ("the local part", "user A.Schmidt unknown", "550 user … unknown"),
    ("a part of the local part", "no Schmidt here", "550 no … here"),
    ("what the recipient is called", "Amt für Ordnung is away", "550 … is away"),
    ("markup", "[red]no[/denied]", "550 [red]no[/denied]"),
]


@pytest.mark.parametrize(("said", "reason"), [r[1:] for r in REASONS], ids=[r[0] for r in REASONS])
def test_a_refusal_becomes_a_reason_that_can_be_stored_and_names_nobody(said: str, reason: str) -> None:
    refused = aiosmtplib.SMTPRecipientRefused(550, said, "a.schmidt@stadt.test")
    letter = Letter("", "rapport@stadt.test", "a.schmidt@stadt.test", b"", ("Amt für Ordnung",))
    assert str(failure(aiosmtplib.SMTPRecipientsRefused([refused]), letter)) == reason


@given(st.text(st.characters(), max_size=100), st.integers(200, 599))
def test_any_answer_becomes_a_reason_that_every_database_takes(said: str, code: int) -> None:
    reason = str(failure(aiosmtplib.SMTPDataError(code, said)))
    assert is_clean(reason)
    assert "\n" not in reason
    assert len(reason) <= 500


async def test_files_are_complete_sortable_and_replaced_by_a_repeated_attempt(tmp_path: Path) -> None:
    files = Files(tmp_path / "mail")
    await files.send(LETTER)
    await files.send(LETTER)
    [file] = (tmp_path / "mail").iterdir()
    assert file.name == "name.eml"
    assert file.read_bytes() == LETTER.message


async def test_a_folder_that_cannot_be_written_lets_mails_wait(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file, not a folder")
    with pytest.raises(Unavailable, match="folder"):
        await Files(tmp_path / "mail").send(LETTER)


async def test_without_a_server_each_mail_is_a_file_named_by_time_template_and_function(
    tmp_path: Path, leipzig: City, ids: Iterator[UUID]
) -> None:
    settings = Settings(var_dir=tmp_path, durable=False, smtp_url=None)
    process = Process([service(settings)], settings, leipzig, MovableClock(NOW), ids.__next__)
    await process.open()
    await process.step()  # the relay has looked for leftovers
    desk = Desk(process, MovableClock(NOW), Memory(), ids)
    await desk.hear(raised())
    await process.step()
    names = sorted(path.name for path in (settings.data_dir / "mail").iterdir())
    await process.close()
    assert len(names) == 8
    assert any(name.startswith("20180417T093000Z-alert-police_president-") for name in names)
    assert all(name.endswith(".eml") for name in names)
