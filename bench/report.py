"""The figures of a run, for people and for machines."""

import json
import os
import platform
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.measure import RATE, Burst, Latency

FLOOR = 0.3
P99_MS = 200.0
NAMES = {"each": "bare loop, a commit per message", "group": "bare loop, group commit"}
FOLDER = Path("var/bench")


@dataclass
class Form:
    """What was measured of one form."""

    name: str
    system: list[Burst] = field(default_factory=list)
    bare: dict[str, list[Burst]] = field(default_factory=dict)
    system_latency: Latency | None = None
    bare_latency: Latency | None = None

    def ratio(self, way: str) -> float:
        """Return how the system's rate compares with the bare loop's."""
        return _rate(self.system) / _rate(self.bare[way])

    @property
    def misses(self) -> list[str]:
        """Return which promises are not kept."""
        found = []
        if self.ratio("each") < FLOOR:
            found.append(f"{self.name}: {self.ratio('each'):.2f} of the bare loop, below {FLOOR}")
        if self.system_latency and self.system_latency.p99 > P99_MS:
            found.append(f"{self.name}: p99 {self.system_latency.p99:.0f} ms, over {P99_MS:.0f}")
        return found


def _rate(bursts: Iterable[Burst]) -> float:
    return statistics.median(burst.rate for burst in bursts)


def _cpu(bursts: Sequence[Burst]) -> dict[str, float]:
    return {name: statistics.median(b.cpu_ms[name] for b in bursts) for name in bursts[0].cpu_ms}


def tell(forms: Sequence[Form]) -> int:
    """Print and write all figures; return 1 where a promise is not kept."""
    out = Console(width=110)
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    out.print(f"\n{machine}, load {os.getloadavg()[0]:.1f}; medians of the rounds; without the portal")
    for form in forms:
        out.print(_rates(form), _latencies(form), _costs(form))
    misses = [miss for form in forms for miss in form.misses]
    out.print("\n".join(misses) or f"All at or above {FLOOR} of the bare loop and p99 under {P99_MS:.0f} ms.")
    written = _write(forms, machine)
    out.print(f"Written to {written}")
    return 1 if misses else 0


def _rates(form: Form) -> Table:
    table = Table("", "incidents/s", "rounds", "accepted/s", "ratio", title=f"{form.name}: sustained")
    rows = [("system, HTTP batch to mail", form.system, "")]
    rows += [(NAMES[way], bursts, f"{form.ratio(way):.2f}") for way, bursts in form.bare.items()]
    for name, bursts, ratio in rows:
        rounds = " ".join(f"{burst.rate:.0f}" for burst in bursts)
        accepted = statistics.median(burst.incidents / burst.accepted_seconds for burst in bursts)
        table.add_row(name, f"{_rate(bursts):.0f}", rounds, f"{accepted:.0f}", ratio)
    return table


def _latencies(form: Form) -> Table:
    table = Table("", "p50 ms", "p99 ms", "incidents", title=f"{form.name}: at {RATE:.0f} incidents/s")
    rows = {
        "system, POST to mail": form.system_latency,
        "bare loop, POST to second insert": form.bare_latency,
    }
    for name, latency in rows.items():
        if latency:
            table.add_row(name, f"{latency.p50:.1f}", f"{latency.p99:.1f}", str(latency.incidents))
    return table


def _costs(form: Form) -> Table:
    """Return where the CPU time goes; unlike the rates it hardly depends on what else the machine does."""
    table = Table("", "CPU ms per incident", "ratio", "by process", title=f"{form.name}: where it goes")
    whole = sum(_cpu(form.system).values())
    for name, bursts in {"system": form.system, **{NAMES[w]: b for w, b in form.bare.items()}}.items():
        cpu = _cpu(bursts)
        parts = ", ".join(f"{process} {ms:.2f}" for process, ms in cpu.items())
        ratio = f"{sum(cpu.values()) / whole:.2f}" if whole and bursts is not form.system else ""
        table.add_row(name, f"{sum(cpu.values()):.2f}", ratio, parts)
    return table


def _write(forms: Sequence[Form], machine: str) -> Path:
    now = datetime.now(UTC)
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{now:%Y-%m-%dT%H%M%S}.json"
    figures = [
        asdict(form) | {"ratio": {way: round(form.ratio(way), 3) for way in form.bare}} for form in forms
    ]
    path.write_text(json.dumps({"at": now.isoformat(), "machine": machine, "forms": figures}, indent=1))
    return path
