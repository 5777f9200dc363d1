"""A story begins on an ordinary Monday in Leipzig, at ten o'clock."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from shared.settings import Settings
from tests.story.city import Story


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var_dir=tmp_path, durable=False)


@pytest_asyncio.fixture
async def leipzig(settings: Settings) -> AsyncIterator[Story]:
    story = await Story(settings).open()
    yield story
    await story.close()
