"""What a mail server answers: whatever its bytes, it can be stored, and it names nobody."""

import pytest
from aiosmtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPDataError,
    SMTPHeloError,
    SMTPRecipientRefused,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
)
from hypothesis import given
from hypothesis import strategies as st

from services.notify.channels.refusal import reason_of_answer
from services.notify.channels.smtp import failure
from shared.errors import Rejected, Unavailable
from shared.text import is_clean

ANSWERS = [
    ("Latin-1", "Empfänger unbekannt".encode("latin-1"), "550 Empfänger unbekannt"),
    ("UTF-8", "Empfänger unbekannt".encode(), "550 Empfänger unbekannt"),
    ("NUL", b"no\x00body", "550 nobody"),
    ("a colour", b"\x1b[31mRED", "550 RED"),
    ("an address", b"<erika@firma.de>: user unknown", "550 …: user unknown"),
    ("a name in quotes", b'"Erika Mustermann" is away', "550 … is away"),
    ("the local part", b"no mailbox erika.mustermann here", "550 no mailbox … here"),
    ("many lines", b"first\r\nsecond", "550 first second"),
    ("nothing", b"", "550"),
    ("much", b"x" * 10_000, f"550 {'x' * 495}…"),
]


@pytest.mark.parametrize(("raw", "reason"), [row[1:] for row in ANSWERS], ids=[row[0] for row in ANSWERS])
def test_an_answer_becomes_a_readable_reason(raw: bytes, reason: str) -> None:
    text = raw.decode("utf-8", "surrogateescape")
    assert reason_of_answer(550, text, ["erika.mustermann@firma.de"]) == reason


@given(st.integers(200, 599), st.binary(max_size=80))
def test_any_answer_can_be_stored(code: int, raw: bytes) -> None:
    reason = reason_of_answer(code, raw.decode("utf-8", "surrogateescape"))
    assert is_clean(reason)
    assert len(reason) <= 500
    reason.encode()


@given(st.text(st.characters(), max_size=40))
def test_any_text_can_be_stored(text: str) -> None:
    assert is_clean(reason_of_answer(550, text))


RECIPIENT = SMTPRecipientRefused
VERDICTS = [
    ("450 to the recipient", SMTPRecipientsRefused([RECIPIENT(450, "greylisted", "a@b.test")]), Unavailable),
    ("550 to the recipient", SMTPRecipientsRefused([RECIPIENT(550, "unknown", "a@b.test")]), Rejected),
    ("553 to the sender", SMTPSenderRefused(553, "not yours", "r@b.test"), Unavailable),
    ("550 to the sender", SMTPSenderRefused(550, "blocked", "r@b.test"), Unavailable),
    ("535 to the login", SMTPAuthenticationError(535, "wrong"), Unavailable),
    ("554 to the login", SMTPAuthenticationError(554, "disabled"), Unavailable),
    ("554 as greeting", SMTPConnectError("554 no service"), Unavailable),
    ("554 to EHLO", SMTPHeloError(554, "go away"), Unavailable),
    ("452 to DATA", SMTPDataError(452, "full"), Unavailable),
    ("554 to DATA", SMTPDataError(554, "spam"), Rejected),
    ("552 to DATA", SMTPDataError(552, "too large"), Rejected),
    ("530 to DATA", SMTPDataError(530, "login first"), Unavailable),
    ("a closed connection", ConnectionResetError(), Unavailable),
    ("silence", TimeoutError(), Unavailable),
]


@pytest.mark.parametrize(
    ("error", "verdict"), [row[1:] for row in VERDICTS], ids=[row[0] for row in VERDICTS]
)
def test_what_is_our_fault_or_passes_waits(error: Exception, verdict: type[Exception]) -> None:
    assert isinstance(failure(error), verdict)


def test_a_long_answer_is_read_in_linear_time() -> None:
    """A word of a megabyte is looked at from its beginning, not from each of its letters."""
    assert reason_of_answer(550, "x" * 1_000_000) == f"550 {'x' * 495}…"
