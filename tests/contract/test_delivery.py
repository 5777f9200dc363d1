"""What every combination of transport and database promises about messages."""

from datetime import timedelta
from uuid import uuid4

import pytest

from shared.facts import IncidentReported, IncidentWithdrawn
from shared.messaging.envelope import Envelope, seal
from shared.messaging.inbox import DELAYS
from shared.runtime import receiving
from tests.contract.conftest import System
from tests.contract.model import NOW, reported

pytestmark = [pytest.mark.rabbitmq, pytest.mark.postgres, pytest.mark.xdist_group("servers")]


async def test_a_fact_takes_effect_once_at_each_subscriber(system: System) -> None:
    facts = [reported(number) for number in range(5)]
    await system.say(*facts)
    await system.settle(effects=5)
    assert sorted(await system.effects()) == sorted(fact.incident_id for fact in facts)
    assert sorted(await system.heard(5)) == sorted(fact.incident_id for fact in facts)


async def test_what_is_rolled_back_publishes_nothing(system: System) -> None:
    with pytest.raises(RuntimeError):
        async with system.process.runtimes["source"].transaction() as tx:
            tx.emit(reported())
            raise RuntimeError
    last = reported()
    await system.say(last)
    await system.settle(effects=1)
    assert await system.effects() == [last.incident_id]


async def test_a_failing_message_is_tried_again_alone(system: System) -> None:
    facts = [reported(number) for number in range(9)]
    failing = facts[4].incident_id
    system.moods.unavailable.add(failing)
    await system.say(*facts)
    await system.settle(effects=8)
    await system.wait_for_unfinished("waiting", 1)
    assert sorted(await system.effects()) == sorted(f.incident_id for f in facts if f.incident_id != failing)
    assert failing not in await system.heard(8)
    system.moods.unavailable.clear()
    system.clock.advance(DELAYS[0])
    await system.settle(effects=9)
    assert sorted(await system.effects()) == sorted(fact.incident_id for fact in facts)
    assert failing in await system.heard(9)
    assert await system.unfinished() == {"waiting": 0, "dead": 0}


async def test_attempts_follow_the_schedule_and_end_as_a_dead_letter(system: System) -> None:
    fact = reported()
    system.moods.unavailable.add(fact.incident_id)
    await system.say(fact)
    await system.wait_for_unfinished("waiting", 1)
    for delay in DELAYS:
        system.clock.advance(delay - timedelta(milliseconds=1))
        await system.settle(effects=0, seconds=0)
        assert await system.dead() == []
        system.clock.advance(timedelta(milliseconds=1))
        await system.settle(effects=0, seconds=0)
    [letter] = await system.dead()
    assert letter.attempts == len(DELAYS) + 1
    assert letter.reason == "Unavailable: not now"


async def test_a_poison_message_is_dead_at_once_and_can_be_brought_back(system: System) -> None:
    poison, good = reported(1), reported(2)
    system.moods.rejected.add(poison.incident_id)
    await system.say(poison, good)
    await system.settle(effects=1)
    await system.wait_for_unfinished("dead", 1)
    assert await system.effects() == [good.incident_id]
    [letter] = await system.dead()
    assert letter.reason == "Rejected: never"
    system.moods.rejected.clear()
    assert await system.bring_back([letter.id]) == 1
    await system.settle(effects=2)
    assert await system.effects() == [good.incident_id, poison.incident_id]
    assert await system.dead() == []


async def test_a_body_that_is_no_fact_is_a_dead_letter_that_says_why(system: System) -> None:
    broken = Envelope(uuid4(), IncidentReported.kind, "x", "y", NOW, b'{"incident_id": 5}', "")
    good = reported()
    await receiving.receive(system.process.runtimes["counter"], [broken, seal(good, uuid4(), "x", NOW, None)])
    [letter] = await system.dead()
    assert letter.id == broken.id
    assert "incident_id" in letter.reason
    assert await system.effects() == [good.incident_id]


async def test_the_same_message_delivered_again_takes_effect_once(system: System) -> None:
    envelopes = [seal(reported(number), uuid4(), "source", NOW, None) for number in range(3)]
    for batch in (envelopes, envelopes, envelopes[:1] * 3, reversed(envelopes)):
        await system.process.bus.publish(list(batch))
    await system.settle(effects=3)
    assert len(await system.effects()) == 3
    assert len(await system.heard(3)) == 3


async def test_different_kinds_in_one_group_keep_their_order(system: System) -> None:
    first, second = reported(1), reported(2)
    gone = IncidentWithdrawn(incident_id=first.incident_id, revision=2)
    envelopes = [seal(fact, uuid4(), "source", NOW, None) for fact in (first, gone, second)]
    await receiving.receive(system.process.runtimes["counter"], envelopes)
    assert await system.effects() == [first.incident_id, first.incident_id, second.incident_id]


async def test_what_was_committed_before_an_end_is_sent_after_the_next_start(system: System) -> None:
    facts = [reported(number) for number in range(20)]
    await system.say(*facts)
    await system.restart()
    system.clock.advance(timedelta(seconds=31))
    await system.settle(effects=20)
    assert sorted(await system.effects()) == sorted(fact.incident_id for fact in facts)
    assert len(await system.heard(20)) == 20


async def test_a_lease_that_ran_out_lets_another_relay_send_and_still_counts_once(system: System) -> None:
    await system.say(*(reported(number) for number in range(3)))
    relay = system.process.runtimes["source"].relay
    assert relay
    held = list(relay.fresh)
    system.clock.advance(timedelta(seconds=31))
    relay.fresh.clear()
    await system.settle(effects=3)
    relay.fresh.extend(held)
    await system.settle(effects=3)
    assert len(await system.effects()) == 3
