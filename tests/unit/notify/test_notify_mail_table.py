"""What a mail server may answer, and what becomes of a mail then: one table, in simulated time.

Eight mails leave at once; the fault meets the one to the president, or everybody's where the server does
not know yet whom a mail is for. Then the server is well again, and the clock goes on.
"""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from uuid import UUID

import pytest
import pytest_asyncio
from pydantic import SecretStr
from sqlalchemy import select

from services.notify.app import service
from services.notify.channels.envelope import Letter
from services.notify.channels.mail import Mail
from services.notify.channels.smtp import Patience, Smtp
from services.notify.tables import deliveries
from shared.city import City
from shared.clock import MovableClock
from shared.process import Process
from shared.settings import Settings
from shared.text import is_clean
from tests import servers
from tests.unit.notify.builders import NOW, Desk, Memory, raised
from tests.unit.notify.mail_server import Deed, Fault, MailServer, Place

PRESIDENT = "polizeipraesidium@example.org"
FUNCTION = "extended_rapport/police_president"
CALLED = 8
HASTE = Patience(command=1.0, mail=1.5)
"""For servers that would be waited for."""


@dataclass(frozen=True)
class Row:
    """A fault, and what must become of the president's mail and of the seven others."""

    what: str
    fault: Fault
    state: str
    """After the first attempt: `sent`, `due` (waits) or `dead`."""
    reason: str = ""
    """What is kept of the answer, or its beginning."""
    attempts: int = 1
    others: str = "sent"
    copies: int = 1
    """Of the president's mail, once all is over."""
    used: bool | None = None
    """Whether the connections have carried mails before; None: some have."""
    patience: Patience = field(default_factory=Patience)
    scheme: str = "smtp"
    login: str = ""
    offers: tuple[bytes, ...] = ()


def him(place: Place, does: bytes | Deed, times: int = 1_000, *, takes: bool = False) -> Fault:
    """Return a fault that meets the president's mail alone."""
    return Fault(place, does, PRESIDENT, times, takes)


def waits(what: str, fault: Fault, reason: str, **more: object) -> Row:
    return Row(what, fault, "due", reason, **more)  # type: ignore[arg-type]


def all_wait(what: str, place: Place, does: bytes | Deed, reason: str, **more: object) -> Row:
    return Row(what, Fault(place, does), "due", reason, others="due", **more)  # type: ignore[arg-type]


def dies(what: str, place: Place, does: bytes, reason: str) -> Row:
    return Row(what, him(place, does), "dead", reason, copies=0)


