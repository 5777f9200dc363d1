"""What the baseline lets one expect: a robust quasi-Poisson fit, with a trend where one is justified.

Past outbreaks are given less weight (Farrington et al. 1996, section 3.6; Noufaily et al. 2013,
section 3.3), and a trend is kept only with three years of history, if its p-value is small enough and
if it does not predict more than was ever seen (Farrington et al. 1996, section 3.5).
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.stats import t

from services.escalation.detect.baseline import Baselines
from services.escalation.detect.quasipoisson import Design, Fit, dispersion, fit, forecast, leverage
from services.escalation.detect.signal import Bools, Floats, Ints

YEARS_FOR_A_TREND = 3


@dataclass(frozen=True)
class Terms:
    """Which terms the model has; see `farrington.Farrington`."""

    seasons: int
    trend: bool
    p_trend: float
    weights_threshold: float | None


class Prediction(NamedTuple):
    """What is predicted for each fit; NaN in `phi` and all else where the fit did not converge."""

    eta: Floats
    """log of the expected count."""
    se: Floats
    """Standard error of `eta`."""
    phi: Floats
    """Dispersion, at least 1."""
    slope: Floats
    """Trend per period; NaN without one."""


class _Model(NamedTuple):
    fitted: Fit
    phi: Floats
    scale: Floats
    """Dispersion behind standard errors."""


def predict(series: Ints, past: Baselines, years: int, terms: Terms) -> Prediction:
    """Predict the present periods of `past` for all series (series, periods); one value per pair."""
    count = len(series)
    y = series[:, past.past].reshape(-1, past.past.shape[1]).astype(float)
    ahead = np.where(past.season >= 0, past.past - past.present[:, None], 0).astype(float)
    season = np.tile(past.season, (count, 1))
    result = Prediction(*(np.full(len(y), np.nan) for _ in Prediction._fields))
    rest = np.arange(len(y))
    if terms.trend and years >= YEARS_FOR_A_TREND:
        kept = _predict(result, rest, Design(y, season, np.tile(ahead, (count, 1)), terms.seasons), terms)
        rest = rest[~kept]
    if len(rest):
        _predict(result, rest, Design(y[rest], season[rest], None, terms.seasons), terms)
    return result


def _predict(result: Prediction, rows: Ints, design: Design, terms: Terms) -> Bools:
    """Predict with one set of terms, write what holds into `rows` of `result`, say which fits hold."""
    with np.errstate(all="ignore"):
        model = _robust(design, terms.weights_threshold)
        eta, variance = forecast(model.fitted, np.zeros(len(rows)))
        holds = model.fitted.converged & np.isfinite(model.phi)
        slope = np.full(len(rows), np.nan)
        if design.time is not None:
            holds &= _justified(design, model, eta, terms.p_trend)
            slope = model.fitted.slope
        found = Prediction(eta, np.sqrt(model.scale * variance), model.phi, slope)
    for into, values in zip(result, found, strict=True):
        into[rows[holds]] = values[holds]
    return holds


def _robust(design: Design, weights_threshold: float | None) -> _Model:
    equal = design.used.astype(float)
    fitted = fit(design, equal)
    scale = dispersion(design, fitted, fitted.weight)
    if weights_threshold is None:
        return _Model(fitted, np.maximum(scale, 1), scale)
    settled = fitted.converged
    prior = equal * _weights(design, fitted, np.maximum(scale, 1), weights_threshold)
    fitted = fit(design, prior)
    fitted.converged[:] = settled
    # R's prediction takes the prior weights for the working weights when it scales standard errors.
    return _Model(
        fitted, np.maximum(dispersion(design, fitted, fitted.weight), 1), dispersion(design, fitted, prior)
    )


def _weights(design: Design, fitted: Fit, phi: Floats, threshold: float) -> Floats:
    """Return prior weights of mean 1 that fall off with the square of large Anscombe residuals."""
    mean = np.where(design.used, fitted.mean, 1.0)
    residual = 1.5 * (np.cbrt(design.y) ** 2 * mean ** (-1 / 6) - np.sqrt(mean))
    residual /= np.sqrt(phi[:, None] * (1 - leverage(design, fitted)))
    falling = np.where(design.used & (residual > threshold), residual**-2.0, 1.0) * design.used
    return np.asarray(falling * (design.used.sum(axis=1) / falling.sum(axis=1))[:, None])


def _justified(design: Design, model: _Model, eta: Floats, p_trend: float) -> Bools:
    statistic = model.fitted.slope * np.sqrt(model.fitted.information / model.scale)
    p_value = 2 * t.sf(np.abs(statistic), model.fitted.freedom)
    most = np.where(design.used, design.y, 0.0).max(axis=1)
    return np.asarray((p_value < p_trend) & (np.exp(eta) <= most))
