from pathlib import Path

import pytest

from bench.false_alarms import BACKGROUNDS, DETECTORS, rate

DOCS = Path(__file__).resolve().parents[4] / "docs" / "detectors.md"


def documented():
    lines = DOCS.read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("| detector | nominal |"))
    end = next(number for number in range(start, len(lines)) if not lines[number].startswith("|"))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[start:end]]


def percent(cell):
    return float(cell.rstrip(" %"))


def test_the_documentation_has_a_rate_for_each_detector_and_background():
    header, _, *rows = documented()
    assert header[2:] == list(BACKGROUNDS)
    assert [(row[0], row[1]) for row in rows] == [(name, nominal) for name, (nominal, _) in DETECTORS.items()]


@pytest.mark.parametrize("detector", DETECTORS)
def test_the_documented_false_alarm_rates_are_those_measured(detector):
    row = next(row for row in documented()[2:] if row[0] == detector)
    series = 12 if detector.startswith("Farrington") else 200
    for background, cell in zip(BACKGROUNDS, row[2:], strict=True):
        measured = 100 * rate(detector, background, series, seed=2)
        assert measured == pytest.approx(percent(cell), rel=0.45, abs=0.5), background


@pytest.mark.parametrize("background", BACKGROUNDS)
def test_muan_keeps_the_level_that_it_promises(background):
    assert rate("Farrington muan, alpha 0.05", background, 15, seed=3) < 0.05 + 0.01


def test_nb_plugin_keeps_its_level_where_cases_are_independent_of_each_other():
    for background in BACKGROUNDS[:3]:
        assert rate("Farrington nbPlugin, alpha 0.005", background, 15, seed=4) < 0.005 + 0.004


def test_a_longer_baseline_brings_ears_closer_to_its_nominal_level():
    for background in BACKGROUNDS:
        week = rate("EARS C1, above 3", background, 100)
        month = rate("EARS C1, 28 periods, alpha 0.001", background, 100)
        assert month < 0.6 * week
