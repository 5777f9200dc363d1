"""Reasons and log lines hold no addresses, no inputs and nothing that a terminal obeys."""

import pytest
from pydantic import BaseModel, ValidationError

from shared.errors import Rejected
from shared.system.observe import clean_values
from shared.text.clean import is_clean
from shared.text.reason import reason_of, without_addresses


class _Report(BaseModel):
    count: int


def test_what_a_validation_would_repeat_is_left_out() -> None:
    with pytest.raises(ValidationError) as refused:
        _Report.model_validate({"count": "Anna Schmidt"})
    assert "Anna" not in reason_of(refused.value)
    assert reason_of(refused.value).startswith("ValidationError: count: ")


@pytest.mark.parametrize("said", ["\x1b[31mred", "a\x00b", "\ud800", "x" * 9_000, "a\nb", "a\u202eb"])
def test_a_reason_is_one_clean_line(said: str) -> None:
    reason = reason_of(Rejected(said))
    assert is_clean(reason)
    assert "\n" not in reason
    assert reason.startswith("Rejected: ")
    assert len(reason) <= 2_000


@pytest.mark.parametrize(
    "text", ["<a.b@c.test>", "a.b @ c.test", "x?rcpt=a.b%40c.test", "rfc822;a.b+40c.test", "a.b(at)c.test"]
)
def test_addresses_are_withheld_in_every_spelling(text: str) -> None:
    assert "a.b" not in without_addresses(f"user {text} unknown")
    assert "unknown" in without_addresses(f"user {text} unknown")


def test_a_log_line_is_clean_and_of_one_line() -> None:
    event = {
        "event": "a\nb",
        "reason": ["\x1b[31mno", {"to": "a.b@c.test"}],
        "count": 3,
        "exception": "a\nb\x00",
    }
    cleaned = clean_values(None, "info", event)
    assert cleaned == {"event": "a b", "reason": ["no", {"to": "…"}], "count": 3, "exception": "a\nb"}
