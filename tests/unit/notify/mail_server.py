"""A mail server that misbehaves at one place as it is told, and keeps what it took."""

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum


class Place(StrEnum):
    """Where in a conversation (RFC 5321) a server can do something else than expected."""

    GREETING = "greeting"
    EHLO = "ehlo"
    STARTTLS = "starttls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    CONTENT = "content"
    """In the middle of the content, before its final dot."""
    DOT = "dot"
    """After the final dot."""


class Deed(StrEnum):
    """What it does instead of an answer."""

    CUTS = "cuts"
    IS_SILENT = "is silent"
    DRIPS = "drips"
    """One byte at a time, and never the end of a line."""


@dataclass(frozen=True)
class Fault:
    """What goes wrong: an answer, or a deed."""

    place: Place
    does: bytes | Deed
    to: str = ""
    """The recipient whose mail it happens to; empty: everybody's."""
    times: int = 1_000
    takes: bool = False
    """Whether the server has taken the mail all the same."""


@dataclass(frozen=True)
class Taken:
    """A mail that the server has taken."""

    recipient: str
    content: bytes


class Ended(Exception):  # noqa: N818
    """The conversation is over."""


class MailServer:
    """Speaks as much SMTP as a client needs, without a library that would tidy up its faults."""

    def __init__(self) -> None:
        self.fault: Fault | None = None
        self.offers: list[bytes] = []
        self.taken: list[Taken] = []
        self.asked: Counter[str] = Counter()
        self.port = 0
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._meet, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server
        self._server.close()
        await self._server.wait_closed()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(Ended, ConnectionError):
            await Conversation(self, reader, writer).hold()
        writer.transport.abort()


class Conversation:
    """One connection."""

    def __init__(
        self, server: MailServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._server, self._reader, self._writer = server, reader, writer
        self._recipient = ""

    async def hold(self) -> None:
        await self._answer(Place.GREETING, b"220 mail.stadt.test")
        while line := await self._reader.readline():
            verb = line[:4].upper().strip()
            match verb:
                case b"EHLO":
                    lines = [b"mail.stadt.test", *self._server.offers]
                    said = [b"250-%s" % each for each in lines[:-1]] + [b"250 %s" % lines[-1]]
                    await self._answer(Place.EHLO, b"\r\n".join(said))
                case b"STAR":
                    await self._answer(Place.STARTTLS, b"220 go ahead")
                case b"AUTH":
                    await self._answer(Place.AUTH, b"235 welcome")
                case b"MAIL":
                    self._recipient = ""
                    await self._answer(Place.MAIL, b"250 OK")
                case b"RCPT":
                    self._recipient = line.split(b"<")[1].split(b">")[0].decode()
                    await self._answer(Place.RCPT, b"250 OK")
                case b"DATA":
                    await self._take()
                case b"QUIT":
                    raise Ended
                case _:
                    await self._say(b"250 OK")

    async def _take(self) -> None:
        if not await self._answer(Place.DATA, b"354 go on"):
            return
        content = [await self._reader.readline()]
        await self._misbehave(Place.CONTENT)
        while content[-1] not in (b".\r\n", b""):
            content.append(await self._reader.readline())
        mail = Taken(self._recipient, b"".join(content[:-1]))
        fault = self._fault_at(Place.DOT)
        if fault is None or fault.takes:
            self._server.taken.append(mail)
        await self._answer(Place.DOT, b"250 OK")

    async def _answer(self, place: Place, usual: bytes) -> bool:
        """Say what is usual or misbehave; return whether it was usual."""
        self._server.asked[place] += 1
        if await self._misbehave(place):
            return False
        await self._say(usual)
        return True

    def _fault_at(self, place: Place) -> Fault | None:
        fault = self._server.fault
        happens = fault and fault.place is place and fault.times > 0 and fault.to in ("", self._recipient)
        return fault if happens else None

    async def _misbehave(self, place: Place) -> bool:
        fault = self._fault_at(place)
        if fault is None:
            return False
        self._server.fault = Fault(fault.place, fault.does, fault.to, fault.times - 1, fault.takes)
        match fault.does:
            case Deed.CUTS:
                raise Ended
            case Deed.IS_SILENT:
                await self._reader.read()
                raise Ended
            case Deed.DRIPS:
                while not self._reader.at_eof():
                    self._writer.write(b"2")
                    await self._writer.drain()
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._reader.read(1), 0.05)
                raise Ended
            case bytes():
                await self._say(fault.does)
        if fault.does.startswith(b"421"):
            raise Ended
        return True

    async def _say(self, line: bytes) -> None:
        self._writer.write(line + b"\r\n")
        await self._writer.drain()
