"""A process that dies between two services loses nothing and does nothing twice."""

from datetime import timedelta
from typing import Any

import pytest

from rapport.process.process import Process
from shared.system.settings import Settings
from tests.story.city import OFFICE, Story, addresses, find

LEASE = timedelta(seconds=31)
"""After so long another process takes over what a dead one had in hand."""


async def post_without_what_follows(story: Story) -> None:
    reports = [find(story.now - timedelta(days=n), external_id=str(n)) for n in (6, 3, 0)]
    key = await story.key_of(OFFICE)
    given = {"Authorization": f"Bearer {key}"}
    answer = await story.replay.client.post("/v1/incidents/batch", json=reports, headers=given)
    assert answer.json()["accepted"] == 3


async def half_steps(process: Process, count: int) -> None:
    """Let so many relays and workers have their turn, one after the other."""
    for _ in range(count):
        for name in list(process.runtimes)[count % 2 :]:
            runtime = process.runtimes[name]
            assert runtime.relay
            if await runtime.relay.send_due():
                break
            if runtime.service.worker and await runtime.service.worker(runtime):
                break


async def assert_all_is_well(story: Story) -> None:
    assert (await story.escalation())["peaks"] == {"syringes_near_sensitive_place": 3}
    [meeting] = await story.meetings()
    assert addresses(story.mails("alert")) == story.called()
    assert addresses(story.mails("invitation", about=meeting["uid"])) == story.people("extended_rapport")
    assert await story.dead() == []


async def test_what_intake_has_committed_is_followed_up_by_the_next_process(leipzig: Story) -> None:
    await post_without_what_follows(leipzig)
    assert leipzig.mails("alert") == []
    await leipzig.die()
    await leipzig.reopened()
    leipzig.clock.advance(LEASE)
    await leipzig.settle()
    await assert_all_is_well(leipzig)


@pytest.mark.parametrize("steps", range(1, 9))
async def test_a_process_may_die_after_any_service(leipzig: Story, steps: int) -> None:
    await post_without_what_follows(leipzig)
    await half_steps(leipzig.process, steps)
    await leipzig.die()
    await leipzig.reopened()
    await leipzig.until(leipzig.now + LEASE)
    await assert_all_is_well(leipzig)


class Died(BaseException):
    """The process is gone in the middle of something."""


async def test_a_process_may_die_between_handing_over_and_taking_note_of_it(
    leipzig: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def dies(*_: Any) -> None:
        raise Died

    await post_without_what_follows(leipzig)
    monkeypatch.setattr("shared.messaging.outbox.Relay._finish", dies)
    for _ in range(3):
        with pytest.raises(Died):
            await leipzig.process.step()
        await leipzig.die()
        await leipzig.reopened()
        leipzig.clock.advance(LEASE)
    monkeypatch.undo()
    await leipzig.until(leipzig.now + LEASE)
    await assert_all_is_well(leipzig)


async def test_a_mail_that_was_sent_when_the_process_died_goes_again_as_the_same_file(
    leipzig: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def dies(*_: Any) -> None:
        raise Died

    await post_without_what_follows(leipzig)
    monkeypatch.setattr("services.notify.worker._settle", dies)
    with pytest.raises(Died):
        await leipzig.settle()
    sent = leipzig.mails("alert")
    monkeypatch.undo()
    await leipzig.die()
    await leipzig.reopened()
    await leipzig.until(leipzig.now + 2 * LEASE)
    assert {mail.message_id for mail in sent} <= {mail.message_id for mail in leipzig.mails("alert")}
    await assert_all_is_well(leipzig)


async def test_a_clean_end_hands_over_to_the_next_process_at_once(leipzig: Story) -> None:
    await post_without_what_follows(leipzig)
    await leipzig.close()
    await leipzig.reopened()
    await leipzig.settle()
    await assert_all_is_well(leipzig)


async def test_a_process_that_had_finished_leaves_nothing_to_do(settings: Settings) -> None:
    story = await Story(settings).open()
    await story.finds(6, 3, 0)
    before = story.mails()
    await story.close()
    await story.reopened()
    await story.until(story.now + LEASE)
    assert story.mails() == before
    await assert_all_is_well(story)
    await story.close()
