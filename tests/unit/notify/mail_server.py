"""A mail server that does one thing wrong until it is mended, and keeps what arrived."""

import asyncio
import re
import ssl
import subprocess
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from pathlib import Path

from services.notify.channels.mail.smtp import Patience

HASTE = Patience(command=0.4, mail=0.8)
"""How long mails wait for a server that keeps them waiting: a fortieth of what is set in truth."""
PER_BYTE = HASTE.command / 8
"""No answer is whole in time."""
LATE = HASTE.command * 1.4
TOO_LARGE = b"552 5.3.4 message size exceeds fixed limit"


class Stage(StrEnum):
    """What a server is asked, in this order."""

    GREETING = "greeting"
    EHLO = "EHLO"
    STARTTLS = "STARTTLS"
    AUTH = "AUTH"
    RSET = "RSET"
    MAIL = "MAIL FROM"
    RCPT = "RCPT TO"
    DATA = "DATA"
    CONTENT = "before the final dot"
    END = "after the final dot"


class Deed(Enum):
    """What a server does instead of an answer."""

    CUT = auto()
    SILENCE = auto()
    DRIP = auto()
    """The good answer, a byte at a time."""
    LATE = auto()
    """The good answer, later than a command may take, and in time for a mail."""
    UNTRUSTED = auto()
    """TLS with a certificate that nobody vouches for."""
    NO_TLS = auto()
    """The good answer, and then no TLS."""


@dataclass(frozen=True)
class Fault:
    """What goes wrong where."""

    at: Stage
    does: bytes | Deed
    once: bool
    """For the first that comes there and no other, until the server is armed again."""
    used_only: bool
    """Only on connections that have carried a mail."""


@dataclass(frozen=True)
class Certificate:
    """A certificate for 127.0.0.1 that vouches for itself."""

    file: Path
    key: Path

    @classmethod
    def made_in(cls, folder: Path) -> "Certificate":
        made = cls(folder / "certificate.pem", folder / "key.pem")
        kind = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
        named = "-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
        files = f"-out {made.file} -keyout {made.key}"
        subprocess.run(["openssl", *f"{kind} {named} {files}".split()], check=True, capture_output=True)
        return made

    def context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file, self.key)
        return context


@dataclass(frozen=True)
class Certificates:
    """What a server can show: one that the client trusts, and one that it does not."""

    trusted: Certificate
    untrusted: Certificate


class MailServer:
    """Does what `fault` says while there is one; `offers` are further lines of its EHLO."""

    def __init__(self, offers: tuple[bytes, ...] = ()) -> None:
        self.fault: Fault | None = None
        self.offers = offers
        self.connections = 0
        self.port = 0
        self.contents: dict[str, set[bytes]] = defaultdict(set)
        """What was shown under each Message-ID, also what was not taken."""
        self.arrived: dict[str, int] = defaultdict(int)
        """How many copies the server keeps, by Message-ID."""
        self.certificates: Certificates | None = None
        self._armed = True
        self._talks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["MailServer"]:
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        yield self
        server.close()
        await asyncio.gather(*self._talks)

    def arm(self) -> None:
        """Let a fault that strikes once strike anew."""
        self._armed = True

    def mend(self) -> None:
        self.fault, self.offers = None, ()

    def strikes(self, stage: Stage, *, is_used: bool) -> Fault | None:
        """Return the fault where it is one of this moment."""
        fault = self.fault
        if not fault or fault.at is not stage or (fault.used_only and not is_used):
            return None
        if fault.once and not self._armed:
            return None
        self._armed = False
        return fault

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task
        self._talks.add(task)
        try:
            await Talk(self, reader, writer).go_on()
        except (OSError, EOFError):
            pass
        finally:
            writer.close()


