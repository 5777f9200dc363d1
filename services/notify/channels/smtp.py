"""Hands mails to an SMTP server, over connections that are kept while mails come."""

import asyncio
import re
from contextlib import suppress
from urllib.parse import SplitResult, unquote, urlsplit

import aiosmtplib
from pydantic import SecretStr

from services.notify.channels.envelope import Letter
from shared.errors import Rejected, Unavailable

COMMAND_SECONDS = 10.0
MAIL_SECONDS = 20.0
IDLE_SECONDS = 5.0
SCHEMES = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
"""What SMTP_URL may begin with, and the port that each stands for."""
OUR_FAULT = frozenset({530, 534, 535, 538})
"""Codes that say our access is wrong (RFC 4954), not the mail: operators mend it, the mail waits."""
_ADDRESSES = re.compile(r"\S+@\S+")


class Smtp:
    """Sends over idle connections where there are some, and opens more where there are none."""

    def __init__(self, url: SecretStr) -> None:
        parse(url)
        self._url = url
        self._idle: list[aiosmtplib.SMTP] = []
        self._timer: asyncio.TimerHandle | None = None
        self._closing: asyncio.Task[None] | None = None

    async def send(self, letter: Letter) -> None:
        self._keep_open()
        try:
            async with asyncio.timeout(MAIL_SECONDS):
                await self._send(letter)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise failure(error) from error

    async def _send(self, letter: Letter) -> None:
        client = await self._connected()
        try:
            await client.sendmail(letter.sender, letter.recipient, letter.message)
        except (aiosmtplib.SMTPResponseException, aiosmtplib.SMTPRecipientsRefused):
            self._idle.append(client)
            raise
        except BaseException:
            client.close()
            raise
        self._idle.append(client)

    async def _connected(self) -> aiosmtplib.SMTP:
        while self._idle:
            client = self._idle.pop()
            if client.is_connected:
                return client
        client = _client(parse(self._url))
        await client.connect()
        return client

    def _keep_open(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._rest)

    def _rest(self) -> None:
        self._closing = asyncio.ensure_future(self.close())

    async def close(self) -> None:
        """Say goodbye on each idle connection."""
        if self._timer:
            self._timer.cancel()
        while self._idle:
            client = self._idle.pop()
            with suppress(aiosmtplib.SMTPException, OSError):
                await client.quit()
            client.close()


def parse(url: SecretStr) -> SplitResult:
    """Return the parts of SMTP_URL; raises Rejected without repeating it, as it holds a password."""
    parts = urlsplit(url.get_secret_value())
    if parts.scheme not in SCHEMES or not parts.hostname or not _has_good_port(parts):
        raise Rejected(f"SMTP_URL must begin with {', '.join(f'{s}://' for s in SCHEMES)} and name a host")
    return parts


def _has_good_port(parts: SplitResult) -> bool:
    try:
        return parts.port is None or parts.port > 0
    except ValueError:
        return False


def _client(parts: SplitResult) -> aiosmtplib.SMTP:
    return aiosmtplib.SMTP(
        hostname=parts.hostname,
        port=parts.port or SCHEMES[parts.scheme],
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        use_tls=parts.scheme == "smtps",
        start_tls=parts.scheme == "smtp+starttls",
        timeout=COMMAND_SECONDS,
    )


def failure(error: Exception) -> Rejected | Unavailable:
    """Say whether a mail that failed with `error` may be tried again; addresses are left out."""
    if isinstance(error, ValueError) and not isinstance(error, OSError):
        return Rejected("the address is not valid")
    answer = error.recipients[0] if isinstance(error, aiosmtplib.SMTPRecipientsRefused) else error
    if not isinstance(answer, aiosmtplib.SMTPResponseException):
        return Unavailable(f"the mail server does not answer: {type(answer).__name__}")
    reason = f"{answer.code} {_ADDRESSES.sub('…', answer.message)}"[:500]
    greeting = isinstance(answer, aiosmtplib.SMTPConnectError | aiosmtplib.SMTPHeloError)
    permanent = 500 <= answer.code < 600 and answer.code not in OUR_FAULT  # noqa: PLR2004 - RFC 5321 4.2.1
    return Rejected(reason) if permanent and not greeting else Unavailable(reason)
