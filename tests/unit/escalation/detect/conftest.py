"""The reference data, read from beside the repository."""

import csv
import gzip
import os
from collections import defaultdict
from datetime import date
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[4]
FOLDER = Path(os.environ.get("RAPPORT_DATA", ROOT.parent / "shared" / "data"))


class Run:
    """One reference run: its parameters by name, its series, and its rows as columns."""

    def __init__(self, method, params, series, rows):
        self.method = method
        self.params = dict(part.split("=", 1) for part in params.split(";"))
        self.series = series
        self.rows = rows
        self.at = np.array([int(row["t"]) - 1 for row in rows])

    def __str__(self):
        return f"{self.method} of {self.series} with {self.params}"

    def column(self, name):
        return np.array([float(row[name]) if row[name] not in ("", "NA") else np.nan for row in self.rows])

    def misses(self, name, found):
        """List the periods where `found` is not the reference to 1e-6, relative above 1."""
        expected, found = self.column(name), np.asarray(found, float)[self.at]
        same = (np.isnan(expected) & np.isnan(found)) | (expected == found)
        with np.errstate(invalid="ignore"):
            close = np.abs(found - expected) <= 1e-6 * np.maximum(1, np.abs(expected))
        wrong = np.flatnonzero(~(same | close))
        return [f"{self}: {name} at {self.at[i] + 1} is {found[i]}, reference {expected[i]}" for i in wrong]


class Reference:
    """The reference rows of R `surveillance`."""

    @cached_property
    def runs(self):
        runs = defaultdict(list)
        with gzip.open(FOLDER / "detection" / "reference_results.csv.gz", "rt", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                runs[row["method"], row["params"], row["series"]].append(row)
        return [Run(*key, rows) for key, rows in runs.items()]

    def of(self, prefix):
        return [run for run in self.runs if run.method.startswith(prefix)]

    @cache  # noqa: B019 - lives as long as the test session
    def series(self, name):
        """Return counts and, where there are any, dates."""
        with (FOLDER / "detection" / "series" / f"{name}.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        dated = "-" in rows[0]["epoch"]
        dates = tuple(date.fromisoformat(row["epoch"]) for row in rows) if dated else None
        return np.array([int(row["observed"]) for row in rows]), dates


@pytest.fixture(scope="session")
def data_folder():
    if not FOLDER.is_dir():
        pytest.skip("the reference data is not beside the repository")
    return FOLDER


@pytest.fixture(scope="session")
def reference(data_folder):
    return Reference()
