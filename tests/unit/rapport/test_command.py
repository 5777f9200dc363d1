"""What goes wrong in a command is one line that says what to do, never a traceback."""

import re
import sys
import tomllib
from pathlib import Path

import httpx
import pytest

from rapport import cli
from shared.system.settings import ROOT


def test_the_installed_command_is_the_one_that_explains_failures():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["scripts"]["rapport"] == f"{cli.main.__module__}:{cli.main.__name__}"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["serve", "postal"], "no service 'postal'; there is directory"),
        (["broker", "--help"], None),
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


@pytest.mark.parametrize("command", [["replay"], ["demo", "--no-serve", "--feed"]])
def test_a_file_that_is_none_is_a_sentence_and_the_last_replay_stays(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, command: list[str]
):
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    kept = tmp_path / command[0] / "leipzig" / "report.md"
    kept.parent.mkdir(parents=True)
    kept.touch()
    for file, said in [(tmp_path, "is a folder"), (tmp_path / "none.csv", "There is no file none.csv.")]:
        monkeypatch.setattr(sys, "argv", ["rapport", *command, str(file)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        told = capsys.readouterr().err
        assert (ended.value.code, len(told.splitlines())) == (2, 1)
        assert said in told
    assert kept.exists()


def test_a_replay_names_the_rows_it_cannot_read_and_takes_the_others(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    row = "{};police;complaint;{};2018-05-02T08:15Z;2018-05-02T09:15Z;51.3394;12.4036\n"
    head = "report_id,agency,category,quantity,occurred_at,reported_at,latitude,longitude\n"
    rows = row.format(1, 1) + row.format('"2', 1) + row.format(3, "NaN") + row.format(4, 1)
    (tmp_path / "rows.csv").write_text(head + rows.replace(";", ","))
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["rapport", "replay", str(tmp_path / "rows.csv")])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    said = capsys.readouterr()
    assert ended.value.code == 1
    assert "line 3: a quotation mark is not closed." in said.err
    assert "line 4: quantity is not a number." in said.err
    assert re.search(r"2 +\S accepted", said.out)


def test_a_service_that_does_not_answer_is_one_line_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def away(**_options: object) -> None:
        raise httpx.ConnectError("nothing [/listens] there")

    monkeypatch.setattr(cli, "app", away)
    with pytest.raises(SystemExit):
        cli.main()
    assert capsys.readouterr().err == "nothing [/listens] there\n"
