"""A city in a test: agencies report over HTTP, time passes, leadership answers, mailboxes are read."""

import random
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import yaml
from icalendar import Calendar, Event

from rapport.commands import services_of
from rapport.composition import NAMES, build
from rapport.replay.replay import Replay
from services.directory.entering import step_in
from services.directory.seeding import take_in
from shared.access.caller import Caller, Via
from shared.access.keys import make_key, store_key
from shared.city.city import City, load_city
from shared.city.profile import Role
from shared.messaging import inbox
from shared.system.clock import MovableClock
from shared.system.settings import Settings

MONDAY = datetime(2018, 4, 9, 8, tzinfo=UTC)
"""Ten o'clock in Leipzig on a day with nothing special about it."""
KITA = {"latitude": 51.3394, "longitude": 12.4036}
"""At the Kita Köhlerstraße."""
KITA_SCOPE = {"kind": "place", "key": "kita-koehlerstrasse"}
PARK = {"latitude": 51.3170, "longitude": 12.2800}
"""In Grünau, far from every sensitive place."""
OFFICE, POLICE = "public_order_office", "police"
MODERATION = "extended_rapport/addiction_commissioner"
PRESIDENT = "extended_rapport/police_president"


@dataclass(frozen=True)
class Mail:
    """A mail as it lies in a mailbox."""

    kind: str
    message: EmailMessage

    @property
    def to(self) -> str:
        [address] = self.message["To"].addresses
        return str(address.addr_spec)

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        assert part
        return str(part.get_content())

    @cached_property
    def invite(self) -> Event | None:
        """Return the event of the calendar part, which must be what is attached, too."""
        parts = [part for part in self.message.walk() if part.get_content_type() == "text/calendar"]
        if not parts:
            return None
        [part] = parts
        [attached] = [p for p in self.message.walk() if p.get_filename() == "invite.ics"]
        assert attached.get_payload(decode=True) == part.get_payload(decode=True)
        calendar = Calendar.from_ical(part.get_payload(decode=True))
        assert part["Content-Type"].params["method"] == str(calendar["METHOD"])
        [event] = calendar.walk("VEVENT")
        return event

    @property
    def method(self) -> str:
        """Return what the calendar part asks for, or an empty word where there is none."""
        parts = [part for part in self.message.walk() if part.get_content_type() == "text/calendar"]
        return str(parts[0]["Content-Type"].params["method"]) if parts else ""


def read_mail(content: bytes, kind: str = "") -> Mail:
    """Parse a mail; one with a defect fails the test."""
    message = message_from_bytes(content, policy=default)
    assert not [defect for part in message.walk() for defect in part.defects]
    return Mail(kind, message)


def find(at: datetime, **changes: Any) -> dict[str, Any]:
    """Return a report of a syringe find near the Kita."""
    return {"category": "syringe_find", "occurred_at": at.isoformat(), **KITA} | changes


def numbers(seed: int) -> Callable[[], UUID]:
    """Return what makes ids, always the same ones for a seed."""
    rng = random.Random(seed)
    return lambda: UUID(int=rng.getrandbits(128), version=4)


