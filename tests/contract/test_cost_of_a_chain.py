"""What one report that raises an escalation and mails leadership costs, counted.

The tables say what each service does for it: statements sent to its database, commits, facts handed over
(each receiver counts) and wake-ups (a request, a group of facts that came in, a batch that went out, a pass
of the worker). A change that makes the chain cheaper or dearer changes them.
"""

import json
import shutil
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
import yaml
from pydantic import SecretStr
from sqlalchemy import event

from rapport.process.process import TOPOLOGY
from shared.messaging.bus import Bus
from shared.messaging.envelope import Envelope
from shared.messaging.topology import routes
from shared.runtime import receiving
from shared.runtime.service import Runtime
from shared.system.settings import ROOT, Settings
from tests import servers
from tests.story.city import KITA, PARK, Story

ROUTES = routes(json.loads(TOPOLOGY.read_text(encoding="utf-8")))
AT_ONCE = {
    "id": "acute",
    "kind": "count",
    "scope": "district",
    "categories": ["other"],
    "at_least": 1,
    "within": "P1D",
    "calm": "P1D",
    "name": {"de": "Sofortmeldung", "en": "Immediate report"},
    "notify": ["extended_rapport"],
}
"""Every report of this category raises an escalation; no meeting is called."""


@dataclass
class Cost:
    """What a service did."""

    statements: int = 0
    commits: int = 0
    publishes: int = 0
    wakes: int = 0


POSTGRESQL = {
    "directory": Cost(),
    "intake": Cost(statements=6, commits=3, publishes=2, wakes=3),
    "escalation": Cost(statements=11, commits=2, publishes=4, wakes=2),
    "scheduler": Cost(statements=4, commits=1, publishes=0, wakes=1),
    "notify": Cost(statements=10, commits=4, publishes=1, wakes=3),
    "agreements": Cost(),
    "audit": Cost(),
    "portal": Cost(statements=9, commits=3, publishes=0, wakes=3),
}
SQLITE = {
    "directory": Cost(),
    "intake": Cost(statements=6, commits=3, publishes=2, wakes=3),
    "escalation": Cost(statements=10, commits=2, publishes=4, wakes=2),
    "scheduler": Cost(statements=3, commits=1, publishes=0, wakes=1),
    "notify": Cost(statements=9, commits=4, publishes=1, wakes=3),
    "agreements": Cost(),
    "audit": Cost(),
    "portal": Cost(statements=8, commits=3, publishes=0, wakes=3),
}


class Account:
    """What each service has done since this listens."""

    def __init__(self, story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
        self.costs: dict[str, Cost] = defaultdict(Cost)
        self.statements: dict[str, list[str]] = defaultdict(list)
        for runtime in story.process.runtimes.values():
            self._listen(runtime)
        receive = receiving.receive

        async def received(runtime: Runtime, envelopes: Sequence[Envelope]) -> None:
            self.costs[runtime.name].wakes += 1
            await receive(runtime, envelopes)

        monkeypatch.setattr(receiving, "receive", received)

    def written(self) -> str:
        """Return the beginning of every statement, by service."""
        said = (
            (name, " ".join(each.split())[:100]) for name in self.statements for each in self.statements[name]
        )
        return "\n".join(f"{name}: {statement}" for name, statement in said)

    def _listen(self, runtime: Runtime) -> None:
        name, engine = runtime.name, runtime.database.engine.sync_engine

        def executed(connection: Any, _cursor: object, statement: str, *_: object) -> None:
            if statement.startswith("BEGIN"):
                return
            self.costs[name].statements += 1
            self.statements[name].append(statement)
            is_single = connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT"
            self.costs[name].commits += is_single and not statement.startswith("SELECT")

        def committed(_connection: object) -> None:
            self.costs[name].commits += 1

        event.listen(engine, "before_cursor_execute", executed)
        event.listen(engine, "commit", committed)
        assert runtime.relay
        runtime.relay.bus = CountedBus(runtime.relay.bus, self.costs[name])
        if worker := runtime.service.worker:

            async def work(worked: Runtime) -> int:
                self.costs[name].wakes += 1
                return await worker(worked)

            runtime.service = replace(runtime.service, worker=work)


@dataclass
class CountedBus:
    """Counts what one service hands over, once for each receiver."""

    bus: Bus
    cost: Cost

    async def publish(self, envelopes: Sequence[Envelope]) -> set[UUID]:
        self.cost.wakes += 1
        self.cost.publishes += sum(len(ROUTES[envelope.kind]) for envelope in envelopes)
        return await self.bus.publish(envelopes)


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Return those of a Leipzig where one person is told of every report of one category."""
    cities = tmp_path / "cities"
    profile = cities / "leipzig"
    shutil.copytree(ROOT / "deploy" / "cities" / "leipzig", profile)
    rules = yaml.safe_load((profile / "rules.yaml").read_text(encoding="utf-8"))
    (profile / "rules.yaml").write_text(yaml.safe_dump([*rules, AT_ONCE]), encoding="utf-8")
    bodies = yaml.safe_load((profile / "bodies.yaml").read_text(encoding="utf-8"))
    for body in bodies:
        body["members"] = [member for member in body["members"] if member.get("role") == "leadership"][:1]
    (profile / "bodies.yaml").write_text(yaml.safe_dump(bodies), encoding="utf-8")
    url = None
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_server")
        name = servers.make_database(server)
        url = SecretStr(f"postgresql+asyncpg://postgres@127.0.0.1:{server.port}/{name}")
    return Settings(
        _env_file=None, var_dir=tmp_path / "var", cities_dir=cities, durable=False, database_url=url
    )


@pytest_asyncio.fixture
async def story(settings: Settings) -> AsyncIterator[Story]:
    story = await Story(settings).open()
    yield story
    await story.close()


async def test_what_a_chain_costs(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    await story.report(acute(story.now, PARK))
    account = Account(story, monkeypatch)
    account.costs["intake"].wakes += 1  # the request
    await story.report(acute(story.now, KITA))
    assert len(story.mails("alert")) == 2
    is_sqlite = story.process.runtimes["intake"].database.is_sqlite
    assert dict(account.costs) == (SQLITE if is_sqlite else POSTGRESQL), account.written()


def acute(at: datetime, where: dict[str, float]) -> dict[str, Any]:
    """Return a report that calls leadership by itself."""
    return {"category": "other", "occurred_at": at.isoformat(), **where}
