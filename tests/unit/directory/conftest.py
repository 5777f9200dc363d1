"""A directory for each test, asked over HTTP by people and services."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from shared.access.assertion import make_signing_key
from shared.city.city import City, load_city
from shared.system.settings import ROOT, Settings
from tests.unit.directory.office import Office

KEY = make_signing_key()


@pytest.fixture
def leipzig(tmp_path_factory: pytest.TempPathFactory) -> City:
    return load_city("leipzig", ROOT / "deploy" / "cities", tmp_path_factory.mktemp("var"))


@pytest_asyncio.fixture
async def office(tmp_path: Path, leipzig: City) -> AsyncIterator[Office]:
    made = Office(Settings(var_dir=tmp_path, durable=False), leipzig)
    await made.open()
    yield made
    await made.close()
