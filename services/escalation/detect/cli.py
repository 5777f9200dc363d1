"""`rapport detect METHOD FILE.csv`: the detectors for a statistician's own files, CSV to standard output."""

import csv
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from services.escalation.detect import cusum as by_cusum
from services.escalation.detect import ears as by_ears
from services.escalation.detect import farrington as by_farrington
from services.escalation.detect import scan as by_scan
from services.escalation.detect.baseline import Shape
from services.escalation.detect.plot import cluster_map, save, series_chart
from services.escalation.detect.signal import Bools, Floats, Signals
from services.escalation.detect.table import (
    CaseTable,
    Series,
    cluster_rows,
    read_cases,
    read_series,
    series_rows,
)
from services.escalation.detect.threshold import Method, Power
from services.escalation.detect.transform import Name
from services.escalation.detect.units import days_of, kilometres_of, limit54_of, position_of
from services.escalation.detect.zones import Zones, zones_on_earth, zones_on_plane

detect = typer.Typer(
    name="detect",
    no_args_is_help=True,
    add_completion=False,
    help="Run a statistical detector over a CSV file.",
)

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV file.")]
Plot = Annotated[Path | None, typer.Option(help="Draw what was found into this .svg or .png file.")]
Alpha = typer.Option(help="Share of quiet periods that may lie above the bound.")


@detect.command()
def ears(
    file: File,
    *,
    method: Annotated[by_ears.Method, typer.Option(help="C1, C2 or C3.")] = "C1",
    baseline: Annotated[int, typer.Option(help="Periods of the baseline.")] = 7,
    min_sigma: Annotated[float, typer.Option(help="Smallest standard deviation, in cases.")] = 0.5,
    alpha: Annotated[float | None, Alpha] = None,
    limit: Annotated[
        float | None, typer.Option(help="Largest statistic without alarm; else as published.")
    ] = None,
    plot: Plot = None,
) -> None:
    """Say whether each period is far above the few before it (EARS C1, C2, C3)."""
    with _explained():
        bound = by_ears.limit_of(alpha) if alpha is not None else limit
        series = read_series(file)
        found = by_ears.ears(series.observed, by_ears.Ears(method, baseline, min_sigma, bound))
        _answer(series, found, found.statistic)
        _draw(series, found, plot, f"EARS {method}")


@detect.command()
def farrington(
    file: File,
    *,
    years: Annotated[int, typer.Option("--years", "--b", help="Years of history.")] = 4,
    window: Annotated[int, typer.Option("--window", "--w", help="Periods to both sides of a year ago.")] = 3,
    seasons: Annotated[int, typer.Option("--periods", "--no-periods", help="Levels of the season.")] = 10,
    past: Annotated[int, typer.Option("--past-weeks-not-included", help="Newest periods left out.")] = 26,
    threshold_method: Annotated[Method, typer.Option(help="delta, nbPlugin or muan.")] = "nbPlugin",
    alpha: Annotated[float, Alpha] = 0.005,
    trend: Annotated[bool, typer.Option(help="Allow a trend.")] = True,
    p_threshold_trend: Annotated[float, typer.Option(help="Largest p-value of a trend that is kept.")] = 1.0,
    reweight: Annotated[bool, typer.Option(help="Give past outbreaks less weight.")] = True,
    weights_threshold: Annotated[float, typer.Option(help="Residual above which weights fall.")] = 2.58,
    limit54: Annotated[str, typer.Option(help="No alarm with fewer CASES in the last PERIODS.")] = "5,4",
    power: Annotated[
        Power, typer.Option("--power", "--powertrans", help="Scale of the delta method.")
    ] = "2/3",
    frequency: Annotated[int, typer.Option(help="Periods to the year, without dates.")] = 52,
    plot: Plot = None,
) -> None:
    """Say whether each period is above what season and trend let one expect (improved Farrington)."""
    with _explained():
        cases, periods = limit54_of(limit54)
        settings = by_farrington.Farrington(
            shape=Shape(years, window, seasons, past),
            method=threshold_method,
            alpha=alpha,
            trend=trend,
            p_trend=p_threshold_trend,
            weights_threshold=weights_threshold if reweight else None,
            limit_cases=cases,
            limit_periods=periods,
            power=power,
            frequency=frequency,
        )
        series = read_series(file)
        found = by_farrington.farrington(series.observed, settings, series.epochs)
        _answer(series, found, found.statistic, judged=np.isfinite(found.dispersion))
        _draw(series, found, plot, f"Improved Farrington, {threshold_method}")


