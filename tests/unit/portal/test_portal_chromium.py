"""A real browser has nothing to complain of."""

import asyncio
import shutil
import socket
import subprocess
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI

from tests.conftest import need
from tests.unit.portal import town

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--enable-logging=stderr",
)


@pytest.mark.chromium
async def test_the_overview_draws_without_a_complaint(leipzig, tmp_path):
    need("chromium", present=CHROMIUM is not None)
    await town.hear(leipzig.runtimes["portal"], town.year_of_incidents(leipzig.city, 200))
    await town.hear(leipzig.runtimes["portal"], town.story(leipzig.city))
    app = leipzig.routes(FastAPI(docs_url=None, redoc_url=None))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    listening = socket.create_server(("127.0.0.1", 0))
    serving = asyncio.create_task(server.serve([listening]))
    port = listening.getsockname()[1]
    for path in ("/de/", "/de/mails/00000000-0000-0000-0000-00000000012c"):
        log = await asyncio.to_thread(_look, f"http://127.0.0.1:{port}{path}", tmp_path)
        complaints = [line for line in log.splitlines() if ":CONSOLE" in line and "sandboxed" not in line]
        assert complaints == []
        assert (tmp_path / "page.png").stat().st_size > 20_000
    server.should_exit = True
    await serving


def _look(url: str, folder: Path) -> str:
    command = [
        CHROMIUM,
        *QUIET,
        "--window-size=1280,2000",
        f"--user-data-dir={folder / 'profile'}",
        f"--screenshot={folder / 'page.png'}",
        url,
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=90, check=True)
    return done.stderr
