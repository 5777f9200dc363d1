"""Stored escalations and episodes as they are known now: what becomes of which."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.escalation.domain import Outcome
from services.escalation.episodes.reconcile import Reason, reconcile
from services.escalation.intervals import Interval, Intervals, close

CALM = 5
VERSION = "now"


@dataclass(frozen=True)
class Known:
    """As much of an escalation as the decision looks at."""

    id: UUID
    episode: Interval
    outcome: Outcome | None = None
    rule_version: str = VERSION

    @property
    def is_open(self) -> bool:
        return self.outcome is None


def known(*episodes: Interval, over: bool = False) -> list[Known]:
    return [Known(UUID(int=n), at, Outcome.CALM if over else None) for n, at in enumerate(episodes)]


def decided(
    stored: list[Known], episodes: Intervals, now: int
) -> list[tuple[str, Interval, int | None, list[int]]]:
    return [
        (
            change.reason.value,
            change.episode,
            change.stored.id.int if change.stored else None,
            [each.id.int for each in change.absorbed],
        )
        for change in reconcile(stored, episodes, CALM, now, VERSION)  # type: ignore[arg-type]
    ]


TABLE = [
    ("an episode that nobody knew is raised", [], ((0, 9),), 3, [("raised", (0, 9), None, [])]),
    ("up to its calm it is still going on", [], ((0, 9),), 13, [("raised", (0, 9), None, [])]),
    ("one that was over before is historic", [], ((0, 9),), 14, [("historic", (0, 9), None, [])]),
    ("the same episode is unchanged", known((0, 9)), ((0, 9),), 3, [("unchanged", (0, 9), 0, [])]),
    ("a longer one has other bounds", known((0, 9)), ((0, 12),), 3, [("bounds", (0, 12), 0, [])]),
    (
        "one that was over and goes on is continued",
        known((0, 9), over=True),
        ((0, 20),),
        15,
        [("continued", (0, 20), 0, [])],
    ),
    (
        "one that was over and is over has other bounds",
        known((0, 9), over=True),
        ((0, 10),),
        15,
        [("bounds", (0, 10), 0, [])],
    ),
    (
        "the earlier of two that meet takes in the later",
        known((0, 9), (20, 30)),
        ((0, 30),),
        25,
        [("bounds", (0, 30), 0, [1]), ("merged", (20, 30), 1, [])],
    ),
    (
        "the first part of one that falls apart keeps its name",
        known((0, 30)),
        ((2, 9), (20, 30)),
        25,
        [("bounds", (2, 9), 0, []), ("raised", (20, 30), None, [])],
    ),
    (
        "one without an episode rested on what was withdrawn",
        known((0, 9)),
        (),
        3,
        [("evidence_withdrawn", (0, 9), 0, [])],
    ),
    (
        "each of two that shift stays itself",
        known((0, 9), (20, 30)),
        ((0, 4), (10, 30)),
        25,
        [("bounds", (0, 4), 0, []), ("bounds", (10, 30), 1, [])],
    ),
]


@pytest.mark.parametrize(
    ("stored", "episodes", "now", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_what_becomes_of_which(stored: list[Known], episodes: Intervals, now: int, expected: list):
    assert decided(stored, episodes, now) == expected


spans = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6).map(
    lambda it: close(it, CALM)
)


@given(spans, spans, st.integers(0, 80))
def test_afterwards_each_episode_is_exactly_one_escalation(before: Intervals, after: Intervals, now: int):
    changes = reconcile(known(*before), after, CALM, now, VERSION)  # type: ignore[arg-type]
    gone = {Reason.MERGED, Reason.EVIDENCE_WITHDRAWN}
    assert [change.episode for change in changes if change.reason not in gone] == list(after)
    named = [change.stored.id for change in changes if change.stored]
    assert sorted(named) == [each.id for each in known(*before)]
    absorbed = [each.id for change in changes for each in change.absorbed]
    merged = [change.stored.id for change in changes if change.stored and change.reason is Reason.MERGED]
    assert sorted(absorbed) == sorted(merged)


def test_one_that_an_earlier_rule_raised_and_this_one_would_not_is_left_as_it_is():
    earlier = Known(UUID(int=1), (0, 9), rule_version="before")
    assert decided([earlier], (), 3) == []
    assert decided([earlier], ((4, 12),), 3) == [("bounds", (4, 12), 1, [])]
