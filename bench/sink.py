"""A mail server that takes everything and notes when: `python -m bench.sink PORT FILE [SECONDS]`.

It takes SECONDS for each mail (none unless told), as a real one has to look at it.

Writes one line per mail: the machine's monotonic clock, which all its processes share, and the subject.
"""

import asyncio
import sys
import time
from email import policy
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import TextIO

from aiosmtpd.smtp import SMTP, Envelope, Session

HEADERS = BytesHeaderParser(policy=policy.default)


class Counter:
    """Notes each mail before it is confirmed."""

    def __init__(self, notes: TextIO, seconds: float) -> None:
        self.notes = notes
        self.seconds = seconds

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(self.seconds)
        taken_at = time.monotonic()
        subject = HEADERS.parsebytes(bytes(envelope.original_content or b""))["subject"]
        self.notes.write(f"{taken_at} {subject}\n")
        return "250 taken"


async def main(port: int, file: Path, seconds: float) -> None:
    with file.open("w", encoding="utf-8", buffering=1) as notes:
        counter = Counter(notes, seconds)
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(counter, hostname="sink"), "127.0.0.1", port)
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2]), float([*sys.argv, "0"][3])))