@detect.command()
def cusum(
    file: File,
    *,
    k: Annotated[float, typer.Option("--k", help="What a period may have too much, in sd.")] = 1.04,
    h: Annotated[float, typer.Option("--h", help="The sum that is an alarm, in sd.")] = 2.26,
    trans: Annotated[Name, typer.Option(help="How counts are standardised.")] = "standard",
    reset: Annotated[bool, typer.Option(help="Start again from 0 after an alarm.")] = True,
    training: Annotated[int, typer.Option(help="First periods, which say what is usual.")] = 104,
    mean: Annotated[
        float | None, typer.Option("--mean", "--m", help="Usual count; else from training.")
    ] = None,
    dispersion: Annotated[float, typer.Option(help="Of the negative binomial transformations.")] = 0.1,
    plot: Plot = None,
) -> None:
    """Say whether a small rise has been going on for a while (CUSUM)."""
    with _explained():
        series = read_series(file)
        settings = by_cusum.Cusum(k, h, trans, reset, training, mean, dispersion)
        found = by_cusum.cusum(series.observed, settings)
        _answer(series, found, found.carried)
        _draw(series, found, plot, f"CUSUM, {trans}")


@detect.command()
def scan(
    file: File,
    *,
    max_radius: Annotated[str, typer.Option(help="Such as 500m or 3km.")] = "3km",
    max_duration: Annotated[str, typer.Option(help="Such as 7d or 2w.")] = "7d",
    prospective: Annotated[
        bool, typer.Option("--prospective/--retrospective", help="Until now, or ever.")
    ] = True,
    replications: Annotated[int, typer.Option(help="Of the Monte Carlo test.")] = 999,
    seed: Annotated[int, typer.Option(help="Of the Monte Carlo test.")] = 1,
    stop_after: Annotated[int | None, typer.Option(help="Stop once so many reached the statistic.")] = None,
    end: Annotated[str | None, typer.Option(help="The present day; else that of the last case.")] = None,
    max_share: Annotated[float, typer.Option(help="Largest share of all cases in a zone.")] = 0.5,
    min_cases: Annotated[int, typer.Option(help="Fewest cases of a cluster.")] = 2,
    unknown: Annotated[
        list[str] | None, typer.Option(help='LATITUDE,LONGITUDE that means "unknown".')
    ] = None,
    plane: Annotated[
        bool, typer.Option("--plane", help="Positions are on a plane; radius in km of them.")
    ] = False,
    plot: Plot = None,
) -> None:
    """Say where and since when there are more cases than place and time explain (space-time permutation)."""
    with _explained():
        settings = by_scan.Scan(
            max_duration=days_of(max_duration),
            prospective=prospective,
            max_share=max_share,
            min_cases=min_cases,
            replications=replications,
            seed=seed,
            stop_after=stop_after,
        )
        table = read_cases(file, [position_of(text) for text in unknown or []])
        zones = _zones(table, kilometres_of(max_radius), plane=plane)
        found = by_scan.scan(table.cases, zones, settings, table.day(end) if end else None)
        _write(cluster_rows(table, found.clusters))
        how = f"{found.reason.value}, {found.replications} replications"
        _say(how)
        if plot:
            save(cluster_map(table, found.clusters, ["Space-time permutation scan", how], plane=plane), plot)


def _zones(table: CaseTable, radius: float, *, plane: bool) -> Zones:
    make = zones_on_plane if plane else zones_on_earth
    first, second = (table.longitude, table.latitude) if plane else (table.latitude, table.longitude)
    return make(first, second, radius)


def _answer(series: Series, found: Signals, score: Floats, judged: Bools | None = None) -> None:
    _write(series_rows(series, found, score, found.usable if judged is None else judged))
    _say(f"{found.alarm.sum()} alarms, {(~found.usable).sum()} of {len(series.t)} periods without a baseline")


def _draw(series: Series, found: Signals, plot: Path | None, name: str) -> None:
    if plot:
        save(
            series_chart(series, found, [name, f"{found.alarm.sum()} alarms in {len(series.t)} periods"]),
            plot,
        )


def _write(rows: Iterable[tuple[str, ...]]) -> None:
    csv.writer(sys.stdout, lineterminator="\n").writerows(rows)


def _say(text: str) -> None:
    typer.echo(text, err=True)


@contextmanager
def _explained() -> Iterator[None]:
    """End with 2 and one sentence where a file or an option is at fault."""
    try:
        yield
    except (ValueError, OSError) as error:
        _say(f"detect: {error}")
        raise typer.Exit(2) from error
