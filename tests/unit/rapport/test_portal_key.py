"""Portal and notify share one key, whoever starts first."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from rapport.composition import portal_key
from shared.access.keys import SHAPE


def test_the_key_is_made_once_and_readable_for_its_owner_alone(tmp_path: Path):
    path = tmp_path / "portal.key"
    key = portal_key(path)
    assert SHAPE.match(key)
    assert portal_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_services_that_start_together_agree_on_one_key(tmp_path: Path):
    for number in range(20):
        path = tmp_path / f"{number}.key"
        together = Barrier(4)

        def start(path: Path = path, together: Barrier = together) -> str:
            together.wait()
            return portal_key(path)

        with ThreadPoolExecutor(4) as pool:
            keys = {future.result() for future in [pool.submit(start) for _ in range(4)]}
        assert len(keys) == 1
        assert SHAPE.match(keys.pop())
