"""A process of all services that is killed (SIGKILL) between a commit and its acknowledgement."""

import asyncio
import os
import random
import signal
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import httpx

from rapport.composition import NAMES, build
from rapport.imports.sending import poster
from rapport.replay.replay import CountingBus
from shared.access.keys import renew_key
from shared.city.city import load_city
from shared.messaging import outbox, rabbit
from shared.messaging.envelope import Envelope
from shared.runtime import receiving
from shared.runtime.service import Runtime
from shared.system.clock import MovableClock
from shared.system.settings import Settings

KEY = "rk_0123abcd_" + "k" * 43
AGENCY = "public_order_office"
START = datetime(2018, 5, 1, 12, tzinfo=UTC)
PER_ROUND = 12
KITA = {"latitude": 51.3394, "longitude": 12.4036}


def reports(round_: int) -> list[dict[str, object]]:
    """Return a round's reports; three of each round lie at one Kita, the others anywhere."""
    rng = random.Random(round_)
    made: list[dict[str, object]] = []
    for number in range(PER_ROUND):
        where = (
            KITA
            if number < 3
            else {"latitude": 51.30 + rng.random() / 20, "longitude": 12.33 + rng.random() / 10}
        )
        occurred_at = (START - timedelta(hours=1)).isoformat()
        made.append(
            {
                "external_id": f"{round_}-{number}",
                "category": "syringe_find",
                "occurred_at": occurred_at,
                "quantity": 1,
            }
            | where
        )
    return made


def die_after(commits: int) -> None:
    """Let this process be killed when that many groups were taken but not yet acknowledged."""
    left = [commits]

    def crash() -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    acknowledge, finish, receive = rabbit._acknowledge, outbox.Relay._finish, receiving.receive

    async def crashing_acknowledge(message: rabbit.RabbitMessage) -> None:
        crash()
        await acknowledge(message)

    async def crashing_finish(self: outbox.Relay) -> None:
        crash()
        await finish(self)

    async def crashing_receive(runtime: Runtime, envelopes: Sequence[Envelope]) -> None:
        await receive(runtime, envelopes)
        crash()

    receiving.receive = crashing_receive
    rabbit._acknowledge = crashing_acknowledge
    outbox.Relay._finish = crashing_finish  # type: ignore[method-assign]


async def run_round(settings: Settings, round_: int) -> None:
    """Post all rounds so far (a client that got no answer repeats), and let all follow."""
    seed = random.Random(f"ids {round_} {os.getpid()}")
    clock = MovableClock(START + timedelta(minutes=round_))
    city = load_city(settings.city, settings.cities_dir, settings.var_dir)
    process, app = build(NAMES, settings, city, clock, lambda: UUID(int=seed.getrandbits(128), version=4))
    counting = CountingBus(process.bus, process)
    process.bus = counting
    await process.open()
    async with process.runtimes["intake"].transaction() as tx:
        await renew_key(tx, KEY, AGENCY, timedelta(days=365))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://rapport") as client:
        post = poster(client, {AGENCY: KEY})
        for before in range(round_ + 1):
            await post(AGENCY, reports(before))
    await process.tick()
    idle = 0
    while idle < 20:
        for runtime in process.runtimes.values():
            assert runtime.relay
            runtime.relay.stored = True
        did = await process.step()
        idle = 0 if did or not counting.arrived() else idle + 1
        await asyncio.sleep(0.01 if process.rabbit else 0)
    await process.close()


def main(values: dict[str, object], round_: int, commits: int) -> None:
    """Run one round in this process; with `commits` it does not survive it."""
    if commits:
        die_after(commits)
    settings = Settings.model_validate({**values, "var_dir": Path(str(values["var_dir"]))})
    asyncio.run(run_round(settings, round_))
