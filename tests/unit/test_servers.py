"""Private servers end with whoever started them, however that ended."""

import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from shared.system.settings import ROOT

STARTER = """
import json, signal, sys
from tests import servers
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background begins with it ignored
with servers._folder(None) as folder:
    port = servers.free_port()
    server = servers.Server(folder, port, [sys.executable, "-m", "http.server", str(port), "-b", "127.0.0.1"])
    server.start()
    print(json.dumps([server.process.pid, server._watch.pid, str(folder)]), flush=True)
    signal.pause()
"""
SECONDS = 60


def wait_for_end(pid: int) -> bool:
    """Wait until a process that is not our child has ended; say whether it did."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([process], [], [], SECONDS)[0])
    finally:
        os.close(process)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_interrupted_run_leaves_no_server_and_no_folder(sign: signal.Signals):
    command = [sys.executable, "-c", STARTER]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as starter:
        assert starter.stdout
        server, watch, folder = json.loads(starter.stdout.readline())
        starter.send_signal(sign)
        starter.wait(SECONDS)
    assert wait_for_end(watch)
    assert wait_for_end(server)
    assert not Path(folder).exists()
