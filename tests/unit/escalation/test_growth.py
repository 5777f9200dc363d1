"""A growing escalation is told again at each doubling, and looked at only when it may have doubled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.escalation.growth import checked, grown, joined, level_of, may_have_doubled, told

LIMIT = {"finds": 3}


@pytest.mark.parametrize(
    ("count", "level"), [(0, 0), (3, 0), (5, 0), (6, 1), (11, 1), (12, 2), (23, 2), (24, 3)]
)
def test_a_level_is_a_doubling_of_the_threshold(count: int, level: int):
    assert level_of(count, 3) == level


def test_counts_are_looked_at_only_when_the_bound_reaches_a_doubling():
    growth = grown(told({"finds": 3}, LIMIT), {"finds": 2}, (10, 12))
    assert not may_have_doubled(growth, LIMIT)
    growth = grown(growth, {"finds": 1}, (20, 21))
    assert may_have_doubled(growth, LIMIT)
    assert growth.unchecked == (10, 21)


def test_a_look_that_finds_no_doubling_lowers_the_bound_to_what_was_seen():
    growth, doubled = checked(grown(told({"finds": 3}, LIMIT), {"finds": 9}, (0, 1)), {"finds": 5}, LIMIT)
    assert not doubled
    assert growth.heights["finds"].bound == 5
    assert growth.unchecked is None


def test_what_was_told_is_not_told_again():
    growth, doubled = checked(told({"finds": 3}, LIMIT), {"finds": 7}, LIMIT)
    assert doubled == ["finds"]
    assert checked(growth, {"finds": 11}, LIMIT)[1] == []
    assert checked(growth, {"finds": 12}, LIMIT)[1] == ["finds"]


def test_of_several_that_double_at_once_the_highest_comes_first():
    limits = {"finds": 3, "complaints": 10}
    _, doubled = checked(
        told({"finds": 3, "complaints": 10}, limits), {"finds": 12, "complaints": 20}, limits
    )
    assert doubled == ["finds", "complaints"]


def test_two_that_become_one_keep_what_was_told_of_either():
    both = joined(told({"finds": 12}, LIMIT), grown(told({"finds": 4}, LIMIT), {"finds": 20}, (5, 6)))
    assert (both.heights["finds"].level, both.heights["finds"].bound) == (2, 24)
    assert both.unchecked == (5, 6)


def test_a_part_that_the_rule_no_longer_has_is_left_alone():
    growth = told({"finds": 3, "gone": 3}, {"finds": 3, "gone": 3})
    growth = grown(growth, {"gone": 90}, (0, 1))
    assert not may_have_doubled(growth, LIMIT)
    assert not checked(growth, {"finds": 3}, LIMIT)[1]


@given(st.lists(st.integers(1, 10), max_size=40))
def test_every_doubling_of_a_growing_count_is_told_once(steps: list[int]):
    growth, count, tellings = told({"finds": 3}, LIMIT), 3, 0
    for step in steps:
        count += step
        growth = grown(growth, {"finds": step}, (0, 1))
        if may_have_doubled(growth, LIMIT):
            growth, doubled = checked(growth, {"finds": count}, LIMIT)
            tellings += len(doubled)
        assert growth.heights["finds"].level == level_of(count, 3)
    assert tellings <= level_of(count, 3)
