"""Nothing is lost, nothing is sent twice where it can be helped, and one does not hold up the others."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from services.notify import worker
from services.notify.channels.mail.letter import Letter
from services.notify.domain import Delivery, State
from services.notify.metrics import ATTEMPTS
from services.notify.schedule import DELAYS, Verdict
from services.notify.store import asked, queue
from services.notify.store.tables import deliveries, notices
from shared.errors import Rejected, Unavailable
from shared.facts import (
    DeliveryDelayed,
    DeliveryFailed,
    DeliveryOvertaken,
    DeliverySent,
    Fact,
    MeetingCancelled,
    MeetingMoved,
    MeetingScheduled,
    ReminderDue,
)
from shared.messaging import inbox
from shared.messaging.transaction import Tx
from shared.runtime import receiving
from shared.system.settings import Settings
from shared.text.clean import is_clean
from tests.unit.notify.builders import (
    ESCALATION,
    NOW,
    Desk,
    acknowledged,
    answered,
    decided,
    declined,
    extended,
    meeting,
    parsed,
    raised,
    resolved,
)

PRESIDENT = "polizeipraesidium@example.org"
MODERATOR = "suchtbeauftragte@example.org"


@pytest.fixture
def settings(each_database: Settings) -> Settings:
    return each_database


def sent(desk: Desk) -> list[DeliverySent]:
    return [fact for fact in desk.published() if isinstance(fact, DeliverySent)]


def failed(desk: Desk) -> list[DeliveryFailed]:
    return [fact for fact in desk.published() if isinstance(fact, DeliveryFailed)]


async def states(desk: Desk) -> dict[str, State]:
    async with desk.runtime.reading() as tx:
        return {item.recipient: item.state for item in await asked.find_newest(tx, asked.Wanted(100))}


async def test_each_mail_that_went_out_is_published_without_an_address(desk: Desk) -> None:
    letters = await desk.tell(raised())
    facts = sent(desk)
    assert len(facts) == len(letters) == 8
    assert {fact.about for fact in facts} == {str(ESCALATION)}
    assert all("@" not in fact.model_dump_json() for fact in facts)
    assert {fact.template for fact in facts} == {"alert"}


async def test_no_address_is_stored(desk: Desk) -> None:
    await desk.tell(raised(), meeting())
    async with desk.runtime.reading() as tx:
        rows = (await tx.db.execute(select(deliveries))).all()
        contexts = (await tx.db.execute(select(notices.c.context))).scalars().all()
    assert rows
    assert "@example.org" not in str(rows)
    assert "@example.org" not in str(contexts).replace("meeting-2@rapport.example.org", "")


async def test_the_same_fact_under_another_message_id_is_told_once(desk: Desk) -> None:
    assert len(await desk.tell(raised())) == 8
    assert not await desk.tell(raised())


async def test_a_mail_that_could_not_be_handed_over_is_tried_again_with_the_same_message_id(
    desk: Desk,
) -> None:
    desk.sender.failures[PRESIDENT] = [Unavailable("451 later"), Unavailable("no answer")]
    assert len(await desk.tell(raised())) == 7
    for wait in DELAYS[:2]:
        await desk.work()
        assert PRESIDENT not in {letter.recipient for letter in desk.sender.letters}
        desk.clock.advance(wait)
        await desk.work()
    [late] = [letter for letter in desk.sender.letters if letter.recipient == PRESIDENT]
    [fact] = [f for f in sent(desk) if f.recipient.endswith("police_president")]
    assert parsed(late)["Message-ID"] == f"<{fact.delivery_id}@example.org>"
    assert fact.sent_at == desk.clock.now()


async def test_every_attempt_is_the_same_to_the_byte(desk: Desk) -> None:
    seen: list[bytes] = []
    keep = desk.sender.send

    async def lose_the_answer(letter: Letter) -> None:
        if letter.recipient == PRESIDENT:
            seen.append(letter.message)
            if len(seen) < 3:
                raise Unavailable("connection lost after DATA")
        await keep(letter)

    desk.sender.send = lose_the_answer  # type: ignore[method-assign]
    await desk.tell(meeting())
    for wait in DELAYS[:2]:
        desk.clock.advance(wait)
        await desk.work()
    assert len(seen) == 3
    assert len(set(seen)) == 1


async def test_one_refused_recipient_does_not_affect_the_others(desk: Desk) -> None:
    desk.sender.failures[PRESIDENT] = [Rejected("550 5.1.1 unknown")]
    assert len(await desk.tell(raised())) == 7
    [fact] = failed(desk)
    assert fact.recipient == "extended_rapport/police_president"
    assert fact.reason == "550 5.1.1 unknown"
    assert (await states(desk))["extended_rapport/police_president"] is State.DEAD


async def test_after_the_last_attempt_a_delivery_is_dead_until_it_is_brought_back(desk: Desk) -> None:
    desk.sender.failures[PRESIDENT] = [Unavailable("down")] * (len(DELAYS) + 1)
    await desk.tell(raised())
    for wait in DELAYS:
        assert not failed(desk)
        desk.clock.advance(wait)
        await desk.work()
    assert len(failed(desk)) == 1
    async with desk.runtime.transaction() as tx:
        [dead] = await asked.find_dead(tx)
        assert dead.kind == "mail alert to extended_rapport/police_president"
        assert dead.reason == "down"
        assert await asked.bring_back(tx) == 1
        assert await asked.find_dead(tx) == []
    await desk.work()
    assert desk.sender.letters[-1].recipient == PRESIDENT


async def test_only_named_dead_deliveries_are_brought_back(desk: Desk) -> None:
    desk.sender.failures = {PRESIDENT: [Rejected("no")], MODERATOR: [Rejected("no")]}
    await desk.tell(raised())
    async with desk.runtime.transaction() as tx:
        first, second = await asked.find_dead(tx)
        assert await asked.bring_back(tx, [first.id]) == 1
        assert [dead.id for dead in await asked.find_dead(tx)] == [second.id]


async def test_what_a_killed_process_was_sending_is_sent_when_its_lease_runs_out(desk: Desk) -> None:
    await desk.hear(raised())
    async with desk.runtime.transaction() as tx:
        lease = queue.Lease(tx.new_id(), tx.now + timedelta(seconds=60))
        assert len(await queue.claim(tx, lease, 100)) == 8
    await desk.work()
    assert not desk.sender.letters
    desk.clock.advance(timedelta(seconds=60))
    await desk.work()
    assert len(desk.sender.letters) == 8


async def test_what_was_claimed_when_the_database_went_away_is_sent_as_soon_as_it_is_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise ConnectionError

    await desk.hear(raised())
    with monkeypatch.context() as broken, pytest.raises(ConnectionError):
        broken.setattr("services.notify.store.notices.get_notices", away)
        await desk.work()
    await desk.work()
    assert len(desk.sender.letters) == 8
    async with desk.runtime.reading() as tx:
        sent = await asked.find_newest(tx, asked.Wanted(10, State.SENT))
    assert {delivery.attempts for delivery in sent} == {1}


async def test_a_notice_that_cannot_be_read_fails_alone(desk: Desk) -> None:
    await desk.hear(raised())
    await desk.hear(meeting(MeetingScheduled))
    async with desk.runtime.transaction() as tx:
        unreadable = update(notices).where(notices.c.template == "alert").values(context='{"fact": {}}')
        await tx.db.execute(unreadable)
    await desk.work()
    kinds = {parsed(letter)["Subject"].split(":")[0] for letter in desk.sender.letters}
    assert kinds == {"Einladung", "Invitation"}
    async with desk.runtime.reading() as tx:
        dead = await asked.find_newest(tx, asked.Wanted(10, State.DEAD))
    assert {delivery.reason for delivery in dead} == {"what it tells cannot be read"}


async def test_what_a_slow_server_left_no_time_for_is_given_back_and_not_counted(desk: Desk) -> None:
    keep = desk.sender.send

    async def slowly(letter: Letter) -> None:
        desk.clock.advance(timedelta(seconds=10))
        await keep(letter)

    desk.sender.send = slowly  # type: ignore[method-assign]
    await desk.hear(raised())
    assert 0 < await desk.runtime.service.worker(desk.runtime) < 8  # type: ignore[misc]
    async with desk.runtime.reading() as tx:
        waiting = await asked.find_newest(tx, asked.Wanted(10, State.DUE))
    assert waiting
    assert {delivery.attempts for delivery in waiting} == {0}
    await desk.work()
    assert len(desk.sender.letters) == 8


async def test_an_orderly_stop_settles_what_went_out_and_hands_back_the_rest(desk: Desk) -> None:
    keep = desk.sender.send

    async def stop_after_the_first(letter: Letter) -> None:
        desk.runtime.stopping = True
        await keep(letter)

    desk.sender.send = stop_after_the_first  # type: ignore[method-assign]
    await desk.hear(raised())
    tried = await desk.runtime.service.worker(desk.runtime)  # type: ignore[misc]
    assert tried == len(desk.sender.letters) == len(sent(desk)) < 8
    async with desk.runtime.reading() as tx:
        waiting = await asked.find_newest(tx, asked.Wanted(10, State.DUE))
    assert {delivery.attempts for delivery in waiting} == {0}
    desk.runtime.stopping = False
    desk.sender.send = keep  # type: ignore[method-assign]
    await desk.work()
    recipients = [letter.recipient for letter in desk.sender.letters]
    assert len(recipients) == len(set(recipients)) == 8


async def test_what_went_out_is_settled_before_more_begins(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "GROUP", 2)
    keep = desk.sender.send
    settled: list[int] = []

    async def look(letter: Letter) -> None:
        settled.append(list((await states(desk)).values()).count(State.SENT))
        await keep(letter)

    desk.sender.send = look  # type: ignore[method-assign]
    await desk.tell(raised())
    assert settled == [0, 0, 2, 2, 4, 4, 6, 6]


async def test_outcomes_that_the_database_did_not_take_are_recorded_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "SETTLE_AGAIN", timedelta())
    failures = [OSError("connection refused")] * 3
    mark = queue.mark_sent

    async def fail_at_first(tx: Tx, ids: Sequence[UUID], token: UUID) -> set[UUID]:
        if failures:
            raise failures.pop()
        return await mark(tx, ids, token)

    monkeypatch.setattr(queue, "mark_sent", fail_at_first)
    assert len(await desk.tell(raised())) == 8
    assert len(sent(desk)) == 8
    desk.clock.advance(worker.LEASE)
    await desk.work()
    assert len(desk.sender.letters) == 8


@pytest.mark.parametrize("said", ["Empf\udce4nger", "no\x00body", "\x1b[31mred"])
async def test_a_reason_that_nobody_cleaned_is_stored_clean(desk: Desk, said: str) -> None:
    desk.sender.failures[PRESIDENT] = [Rejected(said)]
    assert len(await desk.tell(raised())) == 7
    [fact] = failed(desk)
    assert is_clean(fact.reason)


async def test_an_outcome_that_cannot_be_written_does_not_undo_the_others(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_reason", str)
    desk.sender.failures[PRESIDENT] = [Unavailable("no\x00body")]
    desk.sender.failures[MODERATOR] = [Rejected("\udce4")]
    assert len(await desk.tell(raised())) == 6
    async with desk.runtime.reading() as tx:
        found = {item.recipient: item for item in await asked.find_newest(tx, asked.Wanted(100))}
    assert sorted(item.state for item in found.values()) == ["dead", "due", *["sent"] * 6]
    waiting = found["extended_rapport/police_president"]
    assert (waiting.reason, waiting.due_at) == (worker.UNSHOWN, NOW + DELAYS[0])
    assert [fact.reason for fact in failed(desk)] == [worker.UNSHOWN]
    desk.clock.advance(worker.LEASE)
    await desk.work()
    assert len(desk.sender.letters) == 7


async def test_a_mail_whose_fact_cannot_be_written_is_not_sent_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell = worker._sent

    def fail_for_one(tx: Tx, delivery: Delivery) -> None:
        if delivery.recipient == "extended_rapport/police_president":
            raise ValueError("a fact that is none")
        tell(tx, delivery)

    monkeypatch.setattr(worker, "_sent", fail_for_one)
    assert len(await desk.tell(raised())) == 8
    assert len(sent(desk)) == 7
    assert set((await states(desk)).values()) == {State.SENT}
    desk.clock.advance(worker.LEASE)
    await desk.work()
    assert len(desk.sender.letters) == 8


async def test_outcomes_are_not_recorded_after_the_lease_has_ended(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> set[UUID]:
        desk.clock.advance(worker.LEASE)
        raise OSError("connection refused")

    monkeypatch.setattr(queue, "mark_sent", fail)
    await desk.hear(raised())
    with pytest.raises(OSError, match="refused"):
        await desk.work()


async def test_a_lease_that_was_lost_settles_nothing(desk: Desk) -> None:
    await desk.hear(raised())
    async with desk.runtime.transaction() as tx:
        lease = queue.Lease(tx.new_id(), tx.now)
        [first, *_] = await queue.claim(tx, lease, 100)
    async with desk.runtime.transaction() as tx:
        await queue.claim(tx, queue.Lease(tx.new_id(), tx.now + timedelta(hours=1)), 100)
    async with desk.runtime.transaction() as tx:
        assert await queue.mark_sent(tx, [first.delivery_id], lease.token) == set()
        assert not await queue.give_up(tx, first.delivery_id, lease.token, "late")


async def test_a_mistake_of_ours_in_one_message_waits_and_keeps_nobody_else(desk: Desk) -> None:
    desk.sender.failures[PRESIDENT] = [KeyError("x@y")]
    assert len(await desk.tell(raised())) == 7
    async with desk.runtime.reading() as tx:
        [waiting] = await asked.find_newest(tx, asked.Wanted(10, State.DUE))
    assert waiting.reason == "KeyError"


async def test_an_invitation_that_waited_past_its_meeting_is_not_sent(desk: Desk) -> None:
    useless = ATTEMPTS.labels("mail", Verdict.USELESS)._value.get()
    await desk.hear(meeting())
    desk.clock.advance(timedelta(days=30))
    await desk.work()
    assert not desk.sender.letters
    assert {fact.reason for fact in failed(desk)} == {"the meeting is over"}
    assert ATTEMPTS.labels("mail", Verdict.USELESS)._value.get() == useless + 9


MOVED = meeting(MeetingMoved, sequence=1, changes=("time",), previous_starts_at=NOW)
CANCELLED = meeting(MeetingCancelled, sequence=2, cancelled_because="by_moderation")


@pytest.mark.parametrize("newer", [MOVED, CANCELLED])
async def test_an_invitation_that_waits_is_not_sent_after_what_overtook_it(desk: Desk, newer: Fact) -> None:
    desk.sender.failures[PRESIDENT] = [Unavailable("451 later")] * 2
    await desk.tell(meeting())
    desk.clock.advance(DELAYS[0])
    await desk.work()
    assert len(await desk.tell(newer)) == 9
    desk.clock.advance(DELAYS[1])
    await desk.work()
    subjects = [parsed(mail)["Subject"] for mail in desk.sender.letters if mail.recipient == PRESIDENT]
    assert len(subjects) == 1
    assert not subjects[0].startswith("Einladung")
    assert not failed(desk)
    async with desk.runtime.reading() as tx:
        [closed] = await asked.find_newest(tx, asked.Wanted(10, State.OVERTAKEN))
        assert await asked.find_dead(tx) == []
    assert (closed.template, closed.reason, closed.attempts) == ("invitation", "overtaken", 2)


async def test_what_was_not_sent_before_a_cancellation_leaves_only_the_cancellation(desk: Desk) -> None:
    letters = await desk.tell(meeting(), MOVED, meeting(ReminderDue, sequence=1, lead_hours=24), CANCELLED)
    assert len(letters) == 9
    assert {str(parsed(mail)["Subject"]).split(":")[0] for mail in letters} == {"Abgesagt", "Cancelled"}


async def test_another_meeting_is_not_overtaken(desk: Desk) -> None:
    other = meeting(meeting_id=UUID(int=77), uid="other@example.org")
    assert len(await desk.tell(meeting(), other, CANCELLED)) == 9 + 9


async def test_the_whole_course_of_an_escalation(desk: Desk) -> None:
    course: list[tuple[Fact, int]] = [
        (raised(), 8),
        (extended(), 8),
        (answered(), 1),
        (acknowledged(), 0),
        (decided(), 7),
        (declined(because="called_off"), 7),
        (raised(revision=5, reopened=True), 8),
        (resolved(), 8),
    ]
    for fact, letters in course:
        assert len(await desk.tell(fact)) == letters, fact.kind


async def test_an_alert_that_comes_after_its_end_is_not_sent_and_neither_is_the_end(desk: Desk) -> None:
    assert not await desk.tell(resolved())
    assert not await desk.tell(raised())
    assert not await desk.tell(extended())


@pytest.mark.parametrize("answer_first", [False, True])
async def test_moderation_hears_an_answer_in_whatever_order_it_comes(desk: Desk, answer_first: bool) -> None:
    facts: list[Fact] = [raised(), declined()]
    for fact in reversed(facts) if answer_first else facts:
        await desk.tell(fact)
    desk.clock.advance(inbox.DELAYS[0])
    await receiving.retry_due(desk.runtime)
    await desk.work()
    told = [fact.template for fact in sent(desk)]
    assert told == ["alert"] * 8 + ["declined"]


async def test_a_historic_escalation_is_told_to_nobody_at_any_stage(desk: Desk) -> None:
    assert not await desk.tell(raised(historic=True), acknowledged(), resolved())


async def test_a_body_that_the_profile_does_not_know_leaves_a_dead_letter(desk: Desk) -> None:
    await desk.hear(meeting(MeetingScheduled, body="abolished"))
    async with desk.runtime.reading() as tx:
        [dead] = await inbox.find_dead(tx)
    assert "abolished" in dead.reason


async def test_the_worker_does_nothing_when_nothing_is_due(desk: Desk) -> None:
    await desk.work()
    desk.runtime.wake.clear()
    assert await desk.runtime.service.worker(desk.runtime) == 0  # type: ignore[misc]
    assert not desk.runtime.wake.is_set()


async def test_a_mail_that_waited_and_is_overtaken_is_told_once_and_one_that_was_never_tried_is_not(
    desk: Desk,
) -> None:
    desk.sender.failures[PRESIDENT] = [Unavailable("451 later")]
    await desk.tell(meeting())
    later = meeting().starts_at + timedelta(days=1)
    moved = meeting(MeetingMoved, sequence=1, starts_at=later, ends_at=later + timedelta(hours=1),
                    changes=("time",), previous_starts_at=meeting().starts_at)  # fmt: skip
    await desk.tell(moved)
    desk.clock.advance(DELAYS[0])
    await desk.work()
    [waits] = [fact for fact in desk.published() if isinstance(fact, DeliveryDelayed)]
    [dropped] = [fact for fact in desk.published() if isinstance(fact, DeliveryOvertaken)]
    assert waits.delivery_id == dropped.delivery_id
    assert (waits.reason, waits.template, dropped.title) == ("451 later", "invitation", waits.title)
    assert dropped.delivery_id not in {fact.delivery_id for fact in sent(desk)}
