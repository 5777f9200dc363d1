"""A small town's facts, always the same: what the portal hears in its tests and when it is looked at."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from httpx import Request, Response

from rapport.docs.asyncapi import asyncapi
from rapport.process.process import Process
from services.portal.app import SERVICE, service
from services.portal.pages.frame.labels import concerned_by, rules_of
from services.portal.read_model.sight import Sight, sight_of
from services.portal.visitors import Visitor, Visitors
from shared.access.caller import Caller, Via
from shared.city.city import City, load_city
from shared.city.profile import Role
from shared.facts import (
    Convene,
    DeliveryFailed,
    DeliverySent,
    EscalationAcknowledged,
    EscalationDeclined,
    EscalationExtended,
    EscalationRaised,
    EscalationResolved,
    Evidence,
    Fact,
    IncidentReported,
    MeetingCancelled,
    MeetingHeld,
    MeetingReason,
    MeetingScheduled,
    Scope,
    ScopeKind,
)
from shared.messaging.envelope import seal
from shared.runtime.receiving import receive
from shared.runtime.service import Runtime
from shared.system.clock import MovableClock
from shared.system.settings import Settings

CITIES = Path("deploy/cities")
NOW = datetime(2018, 12, 20, 9, 30, tzinfo=UTC)
MESSAGE = {
    "subject": "Erweiterter Drogenrapport <Köhlerplatz>",
    "text": "Guten Tag,\n\nSie sind eingeladen.\n",
    "html": '<html><body style="font-family:sans-serif"><h1>Einladung</h1><p>Sie sind <b>eingeladen</b>.</p>'
    '<script>alert("never")</script></body></html>',
    "calendar": "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n",
}


class Ids:
    """Numbers in a row as UUIDs."""

    def __init__(self, start: int = 0) -> None:
        self.last = start

    def __call__(self) -> UUID:
        self.last += 1
        return UUID(int=self.last)


LISTS: dict[str, Any] = {
    "/v1/directory/bodies": [],
    "/v1/directory/sign-in/sessions/list": [],
    "/v1/requests": {"requests": []},
    "/v1/requests?is_open=true": {"requests": []},
}
"""What other services have to show."""


BODIES = "/v1/directory/bodies/"


def body_view(name: str) -> dict[str, Any]:
    """Return a body as the directory shows it to who sits in it."""
    names = {"de": name, "en": name}
    said = {"body": name, "name": names, "purpose": {}, "location": "Rathaus", "sharing": "exact"}
    return said | {"may_change": False, "seats": []}


async def notify_answers(service: str, method: str, path: str, caller: Caller, body: Any = None) -> Response:
    """Answer as notify; the other services have nothing that anybody may see."""
    if path in LISTS:
        return answered(LISTS[path])
    if path.startswith(BODIES) and path.endswith("/partners"):
        return answered([])
    if path.startswith(BODIES):
        return answered(body_view(path.removeprefix(BODIES)))
    if service != "notify":
        return answered({"title": "No such thing", "status": 404}, 404)
    assert method == "GET"
    assert path.startswith("/v1/deliveries/")
    return answered(MESSAGE)


def answered(body: Any, status: int = 200) -> Response:
    return Response(status, json=body, request=Request("GET", "http://elsewhere"))


def signed_in(*seats: str) -> Visitors:
    """Return what says that whoever reads holds these seats; none: nobody is signed in."""

    async def visitor(_secret: str) -> Visitor | None:
        return Visitor(person=UUID(int=1), seats=seats, language="de") if seats else None

    return visitor


def sight(city: City, *seats: str) -> Sight:
    """Return what somebody sees who holds these seats; none: what moderation of all bodies does."""
    held = seats or moderators(city)
    caller = Caller(Via.SESSION, held[0], held)
    return sight_of(caller, city.bodies, concerned_by(rules_of(city), city.bodies))


def moderators(city: City) -> tuple[str, ...]:
    return tuple(
        f"{body.id}/{member.function}"
        for body in city.bodies.values()
        for member in body.members
        if member.role is Role.MODERATION
    )


def portal_process(
    var: Path, city: str, ask=notify_answers, who: Visitors | None = None, **more: object
) -> Process:
    """Return a portal that is read by moderation, unless told otherwise."""
    settings = Settings(_env_file=None, var_dir=var, city=city, durable=False, **more)
    loaded = load_city(city, CITIES, var)
    portal = service(settings, ask, asyncapi([SERVICE]), who or signed_in(*moderators(loaded)))
    return Process([portal], settings, loaded, MovableClock(NOW), Ids(10**30))


async def hear(runtime: Runtime, facts: Sequence[Fact], group: int = 200) -> None:
    """Let the portal hear facts, each once."""
    ids = Ids(hash_of(facts))
    envelopes = [seal(fact, ids(), "test", NOW, None) for fact in facts]
    for start in range(0, len(envelopes), group):
        await receive(runtime, envelopes[start : start + group])


def hash_of(facts: Sequence[Fact]) -> int:
    return random.Random(repr([f.model_dump_json() for f in facts])).getrandbits(96) << 20


def at(month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(2018, month, day, hour, minute, tzinfo=UTC)


def incident(number: int, city: City, when: datetime, **changes: object) -> IncidentReported:
    first = next(iter(city.districts))
    given = {"category": "syringe_find", "quantity": 1, "district": first, "agency": "police"} | changes
    return IncidentReported(
        incident_id=UUID(int=number), revision=1, occurred_at=when, reported_at=when, **given
    )


def year_of_incidents(city: City, count: int = 600) -> list[IncidentReported]:
    """Incidents of a year, more in some districts and in summer."""
    rng = random.Random(7)
    codes = list(city.districts)
    weights = [1 / (1 + n % 9) ** 1.5 for n in range(len(codes))]
    categories = ("syringe_find", "complaint", "open_use", "dealing", "violence", "new_scene")
    found = []
    for number in range(count):
        day = int(rng.triangular(0, 350, 190))
        (code,) = rng.choices(codes, weights)
        (category,) = rng.choices(categories, (30, 25, 20, 18, 8, 1))
        quantity = 1 + int(rng.expovariate(0.5)) if category == "syringe_find" else 1
        when = datetime(2018, 1, 2, 8, tzinfo=UTC) + timedelta(days=day, minutes=rng.randrange(840))
        changes = {"category": category, "quantity": quantity, "district": code}
        found.append(incident(10_000 + number, city, when, **changes))
    return found


def cluster_at(city: City, place: str, first: datetime, count: int) -> list[IncidentReported]:
    """Syringe finds at a sensitive place, one every other day."""
    spot = city.places[place]
    where = {
        "latitude": spot.latitude,
        "longitude": spot.longitude,
        "cell": city.cell_at(spot.latitude, spot.longitude),
        "district": city.district_at(spot.latitude, spot.longitude) or next(iter(city.districts)),
        "places": (place,),
    }
    return [
        incident(20_000 + n, city, first + n * timedelta(days=2, hours=3), quantity=1 + n % 4, **where)
        for n in range(count)
    ]


def evidence(rule: str, when: datetime, count: int, threshold: int) -> Evidence:
    return Evidence(
        rule=rule,
        rule_version="3f1c9a77b2e0",
        window_start=when - timedelta(days=14),
        window_end=when,
        counts={rule: count},
        thresholds={rule: threshold},
        incidents=tuple(UUID(int=20_000 + n) for n in range(count)),
    )


def escalation(
    number: int, rule: str, scope: Scope, when: datetime, what: dict[str, str]
) -> EscalationRaised:
    return EscalationRaised(
        escalation_id=UUID(int=number),
        revision=1,
        rule=rule,
        scope=scope,
        started_at=when - timedelta(hours=3),
        raised_at=when,
        evidence=evidence(rule, when, 7, 6),
        sentence=what,
        notify=("extended_rapport",),
        convene=Convene(body="extended_rapport", within_working_days=5),
    )


def sentence(place: str) -> dict[str, str]:
    return {
        "de": f"7 Spritzenfunde in 14 Tagen bei „{place}“, Schwelle 6; im Zeitraum davor waren es 2.",
        "en": f"7 syringe finds in 14 days near “{place}”, threshold 6; 2 in the period before.",
    }


def story(city: City) -> list[Fact]:
    """Escalations in every state, with the meetings and mails that followed."""
    places = list(city.places.values())
    spots = [Scope(kind=ScopeKind.PLACE, key=place.id) for place in places[:3]]
    district = Scope(kind=ScopeKind.DISTRICT, key=list(city.districts)[len(city.districts) // 3])
    cell = Scope(kind=ScopeKind.CELL, key=city.cell_at(places[0].latitude, places[0].longitude))
    rule = "syringes_near_sensitive_place"
    raised = [
        escalation(1, rule, spots[0], at(4, 9), sentence(places[0].name)),
        escalation(2, rule, spots[1], at(6, 2, 15), sentence(places[1].name)),
        escalation(3, "violence_wave", district, at(8, 27, 21), sentence(city.districts[district.key].name)),
        escalation(4, "hot_spot", cell, at(10, 4, 7), sentence("Rasterzelle")),
        escalation(5, rule, spots[0], at(12, 11, 6), sentence(places[0].name)),
    ]
    return [*raised, *_answers(raised), *_meetings(raised), *_mails(city)]


def _answers(raised: Sequence[EscalationRaised]) -> list[Fact]:
    first, second, third, fourth, fifth = raised
    lasting = [_extended(first, 2 + n, at(4, 10 + n), "lasting") for n in range(5)]
    return [
        *lasting,
        _extended(first, 7, at(4, 16), "doubled"),
        EscalationResolved(
            **_core(first), revision=8, resolved_at=at(5, 4), reason="calm", sentence=first.sentence
        ),
        EscalationDeclined(
            escalation_id=second.escalation_id,
            revision=2,
            declined_at=at(6, 4),
            by="police_president",
            reason="Baustelle, <b>bereits</b> bekannt",
            until=at(7, 1),
        ),
        EscalationAcknowledged(
            escalation_id=third.escalation_id,
            revision=2,
            acknowledged_at=at(8, 28, 7),
            by="extended_rapport/police_president",
        ),
        EscalationResolved(**_core(fourth), revision=2, resolved_at=at(11, 20), reason="evidence_withdrawn"),
        _extended(fifth, 2, at(12, 14), "lasting"),
    ]


def _core(raised: EscalationRaised) -> dict[str, object]:
    return {name: getattr(raised, name) for name in ("escalation_id", "rule", "scope", "started_at")}


def _extended(raised: EscalationRaised, revision: int, when: datetime, reason: str) -> EscalationExtended:
    seen = evidence(raised.rule, when, 7 + revision, 6)
    return EscalationExtended(
        **_core(raised),
        revision=revision,
        extended_at=when,
        reason=reason,
        evidence=seen,
        sentence=raised.sentence,
        part=raised.rule if reason == "doubled" else "",
    )


def meeting(number: int, body: str, when: datetime, kind=MeetingScheduled, **changes: object):
    given = {
        "sequence": 0,
        "reason": MeetingReason.REGULAR,
        "location": "Neues Rathaus, Raum 200",
        "notes": {"de": ("Lagebericht",), "en": ("Situation report",)},
    } | changes
    return kind(
        meeting_id=UUID(int=number),
        uid=f"{number}@example.org",
        body=body,
        starts_at=when,
        ends_at=when + timedelta(minutes=90),
        **given,
    )


def _meetings(raised: Sequence[EscalationRaised]) -> list[Fact]:
    regular = [meeting(100 + n, "rapport", at(month, 10, 8)) for n, month in enumerate((1, 3, 5, 7, 9, 11))]
    held = [MeetingHeld(**fact.model_dump()) for fact in regular]
    called = {"reason": MeetingReason.ESCALATION}
    because = {"de": (raised[0].sentence["de"],), "en": (raised[0].sentence["en"],)}
    first = meeting(
        200, "extended_rapport", at(4, 12, 7), escalations=(UUID(int=1),), notes=because, **called
    )
    declined = meeting(201, "extended_rapport", at(6, 6, 9), escalations=(UUID(int=2),), **called)
    last = meeting(
        202, "extended_rapport", at(12, 21, 8), escalations=(UUID(int=5),), notes=because, **called
    )
    gone = declined.model_dump() | {"sequence": 1, "cancelled_because": "escalation_declined"}
    coming = meeting(110, "rapport", datetime(2019, 1, 8, 9, tzinfo=UTC))
    return [
        *regular,
        *held,
        first,
        MeetingHeld(**first.model_dump()),
        declined,
        MeetingCancelled(**gone),
        last,
        coming,
    ]


def _mails(city: City) -> list[Fact]:
    *people, last = (member.function for member in city.bodies["extended_rapport"].members[:5])
    sent: list[Fact] = [
        DeliverySent(
            delivery_id=UUID(int=300 + 10 * n + k),
            channel="mail",
            recipient=f"extended_rapport/{person}",
            language="de",
            template="invitation",
            about=str(UUID(int=about)),
            title="Einladung: Erweiterter Drogenrapport <Köhlerplatz>",
            sent_at=when,
        )
        for n, (about, when) in enumerate(((1, at(4, 9)), (200, at(4, 9, 13)), (202, at(12, 11, 7))))
        for k, person in enumerate(people)
    ]
    failed = DeliveryFailed(
        delivery_id=UUID(int=399),
        channel="mail",
        recipient=f"extended_rapport/{last}",
        template="invitation",
        about=str(UUID(int=202)),
        reason="550 mailbox unavailable",
        failed_at=at(12, 11, 8),
    )
    return [*sent, failed]
