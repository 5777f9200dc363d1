"""What the page shows on which the reader of a message answers."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from services.portal.pages.answer.link import Answer, Matter, Reading
from services.portal.pages.frame.reader import Reader
from services.portal.pages.frame.rows import MeetingRow, meeting_rows
from services.portal.read_model import queries
from shared.messaging.transaction import Tx

WEEKS = (1, 2, 4)
"""After how many weeks a refusal may end; the middle one is proposed."""
ANSWERS = ("noted", "not_needed", "deputy")
DECISIONS = ("keep", "call_off")


@dataclass(frozen=True)
class AnswerPage:
    """What is shown."""

    reading: Reading
    matter: Matter
    seat: str
    deputy: str
    """Name of the seat's deputy; empty: it has none, or is the reader."""
    own: Answer | None
    answered: int
    meetings: list[MeetingRow]
    days: list[tuple[date, int]]
    """Until when a refusal may hold, each with its number of weeks."""

    @property
    def is_over(self) -> bool:
        return self.matter.state == "resolved"

    @property
    def choices(self) -> tuple[str, ...]:
        """Return what can be answered here."""
        if self.reading.moderates:
            return DECISIONS
        return ANSWERS if self.deputy else ANSWERS[:2]


async def answer_page(tx: Tx, reader: Reader, reading: Reading, matter: Matter) -> AnswerPage:
    """Return what the reader of a link sees."""
    member = reading.member
    today = tx.now.astimezone(reader.city.zone).date()
    deputy = member.deputy.name[reader.language] if member.deputy and not reading.stands_in else ""
    found = await queries.find_meetings_called_by(tx, matter.escalation_id)
    return AnswerPage(
        reading=reading,
        matter=matter,
        seat=member.name[reader.language],
        deputy=deputy,
        own=matter.decision if reading.moderates else matter.answer_of(reading.link.recipient),
        answered=sum(answer is not None for answer in matter.answers.values()),
        meetings=meeting_rows(reader, found),
        days=[(today + timedelta(weeks=weeks), weeks) for weeks in WEEKS],
    )


def until_of(chosen: str, reader: Reader) -> datetime | None:
    """Return the end of a chosen day in the city, or None: no day was chosen."""
    try:
        return datetime.combine(date.fromisoformat(chosen) + timedelta(days=1), time(), reader.city.zone)
    except (ValueError, OverflowError):
        return None
