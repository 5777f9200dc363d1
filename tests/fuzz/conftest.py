"""The whole system on each database, one for all examples of a test run."""

from collections.abc import Iterator

import pytest

from shared.system.settings import Settings
from tests import servers
from tests.fuzz.office import Office

GROUP = pytest.mark.xdist_group
STORES = [
    pytest.param("sqlite", marks=GROUP("fuzz sqlite")),
    pytest.param("postgres", marks=[pytest.mark.postgres, GROUP("fuzz postgres")]),
]


@pytest.fixture(scope="module", params=STORES)
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    values: dict[str, object] = {"var_dir": tmp_path_factory.mktemp("var"), "durable": False}
    if request.param == "postgres":
        server: servers.Server = request.getfixturevalue("postgres_server")
        name = servers.make_database(server)
        values["database_url"] = f"postgresql+asyncpg://postgres@127.0.0.1:{server.port}/{name}"
    made = Office(Settings.model_validate(values))
    yield made
    made.close()
