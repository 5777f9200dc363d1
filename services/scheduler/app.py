"""The scheduler service, declared."""

from services.scheduler.api import router
from services.scheduler.handlers import SUBSCRIPTIONS
from services.scheduler.store import TABLES
from services.scheduler.ticks import TICKS
from shared.facts import (
    MeetingAnswered,
    MeetingCancelled,
    MeetingHeld,
    MeetingMoved,
    MeetingScheduled,
    ReminderDue,
)
from shared.runtime.service import Service

PUBLISHES = (MeetingAnswered, MeetingCancelled, MeetingHeld, MeetingMoved, MeetingScheduled, ReminderDue)
SERVICE = Service(
    name="scheduler",
    keys_for="functions",
    tables=TABLES,
    subscriptions=SUBSCRIPTIONS,
    publishes=PUBLISHES,
    ticks=TICKS,
    router=router,
)
