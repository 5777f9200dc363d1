"""Hands mails to an SMTP server, over connections that are kept while mails come."""

import asyncio
import ssl
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

import aiosmtplib
from aiosmtplib.email import quote_address
from pydantic import SecretStr

from services.notify.channels.mail.letter import Letter
from services.notify.channels.mail.refusal import LONGEST, reason_of_answer
from shared.errors import Rejected, Unavailable
from shared.text.clean import clean_line

SCHEMES = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
"""What SMTP_URL may begin with, and the port that each stands for."""
PERMANENT = frozenset(range(500, 600))
REFUSALS = frozenset(range(400, 500)) | PERMANENT
"""Codes that refuse (RFC 5321, 4.2.1)."""
OUR_FAULT = frozenset({530, 534, 535, 538})
"""Codes that say our access is wrong (RFC 4954), not the mail: operators mend it, the mail waits."""
CLOSING = 421
"""The server closes the connection (RFC 5321, 3.8): on another one it may well take the mail."""


@dataclass(frozen=True)
class Patience:
    """For how many seconds a server is waited for."""

    command: float = 10.0
    """To answer one command."""
    mail: float = 20.0
    """To take one mail, a second connection included. It may look at the content until then: an answer
    that is not waited for is a copy more."""
    idle: float = 5.0
    """How long connections are kept while there is nothing to send."""


class Smtp:
    """Sends over idle connections where there are some, and opens more where there are none."""

    def __init__(self, url: SecretStr, patience: Patience = Patience()) -> None:
        parse(url)
        self._url = url
        self._patience = patience
        self._idle: list[aiosmtplib.SMTP] = []
        self._timer: asyncio.TimerHandle | None = None
        self._closing: asyncio.Task[None] | None = None

    async def send(self, letter: Letter) -> None:
        self._keep_open()
        _check(letter.recipient)
        try:
            async with asyncio.timeout(self._patience.mail):
                await self._send(letter)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise failure(error, letter) from error

    async def _send(self, letter: Letter) -> None:
        """Send over an idle connection; where the server ends that, once more over a fresh one."""
        used = await self._used()
        if used:
            try:
                return await self._over(used, letter)
            except (aiosmtplib.SMTPException, ConnectionError) as error:
                if not ends_connection(error):
                    raise
        return await self._over(await self._fresh(), letter)

    async def _over(self, client: aiosmtplib.SMTP, letter: Letter) -> None:
        """Go through one mail step by step: the library's `sendmail` hides an answer if its RSET fails."""
        size = [f"SIZE={len(letter.message)}"] if client.supports_extension("size") else []
        try:
            await client.mail(letter.sender, options=size)
            await client.rcpt(letter.recipient)
            await client.data(letter.message, timeout=self._patience.mail)
        except BaseException as error:
            self._leave(client, is_kept=is_about_the_mail(error))
            raise
        self._leave(client, is_kept=True)

    def _leave(self, client: aiosmtplib.SMTP, *, is_kept: bool) -> None:
        if is_kept and client.is_connected:
            self._idle.append(client)
        else:
            client.close()

    async def _used(self) -> aiosmtplib.SMTP | None:
        """Return an idle connection that the server still keeps, cleared of what was refused on it."""
        while self._idle:
            client = self._idle.pop()
            try:
                await client.rset()
            except BaseException as error:
                client.close()
                if not isinstance(error, aiosmtplib.SMTPException | OSError):
                    raise
            else:
                return client
        return None

    async def _fresh(self) -> aiosmtplib.SMTP:
        client = _client(parse(self._url), self._patience)
        await client.connect()
        try:
            await _greet(client)
        except BaseException:
            client.close()
            raise
        return client

    def _keep_open(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(self._patience.idle, self._rest)

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


def _client(parts: SplitResult, patience: Patience) -> aiosmtplib.SMTP:
    return aiosmtplib.SMTP(
        hostname=parts.hostname,
        port=parts.port or SCHEMES[parts.scheme],
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        use_tls=parts.scheme == "smtps",
        start_tls=parts.scheme == "smtp+starttls",
        timeout=patience.command,
    )


async def _greet(client: aiosmtplib.SMTP) -> None:
    """Say EHLO where that was not needed yet, and HELO to a server that does not know it."""
    if not client.is_ehlo_or_helo_needed:
        return
    try:
        await client.ehlo()
    except aiosmtplib.SMTPHeloError:
        if not client.is_connected:
            raise
        await client.helo()


def _check(recipient: str) -> None:
    """Raise Rejected where no mail can be addressed to `recipient`."""
    try:
        quote_address(recipient).encode("ascii")
    except ValueError as error:
        raise Rejected("the address is not valid") from error


def failure(error: Exception, letter: Letter | None = None) -> Rejected | Unavailable:
    """Say whether a mail that failed with `error` may be tried again; nobody is named.

    Only a refusal of the recipient or of the content is about the mail. One of the sender, of the login,
    of TLS or of the greeting is about our access, which operators mend: all mails wait meanwhile.
    """
    answer = _answer(error)
    if answer is None:
        return Unavailable(f"the mail server {_silence(error)}")
    if answer.code < 0:
        return Unavailable("the mail server gives an answer that is none")
    reason = reason_of_answer(answer.code, answer.message, _people(answer, letter))
    return Rejected(reason) if is_about_the_mail(error) and answer.code in PERMANENT else Unavailable(reason)


def is_about_the_mail(error: BaseException) -> bool:
    """Say whether the server answered to the recipient or the content, so that others may follow."""
    answer = _answer(error)
    kinds = (aiosmtplib.SMTPRecipientRefused, aiosmtplib.SMTPDataError)
    return isinstance(answer, kinds) and answer.code in REFUSALS - {CLOSING, *OUR_FAULT}


def ends_connection(error: BaseException) -> bool:
    """Say whether the server ended the connection, with a word or without."""
    answer = _answer(error)
    return isinstance(error, ConnectionError) or (answer is not None and answer.code == CLOSING)


def _answer(error: BaseException) -> aiosmtplib.SMTPResponseException | None:
    answer = error.recipients[0] if isinstance(error, aiosmtplib.SMTPRecipientsRefused) else error
    return answer if isinstance(answer, aiosmtplib.SMTPResponseException) else None


def _silence(error: Exception) -> str:
    """Return what a server did that gave no answer."""
    cause = error.__cause__ if isinstance(error, aiosmtplib.SMTPConnectError) else error
    match cause:
        case ssl.SSLError():
            return _spoilt_tls(cause)
        case TimeoutError():
            return "does not answer in time"
        case aiosmtplib.SMTPServerDisconnected() | ConnectionResetError():
            return "ended the connection"
        case OSError():
            return f"does not answer: {type(cause).__name__}"
        case aiosmtplib.SMTPException():
            return f"does not offer what SMTP_URL asks for: {clean_line(str(cause), LONGEST)}"
    return f"gives an answer that is none: {type(cause).__name__}"


def _spoilt_tls(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"has a certificate that is not trusted: {error.verify_message}"
    return f"does not speak TLS as it should: {error.reason}"


def _people(answer: aiosmtplib.SMTPResponseException, letter: Letter | None) -> tuple[str, ...]:
    refused = getattr(answer, "recipient", "")
    return (refused, *((letter.recipient, *letter.names) if letter else ()))
