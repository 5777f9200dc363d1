"""A growing escalation is told again at each doubling, once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.escalation.conditions.signal import Reason, Signal
from services.escalation.domain import Levels
from services.escalation.episodes.levels import first_levels, joined_levels, raised_levels


def seen(threshold: int | None = 3, **counts: int) -> dict[str, Signal]:
    words = {"de": "", "en": ""}
    return {leaf: Signal(count, threshold, Reason.REACHED, words) for leaf, count in counts.items()}


def told(threshold: int = 3, **counts: int) -> Levels:
    return first_levels(seen(threshold, **counts))


@pytest.mark.parametrize(
    ("count", "level"), [(0, 0), (3, 0), (5, 0), (6, 1), (11, 1), (12, 2), (23, 2), (24, 3)]
)
def test_a_level_is_a_doubling_of_the_threshold(count: int, level: int):
    assert told(finds=count)["finds"].doublings == level


def test_without_a_threshold_nothing_doubles():
    assert first_levels(seen(None, finds=99))["finds"].doublings == 0


def test_a_look_that_finds_no_doubling_keeps_the_highest_count():
    levels, doubled = raised_levels(told(finds=3), seen(finds=5))
    assert not doubled
    assert raised_levels(levels, seen(finds=4))[0]["finds"].peak == 5


def test_what_was_told_is_not_told_again():
    levels, doubled = raised_levels(told(finds=3), seen(finds=7))
    assert doubled == ["finds"]
    assert raised_levels(levels, seen(finds=11))[1] == []
    assert raised_levels(levels, seen(finds=12))[1] == ["finds"]


def test_of_several_that_double_at_once_the_highest_comes_first():
    _, doubled = raised_levels(told(finds=3, complaints=3), seen(complaints=6, finds=12))
    assert doubled == ["finds", "complaints"]


def test_two_that_become_one_keep_what_was_told_of_either():
    both = joined_levels(told(finds=12), told(finds=24, complaints=4))
    assert (both["finds"].doublings, both["finds"].peak) == (3, 24)
    assert both["complaints"].peak == 4


def test_a_part_that_the_rule_no_longer_has_is_left_alone():
    levels, doubled = raised_levels(told(finds=3, gone=3), seen(finds=3))
    assert not doubled
    assert levels["gone"].peak == 3


@given(st.lists(st.integers(1, 10), max_size=40))
def test_every_doubling_of_a_growing_count_is_told_once(steps: list[int]):
    levels, count, tellings = told(finds=3), 3, 0
    for step in steps:
        count += step
        levels, doubled = raised_levels(levels, seen(finds=count))
        tellings += len(doubled)
        assert levels["finds"].doublings == told(finds=count)["finds"].doublings
    assert tellings <= told(finds=count)["finds"].doublings
