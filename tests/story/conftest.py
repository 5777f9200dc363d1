"""A story begins on an ordinary Monday in Leipzig, at ten o'clock."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from shared.system.settings import ROOT, Settings
from tests.story.city import Story


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var_dir=tmp_path, durable=False)


@pytest.fixture(scope="session")
def first_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the databases and mails of a system that has just been set up."""
    folder = tmp_path_factory.mktemp("first_day")

    async def set_up() -> None:
        await (await Story(Settings(var_dir=folder, durable=False)).open()).close()

    asyncio.run(set_up())
    return folder


@pytest_asyncio.fixture
async def leipzig(settings: Settings, first_day: Path) -> AsyncIterator[Story]:
    shutil.copytree(first_day, settings.var_dir, dirs_exist_ok=True)
    story = await Story(settings, seed=2).open()
    yield story
    await story.close()


@pytest_asyncio.fixture
async def city(tmp_path: Path) -> AsyncIterator[Story]:
    """Leipzig with a profile of its own that operators can edit."""
    shutil.copytree(ROOT / "deploy" / "cities" / "leipzig", tmp_path / "cities" / "leipzig")
    settings = Settings(
        _env_file=None, var_dir=tmp_path / "var", cities_dir=tmp_path / "cities", durable=False
    )
    story = await Story(settings).open()
    yield story
    await story.close()
