"""A file that somebody has chosen in a form (RFC 7578, `multipart/form-data`)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from shared.text.clean import clean_line
from shared.web.door import VISIT
from shared.web.problem import Problem

MULTIPART = "multipart/form-data"
FRAME = 4_096
"""Bytes of a form around its file."""
LONGEST_NAME = 60
TOO_LARGE = 413


class NoFile(Exception):  # noqa: N818 - an answer with words, no error of ours
    """There is no file to read; `why` is `missing`, `unreadable` or `too_large`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Upload:
    """Where a file lies, and what it was called by who chose it."""

    path: Path
    name: str


@asynccontextmanager
async def uploaded(request: Request, field: str, limit: int) -> AsyncIterator[Upload]:
    """Yield the file that was chosen in a field; it is gone afterwards. Raises NoFile."""
    name, content = await _content(request, field, limit)
    with NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        yield Upload(Path(file.name), clean_line(name, LONGEST_NAME))


async def _content(request: Request, field: str, limit: int) -> tuple[str, bytes]:
    if not request.headers.get("content-type", "").startswith(MULTIPART):
        raise NoFile("missing")
    try:
        request.scope[VISIT].body.allow(limit + FRAME)
        async with request.form(max_files=1, max_fields=5, max_part_size=FRAME) as form:
            file = form.get(field)
            name = (file.filename or "") if isinstance(file, UploadFile) else ""
            content = await file.read() if isinstance(file, UploadFile) else b""
    except Problem as problem:
        raise NoFile("too_large" if problem.status_code == TOO_LARGE else "unreadable") from problem
    except HTTPException as error:
        raise NoFile("unreadable") from error
    if not content or len(content) > limit:
        raise NoFile("too_large" if content else "missing")
    return name, content
