"""The bodies as a file: what is written is read again, and means the same."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from rapport.cli import app
from shared.city.city import load_city
from shared.system.settings import ROOT


@pytest.fixture
def rapport(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("CITY", "leipzig")
    return lambda *arguments: CliRunner().invoke(app, arguments)


def test_what_is_written_is_what_is_read(rapport, tmp_path: Path) -> None:
    file = tmp_path / "bodies.yaml"
    assert rapport("directory", "export", str(file)).exit_code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    cities = tmp_path / "cities"
    (cities / "leipzig").mkdir(parents=True)
    for part in (ROOT / "deploy" / "cities" / "leipzig").iterdir():
        (cities / "leipzig" / part.name).symlink_to(part)
    (cities / "leipzig" / "bodies.yaml").unlink()
    (cities / "leipzig" / "bodies.yaml").write_text(file.read_text("utf-8"), encoding="utf-8")
    known = load_city("leipzig", ROOT / "deploy" / "cities", tmp_path).seed
    assert load_city("leipzig", cities, tmp_path).seed == known


def test_an_unchanged_profile_changes_nothing(rapport) -> None:
    for how in ([], ["--dry-run"]):
        answer = rapport("directory", "import", *how)
        assert answer.exit_code == 0
        assert "The directory says what the profile says." in answer.output


def test_a_look_shows_what_differs_and_changes_nothing(rapport, tmp_path: Path, monkeypatch) -> None:
    rapport("directory", "import")
    cities = tmp_path / "cities"
    (cities / "leipzig").mkdir(parents=True)
    for part in (ROOT / "deploy" / "cities" / "leipzig").iterdir():
        (cities / "leipzig" / part.name).symlink_to(part)
    bodies = cities / "leipzig" / "bodies.yaml"
    text = bodies.read_text("utf-8")
    bodies.unlink()
    bodies.write_text(text.replace("polizeipraesidium@example.org", "neu@example.org"), encoding="utf-8")
    monkeypatch.setenv("CITIES_DIR", str(cities))
    for how, differs in ((["--dry-run"], True), ([], True), (["--dry-run"], False)):
        said = rapport("directory", "import", *how).output
        assert ("police_president" in said) is differs
        assert "neu@" not in said
