"""A replay shows what would have been sent; it sends nothing."""

from pathlib import Path

import pytest

from services.demo import settings_for_replay


def test_a_replay_never_reaches_a_mail_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("SMTP_URL", "smtp://mail.example.org")
    settings = settings_for_replay("leipzig", tmp_path, servers=False)
    assert settings.smtp_url is None
    assert settings.data_dir == tmp_path / "leipzig"