class Story:
    """The whole system of one city, which does nothing by itself, and the people around it."""

    def __init__(self, settings: Settings, start: datetime = MONDAY, seed: int = 1) -> None:
        self.settings = settings
        self.clock = MovableClock(start)
        self.city: City = load_city(settings.city, settings.cities_dir, settings.var_dir)
        self.new_id = numbers(seed)
        self._keys: dict[str, str] = {}
        self._read: dict[Path, Mail] = {}

    async def open(self) -> "Story":
        self.process, self.app = build(NAMES, self.settings, self.city, self.clock, self.new_id)
        self.replay = Replay(self.process, self.app, self.clock)
        await self.replay.open()
        await self.process.tick()
        await self.settle()
        return self

    async def settle(self) -> None:
        await self.replay.settle()

    async def close(self) -> None:
        await self.replay.close()

    async def die(self) -> None:
        """End the process without a chance to finish or to give anything back."""
        await self.replay.client.aclose()
        for runtime in self.process.runtimes.values():
            await runtime.database.close()

    async def reopened(self) -> "Story":
        """Start another process on the same databases."""
        self.process, self.app = build(NAMES, self.settings, self.city, self.clock, self.new_id)
        self.replay = Replay(self.process, self.app, self.clock)
        await self.process.open()
        return self

    @property
    def now(self) -> datetime:
        return self.clock.now()

    async def until(self, instant: datetime) -> None:
        """Let time pass, with all that happens in it."""
        await self.replay.pass_time(instant)
        await self.process.tick()
        await self.settle()

    async def days(self, days: float) -> None:
        await self.until(self.now + timedelta(days=days))

    async def key_of(self, holder: str) -> str:
        """Return the holder's key, which opens what `rapport keys issue` lets it open."""
        if holder not in self._keys:
            key = make_key(secrets.token_hex, secrets.token_urlsafe)
            for name in services_of(holder, self.city):
                async with self.process.runtimes[name].transaction() as tx:
                    await store_key(tx, key, holder, timedelta(days=3_650))
            self._keys[holder] = key
        return self._keys[holder]

    async def ask(self, holder: str, method: str, path: str, **how: Any) -> httpx.Response:
        """Send a request with the holder's key, or signed in to a page, and let everything follow from it."""
        is_page = path.startswith(("/de/", "/en/"))
        known = (
            {"Cookie": await self.cookie(holder)}
            if is_page
            else {"Authorization": f"Bearer {await self.key_of(holder)}"}
        )
        headers = {**known, **how.pop("headers", {})}
        answer = await self.replay.client.request(method, path, headers=headers, **how)
        await self.settle()
        return answer

    async def cookie(self, holder: str = MODERATION) -> str:
        """Return what a browser sends where somebody is signed in; who holds no seat looks as moderation."""
        seat = holder if self.city.find_seat(holder) else MODERATION
        async with self.process.runtimes["directory"].transaction() as tx:
            return f"rapport={await step_in(seat, tx)}"

    async def report(self, report: dict[str, Any], agency: str = OFFICE) -> str:
        """Report one incident; return its id."""
        answer = await self.ask(agency, "POST", "/v1/incidents", json=report)
        assert answer.status_code in {200, 201}, answer.text
        return str(answer.json()["incident_id"])

    async def finds(self, *days_ago: float, agency: str = OFFICE, **changes: Any) -> list[str]:
        """Report syringe finds of so many days ago, near the Kita unless told otherwise."""
        reports = [find(self.now - timedelta(days=days), **changes) for days in days_ago]
        return [await self.report(report, agency) for report in reports]

    async def get(self, path: str, holder: str = MODERATION) -> Any:
        answer = await self.ask(holder, "GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def escalations(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.get("/v1/escalations?limit=1000"))["escalations"]
        return found

    async def escalation(self) -> dict[str, Any]:
        [only] = await self.escalations()
        return only

    async def meetings(self, body: str = "extended_rapport") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.get(f"/v1/meetings?body={body}&limit=1000"))["meetings"]
        return found

    async def answer(self, escalation: str, how: str, holder: str = PRESIDENT, **said: Any) -> httpx.Response:
        return await self.ask(holder, "POST", f"/v1/escalations/{escalation}/{how}", json=said)

    def mails(self, *kinds: str, about: str = "") -> list[Mail]:
        """Return all mails of some kinds, oldest first; `about` a meeting's UID."""
        read = [self._mail(path) for path in self._files() if not kinds or path.name.split("-")[1] in kinds]
        return [mail for mail in read if not about or _uid(mail) == about]

    def _mail(self, path: Path) -> Mail:
        if path not in self._read:
            self._read[path] = read_mail(path.read_bytes(), path.name.split("-")[1])
        return self._read[path]

    def mailbox(self, address: str, *kinds: str) -> list[Mail]:
        """Return what lies in somebody's mailbox, oldest first."""
        return [mail for mail in self.mails(*kinds) if mail.to == address]

    def _files(self) -> list[Path]:
        return sorted((self.settings.data_dir / "mail").glob("*.eml"))

    def people(self, body: str, *roles: Role) -> list[str]:
        """Return the addresses of a body's members, of some roles or all."""
        members = self.city.seed[body].members
        return sorted(member.mail for member in members if member.role in (roles or tuple(Role)))

    def called(self) -> list[str]:
        """Return the addresses of those whom escalations are told to."""
        return self.people("extended_rapport", Role.LEADERSHIP, Role.MODERATION)

    async def dead(self) -> list[inbox.DeadLetter]:
        """Return every fact that a service could not take."""
        found: list[inbox.DeadLetter] = []
        for runtime in self.process.runtimes.values():
            async with runtime.reading() as tx:
                found += await inbox.find_dead(tx)
                assert (await inbox.count_unfinished(tx))["waiting"] == 0
        return found


def _uid(mail: Mail) -> str:
    return str(mail.invite["UID"]) if mail.invite else ""


def addresses(mails: Sequence[Mail]) -> list[str]:
    """Return whom mails went to, in the order of their names."""
    return sorted(mail.to for mail in mails)


def edit(cities: Path, change: Callable[[dict[str, Any]], None], body: str = "rapport") -> None:
    """Change a body in a copied profile of Leipzig."""
    path = cities / "leipzig" / "bodies.yaml"
    bodies = yaml.safe_load(path.read_text(encoding="utf-8"))
    for known in bodies:
        if known["id"] == body:
            change(known)
    path.write_text(yaml.safe_dump(bodies, allow_unicode=True), encoding="utf-8")


async def start_with(story: Story, change: Callable[[dict[str, Any]], None], body: str = "rapport") -> None:
    """Edit a body, start the system again and let the directory take it in, as an operator does."""
    await story.close()
    edit(story.settings.cities_dir, change, body)
    story.city = load_city("leipzig", story.settings.cities_dir, story.settings.var_dir)
    await story.reopened()
    async with story.process.runtimes["directory"].transaction() as tx:
        await take_in(tx, Caller(Via.COMMAND, "operator"), store=True)
    await story.settle()
    await story.process.tick()
    await story.settle()
