"""What operators read about settings follows from the settings."""

import re

import pytest

from rapport.docs import settings_table
from shared.system.settings import Settings

STALE = "stale: run `python -m rapport.docs.settings_table`"


def test_the_example_file_is_fresh() -> None:
    assert settings_table.EXAMPLE.read_text(encoding="utf-8") == settings_table.example(), STALE


def test_the_table_in_the_guide_is_fresh() -> None:
    before = settings_table.GUIDE.read_text(encoding="utf-8")
    assert before == settings_table.guide(before), STALE


def test_the_example_says_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Settings(_env_file=None)  # type: ignore[call-arg]
    for name, value in re.findall(r"^#([A-Z_]+)=(.+)$", settings_table.example(), re.MULTILINE):
        if name not in {"CITIES_DIR", *settings_table.COMPOSE}:
            monkeypatch.setenv(name, value)
    assert Settings(_env_file=None) == plain  # type: ignore[call-arg]


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_described(name: str) -> None:
    assert Settings.model_fields[name].description


def test_what_compose_sets_are_settings() -> None:
    assert {name.upper() for name in Settings.model_fields} >= settings_table.SET_BY_COMPOSE
