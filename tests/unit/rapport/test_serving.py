"""What `rapport run` serves on, links to and warns of."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import structlog

from rapport import commands
from rapport.composition import NAMES
from shared.city.city import load_city, shipped_addresses
from shared.system.settings import ROOT, Settings


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    """Return what would be served, and with which settings, instead of serving it."""
    seen: dict[str, Any] = {}

    def build(_names: object, settings: Settings, *_more: object) -> tuple[None, None]:
        seen["settings"] = settings
        return None, None

    for name in ("PUBLIC_URL", "SMTP_URL", "HTTP_PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.setattr(commands, "build", build)
    monkeypatch.setattr(commands, "configure_logging", lambda _style: None)
    monkeypatch.setattr("uvicorn.run", lambda _app, **how: seen.update(how))
    return seen


@pytest.mark.parametrize(
    ("environment", "port", "url"),
    [
        ({}, 0, "http://127.0.0.1:8080"),
        ({}, 8123, "http://127.0.0.1:8123"),
        ({"HTTP_PORT": "8124"}, 0, "http://127.0.0.1:8124"),
        ({"PUBLIC_URL": "https://rapport.leipzig.de"}, 8123, "https://rapport.leipzig.de"),
    ],
)
def test_mails_link_to_the_port_that_is_served_on_unless_an_address_is_set(
    served: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    port: int,
    url: str,
):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    commands.serve(NAMES, "leipzig", "", port)
    assert served["settings"].public_url == url
    assert served["port"] == (port or int(environment.get("HTTP_PORT", "8080")))


def test_every_address_of_a_shipped_profile_is_one_that_reaches_nobody():
    city = load_city("leipzig", ROOT / "deploy" / "cities", ROOT / "var" / "none")
    members = [member for body in city.seed.values() for member in body.members]
    mails = {person.mail for member in members for person in (member, member.deputy) if person}
    assert shipped_addresses(city) == sorted(mails)


def test_addresses_that_reach_somebody_are_not_named():
    city = load_city("leipzig", ROOT / "deploy" / "cities", ROOT / "var" / "none")
    body = city.seed["rapport"]
    mails = ("a@leipzig.de", "b@notexample.org", "c@Example.org", "d@mail.example.org")
    members = tuple(body.members[0].model_copy(update={"mail": mail, "deputy": None}) for mail in mails)
    city.seed = {"rapport": body.model_copy(update={"members": members})}
    assert shipped_addresses(city) == ["c@Example.org", "d@mail.example.org"]


@pytest.mark.parametrize(("url", "warned"), [("smtp://mail.leipzig.de", True), ("", False)])
def test_a_start_with_a_mail_server_and_shipped_addresses_warns_once_without_naming_them(
    served: dict[str, Any], monkeypatch: pytest.MonkeyPatch, url: str, warned: bool
):
    monkeypatch.setenv("SMTP_URL", url)
    with structlog.testing.capture_logs() as logs:
        commands.serve(NAMES, "leipzig", "", 0)
    assert [line["event"] for line in logs] == (["mails_to_nobody"] if warned else [])
    assert "@" not in str(logs)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["run"], "rapport run"),
        (["run", "CITY=boston"], "rapport run --city boston"),
        (["run", "PORT=8123"], "rapport run --port 8123"),
        (["demo"], "rapport demo"),
        (
            ["demo", "CITY=boston", "PORT=8123", "FEED=x.csv", "SERVE=0"],
            "rapport demo --city boston --port 8123 --feed x.csv --no-serve",
        ),
    ],
)
@pytest.mark.parametrize("by_environment", [False, True])
def test_make_passes_on_only_what_was_given_so_that_the_settings_file_counts(
    given: list[str], said: str, by_environment: bool
):
    target, *values = given
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("MAKE") and name not in {"MFLAGS", "CITY", "PORT", "FEED", "SERVE"}
    }
    environment = clean | (dict(value.split("=") for value in values) if by_environment else {})
    command = ["make", "-n", target, *([] if by_environment else values)]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1].split() == f".venv/bin/{said}".split()
