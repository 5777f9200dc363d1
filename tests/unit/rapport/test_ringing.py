"""Periodic work that was missed or failed is done as soon as it can be, once."""

import asyncio
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from rapport.process import ringing
from rapport.process.ringing import Bells, until_done
from shared.runtime.service import Service, Tick
from tests.unit.shared.building import SERVICE, opened


def with_tick(run_due, every: timedelta = timedelta(hours=6)) -> Service:
    return replace(SERVICE, ticks=(Tick("look", every, run_due),))


@pytest.mark.parametrize(
    ("failures", "pauses"), [(0, []), (1, [1.0]), (3, [1.0, 2.0, 4.0]), (8, [1, 2, 4, 8, 16, 32, 60, 60])]
)
async def test_work_that_failed_is_tried_again_soon_and_not_after_its_interval(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failures: int, pauses: list[float]
):
    left, waited = [failures], []

    async def look(_tx):
        left[0] -= 1
        if left[0] >= 0:
            raise ConnectionError("the database is away")

    async def pause(seconds: float):
        waited.append(seconds)

    monkeypatch.setattr(ringing.asyncio, "sleep", pause)
    async with opened(tmp_path, with_tick(look)) as (_, runtime, _clock):
        await until_done(runtime, runtime.service.ticks[0])
    assert waited == pauses
    assert left == [-1]


async def test_bells_that_were_missed_while_the_process_stood_still_are_one_that_rings_at_once(
    tmp_path: Path,
):
    rung: list[float] = []
    heard = asyncio.Event()

    async def look(_tx):
        rung.append(time.monotonic())
        heard.set()

    async with opened(tmp_path, with_tick(look, timedelta(seconds=0.5))) as (_, runtime, _clock):
        bells = Bells()
        bells.start([runtime])
        await asyncio.to_thread(lambda: None)
        time.sleep(2.2)  # noqa: ASYNC251 - the process stands still over four bells
        released = time.monotonic()
        await asyncio.wait_for(heard.wait(), 5)
        bells.stop()
    assert len(rung) == 1
    assert rung[0] - released < 0.4
