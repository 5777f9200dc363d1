"""How fast the detectors are, against R `surveillance` on the same series: `make bench-detect`.

Both sides use one core and are compared in processor seconds, so that neighbours on the machine do not
count. The scan's limits are those of a city's nightly run. Ends with 1 where a promise is not kept.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import numpy as np

from services.escalation.detect.baseline import Shape
from services.escalation.detect.ears import Ears, ears, limit_of
from services.escalation.detect.farrington import Farrington, farrington
from services.escalation.detect.scan import Cases, Scan, Scanned, cases_of, scan
from services.escalation.detect.signal import Signals
from services.escalation.detect.zones import zones_on_earth

HERE = Path(__file__).resolve().parent
AT_LEAST = 20.0
SAME = 1e-6
Result = TypeVar("Result")


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def main() -> int:
    kept = [*_against_r(), _fever(), _city()]
    return 0 if all(kept) else 1


def _against_r() -> list[bool]:
    source = np.random.default_rng(20)
    level = np.exp(source.normal(1, 0.7, (50, 1)) + 0.5 * np.sin(np.arange(520) * 2 * np.pi / 52))
    series = {
        "EARS C1, 10,000 series of 1,000 periods": source.poisson(3, (10_000, 1_000)),
        "Farrington, 50 weekly series of 10 years": source.negative_binomial(3, 3 / (3 + level)),
    }
    ours: tuple[Callable[[np.ndarray], Signals], ...] = (
        lambda counts: ears(counts, Ears("C1", 7, 0.5, limit_of(0.001))),
        lambda counts: farrington(counts, Farrington(Shape(5, 3, 10, 26), "nbPlugin", 0.005)),
    )
    if (
        not shutil.which("Rscript")
        or subprocess.run(
            ["Rscript", "-e", "library(surveillance)"], capture_output=True, check=False
        ).returncode
    ):
        print("R surveillance is not installed (Debian: r-cran-surveillance): comparison skipped")
        return []
    return [_compared(name, counts, work) for (name, counts), work in zip(series.items(), ours, strict=True)]


def _compared(name: str, counts: np.ndarray, work: Callable[[np.ndarray], Signals]) -> bool:
    start = time.process_time()
    found = work(counts)
    seconds = time.process_time() - start
    theirs, bounds = _r(name.split(maxsplit=1)[0].strip(","), counts)
    mine = found.upperbound[:, -bounds.shape[1] :]
    with np.errstate(invalid="ignore"):  # R's NA is a signalling NaN
        apart = np.abs(mine - bounds) / np.maximum(1, np.abs(bounds))
    equal = np.array_equal(np.isnan(mine), np.isnan(bounds)) and not np.nanmax(apart) > SAME
    ratio = theirs / seconds
    print(
        f"{name}: {seconds:.2f} processor seconds, R {theirs:.1f}, "
        f"ratio {ratio:.0f} (at least {AT_LEAST:.0f}); "
        f"{bounds.size:,} upper bounds {'equal' if equal else 'NOT EQUAL'}"
    )
    return ratio >= AT_LEAST and equal


def _r(method: str, counts: np.ndarray) -> tuple[float, np.ndarray]:
    """Return R's processor seconds for the method, without reading and writing, and its upper bounds."""
    with tempfile.TemporaryDirectory() as folder:
        given, bounds = Path(folder) / "counts", Path(folder) / "bounds"
        given.write_bytes(counts.astype("<i4").tobytes())
        shape = [str(size) for size in counts.shape]
        command = ["Rscript", str(HERE / "detect.R"), method, str(given), *shape, str(bounds)]
        seconds = float(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
        return seconds, np.frombuffer(bounds.read_bytes(), "<f8").reshape(counts.shape[0], -1)


def _fever() -> bool:
    folder = _data() / "scan" / "nycfever"
    if not folder.is_dir():
        print("NYC fever: the reference data is not beside the repository, skipped")
        return True
    places, rows = (_columns(folder / f"NYCfever.{kind}") for kind in ("geo", "cas"))
    at = {row[0]: number for number, row in enumerate(places)}
    days = [datetime.strptime(row[2], "%Y/%m/%d").toordinal() for row in rows]  # noqa: DTZ007 - a date only
    cases = cases_of([at[row[0]] for row in rows], days, [int(row[1]) for row in rows])

    def work() -> Scanned:
        zones = zones_on_earth([float(row[1]) for row in places], [float(row[2]) for row in places], 3)
        return scan(cases, zones, Scan(max_duration=7))

    seconds, found = timed(work)
    best = found.clusters[0]
    print(
        f"NYC fever, 999 replications: {seconds:.2f} s (under 1 s); "
        f"{best.statistic:.6f}, p {best.p_value:.3f}"
    )
    return seconds < 1


def _city() -> bool:
    """Scan a year of a city in a process of its own, so that its peak of memory is known."""
    work = subprocess.run(
        [sys.executable, "-m", "bench.detect", "city"], capture_output=True, check=True, text=True
    )
    seconds, gigabytes, zones, p_value = map(float, work.stdout.split())
    print(
        "City, 5,000 cases, 500 locations, 365 days, 1 km, 14 days, 999 replications: "
        f"{seconds:.1f} s (under 30 s), {gigabytes:.2f} GB (under 1 GB); {zones:,.0f} zones, p {p_value:.3f}"
    )
    return seconds < 30 and gigabytes < 1


def city() -> None:
    """Scan a made-up year of a city and print seconds, peak memory, zones and p-value."""
    source = np.random.default_rng(8)
    east, north = source.normal(0, 2.5, (2, 500))
    share = source.pareto(1.5, 500) + 0.1
    cases = Cases(source.choice(500, 5_000, p=share / share.sum()), source.integers(0, 365, 5_000))

    def work() -> tuple[int, float]:
        zones = zones_on_earth(51.34 + north / 111.2, 12.37 + east / 69.5, 1)
        found = scan(cases, zones, Scan(max_duration=14), end=364)
        return int(zones.size.sum()), found.clusters[0].p_value

    seconds, (zones, p_value) = timed(work)
    print(seconds, _peak(), zones, p_value)


def _peak() -> float:
    """Return the peak of this program's memory in GB; `ru_maxrss` would include that of its parent."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return float(line.split()[1]) / 1e6


def _data() -> Path:
    return Path(os.environ.get("RAPPORT_DATA", HERE.parent.parent / "shared" / "data"))


def _columns(path: Path) -> list[list[str]]:
    return [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


if __name__ == "__main__":
    if sys.argv[1:] == ["city"]:
        city()
    else:
        sys.exit(main())
