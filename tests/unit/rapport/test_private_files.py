"""What the command writes is for its own user alone, also where the folder was open before."""

import os
import stat
import subprocess
import sys
from pathlib import Path

from shared.system.settings import ROOT, Settings


def test_databases_and_keys_are_readable_for_their_owner_alone(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from rapport.cli import main; main()", "keys", "issue", "police"]
    environment = {**os.environ, "VAR_DIR": str(tmp_path / "var"), "DATABASE_URL": "", "AMQP_URL": ""}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, umask=0o022)
    made = [tmp_path / "var", *(tmp_path / "var").rglob("*")]
    assert len(made) > 3
    assert {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in made} == {0}


def test_a_folder_that_was_open_is_closed(tmp_path: Path) -> None:
    (tmp_path / "leipzig").mkdir(mode=0o755)
    assert stat.S_IMODE(Settings(var_dir=tmp_path).data_dir.stat().st_mode) == 0o700
