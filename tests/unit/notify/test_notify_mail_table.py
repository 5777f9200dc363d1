"""What a mail server does, and what becomes of the mails: one line each, on each kind of database.

Eight mails go out together. The server strikes one of them, or all; the clock moves to each further
attempt, and to the second before it; then the server is mended, and what waited goes out.
"""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import pytest
import pytest_asyncio
from pydantic import SecretStr

from rapport.process.process import Process
from services.notify.app import service
from services.notify.channels.mail.channel import Mail
from services.notify.channels.mail.refusal import LONGEST
from services.notify.channels.mail.smtp import Patience, Smtp
from services.notify.domain import Delivery, State
from services.notify.schedule import DELAYS
from services.notify.store import asked
from shared.city.city import City
from shared.facts import DeliveryDelayed, DeliveryFailed, DeliverySent
from shared.system.clock import MovableClock
from shared.system.settings import Settings
from shared.text.clean import is_clean
from tests.unit.notify.builders import ESCALATION, NOW, Desk, Memory, Profile, raised
from tests.unit.notify.mail_server import (
    HASTE,
    TOO_LARGE,
    Certificate,
    Certificates,
    Deed,
    Fault,
    MailServer,
    Stage,
)

MAILS = 8
SECOND = timedelta(seconds=1)
WARM_UP = UUID(int=90)


class Follows(StrEnum):
    """What becomes of the mails that are struck."""

    WAIT = "due"
    DIE = "dead"
    GO_OUT = "sent"


@dataclass(frozen=True)
class Row:
    """One line of the table; `struck` mails end as `follows` says, all others are sent at once."""

    name: str
    fault: Fault | None
    follows: Follows
    reason: str | None
    struck: int
    copies: int = 1
    """How many copies of each struck mail the server has in the end."""
    attempts: int = 1
    """How many attempts the fault lasts."""
    is_warm: bool = False
    """Whether other mails went out just before, so that the first attempt finds idle connections."""
    scheme: str = "smtp"
    offers: tuple[bytes, ...] = ()

    @property
    def ends_dead(self) -> bool:
        return self.follows is Follows.DIE or self.attempts > len(DELAYS)


def one(at: Stage, does: bytes | Deed, *, used: bool = False) -> Fault:
    return Fault(at, does, once=True, used_only=used)


def each(at: Stage, does: bytes | Deed, *, used: bool = False) -> Fault:
    return Fault(at, does, once=False, used_only=used)


def waits(name: str, fault: Fault, reason: str | None = None) -> Row:
    """Return a line: tried again on schedule, and sent once the server is mended."""
    return Row(name, fault, Follows.WAIT, reason or said(fault), 1 if fault.once else MAILS, attempts=2)


def dies(name: str, fault: Fault, reason: str | None = None) -> Row:
    """Return a line: never tried again by itself; sent when it is brought back."""
    return Row(name, fault, Follows.DIE, reason or said(fault), 1 if fault.once else MAILS)


def goes_out(name: str, fault: Fault | None) -> Row:
    """Return a line: sent at the first attempt all the same."""
    return Row(name, fault, Follows.GO_OUT, None, 0)


def said(fault: Fault) -> str:
    assert isinstance(fault.does, bytes)
    return fault.does.decode()


def answered(code: int, at: Stage) -> bytes:
    return f"{code} 4.0.0 said {at}".encode()


SILENT = "the mail server does not answer in time"
CLOSED = "the mail server ended the connection"
NO_ANSWER = "the mail server gives an answer that is none"
NO_TLS = (
    "the mail server does not offer what SMTP_URL asks for: SMTP STARTTLS extension not supported by server."
)
SPOILT_TLS = "the mail server does not speak TLS as it should: WRONG_VERSION_NUMBER"
UNTRUSTED = "the mail server has a certificate that is not trusted: self-signed certificate"

