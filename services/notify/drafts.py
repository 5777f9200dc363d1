"""A message to one recipient as it is first stored."""

from dataclasses import dataclass
from datetime import datetime

from services.notify import letter
from services.notify.domain import ADDRESSED, Delivery, Intended, Notice, State
from shared.facts import MeetingFact
from shared.messaging.transaction import Tx
from shared.text.clean import clean_line


@dataclass(frozen=True)
class Draft:
    """What is to be told to one recipient, and when."""

    notice: Notice
    to: Intended
    due_at: datetime


def delivery(draft: Draft, tx: Tx) -> Delivery:
    """Return the delivery of a draft; a calendar part is for the address that it was first meant for."""
    notice, to = draft.notice, draft.to
    return Delivery(
        delivery_id=tx.new_id(),
        notice_id=notice.notice_id,
        channel=to.channel,
        recipient=to.recipient,
        language=to.language,
        template=notice.template,
        about=notice.fact.subject,
        title=clean_line(letter.subject(notice, to, tx.city)),
        state=State.DUE,
        attempts=0,
        due_at=draft.due_at,
        expires_at=notice.fact.ends_at if isinstance(notice.fact, MeetingFact) else None,
        reason=None,
        created_at=tx.now,
        sent_at=None,
        reached_at=to.reached_at if notice.template in ADDRESSED else None,
    )
