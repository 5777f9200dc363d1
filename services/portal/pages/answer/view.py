"""What the page shows on which the reader of a message answers."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.portal.pages.answer.link import Reading
from services.portal.pages.escalations.situation import Situation, situation
from services.portal.pages.escalations.view import signals
from services.portal.pages.frame.reader import Reader
from services.portal.pages.frame.rows import MeetingRow, meeting_rows
from services.portal.pages.replies.matter import Matter
from services.portal.pages.replies.saying import Voice, answering, days_from, deciding
from services.portal.read_model import queries, store
from services.portal.read_model.domain import fold
from shared.city.profile import Sharing
from shared.city.sharing import area_at, sharing_of
from shared.facts import Scope
from shared.messaging.transaction import Tx


@dataclass(frozen=True)
class AnswerPage:
    """What is shown."""

    reading: Reading
    matter: Matter
    voice: Voice
    meetings: list[MeetingRow]
    days: list[tuple[date, int]]
    """Until when something may hold, each with its number of days."""
    where: Scope
    """Where it is, as exactly as the body may know."""
    is_exact: bool
    situation: Situation | None
    """None: the body does not share so exactly, or nothing of it has arrived yet."""


async def answer_page(tx: Tx, reader: Reader, reading: Reading, matter: Matter) -> AnswerPage:
    """Return what the reader of a link sees, as far as their body shares."""
    level = sharing_of(reading.link.recipient, reader.city)
    found = await queries.find_meetings_called_by(tx, matter.escalation_id)
    return AnswerPage(
        reading=reading,
        matter=matter,
        voice=_voice(reader, reading, matter, tx),
        meetings=meeting_rows(reader, found),
        days=days_from(tx.now, reader.city.zone),
        where=area_at(matter.scope, level, reader.city),
        is_exact=level is Sharing.EXACT,
        situation=await _situation(tx, reader, matter.escalation_id),
    )


async def _situation(tx: Tx, reader: Reader, escalation_id: UUID) -> Situation | None:
    if not await queries.find_escalations(tx, reader.sight, ids=[escalation_id]):
        return None
    escalation = fold(await store.find_steps(tx, escalation_id))
    return (
        await situation(tx, escalation, signals(reader, escalation.evidence), reader) if escalation else None
    )


def _voice(reader: Reader, reading: Reading, matter: Matter, tx: Tx) -> Voice:
    if reading.moderates:
        return deciding(reading.member.name[reader.language], matter, tx.now)
    held = {reading.caller.name.partition("/")[2]}
    return answering(reading.link.recipient, matter, held, reader.city, reader.language)
