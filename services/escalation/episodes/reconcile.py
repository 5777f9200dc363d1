"""What must change when the episodes of one rule and scope are known anew; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from services.escalation.domain import Escalation
from services.escalation.intervals import Interval, Intervals, overlap


class Reason(StrEnum):
    """Why an escalation is changed."""

    RAISED = "raised"
    """An episode that nobody knew, still going on."""
    HISTORIC = "historic"
    """An episode that nobody knew and that was over before it became known."""
    UNCHANGED = "unchanged"
    BOUNDS = "bounds"
    """The episode began or ends at another instant than thought; it is open or over as before."""
    CONTINUED = "continued"
    """It was over, and late reports show that it is not."""
    MERGED = "merged"
    """The gap to an earlier escalation has closed."""
    EVIDENCE_WITHDRAWN = "evidence_withdrawn"
    """Without the incidents that were corrected or withdrawn the rule was not active."""


@dataclass(frozen=True)
class Change:
    """One escalation to be changed, or to be made where `stored` is None."""

    reason: Reason
    episode: Interval
    stored: Escalation | None = None
    absorbed: tuple[Escalation, ...] = ()
    """Later escalations that this one has taken in."""


def reconcile(
    stored: Sequence[Escalation], episodes: Intervals, calm: int, now: int, version: str
) -> list[Change]:
    """Return one change for each episode and each stored escalation that is none any more.

    The earliest escalation that overlaps an episode stays it; others that overlap are merged into it.
    Of an episode that fell apart, the first part stays the escalation and later parts are new. One that
    another `version` of the rule raised and this one would not is left as it is.
    """
    left = sorted(stored, key=lambda each: each.episode)
    keepers: list[tuple[Interval, Escalation | None]] = []
    for episode in episodes:
        keeper = next((each for each in left if overlap(each.episode, episode)), None)
        if keeper:
            left.remove(keeper)
        keepers.append((episode, keeper))
    taken_in = {each.id: next((e for e in episodes if overlap(each.episode, e)), None) for each in left}
    changes = [
        Change(
            _reason(keeper, episode, calm, now),
            episode,
            keeper,
            tuple(each for each in left if taken_in[each.id] == episode),
        )
        for episode, keeper in keepers
    ]
    return changes + list(_ended(left, taken_in, version))


def _reason(keeper: Escalation | None, episode: Interval, calm: int, now: int) -> Reason:
    is_over = episode[1] + calm <= now
    if keeper is None:
        return Reason.HISTORIC if is_over else Reason.RAISED
    if not keeper.is_open and not is_over:
        return Reason.CONTINUED
    return Reason.UNCHANGED if keeper.episode == episode else Reason.BOUNDS


def _ended(
    left: Sequence[Escalation], taken_in: dict[UUID, Interval | None], version: str
) -> Iterator[Change]:
    for each in left:
        if taken_in[each.id]:
            yield Change(Reason.MERGED, each.episode, each)
        elif each.rule_version == version:
            yield Change(Reason.EVIDENCE_WITHDRAWN, each.episode, each)
