"""What a mail server answers: whatever its bytes, it can be stored, and it names nobody."""

import pytest
from aiosmtplib import SMTPHeloError, SMTPRecipientRefused, SMTPRecipientsRefused
from hypothesis import given
from hypothesis import strategies as st

from services.notify.channels.mail.letter import Letter
from services.notify.channels.mail.refusal import LONGEST, reason_of_answer
from services.notify.channels.mail.smtp import failure
from shared.errors import Rejected, Unavailable
from shared.text.clean import is_clean

PEOPLE = ["erika.mustermann@firma.de", "Amt für Ordnung"]
ANSWERS = [
    ("Windows-1252", "„nein“".encode("cp1252"), "550 …"),
    ("UTF-8", "Empfänger unbekannt".encode(), "550 Empfänger unbekannt"),
    ("a link", b"see https://mail.test/?rcpt=a.b%40stadt.test now", "550 see … now"),
    ("the local part", b"no mailbox erika.mustermann here", "550 no mailbox … here"),
    ("a part of the local part", b"no Mustermann here", "550 no … here"),
    ("a name", "Amt für Ordnung is away".encode(), "550 … is away"),
    ("several lines", b"5.1.1 no\r\n5.1.1 such user", "550 5.1.1 no 5.1.1 such user"),
    ("markup", b"[red]no[/denied]", "550 [red]no[/denied]"),
    ("much", b"x" * 10_000, f"550 {'x' * 495}…"),
    ("an address that is cut", b"x " * 1_998 + b"abc@stadt.test", f"550 {'x ' * 247}x…"),
]


@pytest.mark.parametrize(("raw", "reason"), [row[1:] for row in ANSWERS], ids=[row[0] for row in ANSWERS])
def test_an_answer_becomes_a_readable_reason(raw: bytes, reason: str) -> None:
    text = raw.decode("utf-8", "surrogateescape")
    assert reason_of_answer(550, text, PEOPLE) == reason


@given(st.integers(200, 599), st.binary(max_size=80))
def test_any_answer_can_be_stored(code: int, raw: bytes) -> None:
    reason = reason_of_answer(code, raw.decode("utf-8", "surrogateescape"))
    assert is_clean(reason)
    assert len(reason) <= 500
    reason.encode()


@given(st.text(st.characters(), max_size=40))
def test_any_text_can_be_stored(text: str) -> None:
    assert is_clean(reason_of_answer(550, text))


def test_who_a_mail_is_to_is_withheld_by_every_name() -> None:
    letter = Letter("", "rapport@stadt.test", "a.schmidt@stadt.test", b"", ("Amt für Ordnung",))
    refused = SMTPRecipientRefused(550, "Amt für Ordnung: no Schmidt", "other@stadt.test")
    assert str(failure(refused, letter)) == "550 …: no …"


ERRORS = [
    (SMTPRecipientsRefused([SMTPRecipientRefused(550, "unknown", "a@b.test")]), Rejected),
    (SMTPHeloError(554, "go away"), Unavailable),
    (ConnectionRefusedError(), Unavailable),
    (ValueError(), Unavailable),
]


@pytest.mark.parametrize(("error", "verdict"), ERRORS)
def test_an_error_that_no_server_of_ours_can_be_made_to_cause(
    error: Exception, verdict: type[Exception]
) -> None:
    assert isinstance(failure(error), verdict)


LONG = [
    "x" * 1_000_000,
    "a@b " * 50_000,
    "a," * 100_000,
    '"' * 99_999,
    "„" * 99_999,
    "«x" * 99_999,
    "<" * 99_999,
]


@pytest.mark.parametrize("text", LONG, ids=[text[:4] for text in LONG])
def test_a_long_answer_is_read_in_linear_time(text: str) -> None:
    """Read from each of its letters to its end it would outlast the time that a test has."""
    assert len(reason_of_answer(550, text, ["anna.schmidt@stadt.test"])) <= LONGEST
