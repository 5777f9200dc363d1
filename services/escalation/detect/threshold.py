"""From a predicted mean to the count that would be exceptional: three ways.

`delta` is Farrington et al. (1996), JRSS A 159: 547-563, on a power scale; `nbPlugin` and `muan` are
Noufaily et al. (2013), Statistics in Medicine 32: 1206-1222: the quantile of a negative binomial
distribution around the predicted mean, or around the upper confidence limit of that mean.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import betainc, gammainc
from scipy.stats import gamma, nbinom, norm, poisson

from services.escalation.detect.signal import Bools, Floats

Method = Literal["delta", "nbPlugin", "muan"]
Power = Literal["2/3", "1/2", "none"]
EXPONENTS: dict[Power, float] = {"2/3": 2 / 3, "1/2": 1 / 2, "none": 1.0}
METHODS: tuple[Method, ...] = ("delta", "nbPlugin", "muan")
COUNTABLE = 1e10
"""Mean from which a gamma distribution stands for the counts, equal to it within 1e-9.

A trend that runs away predicts such means, and the search for a whole number among them does not end.
"""


@dataclass(frozen=True)
class Threshold:
    """Bounds of the ordinary, p-value of the observed count and score; an array each, NaN if unknown.

    A score above 1 lies above `upper`. As in R, `nbPlugin` and `muan` measure the score from the log of
    the predicted mean, `delta` from the mean itself.
    """

    lower: Floats
    upper: Floats
    p_value: Floats
    score: Floats


def power_threshold(
    y: Floats, predicted: tuple[Floats, Floats, Floats], alpha: float, power: Power
) -> Threshold:
    """Return the `delta` threshold for predicted means with their standard errors and dispersions."""
    mean, se, phi = predicted
    exponent = EXPONENTS[power]
    spread = phi + se * se / mean
    with np.errstate(all="ignore"):
        sd = np.sqrt(exponent**2 * mean ** (2 * exponent - 1) * spread)
        reach = norm.isf(alpha) * sd
        lower = np.nan_to_num((mean**exponent - reach) ** (1 / exponent), nan=0.0)
        upper = (mean**exponent + reach) ** (1 / exponent)
        p_value = np.asarray(norm.sf(y**exponent, mean**exponent, sd))
        return Threshold(np.maximum(lower, 0), upper, p_value, (y - mean) / (upper - mean))


def quantile_threshold(y: Floats, eta: Floats, phi: Floats, alpha: float, reach: Floats) -> Threshold:
    """Return the threshold for a predicted log mean `eta`, raised by `reach` (0 for `nbPlugin`)."""
    with np.errstate(all="ignore"):
        mean = np.exp(eta + reach)
        known = np.isfinite(mean)
        safe = np.where(known, mean, 1.0)
        lower, upper = (np.where(known, _quantile(q, safe, phi), np.nan) for q in (alpha, 1 - alpha))
        p_value = np.where(known, _at_least(y, safe, phi), np.nan)
        return Threshold(lower, upper, p_value, (y - eta) / (upper - eta))


def _quantile(q: float, mean: Floats, phi: Floats) -> Floats:
    result = np.asarray(poisson.ppf(q, np.minimum(mean, COUNTABLE)))
    overdispersed = (phi > 1) & (mean < COUNTABLE)
    result[overdispersed] = nbinom.ppf(q, *_negative_binomial(mean, phi, overdispersed))
    beyond, spread = mean >= COUNTABLE, np.maximum(phi, 1)
    result[beyond] = gamma.ppf(q, mean[beyond] / spread[beyond], scale=spread[beyond])
    return np.asarray(np.maximum(result, 0))


def _at_least(y: Floats, mean: Floats, phi: Floats) -> Floats:
    """Return the probability of y or more cases."""
    overdispersed = phi > 1
    positive = np.maximum(y, 1)
    result = gammainc(positive, mean)
    size, share = _negative_binomial(mean, phi, overdispersed)
    result[overdispersed] = betainc(positive[overdispersed], size, 1 - share)
    return np.where(y > 0, result, 1.0)


def _negative_binomial(mean: Floats, phi: Floats, chosen: Bools) -> tuple[Floats, Floats]:
    return mean[chosen] / (phi[chosen] - 1), 1 / phi[chosen]
