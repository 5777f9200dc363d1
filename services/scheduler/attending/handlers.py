"""Taking answers to invitations."""

from services.scheduler.attending import store
from services.scheduler.attending.domain import Answer, Verdict, judge
from services.scheduler.domain import Meeting
from shared.access.caller import Caller
from shared.access.record import record
from shared.facts import MeetingAnswered
from shared.messaging.transaction import Tx


async def answer_invitation(meeting: Meeting, answer: Answer, caller: Caller, tx: Tx) -> Verdict:
    """Take an answer to an invitation, and tell it."""
    known = {each.attendee: each for each in await store.find_answers(tx, meeting.meeting_id)}
    verdict = judge(meeting, answer, known.get(answer.attendee), tx.city.bodies.get(meeting.body))
    if verdict is not Verdict.TAKEN:
        return verdict
    await store.keep_answer(tx, meeting.meeting_id, answer)
    tx.emit(
        MeetingAnswered(
            meeting_id=meeting.meeting_id,
            sequence=meeting.sequence,
            body=meeting.body,
            attendee=answer.attendee,
            partstat=answer.partstat,
            by=answer.by,
            via=answer.via,
            comment=answer.comment,
            answered_at=answer.at,
        )
    )
    record(
        tx,
        caller,
        "meeting.answered",
        str(meeting.meeting_id),
        in_name_of=answer.attendee,
        answer=answer.partstat.value,
    )
    return verdict
