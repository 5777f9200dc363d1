"""Things that somebody did, made up."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from services.audit.domain import GENESIS, Entry, extend
from shared.facts import ActionTaken

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MODERATION = "extended_rapport/addiction_commissioner"


def action(number: int = 1, **changes: Any) -> ActionTaken:
    """Return that a meeting was moved."""
    known: dict[str, Any] = {
        "action_id": UUID(int=number),
        "action": "meeting.moved",
        "about": str(UUID(int=1_000 + number)),
        "by": MODERATION,
        "via": "key",
        "details": {"body": "extended_rapport"},
        "taken_at": NOON + timedelta(minutes=number),
    }
    return ActionTaken(**known | changes)


def chain(*facts: ActionTaken) -> list[Entry]:
    """Return the entries of a log that has nothing else."""
    return list(extend(GENESIS, facts))


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
ACTIONS = st.builds(
    ActionTaken,
    action_id=st.uuids(),
    action=TEXTS,
    about=TEXTS,
    by=TEXTS,
    via=st.sampled_from(["key", "session", "link", "reply", "service", "command"]),
    person=st.none() | st.uuids(),
    in_name_of=TEXTS,
    details=st.dictionaries(TEXTS, TEXTS, max_size=2),
    taken_at=st.datetimes(timezones=st.just(UTC)),
)
CHAINS = st.lists(ACTIONS, min_size=1, max_size=6).map(lambda facts: chain(*facts))
