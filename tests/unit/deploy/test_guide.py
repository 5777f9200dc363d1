"""The operations guide names only what there is."""

import re

import click
import pytest
import typer
from prometheus_client import REGISTRY

from rapport.cli import app
from rapport.docs.settings_table import GUIDE
from shared.system.settings import ROOT

TEXT = GUIDE.read_text(encoding="utf-8")


def known(words: list[str]) -> bool:
    """Say whether words name a command of `rapport`, as far as they are words of commands."""
    command = typer.main.get_command(app)
    for word in words:
        if not isinstance(command, click.Group):
            return True
        if word not in command.commands:
            return False
        command = command.commands[word]
    return True


def test_every_command_exists() -> None:
    named = re.findall(r"(?:intake |^ +|`)rapport ([a-z]+)(?: ([a-z]+))?", TEXT, re.MULTILINE)
    assert len(named) > 6
    assert [words for words in named if not known([word for word in words if word])] == []


@pytest.mark.parametrize("name", sorted(set(re.findall(r"rapport_[a-z_]+", TEXT))))
def test_every_metric_exists(name: str) -> None:
    metrics = {metric.name for metric in REGISTRY.collect()}
    assert name.removesuffix("_total") in metrics


def test_every_file_exists() -> None:
    paths = set(re.findall(r"`?((?:deploy|docs)/[a-z_./-]+)`?", TEXT))
    assert {"deploy/compose-smoke", "deploy/env/rapport.env.example"} <= paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_every_link_inside_leads_somewhere() -> None:
    headings = {heading.lower().replace(" ", "-") for heading in re.findall(r"^#+ (.+)$", TEXT, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([a-z-]+)\)", TEXT)) <= headings