TABLE = [
    # our access, or the server as a whole: everything waits
    all_wait("421 as greeting", Place.GREETING, b"421 4.3.2 busy", "421 4.3.2 busy"),
    all_wait("554 as greeting", Place.GREETING, b"554 no service", "554 no service"),
    all_wait("450 to MAIL FROM", Place.MAIL, b"450 4.7.1 slow down", "450 4.7.1 slow down"),
    all_wait("451 to MAIL FROM", Place.MAIL, b"451 4.3.0 local error", "451 4.3.0 local error"),
    all_wait("452 to MAIL FROM", Place.MAIL, b"452 4.3.1 disk full", "452 4.3.1 disk full"),
    all_wait("530 to MAIL FROM", Place.MAIL, b"530 5.7.0 log in first", "530 5.7.0 log in first"),
    all_wait("550 to MAIL FROM", Place.MAIL, b"550 5.7.1 you are blocked", "550 5.7.1 you are blocked"),
    all_wait("552 to MAIL FROM: SIZE too small", Place.MAIL, b"552 5.3.4 too big", "552 5.3.4 too big", offers=(b"SIZE 10",)),
    all_wait("553 to MAIL FROM", Place.MAIL, b"553 5.7.1 not your sender", "553 5.7.1 not your sender"),
    all_wait("554 to MAIL FROM", Place.MAIL, b"554 5.7.1 refused", "554 5.7.1 refused"),
    all_wait("535 to the login", Place.AUTH, b"535 5.7.8 wrong", "535 5.7.8 wrong", login="rapport:secret@", offers=(b"AUTH PLAIN LOGIN",)),
    all_wait("454 to STARTTLS", Place.STARTTLS, b"454 4.7.0 no TLS now", "", scheme="smtp+starttls", offers=(b"STARTTLS",)),
    all_wait("no STARTTLS on offer", Place.STARTTLS, b"", "the mail server does not offer", scheme="smtp+starttls"),
    all_wait("no TLS after STARTTLS", Place.STARTTLS, b"220 go ahead\r\nno TLS at all\r\n\r\n", "the mail server", scheme="smtp+starttls", offers=(b"STARTTLS",)),
    all_wait("silence as greeting", Place.GREETING, Deed.IS_SILENT, "the mail server does not answer", patience=HASTE),
    # one mail, for now: it waits, the others leave
    waits("421 to a recipient on a fresh connection", him(Place.RCPT, b"421 4.7.0 closing"), "421 4.7.0 closing", used=False),
    waits("450 to a recipient", him(Place.RCPT, b"450 4.2.0 greylisted"), "450 4.2.0 greylisted"),
    waits("451 to a recipient", him(Place.RCPT, b"451 4.3.0 later"), "451 4.3.0 later"),
    waits("452 to a recipient", him(Place.RCPT, b"452 4.2.2 full"), "452 4.2.2 full"),
    waits("530 to a recipient", him(Place.RCPT, b"530 5.7.0 log in first"), "530 5.7.0 log in first"),
    waits("451 after the final dot", him(Place.DOT, b"451 4.3.0 later"), "451 4.3.0 later"),
    waits("452 after the final dot", him(Place.DOT, b"452 4.3.1 disk full"), "452 4.3.1 disk full"),
    waits("a bare 450", him(Place.RCPT, b"450"), "450"),
    waits("no number at all", him(Place.RCPT, b"go away"), "the mail server gives an answer that is none"),
    waits("silence to a recipient", him(Place.RCPT, Deed.IS_SILENT), "the mail server", patience=HASTE),
    waits("one byte at a time", him(Place.RCPT, Deed.DRIPS), "the mail server", patience=HASTE),
    # one mail, for good: it is dead, the others leave
    dies("550 to one of many", Place.RCPT, b"550 5.1.1 unknown", "550 5.1.1 unknown"),
    dies("553 to a recipient", Place.RCPT, b"553 5.1.3 no such address", "553 5.1.3 no such address"),
    dies("554 to a recipient", Place.RCPT, b"554 5.7.1 refused", "554 5.7.1 refused"),
    dies("550 to DATA", Place.DATA, b"550 5.7.1 refused", "550 5.7.1 refused"),
    dies("552 after the final dot", Place.DOT, b"552 5.2.3 too big", "552 5.2.3 too big"),
    dies("554 after the final dot", Place.DOT, b"554 5.7.1 spam", "554 5.7.1 spam"),
    dies("a bare 550", Place.RCPT, b"550", "550"),
    dies("Latin-1", Place.RCPT, "550 Empfänger unbekannt".encode("latin-1"), "550 Empfänger unbekannt"),
    dies("UTF-8", Place.RCPT, "550 Empfänger unbekannt".encode(), "550 Empfänger unbekannt"),
    dies("NUL", Place.RCPT, b"550 no\x00body", "550 nobody"),
    dies("10 kB in many lines", Place.DOT, b"\r\n".join([b"554-" + b"x" * 96] * 100 + [b"554 x"]), "554 xxx"),
    dies("the address repeated", Place.RCPT, b"550 <%s> unknown" % PRESIDENT.encode(), "550 … unknown"),
    # cuts, and connections that were used before
    waits("cut before the final dot", him(Place.CONTENT, Deed.CUTS), "the mail server"),
    waits("cut after the final dot, on a fresh connection", him(Place.DOT, Deed.CUTS, 1, takes=True), "the mail server", copies=2, used=False),
    waits("silence after the final dot", him(Place.DOT, Deed.IS_SILENT, 1, takes=True), "the mail server", copies=2, patience=HASTE),
    Row("421 on a used connection", him(Place.RCPT, b"421 4.7.0 enough", 1), "sent", used=True),
    Row("cut before the final dot of a used connection", him(Place.CONTENT, Deed.CUTS, 1), "sent", used=True),
    Row("cut after the final dot of a used connection", him(Place.DOT, Deed.CUTS, 1, takes=True), "sent", copies=2, used=True),
    waits("421 on a used and on a fresh connection", him(Place.RCPT, b"421 4.7.0 enough"), "421 4.7.0 enough", used=True),
    # what only looks wrong
    Row("SIZE that is no number", him(Place.RCPT, b"250 OK"), "sent", offers=(b"SIZE abc",)),
]  # fmt: skip


class Line:
    """The way out for mails, which each row sets anew."""

    def __init__(self) -> None:
        self.smtp: Smtp | None = None
        self.is_always_fresh = False

    async def send(self, letter: Letter) -> None:
        assert self.smtp
        if self.is_always_fresh:
            await self.smtp.close()
        await self.smtp.send(letter)

    async def close(self) -> None:
        if self.smtp:
            await self.smtp.close()


