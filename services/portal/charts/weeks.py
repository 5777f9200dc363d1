"""Incidents per week, stacked by category, with the weeks in which escalations began."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from services.portal.charts.theme import ALERT, PALETTE, Size, Spec, chart

WEEK = timedelta(days=7)
YEAR_BELOW_JANUARY = "utcmonth(datum.value) == 0 ? [datum.label, utcFormat(datum.value, '%Y')] : datum.label"


@dataclass(frozen=True)
class Weeks:
    """What the chart shows: counts by (Monday, category id), escalations by Monday."""

    first: date
    last: date
    counts: Mapping[tuple[date, str], int]
    escalations: Mapping[date, int]


def monday(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def weeks_chart(weeks: Weeks, names: Mapping[str, str], axis: str, size: Size) -> Spec:
    """Return the chart; `names` are all categories in their order, with what they are called."""
    shown = [name for name in names if any(category == name for _, category in weeks.counts)]
    colours = dict(zip(names, PALETTE * (1 + len(names) // len(PALETTE)), strict=False))
    bars = [
        {"week": str(week), "category": names[category], "order": shown.index(category), "count": count}
        for (week, category), count in sorted(weeks.counts.items())
    ]
    marks = [{"week": str(week), "count": count} for week, count in sorted(weeks.escalations.items())]
    scale = {"domain": [names[name] for name in shown], "range": [colours[name] for name in shown]}
    return chart(
        size,
        height=300,
        layer=[
            {"data": {"values": bars}, **_bars(weeks, axis, scale, size)},
            {"data": {"values": marks}, **_marks()},
        ],
    )


def time_axis(weeks: Weeks, size: Size) -> Spec:
    """Return the axis on which weeks stand."""
    domain = [str(monday(weeks.first) - WEEK / 2), str(monday(weeks.last) + WEEK)]
    return {
        "field": "week",
        "type": "temporal",
        "scale": {"type": "utc", "domain": domain},
        "axis": {
            "title": None,
            "grid": False,
            "format": "%b",
            "labelExpr": YEAR_BELOW_JANUARY,
            "values": _ticks(weeks, most=6 if size.is_narrow else 14),
            "labelOverlap": False,
        },
    }


def _ticks(weeks: Weeks, most: int) -> list[int]:
    """Return first days of months as milliseconds since 1970, evenly apart and not too many."""
    first, last = weeks.first.year * 12 + weeks.first.month, weeks.last.year * 12 + weeks.last.month - 1
    step = next(step for step in (1, 2, 3, 6, 12, 24, 600) if (last - first) // step < most)
    firsts = [date(month // 12, month % 12 + 1, 1) for month in range(first - 1, last + 1)]
    shown = [day for day in firsts if day >= weeks.first and (day.month - 1) % step == 0]
    return [round(datetime(day.year, day.month, 1, tzinfo=UTC).timestamp() * 1000) for day in shown]


def _bars(weeks: Weeks, axis: str, scale: Spec, size: Size) -> Spec:
    count = (monday(weeks.last) - monday(weeks.first)).days // 7 + 1
    return {
        "mark": {"type": "bar", "width": max(1.5, round(0.8 * (size.width - 70) / (count + 1), 1))},
        "encoding": {
            "x": time_axis(weeks, size),
            "y": {
                "field": "count",
                "type": "quantitative",
                "stack": "zero",
                "axis": {"title": axis, "tickMinStep": 1, "tickCount": 5, "format": ",d", "domain": False},
            },
            "color": {
                "field": "category",
                "type": "nominal",
                "scale": scale,
                "legend": {
                    "title": None,
                    "orient": "top",
                    "symbolType": "square",
                    "columns": 2 if size.is_narrow else 8,
                },
            },
            "order": {"field": "order", "type": "ordinal"},
        },
    }


def _marks() -> Spec:
    return {
        "mark": {"type": "point", "shape": "triangle-down", "filled": True, "size": 70, "clip": False},
        "encoding": {
            "x": {"field": "week", "type": "temporal"},
            "y": {"value": -7},
            "color": {"value": ALERT},
            "opacity": {"value": 1},
        },
    }


def by_week(days: Sequence[date]) -> dict[date, int]:
    """Return how many days fall into each week."""
    counted: dict[date, int] = {}
    for day in days:
        counted[monday(day)] = counted.get(monday(day), 0) + 1
    return counted
