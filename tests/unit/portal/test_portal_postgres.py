"""The same read model on PostgreSQL."""

import pytest

from tests import servers
from tests.unit.portal import town
from tests.unit.portal.conftest import client_of
from tests.unit.portal.test_portal_pages import CHARTS, PAGES


@pytest.mark.postgres
async def test_postgresql_shows_the_same_pages_as_sqlite(postgres_server, leipzig, tmp_path):
    name = servers.make_database(postgres_server)
    url = f"postgresql+asyncpg://postgres@127.0.0.1:{postgres_server.port}/{name}"
    process = town.portal_process(tmp_path, "leipzig", database_url=url)
    await process.open()
    for one in (leipzig, process):
        runtime = one.runtimes["portal"]
        cluster = town.cluster_at(one.city, next(iter(one.city.places)), town.at(3, 20), 14)
        await town.hear(runtime, [*town.year_of_incidents(one.city), *cluster])
        await town.hear(runtime, list(reversed(town.story(one.city))))
    async with client_of(leipzig) as sqlite, client_of(process) as postgres:
        for path in (*PAGES, *CHARTS):
            first, second = await sqlite.get(f"/de{path}"), await postgres.get(f"/de{path}")
            assert second.status_code == 200, path
            assert second.text == first.text, path
    await process.close()
