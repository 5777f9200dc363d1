"""A replay shows what would have been sent; it sends nothing. Mails link to where the result is served."""

import asyncio
from pathlib import Path

import pytest

from rapport.replay import demo
from rapport.replay.demo import settings_for_replay


def test_a_replay_never_reaches_a_mail_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("SMTP_URL", "smtp://mail.example.org")
    settings = settings_for_replay("leipzig", tmp_path, servers=False)
    assert settings.smtp_url is None
    assert settings.data_dir == tmp_path / "leipzig"


@pytest.mark.parametrize(("port", "url"), [(None, "http://127.0.0.1:8080"), (8123, "http://127.0.0.1:8123")])
def test_mails_of_a_replay_link_to_the_port_on_which_it_is_served(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, port: int | None, url: str
):
    monkeypatch.delenv("PUBLIC_URL", raising=False)
    assert settings_for_replay("leipzig", tmp_path, servers=False, port=port).public_url == url


def test_the_demo_lies_in_the_folder_of_the_settings_and_is_given_its_port(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    given: list[object] = []

    async def replayed(file: Path, _city: str, _map: str, folder: Path, *, port: int) -> tuple[None, None]:
        given.extend([file.parent, folder, port])
        return None, None, 0

    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.setattr(demo, "replay_file", replayed)
    monkeypatch.setattr(demo, "write_feed", lambda *_: None)
    asyncio.run(demo.demo("leipzig", None, 8123, serve=False))
    assert given == [tmp_path / "demo", tmp_path / "demo", 8123]


def test_a_replay_takes_official_areas_from_the_folder_of_the_settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    profile = demo._profile(settings_for_replay("leipzig", tmp_path, servers=False), synthetic=True)
    assert profile.overlay == tmp_path / "var" / "cities" / "leipzig"
    assert profile.note["de"].startswith("Synthetische Daten")
