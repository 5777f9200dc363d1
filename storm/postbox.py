"""A mail server by hand (RFC 5321) that can be away, and cut the line around the final dot.

A server library would not let go of a connection between taking a mail and confirming it.
"""

import asyncio
import hashlib
import random
import time
from contextlib import suppress
from dataclasses import dataclass
from email import policy
from email.parser import BytesHeaderParser
from enum import StrEnum

HEADERS = BytesHeaderParser(policy=policy.compat32)
USUAL, WILD = 0.01, 0.3
"""How much of the mail is cut, as a share, usually and while the server cuts."""


class Fate(StrEnum):
    """How the taking of a mail ended for the one who sent it."""

    CONFIRMED = "confirmed"
    CUT_AFTER_REPLY = "cut after the reply"
    CUT_BEFORE_REPLY = "cut before the reply"


@dataclass(frozen=True)
class Copy:
    """One mail as it was taken; `at` on the machine's monotonic clock."""

    message_id: str
    digest: str
    at: float
    fate: Fate


class Postbox:
    """Takes mails; keeps what it took for the accounts."""

    def __init__(self, port: int, seed: int) -> None:
        self.port = port
        self.copies: list[Copy] = []
        self.cut = USUAL
        self._rng = random.Random(seed)
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, limit=2**24)

    async def close(self) -> None:
        """Be away: nobody listens, every connection is gone."""
        assert self._server
        self._server.close()
        for writer in list(self._open):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await self._talk(reader, writer)
        finally:
            self._open.discard(writer)
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 storm\r\n")
        while line := await reader.readline():
            match line[:4].upper():
                case b"DATA":
                    writer.write(b"354 go on\r\n")
                    if not await self._take(await reader.readuntil(b"\r\n.\r\n"), writer):
                        return
                case b"QUIT":
                    writer.write(b"221 bye\r\n")
                    return
                case _:
                    writer.write(b"250 storm\r\n")
            await writer.drain()

    async def _take(self, message: bytes, writer: asyncio.StreamWriter) -> bool:
        """Take one mail; return whether the connection is kept."""
        fate = self._fate()
        message_id = str(HEADERS.parsebytes(message)["Message-ID"])
        digest = hashlib.sha256(message).hexdigest()
        self.copies.append(Copy(message_id, digest, time.monotonic(), fate))
        if fate is Fate.CUT_BEFORE_REPLY:
            return False
        writer.write(b"250 taken\r\n")
        await writer.drain()
        return fate is Fate.CONFIRMED

    def _fate(self) -> Fate:
        if self._rng.random() >= self.cut:
            return Fate.CONFIRMED
        return self._rng.choice([Fate.CUT_AFTER_REPLY, Fate.CUT_BEFORE_REPLY])
