"""What tests need that is installed or not: private servers, the reference data."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import servers

DATA = Path(os.environ.get("RAPPORT_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
REQUIRED = set(filter(None, os.environ.get("RAPPORT_REQUIRE", "").split(",")))


def need(what: str, *, present: bool, otherwise: str = "is not installed") -> None:
    """Skip with a plain word where something is not there, or fail where it is required."""
    if not present:
        reason = f"{what} {otherwise}; RAPPORT_REQUIRE={what} makes this a failure"
        pytest.fail(reason) if what in REQUIRED else pytest.skip(reason)


@pytest.fixture(scope="session")
def rabbitmq_server() -> Iterator[servers.Server]:
    need("rabbitmq", present=servers.has_rabbitmq())
    with servers.rabbitmq() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[servers.Server]:
    need("postgres", present=servers.has_postgres())
    with servers.postgres() as server:
        yield server


@pytest.fixture(scope="session")
def data() -> Path:
    """Return the folder of reference data, which is not part of the repository."""
    need(
        "data",
        present=DATA.is_dir(),
        otherwise="is not beside the repository (RAPPORT_DATA names its folder)",
    )
    return DATA
