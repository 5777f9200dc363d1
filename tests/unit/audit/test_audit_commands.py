"""What operators do is in the log; they look whether it is whole, and take it out."""

import asyncio
import csv
import json
import sqlite3
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import Result
from typer.testing import CliRunner

from rapport.cli import app
from rapport.composition import NAMES, build
from services.audit.domain import hash_of
from shared.city.city import load_city
from shared.facts import IncidentWithdrawn
from shared.messaging import inbox
from shared.messaging.envelope import Envelope, seal
from shared.system.clock import SystemClock
from shared.system.settings import Settings

Run = Callable[..., Result]
MODERATOR = "extended_rapport/addiction_commissioner"


@pytest.fixture
def rapport(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run a command."""
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    return lambda *arguments: CliRunner().invoke(app, arguments)


async def hand_over(folder: Path, *dead: Envelope) -> None:
    """Run the system until nothing is left to do, after it was given letters that are dead in the portal."""
    settings = Settings(_env_file=None, var_dir=folder, durable=False)
    city = load_city("leipzig", settings.cities_dir, folder)
    process, _ = build(NAMES, settings, city, SystemClock(), uuid4)
    await process.open()
    async with process.runtimes["portal"].transaction() as tx:
        for envelope in dead:
            await inbox.mark(tx, [envelope])
            await inbox.bury(tx, envelope, "tried in vain")
    while await process.step():
        pass
    await process.close()


def exported(rapport: Run, folder: Path, *how: str) -> list[dict[str, str]]:
    """Return what the log says once all facts are handed over."""
    asyncio.run(hand_over(folder))
    file = folder / "audit.csv"
    assert rapport("audit", "export", str(file), *how).exit_code == 0
    text = file.read_text("utf-8-sig")
    return list(csv.DictReader(StringIO(text, newline=""), delimiter=";", strict=True))


def said(row: dict[str, str]) -> tuple[str, str, dict[str, str]]:
    assert (row["by"], row["via"]) == ("operator", "command")
    return row["action"], row["about"], json.loads(row["entry"])["details"]


def test_keys_are_recorded_in_each_service_that_they_open_and_never_as_themselves(rapport, tmp_path):
    key = rapport("keys", "issue", MODERATOR).stdout.strip()
    assert rapport("keys", "revoke", key[3:11]).exit_code == 0
    rows = exported(rapport, tmp_path)
    services = ["agreements", "audit", "directory", "escalation", "notify", "scheduler"]
    found = sorted((said(row) for row in rows), key=lambda each: (each[0], each[2]["service"]))
    assert [(action, about, how["service"]) for action, about, how in found] == [
        (action, key[3:11], service) for action in ("key.issued", "key.revoked") for service in services
    ]
    assert {how["holder"] for action, _, how in found if action == "key.issued"} == {MODERATOR}
    assert key[12:] not in (tmp_path / "audit.csv").read_text("utf-8")


def test_what_is_not_done_is_not_recorded(rapport, tmp_path):
    assert rapport("keys", "issue", "nobody").exit_code == 1
    assert rapport("keys", "revoke", "00000000").exit_code == 1
    assert rapport("dead", "retry").exit_code == 0
    assert rapport("dead", "retry", str(uuid4())).exit_code == 0
    assert exported(rapport, tmp_path) == []


def test_a_clock_that_is_confirmed_is_recorded_in_each_service(rapport, tmp_path):
    assert rapport("clock", "confirm").exit_code == 0
    rows = exported(rapport, tmp_path)
    assert {said(row)[:2] for row in rows} == {("clock.confirmed", name) for name in NAMES}


def test_dead_letters_that_are_brought_back_are_recorded_one_by_one_or_together(rapport, tmp_path):
    gone = IncidentWithdrawn(incident_id=uuid4(), revision=2)
    one, two, three = (seal(gone, uuid4(), "intake", SystemClock().now(), None) for _ in range(3))
    asyncio.run(hand_over(tmp_path, one, two, three))
    assert "1 brought back." in rapport("dead", "retry", str(two.id)).stdout
    assert "2 brought back." in rapport("dead", "retry").stdout
    assert list(map(said, exported(rapport, tmp_path))) == [
        ("dead.retried", str(two.id), {"messages": "1", "service": "portal"}),
        ("dead.retried", "portal", {"messages": "2", "service": "portal"}),
    ]


def test_a_log_that_holds_says_how_many_entries_it_has_and_their_last_hash(rapport, tmp_path):
    empty = rapport("audit", "verify")
    assert (empty.exit_code, empty.stdout.split()[:2]) == (0, ["0", "entries,"])
    rapport("keys", "issue", "police")
    rapport("keys", "issue", "street_work")
    [first, last] = exported(rapport, tmp_path)[:2]
    assert last["hash"] == hash_of(first["hash"], last["entry"])
    whole = rapport("audit", "verify")
    assert whole.exit_code == 0
    assert whole.stdout.startswith("2 entries, ")
    assert last["hash"] in whole.stdout
    for kept, where in [(first["hash"], 1), (last["hash"].upper(), 2), ("0" * 64, 0)]:
        found = rapport("audit", "verify", "--expect", kept)
        assert (found.exit_code, f"that of entry {where}" in found.stdout) == (0, True)
    lost = rapport("audit", "verify", "--expect", "f" * 64)
    assert (lost.exit_code, "the log was cut or replaced" in lost.stdout) == (1, True)


def test_a_log_that_was_changed_names_the_first_entry_that_does_not_fit(rapport, tmp_path):
    for agency in ("police", "street_work", "public_order_office"):
        rapport("keys", "issue", agency)
    assert len(exported(rapport, tmp_path)) == 3
    with sqlite3.connect(tmp_path / "leipzig" / "audit.db") as database:
        database.execute("DROP TRIGGER entries_update")
        database.execute(
            "UPDATE entries SET text = replace(text, 'street_work', 'police') WHERE position = 2"
        )
    database.close()
    broken = rapport("audit", "verify")
    assert (broken.exit_code, broken.stdout.startswith("entry 2 does not fit (hash)")) == (1, True)


def test_an_export_can_be_of_some_is_for_its_owner_alone_and_is_recorded(rapport, tmp_path):
    rapport("keys", "issue", "police")
    rapport("clock", "confirm")
    [row] = exported(rapport, tmp_path, "--action", "key.issued", "--via", "command", "--since", "2020-01-01")
    assert row["action"] == "key.issued"
    assert (tmp_path / "audit.csv").stat().st_mode & 0o077 == 0
    assert exported(rapport, tmp_path, "--until", "2020-01-01T10:00") == []
    actions = [row["action"] for row in exported(rapport, tmp_path)]
    assert actions.count("audit.exported") == 2
    assert len(rapport("audit", "export", "-", "--action", "key.issued").stdout.splitlines()) == 2
    assert rapport("audit", "export", str(tmp_path / "none" / "audit.csv")).exit_code == 1
