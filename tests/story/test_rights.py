"""Who may what: every route of the system, asked by everybody there is, is what docs/rights.md says.

`RAPPORT_WRITE=1` writes the page anew; what has changed in it is then to be looked at line by line.
"""

import asyncio
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.directory.entering import step_in
from shared.access.caller import Caller, Via
from shared.access.keys import make_key, store_key
from shared.city.profile import Away
from shared.system.settings import ROOT, Settings
from tests.fuzz.office import AGREED, REQUEST, Operation
from tests.fuzz.test_no_500 import INTERFACES
from tests.story.city import MODERATION, OFFICE, PRESIDENT, Story

PAGE = ROOT / "docs" / "rights.md"
BEGIN, END = "<!-- rights -->\n", "<!-- end of rights -->\n"
SERVICES = {
    "incidents": "intake",
    "escalations": "escalation",
    "rules": "escalation",
    "requests": "escalation",
    "meetings": "scheduler",
    "agreements": "agreements",
    "deliveries": "notify",
    "sign-in-mails": "notify",
    "join-mails": "notify",
    "directory": "directory",
    "audit": "audit",
}
"""Which service answers below which path."""
AWAY_SEAT = "extended_rapport/head_youth_office"
FORMER_SEAT = "extended_rapport/head_health_office"
SEATS = {
    "moderation": MODERATION,
    "leadership": PRESIDENT,
    "deputy": "extended_rapport/police_vice_president",
    "away": AWAY_SEAT,
    "member": "extended_rapport/drug_help_coordination",
    "other body": "neighbourhood_alliance/city_cleaning",
    "its moderation": "neighbourhood_alliance/neighbourhood_management",
}
"""Who is signed in."""
KEYS = {
    "agency": OFFICE,
    "leader’s key": PRESIDENT,
    "moderator’s key": MODERATION,
    "former’s key": FORMER_SEAT,
}
SERVICE_CALLERS = {name: Caller(Via.SERVICE, name) for name in ("portal", "notify")}
COLUMNS = ("nobody", "former", *SEATS, *KEYS, *SERVICE_CALLERS)
REFUSED = {401, 403}
NOT_FOUND = 404
REPORT = "/de/reports/extended_rapport?from=2018-04-02&to=2018-04-09"
OURS = {"Sec-Fetch-Site": "same-origin"}


@dataclass(frozen=True)
class Town:
    """A system in which everybody of the table is."""

    story: Story
    known: Mapping[str, str]
    keys: Mapping[str, str]
    cookies: Mapping[str, str]


async def furnished(folder: Path) -> Town:
    story = await Story(Settings(var_dir=folder, durable=False)).open()
    incident, *_ = await story.finds(2, 1, 0)
    [meeting] = await story.meetings()
    escalation = (await story.escalation())["escalation_id"]
    asked = await story.ask(MODERATION, "POST", "/v1/requests", json=REQUEST)
    agreed = await story.ask(MODERATION, "POST", "/v1/agreements", json=AGREED)
    [delivery, *_] = await story.get("/v1/deliveries?limit=100")
    kept = await story.ask(MODERATION, "POST", REPORT, data={"meeting": ""}, headers=OURS)
    known = {
        **dict.fromkeys(("incident", "incident_id"), incident),
        **dict.fromkeys(("escalation", "escalation_id"), escalation),
        **dict.fromkeys(("meeting", "meeting_id"), meeting["meeting_id"]),
        **dict.fromkeys(("delivery", "delivery_id"), delivery["delivery_id"]),
        **dict.fromkeys(("request", "request_id"), asked.json()["request_id"]),
        **dict.fromkeys(("agreement", "agreement_id"), agreed.json()["agreement_id"]),
        "body": "extended_rapport",
        "function": "head_parks_office",
        "name": "weeks",
        "size": "wide",
        "partner": "00000000-0000-0000-0000-000000000005",
        "join_request": "00000000-0000-0000-0000-000000000007",
        "guest": "00000000-0000-0000-0000-000000000008",
        "token": "x" * 43,
        "change": "1",
        **dict.fromkeys(("key", "key_id"), "0a1b2c3d"),
        "reached_at": "00000000-0000-0000-0000-000000000006",
        "report": kept.headers["location"].rpartition("/")[2].partition("?")[0],
        "year": "2018",
        "rule": "syringes_near_sensitive_place",
    }
    keys = {name: await story.key_of(holder) for name, holder in KEYS.items()}
    keys["former’s key"] = await key_of_everything(story, FORMER_SEAT)
    cookies = {name: await cookie(story, seat) for name, seat in SEATS.items()}
    cookies["former"] = await cookie(story, FORMER_SEAT)
    await change(story, "DELETE", FORMER_SEAT, "", None)
    today = story.now.date()
    days = [Away(first=today, last=today + timedelta(days=1)).model_dump(mode="json")]
    await change(story, "PUT", AWAY_SEAT, "/away", {"days": days})
    await story.settle()
    return Town(story, known, keys, cookies)


async def key_of_everything(story: Story, holder: str) -> str:
    """Return a key that every service knows as a holder's who has lost the seat since."""
    key = make_key(secrets.token_hex, secrets.token_urlsafe)
    for runtime in story.process.runtimes.values():
        async with runtime.transaction() as tx:
            await store_key(tx, key, holder, timedelta(days=10))
    return key