CODES: dict[Stage, tuple[tuple[int, ...], tuple[int, ...]]] = {
    Stage.GREETING: ((421, 450, 554), ()),
    Stage.AUTH: ((421, 454, 530, 535, 554), ()),
    Stage.MAIL: ((421, 450, 451, 452, 503, 530, 550, 552, 553, 554, 555), ()),
    Stage.RCPT: ((421, 450, 451, 452, 530, 535), (550, 551, 552, 553, 554)),
    Stage.DATA: ((421, 450, 451, 452, 530), (550, 552, 554)),
    Stage.END: ((421, 450, 451, 452, 530), (550, 552, 553, 554)),
}
"""The codes after which a mail waits, and those after which it is dead."""
BY_CODE = [
    row
    for at, (later, never) in CODES.items()
    for row in (
        *(waits(f"{code} {at}", one(at, answered(code, at))) for code in later),
        *(dies(f"{code} {at}", one(at, answered(code, at))) for code in never),
    )
]
FOR_ALL = [
    waits("421 as greeting to all", each(Stage.GREETING, b"421 4.3.2 busy")),
    replace(
        waits("421 as greeting for three days", one(Stage.GREETING, b"421 4.3.2 busy")),
        attempts=len(DELAYS) + 1,
    ),
    waits("535 to each login", each(Stage.AUTH, b"535 5.7.8 wrong password")),
    waits("553 to each sender", each(Stage.MAIL, b"553 5.7.1 not your address")),
    waits("451 to each recipient", each(Stage.RCPT, b"451 4.7.1 greylisted")),
    dies("550 to each recipient", each(Stage.RCPT, b"550 5.1.1 unknown")),
    dies("554 to each content", each(Stage.END, b"554 5.7.1 spam")),
]
USED = [
    goes_out("421 MAIL FROM on each used connection", each(Stage.MAIL, b"421 4.7.0 enough", used=True)),
    goes_out("421 RCPT TO on each used connection", each(Stage.RCPT, b"421 4.7.0 enough", used=True)),
    goes_out("421 after the final dot on a used one", one(Stage.END, b"421 4.7.0 enough", used=True)),
    replace(waits("421 MAIL FROM on used and fresh ones", each(Stage.MAIL, b"421 4.7.0 no")), is_warm=True),
    goes_out("502 RSET", each(Stage.RSET, b"502 5.5.1 not implemented", used=True)),
    goes_out("cut at RSET", one(Stage.RSET, Deed.CUT, used=True)),
    goes_out("silence at RSET", one(Stage.RSET, Deed.SILENCE, used=True)),
    goes_out("cut at MAIL FROM on each used connection", each(Stage.MAIL, Deed.CUT, used=True)),
    goes_out("cut before the final dot on a used one", one(Stage.CONTENT, Deed.CUT, used=True)),
    replace(
        goes_out("cut after the final dot on a used one", one(Stage.END, Deed.CUT, used=True)),
        struck=1,
        copies=2,
    ),
    replace(
        waits("451 MAIL FROM on a used connection", one(Stage.MAIL, b"451 4.3.0 later", used=True)),
        attempts=1,
    ),
]
TEXTS = [
    dies("a bare code", one(Stage.RCPT, b"550")),
    waits("a bare code that passes", one(Stage.RCPT, b"450")),
    dies("Latin-1", one(Stage.RCPT, b"550 Empf\xe4nger unbekannt"), "550 Empfänger unbekannt"),
    waits("Latin-1 that passes", one(Stage.RCPT, b"450 sp\xe4ter"), "450 später"),
    waits("Latin-1 as greeting", each(Stage.GREETING, b"554 gesch\xfctzt"), "554 geschützt"),
    dies("NUL", one(Stage.RCPT, b"550 no\0body"), "550 nobody"),
    waits("NUL that passes", one(Stage.END, b"451 no\0body"), "451 nobody"),
    dies("a colour", one(Stage.END, b"554 \x1b[31mRED\x1b[0m"), "554 RED"),
    dies(
        "an address and a name",
        one(Stage.RCPT, b'550 <polizei@example.org> "Anna Schmidt" unknown to a@b.de'),
        "550 … … unknown to …",
    ),
    dies(
        "10 kB of text",
        one(Stage.RCPT, b"\r\n".join([*[b"550-" + b"x" * 396] * 25, b"550 end"])),
        f"550 {'x' * 396} {'x' * 98}…",
    ),
    waits("a line of 10 kB", one(Stage.RCPT, b"550 " + b"x" * 10_000), NO_ANSWER),
    waits("no code", one(Stage.RCPT, b"unknown"), NO_ANSWER),
    waits("another protocol", each(Stage.GREETING, b"HTTP/1.1 400 Bad Request"), NO_ANSWER),
]
BROKEN = [
    waits("cut at the greeting", one(Stage.GREETING, Deed.CUT), CLOSED),
    waits("cut at MAIL FROM", one(Stage.MAIL, Deed.CUT), CLOSED),
    waits("cut at RCPT TO", one(Stage.RCPT, Deed.CUT), CLOSED),
    waits("cut at DATA", one(Stage.DATA, Deed.CUT), CLOSED),
    waits("cut before the final dot", one(Stage.CONTENT, Deed.CUT), CLOSED),
    replace(waits("cut after the final dot", one(Stage.END, Deed.CUT), CLOSED), copies=3),
    waits("silence at the greeting", one(Stage.GREETING, Deed.SILENCE), SILENT),
    waits("silence at RCPT TO", one(Stage.RCPT, Deed.SILENCE), SILENT),
    replace(waits("silence after the final dot", one(Stage.END, Deed.SILENCE), SILENT), copies=3),
    waits("a byte a second", one(Stage.GREETING, Deed.DRIP), SILENT),
    goes_out("late after the final dot", one(Stage.END, Deed.LATE)),
]
OFFERED = [
    Row("SIZE too small", None, Follows.WAIT, TOO_LARGE.decode(), MAILS, attempts=2, offers=(b"SIZE 1000",)),
    *(replace(goes_out(size.decode(), None), offers=(size,)) for size in (b"SIZE", b"SIZE 0", b"SIZE none")),
    goes_out("no EHLO", each(Stage.EHLO, b"502 5.5.1 not implemented")),
]
TLS = [
    replace(row, scheme="smtp+starttls")
    for row in (
        waits("no STARTTLS on offer", each(Stage.EHLO, b"250 mail.example.org"), NO_TLS),
        waits("454 STARTTLS", one(Stage.STARTTLS, b"454 4.7.0 TLS not available")),
        waits("554 STARTTLS", each(Stage.STARTTLS, b"554 5.7.0 no TLS here")),
        waits("no TLS after STARTTLS", one(Stage.STARTTLS, Deed.NO_TLS), SPOILT_TLS),
        waits("a certificate that is not trusted", each(Stage.STARTTLS, Deed.UNTRUSTED), UNTRUSTED),
    )
]
ROWS = [*BY_CODE, *FOR_ALL, *USED, *TEXTS, *BROKEN, *OFFERED, *TLS]

