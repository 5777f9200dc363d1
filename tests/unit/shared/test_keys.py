"""A key opens what it should, for as long as it should, and stands nowhere."""

import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from shared.access.keys import SHAPE, find_holder, find_keys, make_key, renew_key, revoke_key_of, store_key
from shared.messaging.transaction import Tx
from shared.storage.tables import api_keys
from tests.unit.shared.building import NOON, opened

YEAR = timedelta(days=365)
KEY = "rk_0a1b2c3d_" + "s" * 43
OTHER = "rk_0a1b2c3d_" + "t" * 43


async def nothing(tx: Tx) -> None:
    pass


async def revoke(tx: Tx) -> None:
    assert await revoke_key_of(tx, "0a1b2c3d")


async def revoke_another(tx: Tx) -> None:
    assert not await revoke_key_of(tx, "ffffffff")


async def renew(tx: Tx) -> None:
    await renew_key(tx, KEY, "police", 3 * YEAR)


async def revoke_and_renew(tx: Tx) -> None:
    await revoke(tx)
    await renew(tx)


ATTEMPTS = [
    (nothing, timedelta(0), KEY, "police"),
    (nothing, YEAR - timedelta(microseconds=1), KEY, "police"),
    (nothing, YEAR, KEY, None),
    (nothing, timedelta(0), OTHER, None),
    (nothing, timedelta(0), KEY.replace("0a1b2c3d", "ffffffff"), None),
    (nothing, timedelta(0), KEY[:-1], None),
    (nothing, timedelta(0), KEY + "s", None),
    (nothing, timedelta(0), KEY + "\n", None),
    (nothing, timedelta(0), "", None),
    (nothing, timedelta(0), "police", None),
    (revoke, timedelta(0), KEY, None),
    (revoke_another, timedelta(0), KEY, "police"),
    (renew, YEAR, KEY, "police"),
    (revoke_and_renew, timedelta(0), KEY, None),
]


@pytest.mark.parametrize(("before", "later", "shown", "holder"), ATTEMPTS)
async def test_whom_a_key_admits(
    before: Callable[[Tx], Awaitable[None]], later: timedelta, shown: str, holder: str | None, tmp_path: Path
):
    async with opened(tmp_path) as (_, runtime, clock):
        async with runtime.transaction() as tx:
            await store_key(tx, KEY, "police", YEAR)
            await before(tx)
        clock.advance(later)
        async with runtime.reading() as tx:
            held = await find_holder(tx, shown)
            assert (held.holder if held else None) == holder


async def test_the_secret_is_stored_nowhere(tmp_path: Path):
    async with opened(tmp_path) as (_, runtime, _), runtime.transaction() as tx:
        await store_key(tx, KEY, "police", YEAR)
        [row] = await tx.db.execute(select(api_keys))
    assert not any("s" * 43 in str(value) for value in row)


async def test_keys_are_listed_by_holder_with_what_became_of_them(tmp_path: Path):
    async with opened(tmp_path) as (_, runtime, _), runtime.transaction() as tx:
        await store_key(tx, KEY, "streetwork", YEAR)
        await store_key(tx, KEY.replace("0a1b2c3d", "11111111"), "police", YEAR)
        await revoke_key_of(tx, "0a1b2c3d")
        found = await find_keys(tx)
    assert [(key.holder, key.expires_at, key.revoked_at) for key in found] == [
        ("police", NOON + YEAR, None),
        ("streetwork", NOON + YEAR, NOON),
    ]


def test_a_new_key_has_the_shape_that_is_looked_for_and_is_never_the_same():
    made = {make_key(secrets.token_hex, secrets.token_urlsafe) for _ in range(200)}
    assert len(made) == 200
    assert all(SHAPE.match(key) for key in made)
