"""Time comes from one place, in UTC, and can be moved."""

import ast
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from shared.system.clock import MovableClock, ShiftedClock, SystemClock
from shared.system.settings import ROOT

NOON = datetime(2018, 6, 12, 12, tzinfo=UTC)
ASKING = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
}


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        (NOON + timedelta(hours=1), NOON + timedelta(hours=1)),
        (NOON, NOON),
        (NOON - timedelta(days=1), NOON),
        (datetime(2018, 6, 12, 15, tzinfo=timezone(timedelta(hours=2))), NOON + timedelta(hours=1)),
    ],
)
def test_a_movable_clock_goes_forward_only(instant: datetime, expected: datetime):
    clock = MovableClock(NOON)
    clock.move_to(instant)
    assert clock.now() == expected
    assert clock.now().tzinfo is UTC


def test_a_movable_clock_stands_still_until_it_is_advanced():
    clock = MovableClock(NOON)
    assert clock.now() == clock.now() == NOON
    clock.advance(timedelta(minutes=5))
    clock.advance(timedelta(minutes=-5))
    assert clock.now() == NOON + timedelta(minutes=5)


def test_a_clock_needs_an_aware_instant():
    with pytest.raises(ValueError, match="aware"):
        MovableClock(datetime(2018, 6, 12))  # noqa: DTZ001


def test_the_machines_clock_is_aware_and_in_utc():
    assert SystemClock().now().tzinfo is UTC


def test_a_shifted_clock_goes_on_from_its_start_at_the_usual_pace():
    before = SystemClock().now()
    shifted = ShiftedClock(NOON)
    first = shifted.now()
    second = shifted.now()
    assert NOON <= first <= second <= NOON + (SystemClock().now() - before)


def _asks_for_the_time(path: Path) -> bool:
    calls = [
        node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
    ]
    names = {
        (call.func.value.id, call.func.attr)
        for call in calls
        if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name)
    }
    return bool(names & ASKING)


def test_only_the_clock_asks_what_time_it_is():
    files = [path for folder in ("shared", "services") for path in (ROOT / folder).rglob("*.py")]
    assert {path.relative_to(ROOT).as_posix() for path in files if _asks_for_the_time(path)} == {
        "shared/system/clock.py"
    }