SLOW = frozenset({Deed.SILENCE, Deed.DRIP, Deed.LATE})
"""What would take its time with the patience that is set in truth."""


@dataclass(frozen=True)
class Standing:
    """How a delivery stands; `due_at` only while it waits."""

    state: State
    attempts: int
    reason: str | None = None
    due_at: datetime | None = None


def standing(delivery: Delivery) -> Standing:
    due_at = delivery.due_at if delivery.state is State.DUE else None
    return Standing(delivery.state, delivery.attempts, delivery.reason, due_at)


def expected(row: Row, attempts: int, now: datetime) -> Standing:
    """Return how a struck mail stands after so many attempts."""
    if row.follows is Follows.GO_OUT:
        return Standing(State.SENT, attempts)
    if row.follows is Follows.DIE or attempts > len(DELAYS):
        return Standing(State.DEAD, attempts, row.reason)
    return Standing(State.DUE, attempts, row.reason, now + DELAYS[attempts - 1])


SENT_AT_ONCE = Standing(State.SENT, 1)


@dataclass
class Course:
    """The mails of one alert, the server they go to, and the clock."""

    desk: Desk
    server: MailServer
    smtp: Smtp

    async def standings(self) -> dict[UUID, Standing]:
        async with self.desk.runtime.reading() as tx:
            found = await asked.find_newest(tx, asked.Wanted(100, about=str(ESCALATION)))
        return {delivery.delivery_id: standing(delivery) for delivery in found}

    async def pass_by(self, span: timedelta) -> None:
        """Let time go by, in which every idle connection ends, and send what is due then."""
        await self.smtp.close()
        self.server.arm()
        self.desk.clock.advance(span)
        await self.desk.work()

    async def bring_back(self) -> None:
        async with self.desk.runtime.transaction() as tx:
            await asked.bring_back(tx)
        await self.desk.work()

    def copies(self, delivery_id: UUID) -> int:
        return self.server.arrived[str(delivery_id)]

    def told(self, kind: type[DeliverySent | DeliveryDelayed | DeliveryFailed]) -> Counter[UUID]:
        facts = [fact for fact in self.desk.published() if isinstance(fact, kind)]
        return Counter(fact.delivery_id for fact in facts if fact.about == str(ESCALATION))


