"""The figures of a run, for people and for machines."""

import json
import os
import platform
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.measure import PACES, Burst, Latency
from bench.replicas import MAIL_SECONDS, Replicas

FLOOR = 0.3
AT = 20
"""At how many incidents a second the system is held to the bare chain."""
CPU_RATIO = 1.5
P50_RATIO = 1.5
TAIL = 3.0
"""How many times its p50 the p99 may be."""
FAILOVER_SECONDS = 5.0
FOLDER = Path("var/bench")


@dataclass
class Form:
    """What was measured of one form."""

    name: str
    on_servers: bool
    system: list[Burst] = field(default_factory=list)
    bare: dict[str, list[Burst]] = field(default_factory=dict)
    rest: dict[str, float] = field(default_factory=dict)
    replicas: Replicas | None = None
    paced: dict[int, dict[str, Latency]] = field(default_factory=dict)
    """By rate and by what was measured."""

    def add(self, rate: int, what: str, found: Latency) -> None:
        """Take note of one turn."""
        known = self.paced.setdefault(rate, {})
        known[what] = known[what] + found if what in known else found

    def ratio(self, way: str) -> float:
        """Return how the system's rate compares with the bare loop's."""
        return _rate(self.system) / _rate(self.bare[way])

    @property
    def misses(self) -> list[str]:
        """Return which promises are not kept."""
        system, bare = (self.paced[AT][what] for what in ("system", "bare chain"))
        checks = [
            ("incidents/s of the bare loop that commits each message", self.ratio("each"), FLOOR),
            (f"its own p50 is the p99 at {AT}/s", -system.p99 / system.p50, -TAIL),
        ]
        if self.on_servers:  # in one process almost nothing is durable but a few inserts
            checks += [
                (f"processor time of the bare chain at {AT}/s", -system.cpu / (bare.cpu or 1), -CPU_RATIO),
                (f"p50 of the bare chain at {AT}/s", -system.p50 / bare.p50, -P50_RATIO),
            ]
        if self.replicas:
            checks.append(
                (
                    "s until what a killed escalation had is taken",
                    -max(self.replicas.failover),
                    -FAILOVER_SECONDS,
                )
            )
        return [
            f"{self.name}: {abs(found):.2f} × {what}; promised {abs(wanted)}"
            for what, found, wanted in checks
            if found < wanted
        ]


def _rate(bursts: Iterable[Burst]) -> float:
    return statistics.median(burst.rate for burst in bursts)


def _accepted(bursts: Iterable[Burst]) -> float:
    return statistics.median(burst.incidents / burst.accepted_seconds for burst in bursts)


def _cpu(bursts: Sequence[Burst]) -> dict[str, float]:
    return {name: statistics.median(b.cpu_ms[name] for b in bursts) for name in bursts[0].cpu_ms}


def _parts(cpu: Mapping[str, float], digits: int = 1) -> str:
    return f"{sum(cpu.values()):.{digits}f} = " + " + ".join(
        f"{name} {ms:.{digits}f}" for name, ms in cpu.items()
    )


def _waits(latency: Latency) -> str:
    return f"{latency.p50:.0f} / {latency.p99:.0f}"


FLOOD: dict[str, Callable[[Form], str]] = {
    "incidents/s from HTTP batch to the last mail": lambda f: f"{_rate(f.system):.0f}",
    "  accepted over HTTP": lambda f: f"{_accepted(f.system):.0f}",
    "  bare loop, a commit per message; ratio": lambda f: (
        f"{_rate(f.bare['each']):.0f}; {f.ratio('each'):.2f}"
    ),
    "  bare loop, group commit; ratio": lambda f: f"{_rate(f.bare['group']):.0f}; {f.ratio('group'):.2f}",
    "processor ms per incident": lambda f: _parts(_cpu(f.system), 2),
    "  bare loop, a commit per message": lambda f: _parts(_cpu(f.bare["each"]), 2),
}


def _paced(rate: int) -> dict[str, Callable[[Form], str]]:
    def of(form: Form, what: str) -> Latency:
        return form.paced[rate][what]

    def ratio(form: Form, of_what: Callable[[Latency], float]) -> float:
        return of_what(of(form, "system")) / (of_what(of(form, "bare chain")) or 1)

    return {
        "p50 / p99 ms from POST to mail": lambda f: _waits(of(f, "system")),
        "  bare chain; ratio of p50": lambda f: (
            f"{_waits(of(f, 'bare chain'))}; {ratio(f, lambda found: found.p50):.2f}"
        ),
        "  bare loop, from POST to its second insert": lambda f: _waits(of(f, "bare loop")),
        "processor ms per chain": lambda f: _parts(of(f, "system").cpu_ms),
        "  bare chain": lambda f: _parts(of(f, "bare chain").cpu_ms),
        "  ratio": lambda f: f"{ratio(f, lambda found: found.cpu):.2f}",
    }


def _gain(rates: Mapping[int, float], busy: Mapping[int, float]) -> str:
    return (
        f"{rates[2] / rates[1]:.2f} ({rates[1]:.0f} and {rates[2]:.0f} a second; "
        f"processors {busy[1]:.0%} and {busy[2]:.0%} busy)"
    )


REPLICAS: dict[str, Callable[[Replicas], str]] = {
    "two intakes against one": lambda r: _gain(r.intake, r.intake_busy),
    f"two notifies against one, mail server {MAIL_SECONDS * 1e3:.0f} ms a mail": lambda r: _gain(
        r.notify, r.notify_busy
    ),
    "one of two escalations killed: s until the last mail of what was in flight": lambda r: " ".join(
        f"{seconds:.1f}" for seconds in r.failover
    ),
}


def tell(forms: Sequence[Form]) -> int:
    """Print and write all figures; return 1 where a promise is not kept."""
    out = Console(width=150)
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    out.print(f"\n{machine}, load {os.getloadavg()[0]:.1f}; without the portal", _table(forms))
    misses = [miss for form in forms for miss in form.misses]
    out.print("\n".join(misses) or "Every promise is kept.")
    out.print(f"Written to {_write(forms, machine)}")
    return 1 if misses else 0


def _table(forms: Sequence[Form]) -> Table:
    table = Table("", *(form.name for form in forms))
    sections = {"As fast as it goes, in batches of 100; every batch leads to one mail": FLOOD}
    for rate in PACES:
        sections[f"At {rate} a second, each a report that raises an escalation and mails leadership"] = (
            _paced(rate)
        )
    for heading, rows in sections.items():
        table.add_section()
        table.add_row(f"[bold]{heading}")
        for words, cell in rows.items():
            table.add_row(words, *map(cell, forms))
    table.add_section()
    table.add_row("[bold]Two replicas")
    for words, shown in REPLICAS.items():
        table.add_row(words, *(shown(form.replicas) if form.replicas else "" for form in forms))
    table.add_section()
    table.add_row("processor ms a second at rest", *(_parts(form.rest, 0) for form in forms))
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
