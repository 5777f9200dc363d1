"""Each alert rings in the fault it is for; what it looks at is there from the start."""

import re
import shutil
import subprocess
import sys

import pytest
import yaml

from shared.system.settings import ROOT
from tests.conftest import need

FOLDER = ROOT / "deploy" / "prometheus"
RULES = [
    rule
    for group in yaml.safe_load((FOLDER / "rules.yml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]
PROMTOOL = shutil.which("promtool")
FRESH = """
from pathlib import Path
from uuid import uuid4
from prometheus_client import generate_latest
from rapport.composition import NAMES, build
from shared.city.city import load_city
from shared.system.clock import SystemClock
from shared.system.settings import Settings
import sys
settings = Settings(var_dir=Path(sys.argv[1]), amqp_url="amqp://nowhere/", _env_file=None)
build(NAMES, settings, load_city("leipzig", settings.cities_dir, settings.var_dir), SystemClock(), uuid4)
print(generate_latest().decode())
"""


def promtool(*arguments: str) -> None:
    need("promtool", present=PROMTOOL is not None)
    ran = subprocess.run([str(PROMTOOL), *arguments], cwd=FOLDER, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.promtool
def test_each_alert_fires_in_its_fault_and_none_on_a_normal_day():
    promtool("test", "rules", "rules.test.yml")


@pytest.mark.promtool
def test_prometheus_takes_the_configuration():
    promtool("check", "config", "prometheus.yml")


def test_each_alert_is_tried_in_its_fault_and_on_a_normal_day():
    tests = yaml.safe_load((FOLDER / "rules.test.yml").read_text(encoding="utf-8"))["tests"]
    looked = [check for test in tests for check in test["alert_rule_test"]]
    names = {rule["alert"] for rule in RULES}
    assert {check["alertname"] for check in looked if check["exp_alerts"]} == names
    assert {check["alertname"] for check in tests[0]["alert_rule_test"]} == names
    assert not any(check["exp_alerts"] for check in tests[0]["alert_rule_test"])


def test_every_series_that_an_alert_names_is_there_before_anything_has_happened(tmp_path):
    run = [sys.executable, "-c", FRESH, str(tmp_path)]
    shown = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    there = set(re.findall(r"^(rapport_\w+)(?:\{.*\})? ", shown, re.MULTILINE))
    named = {name for rule in RULES for name in re.findall(r"\brapport_\w+", rule["expr"])}
    assert len(named) > 5
    assert named - there == set()


def test_the_guide_names_every_alert():
    guide = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [rule["alert"] for rule in RULES if f"`{rule['alert']}`" not in guide] == []
