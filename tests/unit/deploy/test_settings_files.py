"""What operators read about settings follows from the settings."""

import re

import pytest

from services import describe_settings
from shared.settings import Settings

STALE = "stale: run `python -m services.describe_settings`"


def test_the_example_file_is_fresh() -> None:
    assert describe_settings.EXAMPLE.read_text(encoding="utf-8") == describe_settings.example(), STALE


def test_the_table_in_the_guide_is_fresh() -> None:
    before = describe_settings.GUIDE.read_text(encoding="utf-8")
    assert before == describe_settings.guide(before), STALE


def test_the_example_says_the_defaults() -> None:
    lines = re.findall(r"^#([A-Z_]+)=(.+)$", describe_settings.example(), re.MULTILINE)
    given = {
        name.lower(): value for name, value in lines if name not in {"CITIES_DIR", *describe_settings.COMPOSE}
    }
    plain = Settings(_env_file=None)  # type: ignore[call-arg]
    assert Settings(_env_file=None, **given) == plain  # type: ignore[arg-type,call-arg]


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_described(name: str) -> None:
    assert Settings.model_fields[name].description


def test_what_compose_sets_are_settings() -> None:
    assert {name.upper() for name in Settings.model_fields} >= describe_settings.SET_BY_COMPOSE
