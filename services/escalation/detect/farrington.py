"""Improved Farrington: is a period above what season, trend and usual scatter let one expect.

Noufaily, Enki, Farrington, Garthwaite, Andrews, Charlett (2013), An improved algorithm for outbreak
detection in multiple surveillance systems, Statistics in Medicine 32: 1206-1222. Defaults as in use at
the RKI: Salmon, Schumacher, Höhle (2016), Journal of Statistical Software 70(10). Equal to
`farringtonFlexible` of R `surveillance`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import norm

from services.escalation.detect.baseline import (
    Baselines,
    Shape,
    anniversaries,
    baselines,
    regular_anniversaries,
)
from services.escalation.detect.counts import Days, checked_counts, checked_days
from services.escalation.detect.prediction import Prediction, Terms, predict
from services.escalation.detect.signal import CODE_OF, Floats, Ints, Reason, Signal, Signals
from services.escalation.detect.threshold import (
    METHODS,
    Method,
    Power,
    Threshold,
    power_threshold,
    quantile_threshold,
)

CELLS_AT_ONCE = 400_000
"""How many baseline cells are computed together; bounds memory to about 100 MB."""
FIGURES = ("statistic", "expected", "upperbound", "p_value", "lowerbound", "dispersion", "slope")

Epochs = Sequence[date] | Days


@dataclass(frozen=True)
class Farrington:
    """How Farrington is run.

    `p_trend`: a trend is kept if its p-value is below. `weights_threshold`: past residuals above it
    count less; None switches reweighting off. Too few: fewer than `limit_cases` in the last
    `limit_periods` periods. `frequency`: periods to the year where the series has no dates.
    """

    shape: Shape = field(default_factory=Shape)
    method: Method = "nbPlugin"
    alpha: float = 0.005
    trend: bool = True
    p_trend: float = 1.0
    weights_threshold: float | None = 2.58
    limit_cases: int = 5
    limit_periods: int = 4
    power: Power = "2/3"
    frequency: int = 52

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise ValueError(f"there is no threshold method {self.method!r}, only {', '.join(METHODS)}")
        if not 0 < self.alpha < 0.5:  # noqa: PLR2004 - half would make the mean itself the bound
            raise ValueError("alpha must lie between 0 and 0.5")
        if self.weights_threshold is not None and not self.weights_threshold > 0:
            raise ValueError("the threshold of the weights must be above 0")
        if self.limit_cases < 0 or self.limit_periods < 1 or self.frequency < 1:
            raise ValueError("no negative number of cases and at least one period are needed")

    @property
    def terms(self) -> Terms:
        return Terms(self.shape.seasons, self.trend, self.p_trend, self.weights_threshold)


@dataclass(frozen=True)
class FarringtonSignals(Signals):
    """The signals of Farrington; `statistic` is the score, which is above 1 above the upper bound."""

    lowerbound: Floats = field(kw_only=True)
    dispersion: Floats = field(kw_only=True)
    """How many times more the past scattered than a Poisson distribution does; at least 1."""
    slope: Floats = field(kw_only=True)
    """Change of the log mean per period; NaN where no trend is used."""


def farrington(
    counts: ArrayLike, settings: Farrington | None = None, epochs: Epochs | None = None
) -> FarringtonSignals:
    """Judge every period of series of shape (..., periods) that has its years of history.

    `epochs` are the first days of the periods, daily or weekly without a gap; without them a year has
    `settings.frequency` periods. Raises ValueError for counts that are no counts and for gaps.
    """
    return _judge(counts, settings or Farrington(), epochs, first=0)


def farrington_latest(
    counts: ArrayLike, settings: Farrington | None = None, epochs: Epochs | None = None
) -> Signal:
    """Judge the newest period of one series; fits one model only."""
    observed = checked_counts(counts)
    if observed.ndim != 1 or not observed.size:
        raise ValueError("one series with at least one period is needed")
    return _judge(observed, settings or Farrington(), epochs, first=len(observed) - 1).at(-1)


def _judge(counts: ArrayLike, settings: Farrington, epochs: Epochs | None, first: int) -> FarringtonSignals:
    observed = checked_counts(counts)
    result = _nothing(observed)
    past = baselines(_marks(observed.shape[-1], settings, epochs), settings.shape, first)
    series = observed.reshape(-1, observed.shape[-1])
    step = max(1, CELLS_AT_ONCE // max(1, past.past.shape[1] * len(series)))
    for start in range(0, len(past.present), step):
        _judge_part(result, series, past.part(slice(start, start + step)), settings)
    return result


def _marks(periods: int, settings: Farrington, epochs: Epochs | None) -> Ints:
    if epochs is None or periods < 2:  # noqa: PLR2004 - one date does not show what a period is
        return regular_anniversaries(periods, settings.frequency, settings.shape.years)
    if len(epochs) != periods:
        raise ValueError(f"{periods} periods have {len(epochs)} dates")
    return anniversaries(*checked_days(epochs), settings.shape.years)


def _nothing(observed: Ints) -> FarringtonSignals:
    figures = {name: np.full(observed.shape, np.nan) for name in FIGURES}
    codes = np.full(observed.shape, CODE_OF[Reason.NO_BASELINE])
    return FarringtonSignals(observed=observed, threshold=1.0, codes=codes, **figures)


def _judge_part(result: FarringtonSignals, series: Ints, past: Baselines, settings: Farrington) -> None:
    """Judge some periods of all series and write them into `result`."""
    present = series[:, past.present].ravel()
    predicted = predict(series, past, settings.shape.years, settings.terms)
    found = _threshold(present.astype(float), predicted, settings)
    enough = _recent(series, past.present, settings.limit_periods).ravel() >= settings.limit_cases
    known = np.isfinite(found.upper)
    shown = np.where(enough & known, 1.0, np.nan)
    figures: dict[str, Floats] = {
        "statistic": found.score,
        "expected": np.exp(predicted.eta) * shown,
        "upperbound": found.upper * shown,
        "p_value": found.p_value,
        "lowerbound": found.lower * shown,
        "dispersion": predicted.phi,
        "slope": predicted.slope,
    }
    above = (found.score > 1) & (present > 0)
    reasons = (Reason.NO_BASELINE, Reason.TOO_FEW_CASES, Reason.NO_BASELINE, Reason.ABOVE_THRESHOLD)
    cases = (~np.isfinite(predicted.phi), ~enough, ~known, above)
    codes = np.select(cases, [CODE_OF[reason] for reason in reasons], CODE_OF[Reason.WITHIN])
    shape = (*result.observed.shape[:-1], len(past.present))
    result.codes[..., past.present] = codes.reshape(shape)
    for name, values in figures.items():
        getattr(result, name)[..., past.present] = values.reshape(shape)


def _threshold(observed: Floats, predicted: Prediction, settings: Farrington) -> Threshold:
    if settings.method == "delta":
        mean = np.exp(predicted.eta)
        spread = predicted.se * mean
        return power_threshold(observed, (mean, spread, predicted.phi), settings.alpha, settings.power)
    reach = norm.isf(settings.alpha) * predicted.se if settings.method == "muan" else np.zeros(len(observed))
    return quantile_threshold(observed, predicted.eta, predicted.phi, settings.alpha, reach)


def _recent(series: Ints, present: Ints, periods: int) -> Ints:
    """Return the cases of each series in the last `periods` up to each present period."""
    running = np.cumsum(np.pad(series, ((0, 0), (1, 0))), axis=1)
    return running[:, present + 1] - running[:, np.maximum(present + 1 - periods, 0)]
