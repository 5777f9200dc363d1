"""What the mail server says decides whether a mail is tried again; connections are kept while mails come."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from pydantic import SecretStr

from rapport.process.process import Process
from services.notify.app import service
from services.notify.channels.mail import channel
from services.notify.channels.mail.files import Files
from services.notify.channels.mail.letter import Letter
from services.notify.channels.mail.smtp import Smtp, parse
from shared.city.city import City
from shared.errors import Rejected, Unavailable
from shared.system.clock import MovableClock
from shared.system.settings import Settings
from tests.unit.notify.builders import NOW, Desk, Memory, Profile, meeting, parsed, raised

PRESIDENT = "polizeipraesidium@example.org"
LETTER = Letter("name.eml", "rapport@example.org", PRESIDENT, b"Subject: x\r\n\r\nx\r\n")


class Sink:
    """A mail server of the test's own: answers as it is told, and remembers."""

    def __init__(self) -> None:
        self.data: list[str] = []
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

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if self.data:
            return self.data.pop(0)
        self.mails.append(envelope)
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
    addresses = Profile(leipzig)
    declared = service(settings, addresses, {"mail": channel.Mail(smtp, settings.mail_from)})
    process = Process([declared], settings, leipzig, clock, ids.__next__)
    await process.open()
    await process.step()  # the relay has looked for leftovers
    yield Desk(process, clock, Memory(), ids, addresses)
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


async def test_a_refused_mail_leaves_the_connection_to_the_next(smtp: Smtp, sink: Sink) -> None:
    sink.data = ["451 later", "554 5.7.1 spam"]
    for kind in (Unavailable, Rejected):
        with pytest.raises(kind):
            await smtp.send(LETTER)
    await smtp.send(LETTER)
    assert (sink.connections, len(sink.mails)) == (1, 1)


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


@pytest.mark.parametrize("address", ["a b@example.org", "bürger@example.org"])
async def test_an_address_that_none_can_be_mailed_to_is_refused(address: str, smtp: Smtp, sink: Sink) -> None:
    with pytest.raises(Rejected, match="address"):
        await smtp.send(Letter("name.eml", "rapport@example.org", address, b""))
    assert sink.connections == 0


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
    addresses = Profile(leipzig)
    process = Process([service(settings, addresses)], settings, leipzig, MovableClock(NOW), ids.__next__)
    await process.open()
    await process.step()  # the relay has looked for leftovers
    desk = Desk(process, MovableClock(NOW), Memory(), ids, addresses)
    await desk.hear(raised())
    await process.step()
    names = sorted(path.name for path in (settings.data_dir / "mail").iterdir())
    await process.close()
    assert len(names) == 8
    assert any(name.startswith("20180417T093000Z-alert-police_president-") for name in names)
    assert all(name.endswith(".eml") for name in names)
