"""Writes mails as `.eml` files, which every mail program opens."""

import os
from pathlib import Path

from services.notify.channels.mail.letter import Letter
from shared.errors import Unavailable


class Files:
    """One file per mail; a repeated attempt replaces it, nobody sees half of one."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder = folder
        self.durable = durable

    async def send(self, letter: Letter) -> None:
        try:
            self._write(letter)
        except OSError as error:
            raise Unavailable(f"the mail folder cannot be written: {error.strerror}") from error

    async def close(self) -> None:
        return None

    def _write(self, letter: Letter) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        unfinished = self.folder / f".{letter.name}.part"
        with unfinished.open("wb") as file:
            file.write(letter.message)
            if self.durable:
                file.flush()
                os.fsync(file.fileno())
        unfinished.replace(self.folder / letter.name)
