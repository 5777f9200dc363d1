"""The accounts after the storm: what must hold whatever happened, line by line."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from services.audit.domain import Entry, Walk
from shared.facts import IncidentReported
from storm.books import DEAD, WAITING, Books
from storm.calm import Episode, calm_escalations
from storm.copies import Blame, unexplained
from storm.plan import Deed, Parcel
from storm.postbox import Copy, Fate

STATES = "SELECT incident_id, revision, withdrawn FROM {}.incidents"
COMPARED = ("category", "quantity", "latitude", "longitude")


@dataclass(frozen=True)
class Line:
    """One line of the accounts: how many were looked at, and which of them are wrong."""

    what: str
    count: int
    wrong: Sequence[object]


def _line(what: str, count: int, wrong: Iterable[object]) -> Line:
    return Line(what, count, list(wrong))


async def of_incidents(books: Books, parcels: Sequence[Parcel], ids: dict[str, str]) -> list[Line]:
    """Compare every store with the plan and with what intake has answered."""
    rows = await books.rows("SELECT * FROM intake.incidents")
    stored = {row["external_id"]: row for row in rows}
    deeds = {deed.report["external_id"]: deed for parcel in parcels for deed in parcel.deeds}
    intake = {row["incident_id"]: (row["revision"], row["withdrawn"]) for row in rows}
    differing = [key for key, deed in deeds.items() if key not in stored or not _is_as(deed, stored[key])]
    lines = [
        _line("accepted incidents once in intake", len(rows), stored.keys() ^ ids.keys()),
        _line("answered ids are the stored ones", len(ids), _other_ids(ids, stored)),
        _line("intake has what was said last", len(deeds), differing),
    ]
    for service in ("escalation", "portal"):
        other = {row[0]: (row[1], row[2]) for row in await books.rows(STATES.format(service))}
        wrong = [key for key in intake.keys() | other.keys() if intake.get(key) != other.get(key)]
        lines.append(_line(f"{service}: same incidents, revisions, withdrawals", len(other), wrong))
    return lines


def _other_ids(ids: dict[str, str], stored: dict[str, Any]) -> list[str]:
    return [key for key, id_ in ids.items() if key in stored and str(stored[key]["incident_id"]) != id_]


def _is_as(deed: Deed, row: Any) -> bool:
    said = deed.final
    same_time = datetime.fromisoformat(said["occurred_at"]) == row["occurred_at"]
    same = all(said[name] == row[name] for name in COMPARED)
    return same and same_time and row["withdrawn"] == deed.withdrawn


async def of_leftovers(books: Books) -> list[Line]:
    """Find what still waits, and what is dead."""
    waiting, dead = await books.numbers(WAITING), await books.numbers(DEAD)
    return [
        _line("nothing waits in outboxes, inboxes, mails", len(WAITING), waiting.items()),
        _line("no dead letters, no dead mails", len(DEAD), dead.items()),
    ]


async def of_actions(books: Books) -> list[Line]:
    """Compare the audit log with what agencies and operators have done, and follow its chain."""
    rows = await books.rows("SELECT * FROM audit.entries ORDER BY position")
    walk = Walk()
    walk.follow(Entry(**row) for row in rows)
    changed: Counter[str] = Counter(row["about"] for row in rows if row["action"].startswith("incident."))
    stored = await books.rows("SELECT incident_id, revision FROM intake.incidents WHERE revision > 1")
    wanted: Counter[str] = Counter({str(row["incident_id"]): row["revision"] - 1 for row in stored})
    keys = {row["about"] for row in rows if row["action"] == "key.issued"}
    issued = {row["id"] for row in await books.rows("SELECT id FROM intake.api_keys")}
    differing = (changed - wanted) + (wanted - changed)
    broken = [walk.broken_at] if walk.because else []
    return [
        _line("audit: each correction and withdrawal once", changed.total(), differing),
        _line("audit: each key that was issued", len(keys), keys ^ issued),
        _line("audit: every entry follows from the one before", len(rows), broken),
    ]


async def of_escalations(books: Books, cities: Any, now: datetime) -> list[Line]:
    """Compare escalations with a calm run over the same final incidents, and look at what followed."""
    rows = await books.rows("SELECT * FROM escalation.escalations")
    standing = [row for row in rows if row["outcome"] in {None, "calm"}]
    stormy = sorted((row["rule"], row["scope"], row["started_at"], row["ended_at"]) for row in standing)
    calm = await calm_escalations(await _final(books), cities, now)
    shown = {r[0]: r[1] for r in await books.rows("SELECT escalation_id, revision FROM portal.escalations")}
    told = {r[0] for r in await books.rows("SELECT DISTINCT about FROM notify.notices")}
    twice = "SELECT escalation_id FROM scheduler.meeting_escalations GROUP BY 1 HAVING count(*) > 1"
    untold = [row["id"] for row in standing if not row["historic"] and str(row["id"]) not in told]
    return [
        _line("escalations of a run without faults", len(calm), _differing(stormy, calm)),
        _line("portal shows each in its newest revision", len(shown), _stale(rows, shown)),
        _line("each that goes on was told", len(standing), untold),
        _line("none was put on two agendas", len(rows), await books.rows(twice)),
    ]


def _differing(stormy: Sequence[Episode], calm: Sequence[Episode]) -> list[Episode]:
    """Return what is in one list only; an episode that occurs twice is wrong too."""
    doubled = [each for each, after in pairwise(stormy) if each == after]
    return [*(set(stormy) ^ set(calm)), *doubled]


def _stale(rows: Sequence[Any], shown: dict[Any, int]) -> list[object]:
    newest = {row["id"]: row["revision"] for row in rows}
    return [key for key in newest.keys() | shown.keys() if newest.get(key) != shown.get(key)]


async def _final(books: Books) -> list[IncidentReported]:
    """Return every incident that still counts, in the order they happened."""
    rows = await books.rows("SELECT * FROM intake.incidents WHERE NOT withdrawn ORDER BY occurred_at")
    known = IncidentReported.model_fields
    return [
        IncidentReported(
            **{name: row[name] for name in known if name in row} | {"places": json.loads(row["places"])}
        )
        for row in rows
    ]


async def of_mails(books: Books, copies: Sequence[Copy], blame: Blame) -> list[Line]:
    """Compare what notify calls sent with what the mail server has taken."""
    rows = await books.rows("SELECT delivery_id, state FROM notify.deliveries")
    sent = {str(row["delivery_id"]) for row in rows if row["state"] == "sent"}
    taken: dict[str, list[Copy]] = defaultdict(list)
    for copy in copies:
        taken[copy.message_id.strip("<>").partition("@")[0]].append(copy)
    altered = [key for key, found in taken.items() if len({copy.digest for copy in found}) > 1]
    unsent = [
        key for key in taken.keys() - sent if any(c.fate is not Fate.CUT_BEFORE_REPLY for c in taken[key])
    ]
    extra = sum(len(found) - 1 for found in taken.values())
    return [
        _line("mails: sent ones are at the mail server", len(sent), sent - taken.keys()),
        _line("mails: taken ones are noted as sent", len(taken), unsent),
        _line("copies have the same bytes", extra, altered),
        _line("copies only of those that were cut", extra, unexplained(taken.values(), blame)),
    ]
