"""When the guests of a meeting are reminded; pure."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from services.scheduler.domain import Meeting


def due(meeting: Meeting, leads: Iterable[timedelta], sent: Collection[int], now: datetime) -> list[int]:
    """Return the leads, in minutes and longest first, whose reminder is due and was not yet given.

    A lead that had passed when the meeting was given its time is not reminded of: the invitation has
    just said it.
    """
    begun = [lead for lead in leads if meeting.timed_at < meeting.starts_at - lead <= now < meeting.starts_at]
    minutes = sorted({lead // timedelta(minutes=1) for lead in begun}, reverse=True)
    return [lead for lead in minutes if lead not in sent]
