"""Which second copies of a mail a fault explains; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from storm.postbox import Copy, Fate

WITHIN_SECONDS = 60.0
"""How long after a mail was taken its outcome can still be lost: the lease on it (`worker.LEASE`)."""


@dataclass(frozen=True)
class Blame:
    """When what takes a mail's outcome away was at work, on the machine's monotonic clock."""

    notify_killed: Sequence[float]
    database_away: Sequence[tuple[float, float]]


def unexplained(mails: Iterable[Sequence[Copy]], blame: Blame) -> list[str]:
    """Return the Message-IDs of mails of which a copy came although nothing was cut."""
    return [
        before.message_id
        for copies in mails
        for before, after in pairwise(copies)
        if before.fate is not Fate.CUT_BEFORE_REPLY and not _was_lost(before, after, blame)
    ]


def _was_lost(before: Copy, after: Copy, blame: Blame) -> bool:
    """Say whether the first copy's outcome may have been lost before the second one came."""
    until = min(after.at, before.at + WITHIN_SECONDS)
    killed = any(before.at <= at <= until for at in blame.notify_killed)
    away = any(since <= until and before.at <= back for since, back in blame.database_away)
    return killed or away
