"""Nobody may ask more often than allowed, and whoever waits as long as told may ask again."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.access.brakes import MOST_KNOWN, Brake, network_of


class Watch:
    def __init__(self) -> None:
        self.at = 1_000.0

    def now(self) -> float:
        return self.at


def braked(limit: int, seconds: int = 60) -> tuple[Brake, Watch]:
    watch = Watch()
    return Brake("requests", limit, seconds, watch.now), watch


def passes(brake: Brake, who: str = "a") -> bool:
    level = brake.take(who)
    return level is None or not level.retry_after


def test_so_many_pass_at_once_and_the_next_does_not() -> None:
    brake, _ = braked(5)
    assert [passes(brake) for _ in range(7)] == [True] * 5 + [False] * 2
    assert passes(brake, "another")


def test_whoever_waits_as_long_as_told_passes() -> None:
    brake, watch = braked(3, 60)
    while (level := brake.take("a")) and not level.retry_after:
        pass
    assert level
    watch.at += math.ceil(level.retry_after) - 1
    assert not passes(brake)
    watch.at += 1
    assert passes(brake)


def test_what_is_left_is_counted_down_and_told_in_the_words_of_the_draft() -> None:
    brake, _ = braked(2, 60)
    first, second, third = (brake.take("a") for _ in range(3))
    assert first
    assert second
    assert third
    assert first.headers() == {
        "RateLimit-Policy": '"requests";q=2;w=60',
        "RateLimit": '"requests";r=1;t=30',
    }
    assert second.headers()["RateLimit"] == '"requests";r=0;t=60'
    assert third.headers()["Retry-After"] == "30"


def test_a_limit_of_zero_is_none() -> None:
    brake, _ = braked(0)
    assert [brake.take("a") for _ in range(100)] == [None] * 100


@given(st.integers(1, 50), st.lists(st.floats(0, 30), max_size=200))
def test_in_no_span_pass_more_than_twice_the_limit(limit: int, pauses: list[float]) -> None:
    brake, watch = braked(limit, 60)
    passed: list[float] = []
    for pause in pauses:
        watch.at += pause
        if passes(brake):
            passed.append(watch.at)
    for start in passed:
        assert sum(start <= at < start + 60 for at in passed) <= 2 * limit


def test_callers_without_end_take_no_memory_without_end() -> None:
    brake, watch = braked(1, 60)
    for number in range(MOST_KNOWN + 10):
        brake.take(str(number))
    assert len(brake._full_at) <= MOST_KNOWN
    watch.at += 61
    brake.take("late")
    assert len(brake._full_at) == 1


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_one_subscriber_is_one_caller(address: str, meant: str) -> None:
    assert network_of(address) == meant
