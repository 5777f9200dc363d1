"""What somebody says to an escalation in one of their functions, and how it reaches the service; pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from services.portal.pages.frame.reader import Reader
from services.portal.pages.replies.matter import Matter, Reply
from shared.city.city import City
from shared.text.language import Language

ANSWERS = ("noted", "not_needed", "deputy")
DECISIONS = ("keep", "call_off")
ENDING = ("not_needed", "call_off", "hold")
"""What holds until a day, and has a reason."""
DAYS = (1, 3, 7, 14, 28)
"""After how many days it may end."""
PROPOSED_DAYS = 14
ENTER = "enter"
"""Moderation enters what another seat has answered, by telephone say."""


@dataclass(frozen=True)
class Voice:
    """In which function somebody may say what; `seat` is empty for moderation."""

    seat: str
    name: str
    choices: tuple[str, ...]
    deputy: str = ""
    """Name of the seat's deputy; empty: it has none, or is the reader."""
    own: Reply | None = None
    stands_in: bool = False


def answering(seat: str, matter: Matter, held: Collection[str], city: City, language: Language) -> Voice:
    """Return what somebody may answer for a seat; `held` are the functions that they hold."""
    member = city.find_member(seat)
    name = member.name[language] if member else seat
    stands_in = seat.partition("/")[2] not in held
    has_deputy = member is not None and member.deputy is not None and not stands_in
    deputy = member.deputy.name[language] if has_deputy and member and member.deputy else ""
    choices = ANSWERS if deputy else ANSWERS[:2]
    return Voice(seat, name, choices, deputy, matter.answer_of(seat), stands_in)


def deciding(name: str, matter: Matter, now: datetime) -> Voice:
    """Return what moderation may say."""
    return Voice("", name, _decisions(matter, now), own=matter.decision)


def voices(matter: Matter, seats: Collection[str], reader: Reader, now: datetime) -> list[Voice]:
    """Return in which functions somebody who holds some seats may say what."""
    if matter.is_over or matter.historic:
        return []
    held = {seat.partition("/")[2] for seat in seats}
    asked = matter.yours if matter.state not in {"proposed", "part"} else []
    own = [answering(seat, matter, held, reader.city, reader.language) for seat in asked]
    return [*own, deciding(reader.t("moderation"), matter, now)] if matter.may_decide else own


def entering(matter: Matter, moderated: Collection[str]) -> list[str]:
    """Return the seats for which moderation may enter an answer: those of its bodies that are not its own."""
    if not matter.may_decide or matter.is_over or matter.historic or matter.state in {"proposed", "part"}:
        return []
    theirs = [seat for seat in matter.answers if seat.partition("/")[0] in moderated]
    return [seat for seat in theirs if seat not in matter.yours]


def _decisions(matter: Matter, now: datetime) -> tuple[str, ...]:
    match matter.state:
        case "proposed":
            return ("confirm", "call_off", "hold")
        case "declined":
            return ("keep",)
        case _:
            held = ("end_hold", "hold") if matter.held_until(now) else ("hold",)
            return (*DECISIONS, *held)


@dataclass(frozen=True)
class Given:
    """What was chosen and typed in a form."""

    say: str = ""
    seat: str = ""
    reason: str = ""
    until: str = ""
    answer: str = ""
    """What another seat has answered, where moderation enters it."""


def given_of(form: Mapping[str, str]) -> Given:
    """Return what was sent."""
    return Given(**{name: form.get(name, "") for name in ("say", "seat", "reason", "until", "answer")})


def request_of(given: Given, escalation_id: UUID, zone: ZoneInfo) -> tuple[str, str, dict[str, Any] | None]:
    """Return method, path and body by which the escalation service is told."""
    path = f"/v1/escalations/{escalation_id}"
    until = until_of(given.until, zone)
    ending = {"reason": given.reason, "until": until.isoformat() if until else None}
    if given.say == "end_hold":
        return "DELETE", f"{path}/hold", None
    if given.say == "hold":
        return "POST", f"{path}/hold", ending
    if given.say == ENTER:
        why = ending if given.answer in ENDING else {"reason": given.reason}
        return "POST", f"{path}/answers", {"answer": given.answer, "seat": given.seat, **why}
    more = ending if given.say in ENDING else {}
    if given.seat:
        return "POST", f"{path}/answers", {"answer": given.say, "seat": given.seat, **more}
    return "POST", f"{path}/decision", {"decision": given.say, **more}


def until_of(chosen: str, zone: ZoneInfo) -> datetime | None:
    """Return the end of a chosen day in the city, or None: no day was chosen."""
    try:
        return datetime.combine(date.fromisoformat(chosen) + timedelta(days=1), time(), zone)
    except (ValueError, OverflowError):
        return None


def days_from(now: datetime, zone: ZoneInfo) -> list[tuple[date, int]]:
    """Return the days on which something may end, each with how far away it is."""
    today = now.astimezone(zone).date()
    return [(today + timedelta(days=days), days) for days in DAYS]