@pytest.fixture
def settings(each_database: Settings) -> Settings:
    return each_database


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(*(Certificate.made_in(tmp_path_factory.mktemp("certificate")) for _ in range(2)))


@pytest_asyncio.fixture
async def course(
    request: pytest.FixtureRequest,
    settings: Settings,
    leipzig: City,
    ids: Iterator[UUID],
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Course]:
    row: Row = request.getfixturevalue("row")
    made = MailServer(row.offers)
    if row.scheme != "smtp":
        made.certificates = request.getfixturevalue("certificates")
        monkeypatch.setenv("SSL_CERT_FILE", str(made.certificates.trusted.file))
    async with made.running() as server:
        patience = HASTE if row.fault and row.fault.does in SLOW else Patience()
        login = "rapport:secret@" if row.fault and row.fault.at is Stage.AUTH else ""
        smtp = Smtp(SecretStr(f"{row.scheme}://{login}127.0.0.1:{server.port}"), patience)
        clock = MovableClock(NOW)
        addresses = Profile(leipzig)
        declared = service(settings, addresses, {"mail": Mail(smtp, settings.mail_from)})
        process = Process([declared], settings, leipzig, clock, ids.__next__)
        await process.open()
        await process.step()  # the relay has looked for leftovers
        yield Course(Desk(process, clock, Memory(), ids, addresses), server, smtp)
        await process.close()


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
async def test_what_a_server_does_and_what_becomes_of_the_mails(row: Row, course: Course) -> None:
    if row.is_warm or (row.fault and row.fault.used_only):
        await course.desk.tell(raised(escalation_id=WARM_UP))
    course.server.fault = row.fault
    await course.desk.tell(raised())
    first = await course.standings()
    struck = {each for each, how in first.items() if how != SENT_AT_ONCE or course.copies(each) != 1}
    assert (len(first), len(struck)) == (MAILS, row.struck)

    for attempt in range(1, row.attempts + 1):
        await check_attempt(row, attempt, course, struck)
        if row.attempts == attempt:
            course.server.mend()
        await course.pass_by(SECOND)

    dead = {each for each, how in (await course.standings()).items() if how.state is State.DEAD}
    assert dead == (struck if row.ends_dead else set())
    assert course.told(DeliveryFailed) == Counter(dead)
    assert course.told(DeliveryDelayed) == Counter(struck if row.follows is Follows.WAIT else ())
    await course.bring_back()
    sent = Standing(State.SENT, row.attempts + 1 if row.follows is Follows.WAIT and not dead else 1)
    assert await course.standings() == {each: sent if each in struck else SENT_AT_ONCE for each in first}
    assert course.told(DeliverySent) == Counter(first.keys())
    copies = {each: course.copies(each) for each in first}
    assert copies == {each: row.copies if each in struck else 1 for each in first}
    assert all(len(course.server.contents[str(each)]) == 1 for each in first), "the same to the byte"


async def check_attempt(row: Row, attempt: int, course: Course, struck: set[UUID]) -> None:
    """Check how the mails stand after an attempt, and that nothing begins before the next one is due."""
    found, now = await course.standings(), course.desk.clock.now()
    for each in struck:
        assert found[each] == expected(row, attempt, now)
        check_reason(found[each].reason)
    wait = DELAYS[min(attempt, len(DELAYS)) - 1]
    await course.pass_by(wait - SECOND)
    assert await course.standings() == found


def check_reason(reason: str | None) -> None:
    """Check that a reason can be read, and hurts nobody wherever it is shown."""
    assert reason is None or (is_clean(reason) and "\n" not in reason and len(reason) <= LONGEST)
    assert reason is None or not any(private in reason for private in ("@", "secret", "schmidt"))
