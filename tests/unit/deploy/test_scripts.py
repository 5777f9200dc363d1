"""The scripts are whole, and say what they need."""

import os
import re
import subprocess

import pytest

from rapport.docs.settings_table import COMPOSE
from shared.system.settings import ROOT

SCRIPTS = (".ci/run", "deploy/compose-smoke")


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_can_be_run(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
    subprocess.run(["bash", "-n", ROOT / script], check=True)


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_stop_at_the_first_failure(script: str) -> None:
    assert "set -euo pipefail" in (ROOT / script).read_text(encoding="utf-8")


def test_the_smoke_run_takes_nothing_from_an_operators_settings() -> None:
    smoke = (ROOT / "deploy" / "compose-smoke").read_text(encoding="utf-8")
    compose = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    exported = " ".join(re.findall(r"^export (.+)$", smoke, re.MULTILINE))
    assert (
        set(re.findall(r"([A-Z_]+)=", exported))
        >= set(re.findall(r"\$\{([A-Z_]+):-", compose))
        > set(COMPOSE)
    )


def test_ci_requires_every_server() -> None:
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "rabbitmq,postgres,chromium,promtool,nginx,oidc" in ci
    assert "make .venv/oidc check test" in ci
