"""When a delivery that failed is tried again."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.schedule import DELAYS, Verdict, after_failure
from shared.errors import Rejected, Unavailable
from tests.unit.notify.builders import NOW

LATER = Unavailable("451")


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 60), (5, 60), (len(DELAYS), 60)]
)
def test_the_waits_grow_to_an_hour(attempts: int, minutes: int) -> None:
    assert after_failure(LATER, attempts, NOW, None).due_at == NOW + timedelta(minutes=minutes)


def test_after_three_days_a_message_is_given_up() -> None:
    assert timedelta(hours=71) < sum(DELAYS, timedelta()) <= timedelta(hours=72)
    assert after_failure(LATER, len(DELAYS) + 1, NOW, None).verdict is Verdict.GIVEN_UP


def test_what_was_refused_is_never_tried_again() -> None:
    assert after_failure(Rejected("550"), 1, NOW, None).verdict is Verdict.REFUSED


def test_an_invitation_is_not_tried_after_its_meeting() -> None:
    assert after_failure(LATER, 4, NOW, NOW + timedelta(minutes=30)).verdict is Verdict.USELESS
    assert after_failure(LATER, 1, NOW, NOW + timedelta(minutes=30)).verdict is Verdict.LATER


@given(st.integers(1, 500))
def test_a_next_attempt_is_always_later_and_there_are_finitely_many(attempts: int) -> None:
    follows = after_failure(LATER, attempts, NOW, None)
    assert (follows.due_at is None) == (attempts > len(DELAYS))
    assert follows.due_at is None or follows.due_at > NOW
