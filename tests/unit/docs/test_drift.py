"""Documents say what the code does; where one has fallen behind, the failure names the command."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rapport.cli import app
from rapport.composition import NAMES, declare
from rapport.docs import documents
from rapport.docs.documents import ARCHITECTURE, ASYNCAPI, OPENAPI, filled_in, generated
from rapport.docs.settings_table import EXAMPLE, GUIDE
from rapport.process.process import TOPOLOGY
from shared.facts import FACTS
from shared.system.settings import ROOT, Settings

STALE = "stale: run `rapport docs`"
PATHS = (OPENAPI, ASYNCAPI, TOPOLOGY, ARCHITECTURE, EXAMPLE, GUIDE)
ADR = ROOT / "docs" / "adr"
DECISIONS = sorted(ADR.glob("[0-9]*.md"))
PAGES = [ARCHITECTURE, ADR / "README.md", ROOT / "CHANGELOG.md", *DECISIONS]
NOT_OURS = {"var", "build", "dist"}
PACKAGES = {"rapport", "shared", "services"}
"""In these every folder inside is explained, too."""


def page() -> str:
    return ARCHITECTURE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def now() -> dict[Path, str]:
    return generated()


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_what_is_generated_is_fresh(now: dict[Path, str], path: Path):
    assert path.read_text(encoding="utf-8") == now[path], STALE


def test_everything_that_is_generated_is_checked(now: dict[Path, str]):
    assert set(now) == set(PATHS)


def test_the_environment_does_not_change_what_is_generated(
    now: dict[Path, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("CITY", "boston")
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.setenv("AMQP_URL", "amqp://elsewhere")
    monkeypatch.setenv("DATABASE_URL", "postgresql+asyncpg://elsewhere")
    monkeypatch.setenv("PUBLIC_URL", "https://rapport.example.org")
    assert generated() == now
    assert list(tmp_path.iterdir()) == []


def test_the_command_mends_what_is_stale_and_names_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    stale, fresh = tmp_path / "stale.json", tmp_path / "fresh.json"
    fresh.write_text("{}\n", encoding="utf-8")
    monkeypatch.setattr(documents, "generated", lambda: {stale: "new\n", fresh: "{}\n"})
    monkeypatch.setattr("rapport.commands.ROOT", tmp_path)
    result = CliRunner().invoke(app, ["docs"])
    assert result.output == "stale.json brought up to date.\n"
    assert stale.read_text(encoding="utf-8") == "new\n"


def test_the_command_prints_the_topology_that_is_shipped():
    shown = CliRunner().invoke(app, ["broker", "topology"]).output
    assert shown.split() == TOPOLOGY.read_text(encoding="utf-8").split()


MAKES = {"body_changed": "BodyChanged"}
"""What is called to make a fact, where it is not the fact itself."""


@pytest.mark.parametrize("name", NAMES)
def test_a_service_declares_the_facts_that_it_makes(name: str):
    """At the broker it may publish no others."""
    declared = declare(Settings(_env_file=None), documents.ask_nobody)[name].publishes
    called = {MAKES.get(called, called) for called in _called_in(ROOT / "services" / name)}
    made = {fact for fact in FACTS.values() if fact.__name__ in called}
    assert set(declared) == made


def _called_in(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                yield node.func.id


def test_filling_in_replaces_only_what_lies_between_the_marks():
    before = "a\n<!-- x -->\nold\n<!-- end of x -->\nb\n"
    after = "a\n<!-- x -->\n\nnew\n\n<!-- end of x -->\nb\n"
    assert filled_in(before, {"x": "new\n"}) == filled_in(after, {"x": "new\n"}) == after


def _tests() -> Iterator[str]:
    for path in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node.name


@pytest.mark.parametrize("name", ["architecture.md", "security.md"])
def test_every_test_that_a_promise_names_exists(name: str):
    named = re.findall(r"`(test_\w+)`", (ROOT / "docs" / name).read_text(encoding="utf-8"))
    assert len(named) > 20
    assert set(named) - set(_tests()) == set()


def test_every_promise_names_what_checks_it():
    promises = re.findall(r"^\d+\. .+$", page(), re.MULTILINE)
    assert len(promises) > 10
    assert [
        promise for promise in promises if "`test_" not in promise and "`make check`" not in promise
    ] == []


def _tree() -> dict[str, str]:
    """Return path and explanation of each folder in the tree of the page."""
    found: dict[str, str] = {}
    above: list[str] = []
    for indent, name, text in re.findall(r"^    ( *)([\w.]+)/ +(\S.*)$", page(), re.MULTILINE):
        above = [*above[: len(indent) // 2], name]
        found["/".join(above)] = text
    return found


def _folders() -> Iterator[str]:
    for top in (path for path in ROOT.iterdir() if path.is_dir() and path.name not in NOT_OURS):
        if top.name == ".ci" or not (top.name.startswith(".") or top.suffix == ".egg-info"):
            yield top.name
        if top.name in PACKAGES:
            inside = {path.parent for path in top.rglob("*") if path.is_file()}
            yield from (
                folder.relative_to(ROOT).as_posix() for folder in inside if folder.name != "__pycache__"
            )


def _is_explained_by_its_parent(folder: str) -> bool:
    parts = folder.split("/")
    return "migrations" in parts or "templates" in parts[:-1]


def test_every_folder_is_in_the_tree_and_every_folder_of_the_tree_exists():
    there = {folder for folder in _folders() if not _is_explained_by_its_parent(folder)}
    assert there - set(_tree()) == set(), "give it a line in the tree of docs/architecture.md"
    assert [folder for folder in _tree() if not (ROOT / folder).is_dir()] == []


def test_the_handler_that_is_shown_is_in_the_code():
    code = (ROOT / "services" / "escalation" / "handlers.py").read_text(encoding="utf-8")
    shown = page().split("## One handler")[1].split("From `services/")[0].strip("\n")
    lines = [line.split("  #")[0].strip() for line in shown.splitlines()]
    assert len(lines) > 5
    assert [line for line in lines if line not in code] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_link_and_every_file_that_is_named_exists(path: Path):
    text = path.read_text(encoding="utf-8")
    linked = [path.parent / link.split("#")[0] for link in re.findall(r"\]\((?!https?:)([^)]+)\)", text)]
    named = [ROOT / name for name in re.findall(r"`((?:shared|services|deploy|docs|tests)/[\w./-]+)`", text)]
    assert [missing for missing in [*linked, *named] if not missing.exists()] == []


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.name)
def test_a_decision_says_what_why_and_until_when(path: Path):
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# ")
    for part in ("**Decision.**", "**Why.**", "**Revisit when**"):
        assert text.count(part) == 1
    assert len(text.split()) < 350, "half a page"


def test_decisions_are_numbered_without_a_gap_and_listed_under_their_titles():
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    titles = [path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ") for path in DECISIONS]
    entries = [
        f"- [{path.name[:4]}]({path.name}) {title}" for path, title in zip(DECISIONS, titles, strict=True)
    ]
    listed = [
        line for line in (ADR / "README.md").read_text(encoding="utf-8").splitlines() if line.startswith("- ")
    ]
    assert listed == entries


def test_the_drawing_names_every_service_and_every_subject_of_a_fact():
    drawn = (ROOT / "docs" / "figures" / "architecture.svg").read_text(encoding="utf-8")
    subjects = {kind.partition(".")[0] for kind in FACTS}
    assert [name for name in NAMES if f">{name}<" not in drawn] == []
    assert [subject for subject in subjects if f"{subject}.*" not in drawn] == []