@pytest_asyncio.fixture
async def server() -> AsyncIterator[MailServer]:
    made = MailServer()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.xdist_group("servers")]),
    ]
)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    values: dict[str, object] = {"var_dir": tmp_path, "durable": False}
    if request.param == "postgres":
        postgres: servers.Server = request.getfixturevalue("postgres_server")
        name = servers.make_database(postgres)
        values["database_url"] = f"postgresql+asyncpg://postgres@127.0.0.1:{postgres.port}/{name}"
    return Settings.model_validate(values)


@dataclass(frozen=True)
class Kept:
    """A delivery as the database has it."""

    recipient: str
    state: str
    attempts: int
    waits: timedelta
    reason: str


async def kept(desk: Desk, about: UUID) -> list[Kept]:
    columns = (
        deliveries.c.recipient,
        deliveries.c.state,
        deliveries.c.attempts,
        deliveries.c.due_at,
        deliveries.c.reason,
    )
    async with desk.runtime.reading() as tx:
        rows = await tx.db.execute(select(*columns).where(deliveries.c.about == str(about)))
        return [Kept(r.recipient, r.state, r.attempts, r.due_at - tx.now, r.reason or "") for r in rows]


async def test_every_answer_of_a_mail_server_leads_to_what_the_table_says(
    server: MailServer, settings: Settings, leipzig: City, ids: Iterator[UUID]
) -> None:
    clock, line = MovableClock(NOW), Line()
    declared = service(settings, {"mail": Mail(line, settings.mail_from)})
    process = Process([declared], settings, leipzig, clock, ids.__next__)
    await process.open()
    await process.step()
    desk = Desk(process, clock, Memory(), ids)
    wrong = [
        f"{row.what}: {fault}"
        for number, row in enumerate(TABLE)
        for fault in await differences(row, UUID(int=1000 + 2 * number), desk, server, line)
    ]
    await process.close()
    assert wrong == []


async def differences(row: Row, about: UUID, desk: Desk, server: MailServer, line: Line) -> list[str]:
    """Return in what a row came out differently than the table says."""
    await line.close()
    server.fault, server.offers, server.taken = None, list(row.offers), []
    url = SecretStr(f"{row.scheme}://{row.login}127.0.0.1:{server.port}")
    line.smtp, line.is_always_fresh = Smtp(url, row.patience), row.used is False
    if row.used:
        await desk.tell(raised(escalation_id=UUID(int=about.int + 1)))
        server.taken = []
    server.fault = row.fault
    await desk.tell(raised(escalation_id=about))
    first = await kept(desk, about)
    reasons = [each.reason for each in first]
    found = {each.recipient: each for each in first}
    his = found.pop(FUNCTION)
    seen = {
        "state": (his.state, row.state),
        "attempts": (his.attempts, row.attempts),
        "reason": (his.reason[: len(row.reason)], row.reason),
        "next attempt": (his.waits, timedelta(minutes=1) if row.state == "due" else his.waits),
        "the others": ({each.state for each in found.values()}, {row.others}),
        "recipients": (len(first), CALLED),
        "reasons": ([each for each in reasons if not is_clean(each) or "@" in each or len(each) > 500], []),
    }
    server.fault = server.fault if row.state == "dead" else None
    if row.scheme != "smtp":
        line.smtp = Smtp(SecretStr(f"smtp://127.0.0.1:{server.port}"))  # operators have mended it
    desk.clock.advance(timedelta(minutes=1))
    await desk.work()
    last = {each.recipient: each.state for each in await kept(desk, about)}
    copies = [mail.content for mail in server.taken if mail.recipient == PRESIDENT]
    others = [mail.content for mail in server.taken if mail.recipient != PRESIDENT]
    seen |= {
        "in the end": (last.pop(FUNCTION), "dead" if row.state == "dead" else "sent"),
        "the others in the end": (set(last.values()), {"sent"}),
        "copies": (len(copies), row.copies),
        "bytes": (len(set(copies)), min(row.copies, 1)),
        "Message-IDs": (len({message_from_bytes(each)["Message-ID"] for each in copies}), min(row.copies, 1)),
        "copies of the others": (len(others), CALLED - 1),
        "Message-IDs of the others": (
            len({message_from_bytes(each)["Message-ID"] for each in others}),
            CALLED - 1,
        ),
    }
    return [
        f"{name} is {is_now!r}, not {wanted!r}" for name, (is_now, wanted) in seen.items() if is_now != wanted
    ]
