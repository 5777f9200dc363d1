"""Many small quasi-Poisson regressions at once: a level for each season and, if wanted, a trend.

Iteratively reweighted least squares, log link, with the start, the stopping rule and the number of
steps of R's `glm`, because where a season has no case the estimate is where the iteration stops.
A level per season and one slope leave nothing to be inverted: within a season everything is a weighted
mean. McCullagh and Nelder (1989), Generalized Linear Models, 2nd ed., sections 2.5 and 9.2.
"""

from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from services.escalation.detect.signal import Bools, Floats, Ints

TOLERANCE = 1e-8
STEPS = 25
SMALLEST_MEAN = float(np.finfo(float).eps)


@dataclass(frozen=True)
class Design:
    """Responses y with season (-1: padding) and time of each; arrays of shape (fits, cells)."""

    y: Floats
    season: Ints
    time: Floats | None
    seasons: int

    def take(self, rows: Ints | Bools) -> "Design":
        """Return some of the fits."""
        time = None if self.time is None else self.time[rows]
        return Design(self.y[rows], self.season[rows], time, self.seasons)

    @cached_property
    def used(self) -> Bools:
        return np.asarray(self.season >= 0)

    @cached_property
    def cell(self) -> Ints:
        """The position of each cell's season in (fits, 1 + seasons), the first being that of padding."""
        return np.arange(len(self.y))[:, None] * (self.seasons + 1) + self.season + 1

    @cached_property
    def y_log_y(self) -> Floats:
        return np.asarray(self.y * np.log(np.maximum(self.y, 1)))

    def sums(self, values: Floats) -> Floats:
        """Return the sums over each season; (fits, seasons)."""
        fits, width = values.shape[0], self.seasons + 1
        total = np.bincount(self.cell.ravel(), values.ravel(), fits * width)
        return np.asarray(total.reshape(fits, width)[:, 1:], float)

    def spread(self, levels: Floats) -> Floats:
        """Return for each cell the value of its season, 0 for padding; (fits, cells)."""
        padded = np.zeros((len(levels), self.seasons + 1))
        padded[:, 1:] = levels
        return padded.ravel()[self.cell]


@dataclass(frozen=True)
class Fit:
    """Estimates; per fit unless a shape is given."""

    mean: Floats
    """Fitted means (fits, cells)."""
    weight: Floats
    """Working weights of the last step (fits, cells), taken before its update."""
    total: Floats
    """Working weights summed up by season (fits, seasons)."""
    level: Floats
    """log of the mean of each season at the weighted middle of its times (fits, seasons)."""
    middle: Floats
    """Weighted middle of the times of each season (fits, seasons)."""
    slope: Floats
    information: Floats
    """Of the slope; infinite without a trend."""
    converged: Bools
    freedom: Floats
    """Residual degrees of freedom."""

    def put(self, rows: Ints, other: "Fit") -> None:
        """Overwrite some of the fits."""
        for field in fields(self):
            getattr(self, field.name)[rows] = getattr(other, field.name)


def fit(design: Design, prior: Floats) -> Fit:
    """Fit all, with prior weights (fits, cells); those that do not settle are marked, never silent."""
    with np.errstate(all="ignore"):
        return _fit(design, np.where(design.used, prior, 0.0))


def _fit(design: Design, prior: Floats) -> Fit:
    result = _unfitted(design, prior)
    rows = np.arange(len(design.y))
    mean = design.y + 0.1
    eta = np.log(mean)
    deviance = _deviance(design, mean, eta, prior)
    for _ in range(STEPS):
        solved, eta = _step(design, prior, mean, eta)
        before, deviance = deviance, _deviance(design, solved.mean, eta, prior)
        done = np.abs(deviance - before) / (np.abs(deviance) + 0.1) < TOLERANCE
        solved.converged[:] = done
        result.put(rows, solved)
        going = ~done & np.isfinite(deviance)
        if not going.any():
            break
        rows, design, prior = rows[going], design.take(going), prior[going]
        mean, eta, deviance = solved.mean[going], eta[going], deviance[going]
    return result


def _unfitted(design: Design, prior: Floats) -> Fit:
    fits = len(design.y)
    cells, levels, single = (np.full(shape, np.nan) for shape in (prior.shape, (fits, design.seasons), fits))
    parameters = (design.sums(prior) > 0).sum(axis=1) + (design.time is not None)
    return Fit(
        mean=cells,
        weight=cells.copy(),
        total=levels,
        level=levels.copy(),
        middle=levels.copy(),
        slope=single,
        information=single.copy(),
        converged=np.zeros(fits, bool),
        freedom=(prior > 0).sum(axis=1).astype(float) - parameters,
    )


def _step(design: Design, prior: Floats, mean: Floats, eta: Floats) -> tuple[Fit, Floats]:
    weight = prior * mean
    working = np.where(design.used, eta + (design.y - mean) / mean, 0.0)
    total = design.sums(weight)
    level = design.sums(weight * working) / total
    middle, slope, information = np.zeros_like(level), np.zeros(len(mean)), np.full(len(mean), np.inf)
    eta = design.spread(level)
    if design.time is not None:
        middle = design.sums(weight * design.time) / total
        ahead = np.where(design.used, design.time - design.spread(middle), 0.0)
        information = (weight * ahead * ahead).sum(axis=1)
        slope = (weight * ahead * (working - eta)).sum(axis=1) / information
        eta = eta + slope[:, None] * ahead
    eta = np.where(design.used, eta, 0.0)
    settled = np.zeros(len(mean), bool)
    freedom = (prior > 0).sum(axis=1) - (total > 0).sum(axis=1) - float(design.time is not None)
    fitted = np.maximum(np.exp(eta), SMALLEST_MEAN)
    return Fit(fitted, weight, total, level, middle, slope, information, settled, freedom), eta


def _deviance(design: Design, mean: Floats, eta: Floats, prior: Floats) -> Floats:
    surplus = design.y_log_y - design.y * (eta + 1) + mean
    return np.asarray(2 * np.einsum("ij,ij->i", prior, surplus))


def relative_residuals(design: Design, fitted: Fit) -> Floats:
    """Return (y - mean) / mean; 0 for padding."""
    return np.where(design.used, (design.y - fitted.mean) / fitted.mean, 0.0)


def dispersion(design: Design, fitted: Fit, weight: Floats) -> Floats:
    """Return sum of weighted squared relative residuals per degree of freedom, per fit."""
    residual = relative_residuals(design, fitted)
    squares = np.where(weight > 0, weight, 0.0) * residual * residual
    return np.asarray(squares.sum(axis=1) / fitted.freedom)


def leverage(design: Design, fitted: Fit) -> Floats:
    """Return how far each cell determines its own fitted mean; (fits, cells), 0 to 1."""
    own = fitted.weight / design.spread(fitted.total)
    if design.time is None:
        return own
    ahead = design.time - design.spread(fitted.middle)
    return own + fitted.weight * ahead * ahead / fitted.information[:, None]


def forecast(fitted: Fit, time: Floats) -> tuple[Floats, Floats]:
    """Return log mean of the last season at `time` and its variance before the dispersion, per fit."""
    ahead = time - fitted.middle[:, -1]
    variance = 1 / fitted.total[:, -1] + ahead * ahead / fitted.information
    return fitted.level[:, -1] + fitted.slope * ahead, variance
