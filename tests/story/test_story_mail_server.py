"""The mail server is away, slow to take, or refuses: no mail is lost, none is doubled unrecognisably."""

import asyncio
from collections.abc import AsyncIterator, Callable
from io import StringIO
from pathlib import Path

import pytest
import pytest_asyncio
from aiosmtpd.smtp import SMTP, Envelope, Session
from pydantic import SecretStr
from rich.console import Console

from rapport import commands
from shared.system.settings import Settings
from tests.servers import free_port
from tests.story.city import Mail, Story, addresses, read_mail

PRESIDENT = "polizeipraesidium@example.org"


class MailServer:
    """Keeps every mail that it was shown, also those that it did not take."""

    def __init__(self) -> None:
        self.port = free_port()
        self.answers: dict[str, list[str]] = {}
        self.shown: list[Mail] = []
        self.taken: list[Mail] = []
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        made: Callable[[], SMTP] = lambda: SMTP(self, hostname="mail", enable_SMTPUTF8=False)  # noqa: E731
        self._server = await asyncio.get_running_loop().create_server(made, "127.0.0.1", self.port)

    async def stop(self) -> None:
        if self._server:
            self._server.close()
            await self._server.wait_closed()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        mail = read_mail(envelope.content)
        self.shown.append(mail)
        answer = next(iter(self.answers.get(mail.to, [])), "250 OK")
        self.answers[mail.to] = self.answers.get(mail.to, [])[1:]
        if answer.startswith("250"):
            self.taken.append(mail)
        return answer


@pytest_asyncio.fixture
async def server() -> AsyncIterator[MailServer]:
    made = MailServer()
    yield made
    await made.stop()


@pytest_asyncio.fixture
async def story(server: MailServer, tmp_path: Path) -> AsyncIterator[Story]:
    url = SecretStr(f"smtp://127.0.0.1:{server.port}")
    made = await Story(Settings(var_dir=tmp_path, durable=False, smtp_url=url)).open()
    yield made
    await made.close()


async def states(story: Story, template: str) -> list[str]:
    found = await story.get("/v1/deliveries?limit=1000")
    return sorted(item["state"] for item in found if item["template"] == template)


async def test_mails_wait_for_a_server_that_is_away(story: Story, server: MailServer) -> None:
    await story.finds(6, 3, 0)
    assert await states(story, "alert") == ["due"] * 8
    await server.start()
    await story.days(0.5)
    assert await states(story, "alert") == ["sent"] * 8
    alerts = [mail for mail in server.taken if "Eskalation:" in mail.subject or "Escalation:" in mail.subject]
    assert addresses(alerts) == story.called()
    assert len({mail.message_id for mail in server.taken}) == len(server.taken)


async def test_a_repeated_attempt_is_the_same_mail(story: Story, server: MailServer) -> None:
    await server.start()
    server.answers[PRESIDENT] = ["451 try again later", "452 too many at once"]
    await story.finds(6, 3, 0)
    assert PRESIDENT not in addresses(server.taken)
    await story.days(1)
    shown: dict[str, list[bytes]] = {}
    for mail in server.shown:
        if mail.to == PRESIDENT:
            shown.setdefault(mail.message_id, []).append(mail.message.as_bytes())
    assert len(shown) == len([mail for mail in server.taken if mail.to == PRESIDENT])
    assert sum(len(copies) for copies in shown.values()) == len(shown) + 2
    assert all(len(set(copies)) == 1 for copies in shown.values())


async def test_a_refused_mail_is_listed_as_dead_and_goes_out_when_it_is_retried(
    story: Story, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await server.start()
    server.answers[PRESIDENT] = ["550 no such mailbox", "550 no such mailbox"]
    await story.finds(6, 3, 0)
    listed = await rapport_dead(monkeypatch, story)
    assert listed.count("extended_rapport/police_president") == 2
    assert "550 no such mailbox" in listed
    await story.days(3)
    assert len(await story.get("/v1/deliveries?state=dead")) == 2

    [alert] = [d for d in await story.get("/v1/deliveries?state=dead") if d["template"] == "alert"]
    await commands.retry_dead([alert["delivery_id"]], "leipzig")
    await story.days(0.1)
    assert len(await story.get("/v1/deliveries?state=dead")) == 1
    assert [mail.subject for mail in server.taken if mail.to == PRESIDENT].count(alert["title"]) == 1


async def test_the_portal_says_how_many_mails_could_not_be_sent(story: Story, server: MailServer) -> None:
    await server.start()
    server.answers[PRESIDENT] = ["550 no such mailbox"]
    await story.finds(6, 3, 0)
    overview = (await story.ask("police", "GET", "/en/")).text
    assert "1 not sent" in overview


async def rapport_dead(monkeypatch: pytest.MonkeyPatch, story: Story) -> str:
    """Return what `rapport dead list` prints."""
    shown = StringIO()
    monkeypatch.setenv("VAR_DIR", str(story.settings.var_dir))
    monkeypatch.setattr(commands, "SystemClock", lambda: story.clock)
    monkeypatch.setattr(commands, "out", Console(file=shown, width=240))
    await commands.list_dead("leipzig")
    return shown.getvalue()
