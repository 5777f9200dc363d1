"""What an elementary rule sees at one instant; whatever people read of a rule comes from here."""

from dataclasses import dataclass
from enum import StrEnum

from shared.city.profile import Text


class Reason(StrEnum):
    """Why a rule is active at an instant, or is not."""

    REACHED = "reached"
    BELOW = "below"
    NO_BASELINE = "no_baseline"
    """Too little is known of earlier times to say what is usual, which is not the same as all quiet."""
    TOO_FEW = "too_few"
    """More than usual, but too few for anybody to act on."""


@dataclass(frozen=True)
class Signal:
    """The figures of one elementary rule at one instant, and how they read in German and English."""

    observed: int
    threshold: int | None
    """From how many on the rule is active at this instant; None: it cannot be."""
    reason: Reason
    words: Text
    expected: float | None = None
    """What is usual, where the rule compares with that."""
    statistic: float | None = None
    """How many times as many as what it is compared with."""

    @property
    def doublings(self) -> int:
        """Return how many times the threshold has doubled: 0 below 2x, 1 from 2x, 2 from 4x."""
        return max(0, (self.observed // self.threshold).bit_length() - 1) if self.threshold else 0


@dataclass(frozen=True)
class CoursePoint:
    """What was observed from an instant on, and what would have been enough."""

    at: int
    observed: int
    threshold: int | None
