"""How often each detector raises an alarm though nothing happens: `python -m bench.false_alarms`.

Prints the table of docs/detectors.md: share of periods with an alarm, over many made-up series of
constant level, Poisson or negative binomial with twice the variance.
"""

from collections.abc import Callable

import numpy as np

from services.escalation.detect.baseline import Shape
from services.escalation.detect.cusum import Cusum, cusum
from services.escalation.detect.ears import Ears, ears, limit_of
from services.escalation.detect.farrington import Farrington, farrington
from services.escalation.detect.signal import Signals

SHAPE = Shape(years=4)
DETECTORS: dict[str, tuple[str, Callable[[np.ndarray], Signals]]] = {
    "EARS C1, above 3": ("0.13 %", lambda counts: ears(counts, Ears("C1"))),
    "EARS C2, above 3": ("0.13 %", lambda counts: ears(counts, Ears("C2"))),
    "EARS C3, above 2": ("–", lambda counts: ears(counts, Ears("C3"))),
    "EARS C1, 28 periods, alpha 0.001": (
        "0.1 %",
        lambda counts: ears(counts, Ears("C1", 28, 0.5, limit_of(0.001))),
    ),
    "CUSUM, standard": ("–", lambda counts: cusum(counts, Cusum())),
    "CUSUM, anscombe": ("–", lambda counts: cusum(counts, Cusum(trans="anscombe"))),
    "Farrington nbPlugin, alpha 0.005": ("0.5 %", lambda counts: farrington(counts, Farrington(SHAPE))),
    "Farrington muan, alpha 0.05": (
        "5 %",
        lambda counts: farrington(counts, Farrington(SHAPE, "muan", 0.05)),
    ),
    "Farrington delta, alpha 0.05": (
        "5 %",
        lambda counts: farrington(counts, Farrington(SHAPE, "delta", 0.05)),
    ),
}
BACKGROUNDS = ("Poisson 1", "Poisson 5", "Poisson 20", "negative binomial 5", "negative binomial 20")
PERIODS = 420


def background(name: str, series: int, seed: int) -> np.ndarray:
    """Return series of constant level; (series, PERIODS)."""
    source = np.random.default_rng(seed)
    kind, level = name.rsplit(" ", 1)
    if kind == "Poisson":
        return source.poisson(float(level), (series, PERIODS))
    return source.negative_binomial(float(level), 0.5, (series, PERIODS))


def rate(detector: str, name: str, series: int, seed: int = 1) -> float:
    """Return the share of usable periods with an alarm."""
    found = DETECTORS[detector][1](background(name, series, seed))
    return float(found.alarm[found.usable].mean())


def main() -> None:
    print("| detector | nominal |", " | ".join(BACKGROUNDS), "|")
    print("|---|---|" + "---|" * len(BACKGROUNDS))
    for detector, (nominal, _) in DETECTORS.items():
        series = 200 if detector.startswith("Farrington") else 2_000
        rates = [f"{100 * rate(detector, name, series):.2f} %" for name in BACKGROUNDS]
        print(f"| {detector} | {nominal} |", " | ".join(rates), "|", flush=True)


if __name__ == "__main__":
    main()
