"""Files that only the user who runs the system reads; each appears whole, or not at all."""

import os
import secrets
from contextlib import suppress
from pathlib import Path


def make_once(path: Path, text: str) -> str:
    """Write a file unless it is there; return what it holds then. Several processes may do so at once."""
    if not path.exists():
        own = _written_beside(path, text)
        with suppress(FileExistsError):
            path.hardlink_to(own)
        own.unlink()
    return path.read_text(encoding="utf-8")


def replace_whole(path: Path, text: str) -> None:
    """Put another text into a file; a power cut leaves the one before or this one."""
    _written_beside(path, text).replace(path)


def _written_beside(path: Path, text: str) -> Path:
    own = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    own.touch(mode=0o600)
    with own.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return own