class Talk:
    """One connection."""

    def __init__(
        self, server: MailServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.server, self.reader, self.writer = server, reader, writer
        self.carried = 0
        self.is_secure = False

    async def go_on(self) -> None:
        await self.say(Stage.GREETING, b"220 mail.example.org ESMTP")
        while line := await self.reader.readline():
            verb = line.split()[0].upper()
            await ANSWERS[verb](self, line)

    async def ehlo(self, _line: bytes) -> None:
        tls = [] if self.is_secure or not self.server.certificates else [b"STARTTLS"]
        lines = [b"mail.example.org", *tls, b"AUTH PLAIN", *self.server.offers]
        said = b"".join(b"250-" + line + b"\r\n" for line in lines)
        await self.say(Stage.EHLO, said + b"250 8BITMIME")

    async def starttls(self, _line: bytes) -> None:
        certificates, fault = self.server.certificates, self.server.fault
        assert certificates
        if await self.say(Stage.STARTTLS, b"220 go ahead"):
            is_bad = fault and fault.does is Deed.UNTRUSTED
            shown = certificates.untrusted if is_bad else certificates.trusted
            await self.writer.start_tls(shown.context())
            self.is_secure = True

    async def auth(self, _line: bytes) -> None:
        await self.say(Stage.AUTH, b"235 welcome")

    async def mail(self, line: bytes) -> None:
        declared = re.search(rb"size=(\d+)", line, re.IGNORECASE)
        limit = re.search(rb"SIZE ([1-9]\d*)", b" ".join(self.server.offers))
        if limit and declared and int(declared[1]) > int(limit[1]):
            await self.write(TOO_LARGE)
        else:
            await self.say(Stage.MAIL, b"250 sender ok")

    async def rcpt(self, _line: bytes) -> None:
        await self.say(Stage.RCPT, b"250 recipient ok")

    async def data(self, _line: bytes) -> None:
        if not await self.say(Stage.DATA, b"354 go on"):
            return
        await self.struck(Stage.CONTENT)
        content = await self.reader.readuntil(b"\r\n.\r\n")
        found = re.search(rb"^Message-ID: <(.+?)@", content, re.MULTILINE)
        assert found
        name = found[1].decode()
        self.server.contents[name].add(content)
        fault = await self.struck(Stage.END)
        if not fault or not isinstance(fault.does, bytes):
            self.server.arrived[name] += 1
        await self.answer(b"250 queued", fault)
        self.carried += 1

    async def rset(self, _line: bytes) -> None:
        await self.say(Stage.RSET, b"250 ok")

    async def helo(self, _line: bytes) -> None:
        await self.write(b"250 mail.example.org")

    async def quit(self, _line: bytes) -> None:
        await self.write(b"221 goodbye")
        raise EOFError

    async def struck(self, stage: Stage) -> Fault | None:
        """Return the fault that strikes here; the connection may end by it."""
        fault = self.server.strikes(stage, is_used=self.carried > 0)
        if fault and fault.does is Deed.CUT and stage is Stage.CONTENT:
            raise EOFError
        return fault

    async def say(self, stage: Stage, good: bytes) -> bool:
        """Answer, and say whether it was the good answer."""
        return await self.answer(good, await self.struck(stage))

    async def answer(self, good: bytes, fault: Fault | None) -> bool:
        match fault.does if fault else good:
            case bytes(said):
                await self.write(said)
            case Deed.CUT:
                raise EOFError
            case Deed.SILENCE:
                await self.reader.read()
            case Deed.DRIP:
                for byte in good + b"\r\n":
                    await asyncio.sleep(PER_BYTE)
                    if self.reader.at_eof():
                        raise EOFError
                    self.writer.write(bytes([byte]))
            case Deed.LATE:
                await asyncio.sleep(LATE)
                await self.write(good)
            case Deed.UNTRUSTED:
                await self.write(good)
            case Deed.NO_TLS:
                await self.write(good)
                await self.reader.read(1_000)
                await self.write(b"500 5.5.1 what was that")
                raise EOFError
        return not fault or not isinstance(fault.does, bytes)

    async def write(self, said: bytes) -> None:
        self.writer.write(said + b"\r\n")
        await self.writer.drain()


ANSWERS = {
    b"EHLO": Talk.ehlo,
    b"HELO": Talk.helo,
    b"STARTTLS": Talk.starttls,
    b"AUTH": Talk.auth,
    b"MAIL": Talk.mail,
    b"RCPT": Talk.rcpt,
    b"DATA": Talk.data,
    b"RSET": Talk.rset,
    b"QUIT": Talk.quit,
}
