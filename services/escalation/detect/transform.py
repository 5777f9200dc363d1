"""Ways to make counts comparable with a standard normal variable before they are summed up.

For each: `standardise(x, m)`, and `bound(m, room)`, the count at which the sum has just used up the
`room` that is left, as R `surveillance` prints it. Rossi, Lampugnani, Marchi (1999), Statistics in
Medicine 18: 2111-2122; Pierce and Schafer (1986), JASA 81: 977-986 for the Anscombe residuals.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import hyp2f1

from services.escalation.detect.signal import Floats

Name = Literal["none", "standard", "rossi", "anscombe", "anscombe2nd", "pearsonNegBin", "anscombeNegBin"]
Function = Callable[[Floats, Floats], Floats]


@dataclass(frozen=True)
class Transformation:
    """A transformation of counts x around a mean m, and the way back from what room is left."""

    standardise: Function
    bound: Function | None = None
    """None: R states what is left of the decision limit after the period instead of a count."""


def _standard(x: Floats, m: Floats) -> Floats:
    return np.asarray((x - m) / np.sqrt(m))


def _standard_bound(m: Floats, room: Floats) -> Floats:
    return np.ceil(np.sqrt(m) * room + m)


def _rossi(x: Floats, m: Floats) -> Floats:
    return np.asarray((x - 3 * m + 2 * np.sqrt(x * m)) / (2 * np.sqrt(m)))


def _rossi_bound(m: Floats, room: Floats) -> Floats:
    root = np.sqrt(m)
    return 2 * root * room + 5 * m - 2 * m * np.sqrt(4 + 2 * room / root)


def _anscombe(x: Floats, m: Floats) -> Floats:
    return np.asarray(1.5 * (np.cbrt(x) ** 2 - np.cbrt(m) ** 2) / m ** (1 / 6))


def _anscombe_bound(m: Floats, room: Floats) -> Floats:
    return np.asarray(np.maximum(2 / 3 * m ** (1 / 6) * room + np.cbrt(m) ** 2, 0) ** 1.5)


def _anscombe_2nd(x: Floats, m: Floats) -> Floats:
    return (np.cbrt(x) ** 2 - (np.cbrt(m) ** 2 - 1 / np.cbrt(m) / 9)) / (2 / 3 * m ** (1 / 6))


def _anscombe_2nd_bound(m: Floats, room: Floats) -> Floats:
    # R subtracts m^(1/3)/9 here, but m^(-1/3)/9 when it standardises; bounds are given as R gives them.
    return np.asarray(np.maximum(2 / 3 * m ** (1 / 6) * room + np.cbrt(m) ** 2 - np.cbrt(m) / 9, 0) ** 1.5)


def _pearson(dispersion: float) -> Transformation:
    def sd(m: Floats) -> Floats:
        return np.sqrt(m + dispersion * m * m)

    return Transformation(lambda x, m: (x - m) / sd(m), lambda m, room: sd(m) * room + m)


def _anscombe_negative_binomial(dispersion: float) -> Transformation:
    def lifted(x: Floats) -> Floats:
        raised: Floats = 1.5 * np.cbrt(x) ** 2 * hyp2f1(1 / 3, 2 / 3, 5 / 3, -dispersion * x)
        return raised

    return Transformation(lambda x, m: (lifted(x) - lifted(m)) / (m + dispersion * m * m) ** (1 / 6))


PLAIN: dict[str, Transformation] = {
    "none": Transformation(lambda x, _: x),
    "standard": Transformation(_standard, _standard_bound),
    "rossi": Transformation(_rossi, _rossi_bound),
    "anscombe": Transformation(_anscombe, _anscombe_bound),
    "anscombe2nd": Transformation(_anscombe_2nd, _anscombe_2nd_bound),
}
DISPERSED: dict[str, Callable[[float], Transformation]] = {
    "pearsonNegBin": _pearson,
    "anscombeNegBin": _anscombe_negative_binomial,
}
NAMES = (*PLAIN, *DISPERSED)


def transformation(name: str, dispersion: float) -> Transformation:
    """Return a transformation by R's name; variance is m + dispersion m² for the two that end in NegBin.

    Raises ValueError for an unknown name.
    """
    if name in PLAIN:
        return PLAIN[name]
    if name in DISPERSED:
        return DISPERSED[name](dispersion)
    raise ValueError(f"there is no transformation {name!r}, only {', '.join(NAMES)}")
