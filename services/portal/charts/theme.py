"""One look for all charts: calm, printable, distinguishable for colour-blind readers."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from shared.text.dates import MONTHS, SHORT_MONTHS, WEEKDAYS
from shared.text.language import Language

Spec: TypeAlias = dict[str, Any]

INK = "#1d2733"
MUTED = "#59636e"
LINE = "#dcdad3"
ALERT = "#a63d14"
ACCENT = "#1b5673"
PALETTE = ("#1b5673", "#e09f3e", "#8f2d56", "#4b9b8e", "#5a4a8f", "#c6b94a", "#9aa3ab", "#5c4a3d", "#b7c9d6")
NONE = "#f1efe9"
STEPS = ("#d5e1e6", "#b9d0da", "#9abdcc", "#79a6bb", "#558aa5", "#346d8a", "#164a64")
"""From few to most; prints in grey."""

DARK = {
    INK: "#e8eaec",
    MUTED: "#a9b2bb",
    LINE: "#3a434c",
    ALERT: "#ff9c70",
    "#ffffff": "#14191e",
    **dict(zip(PALETTE, ("#6fb3d6", "#e6b15f", "#e07fa6", "#6cc4b5", "#a99be0", "#d9cf72"), strict=False)),
    "#5c4a3d": "#c9ab95",
    NONE: "#232a31",
    **dict(
        zip(STEPS, ("#253c48", "#294b5c", "#2f5d75", "#377390", "#468bac", "#5ea5c8", "#84c3e3"), strict=True)
    ),
}
"""What a colour becomes for readers who like it dark; what is missing serves both."""

HALO = {"stroke": "#ffffff", "strokeWidth": 3, "strokeJoin": "round", "opacity": 0.85}
"""What lies under text on a map or a curve."""
FONT = "Arial, Helvetica, Liberation Sans, sans-serif"


@dataclass(frozen=True)
class Size:
    """How wide a drawing is, in CSS pixels; narrow ones are for phones."""

    name: str
    width: int
    font: int

    @property
    def is_narrow(self) -> bool:
        return self.width < 500  # noqa: PLR2004 - a phone held upright


WIDE = Size("wide", 1040, 13)
HALF = Size("half", 510, 12)
NARROW = Size("narrow", 360, 12)
PAPER, PAPER_HALF = Size("paper", 640, 12), Size("paper_half", 380, 12)
"""For a page of A4, its whole width and half of it."""
SIZES = {size.name: size for size in (WIDE, HALF, NARROW)}


def chart(size: Size, **parts: Any) -> Spec:
    """Return a specification with our look around its parts."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "background": None,
        "padding": 2,
        "autosize": {"type": "fit", "contains": "padding"},
        "width": size.width,
        "config": _config(size),
        **parts,
    }


def _config(size: Size) -> Spec:
    return {
        "font": FONT,
        "view": {"stroke": None},
        "axis": {
            "labelColor": MUTED,
            "titleColor": MUTED,
            "labelFontSize": size.font,
            "titleFontSize": size.font,
            "titleFontWeight": "normal",
            "domainColor": INK,
            "gridColor": LINE,
            "tickColor": LINE,
            "labelPadding": 6,
        },
        "legend": {
            "labelColor": INK,
            "titleColor": MUTED,
            "labelFontSize": size.font,
            "titleFontSize": size.font,
            "titleFontWeight": "normal",
            "labelLimit": 220,
            "titleLimit": 260,
        },
        "text": {"color": INK, "fontSize": size.font},
    }


def number_locale(language: Language) -> Spec:
    """Return the d3 format locale: `1.209,5` or `1,209.5`."""
    decimal, thousands = (",", ".") if language == "de" else (".", ",")
    return {"decimal": decimal, "thousands": thousands, "grouping": [3], "currency": ["", ""]}


def time_locale(language: Language) -> Spec:
    """Return the d3 time format locale."""
    weekdays = [*WEEKDAYS[language][6:], *WEEKDAYS[language][:6]]
    return {
        "dateTime": "%d.%m.%Y, %H:%M",
        "date": "%d.%m.%Y",
        "time": "%H:%M",
        "periods": ["", ""],
        "days": weekdays,
        "shortDays": weekdays,
        "months": list(MONTHS[language]),
        "shortMonths": list(SHORT_MONTHS[language]),
    }