async def cookie(story: Story, seat: str) -> str:
    async with story.process.runtimes["directory"].transaction() as tx:
        return f"rapport={await step_in(seat, tx)}"


async def change(story: Story, method: str, seat: str, way: str, body: Any) -> None:
    """Change a seat as moderation does."""
    name, _, function = seat.partition("/")
    caller = Caller(Via.SESSION, MODERATION, (MODERATION,))
    token = story.process.runtimes["directory"].assertions.write(caller, "directory", story.now)
    path = f"/v1/directory/bodies/{name}/seats/{function}{way}"
    client = story.replay.client
    answer = await client.request(method, path, json=body, headers={"Authorization": f"Bearer {token}"})
    assert answer.is_success, answer.text


def headers_of(town: Town, who: str, path: str) -> dict[str, str]:
    """Return by what somebody is known where they ask for a path."""
    if who in town.keys:
        return {"Authorization": f"Bearer {town.keys[who]}"}
    if not path.startswith("/v1/"):
        return OURS | ({"Cookie": town.cookies[who]} if who in town.cookies else {})
    caller = SERVICE_CALLERS.get(who) or (
        Caller(Via.SESSION, SEATS[who], (SEATS[who],)) if who in SEATS else None
    )
    parts = path.split("/")
    service = parts[3] if parts[2] == "keys" else SERVICES.get(parts[2].partition(".")[0], "")
    if who == "former":
        caller = Caller(Via.SESSION, FORMER_SEAT, ())
    if caller is None or not service:
        return {}
    token = town.story.process.runtimes["directory"].assertions.write(caller, service, town.story.now)
    return {"Authorization": f"Bearer {token}"}


SECRET_THINGS = ("/functions/", "{escalation", "{meeting", "{delivery", "{request", "{agreement")
"""Where what is there and not for somebody may as well be said not to be there."""


def is_let_in(answer: httpx.Response, path: str) -> bool:
    """Say whether somebody was let in, whatever became of what they asked."""
    if answer.status_code == NOT_FOUND and any(thing in path for thing in SECRET_THINGS):
        return False
    leads_to_sign_in = answer.is_redirect and "/sign-in?next=" in answer.headers["location"]
    assert answer.status_code < 500, answer.text
    return answer.status_code not in REFUSED and not leads_to_sign_in


async def ask(town: Town, operation: Operation, who: str) -> bool:
    path = operation.path.format_map(town.known)
    how: dict[str, Any] = {"json": dict(operation.good)} if operation.good else {}
    if operation.method == "POST" and not operation.path.startswith("/v1/"):
        how = {"data": {"form": "empty"}}
    headers = headers_of(town, who, operation.path)
    client = town.story.replay.client
    client.cookies.clear()
    answer = await client.request(operation.method, path, headers=headers, **how)
    return is_let_in(answer, operation.path)


def pages(story: Story) -> list[Operation]:
    """Return every page and form in German; those in English are made by the same lines."""
    contexts = (
        context
        for included in story.app.routes
        for context in getattr(included, "effective_route_contexts", tuple)()
        if not context.include_in_schema and not context.path.startswith("/en/")
    )
    found = [Operation(method, each.path) for each in contexts for method in sorted(each.methods - {"HEAD"})]
    known = [one for one in found if "{_rest:path}" not in one.path]
    return sorted(known, key=lambda one: "sign-out" in one.path)


def row(operation: Operation, answers: list[bool]) -> str:
    marks = " | ".join("✓" if let_in else "–" for let_in in answers)
    return f"| `{operation.method} {operation.path}` | {marks} |\n"


async def measured(folder: Path) -> str:
    """Return the table: refused first, so that what one is let do changes nothing for the others."""
    town = await furnished(folder)
    operations = [o for o in INTERFACES if o.path.startswith("/v1/")] + pages(town.story)
    found = {str(one): [await ask(town, one, who) for who in COLUMNS] for one in operations}
    await town.story.close()
    head = f"| route | {' | '.join(COLUMNS)} |\n|---|{'---|' * len(COLUMNS)}\n"
    return head + "".join(row(one, found[str(one)]) for one in operations)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> str:
    return asyncio.run(measured(tmp_path_factory.mktemp("rights")))


def test_everybody_may_what_the_page_says_and_nothing_else(table: str):
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    written, _, after = rest.partition(END)
    if os.environ.get("RAPPORT_WRITE"):
        PAGE.write_text(f"{before}{BEGIN}{table}{END}{after}", encoding="utf-8")
        written = table
    assert table.splitlines() == written.splitlines()


OPEN = {
    "/",
    "/docs",
    "/asyncapi",
    "/asyncapi.json",
    "/portal/{name}",
    "/sign-in/callback",
    "/de/docs",
    "/de/asyncapi",
}
"""Beside the ways in and out."""


def test_nobody_reads_without_signing_in_what_is_not_open(table: str):
    nobody = [line.split("|") for line in table.splitlines()[2:]]
    let_in = [cells[1].strip(" `").split(" ")[1] for cells in nobody if cells[2].strip() == "✓"]
    doors = ("/de/sign-in", "/de/sign-out", "/de/a/", "/de/join", "/de/leave/")
    assert [path for path in let_in if path not in OPEN and not path.startswith(doors)] == []
