"""What goes wrong in a command is one line that says what to do, never a traceback."""

import sys
import tomllib
from pathlib import Path

import httpx
import pytest

from services import cli
from shared.settings import ROOT


def test_the_installed_command_is_the_one_that_explains_failures():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["scripts"]["rapport"] == f"{cli.main.__module__}:{cli.main.__name__}"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["serve", "postal"], "no service 'postal'; there is intake"),
        (["topology", "--help"], None),
        (["keys", "list", "--city", "dresden"], "no city profile 'dresden'; there is boston, leipzig"),
        (["dead", "retry", "0198"], "'0198' is no id; `rapport dead list` shows them"),
        (["feed", "x.csv", "--city", "boston"], "only leipzig has a generated year"),
    ],
)
def test_a_failure_is_one_line_on_standard_error(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    arguments: list[str],
    said: str | None,
):
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["rapport", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    told = capsys.readouterr().err
    assert ended.value.code == (1 if said else 0)
    assert "Traceback" not in told
    assert (said or "") in " ".join(told.split())


def test_a_service_that_does_not_answer_is_one_line_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def away(**_options: object) -> None:
        raise httpx.ConnectError("nothing [/listens] there")

    monkeypatch.setattr(cli, "app", away)
    with pytest.raises(SystemExit):
        cli.main()
    assert capsys.readouterr().err == "nothing [/listens] there\n"
