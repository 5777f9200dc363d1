"""A notify service for each test, and the two cities."""

from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path
from uuid import NAMESPACE_OID, UUID, uuid5

import pytest
import pytest_asyncio
from pydantic import SecretStr

from rapport.process.process import Process
from services.notify.app import service
from services.notify.channels.mail.channel import Mail
from shared.city.city import City, load_city
from shared.system.clock import MovableClock
from shared.system.settings import ROOT, Settings
from tests import servers
from tests.unit.notify.builders import NOW, Desk, Memory, Profile


@pytest.fixture(scope="session")
def leipzig(tmp_path_factory: pytest.TempPathFactory) -> City:
    return load_city("leipzig", ROOT / "deploy" / "cities", tmp_path_factory.mktemp("var"))


@pytest.fixture(scope="session")
def boston(tmp_path_factory: pytest.TempPathFactory) -> City:
    return load_city("boston", ROOT / "deploy" / "cities", tmp_path_factory.mktemp("var"))


@pytest.fixture
def ids() -> Iterator[UUID]:
    return (uuid5(NAMESPACE_OID, str(number)) for number in count())


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var_dir=tmp_path, durable=False)


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.xdist_group("servers")]),
    ]
)
def each_database(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Return settings for each kind of database."""
    if request.param == "sqlite":
        return Settings(var_dir=tmp_path, durable=False)
    server: servers.Server = request.getfixturevalue("postgres_server")
    url = f"postgresql+asyncpg://postgres@127.0.0.1:{server.port}/{servers.make_database(server)}"
    return Settings(var_dir=tmp_path, database_url=SecretStr(url))


@pytest_asyncio.fixture
async def desk(settings: Settings, leipzig: City, ids: Iterator[UUID]) -> AsyncIterator[Desk]:
    clock, sender = MovableClock(NOW), Memory()
    addresses = Profile(leipzig)
    declared = service(settings, addresses, {"mail": Mail(sender, settings.mail_from)})
    process = Process([declared], settings, leipzig, clock, ids.__next__)
    await process.open()
    await process.step()
    yield Desk(process, clock, sender, ids, addresses)
    await process.close()
