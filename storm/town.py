"""The storm's city: the benchmark's places, Leipzig's bodies, and one rule that calls a meeting at once."""

import shutil
from pathlib import Path

import yaml

from bench.town import ACUTE, build_town
from shared.system.settings import ROOT

LEIPZIG = ROOT / "deploy" / "cities" / "leipzig"
CONVENE = {"body": "extended_rapport", "within_working_days": 5}


def build(cities: Path) -> None:
    """Write the profile `leipzig` of the storm below `cities`."""
    build_town(cities)
    folder = cities / "leipzig"
    shutil.copy(LEIPZIG / "bodies.yaml", folder / "bodies.yaml")
    rules = yaml.safe_load((folder / "rules.yaml").read_text(encoding="utf-8"))
    calling = [rule | {"convene": CONVENE} if rule["id"] == ACUTE["id"] else rule for rule in rules]
    (folder / "rules.yaml").write_text(yaml.safe_dump(calling), encoding="utf-8")
