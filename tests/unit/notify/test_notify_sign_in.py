"""The mail with a sign-in link: to whom it goes, who may have it sent, and that nothing of it stays."""

from collections.abc import AsyncIterator
from email import message_from_bytes, policy
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from sqlalchemy import text
from structlog.testing import capture_logs

from services.notify.api import PORTAL
from shared.access.assertion import Assertions, make_signing_key
from shared.access.caller import Caller, Via
from shared.errors import Rejected, Unavailable
from tests.unit.notify.builders import Desk

TOKEN = "t" * 43
LINK = f"http://127.0.0.1:8080/de/sign-in/{TOKEN}"
TO = "polizeipraesidium@example.org"


class Portal:
    """Asks notify as the portal, or as somebody else."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.desk.runtime.assertions = Assertions(make_signing_key())
        app = desk.process.routes(FastAPI())
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://notify")
        members = desk.runtime.city.bodies["extended_rapport"].members
        self.reached_at = next(m.reached_at for m in members if m.function == "police_president")

    async def send(self, caller: Caller = PORTAL, **changes: str) -> httpx.Response:
        runtime = self.desk.runtime
        token = runtime.assertions.write(caller, "notify", runtime.clock.now())
        body = {"reached_at": str(self.reached_at), "language": "de", "link": LINK} | changes
        headers = {"Authorization": f"Bearer {token}"}
        return await self.client.post("/v1/sign-in-mails", json=body, headers=headers)


@pytest_asyncio.fixture
async def portal(desk: Desk) -> AsyncIterator[Portal]:
    made = Portal(desk)
    yield made
    await made.client.aclose()


@pytest.mark.parametrize(("language", "words"), [("de", "15 Minuten"), ("en", "15 minutes")])
async def test_the_mail_goes_out_at_once(portal: Portal, language: str, words: str) -> None:
    assert (await portal.send(language=language)).status_code == 202
    (letter,) = portal.desk.sender.letters
    mail = message_from_bytes(letter.message, policy=policy.default)
    assert letter.recipient == TO
    assert mail["To"].addresses[0].addr_spec == TO
    assert "Rapport" in mail["Subject"]
    assert TOKEN not in mail["Subject"]
    for kind in ("plain", "html"):
        content = mail.get_body((kind,)).get_content()
        assert LINK in content
        assert words in content


async def test_nothing_of_it_is_stored(portal: Portal) -> None:
    await portal.send()
    async with portal.desk.runtime.reading() as tx:
        for table in ("deliveries", "notices", "outbox"):
            found = await tx.db.execute(text(f"SELECT * FROM {table}"))
            assert TOKEN not in str(found.all())


@pytest.mark.parametrize(
    "caller",
    [
        Caller(Via.SERVICE, "directory"),
        Caller(Via.KEY, "portal"),
        Caller(Via.SESSION, "rapport/addiction_commissioner", ("rapport/addiction_commissioner",)),
    ],
)
async def test_only_the_portal_has_links_mailed(portal: Portal, caller: Caller) -> None:
    assert (await portal.send(caller)).status_code == 403
    assert not portal.desk.sender.letters


@pytest.mark.parametrize(
    "changes",
    [
        {"link": "https://elsewhere.example/de/sign-in/x"},
        {"link": "http://127.0.0.1:8080.elsewhere.example/"},
        {"link": "http://127.0.0.1:8080@elsewhere.example/"},
        {"link": LINK + "\r\nBcc: a@b.example"},
        {"language": "fr"},
        {"reached_at": "somebody"},
    ],
)
async def test_only_links_of_ours_are_mailed(portal: Portal, changes: dict[str, str]) -> None:
    assert (await portal.send(**changes)).status_code == 422
    assert not portal.desk.sender.letters


@pytest.mark.parametrize(
    "error", [Unavailable(f"451 later {LINK}"), Rejected(f"550 no {LINK}"), OSError(LINK)]
)
async def test_a_failure_is_logged_without_the_link(portal: Portal, error: Exception) -> None:
    portal.desk.sender.failures[TO] = [error]
    with capture_logs() as logs:
        assert (await portal.send()).status_code == 202
    (failed,) = [line for line in logs if line["event"] == "link_mail_failed"]
    assert failed["error"] == type(error).__name__
    assert TOKEN not in str(logs)
    assert TO not in str(logs)


async def test_an_address_that_is_forgotten_is_told_to_nobody(portal: Portal) -> None:
    with capture_logs() as logs:
        assert (await portal.send(reached_at=str(UUID(int=5)))).status_code == 202
    assert [line.get("error") for line in logs if line["event"] == "link_mail_failed"] == ["Rejected"]
