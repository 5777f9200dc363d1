"""Facts about a city, a sender that keeps letters, and a service that turns the ones into the others."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any
from uuid import UUID

from rapport.process.process import Process
from services.notify.addresses import Address
from services.notify.channels.mail.letter import Letter
from shared.city.city import City
from shared.city.seats import first_address, functions_of, people_of
from shared.errors import Rejected, Unavailable
from shared.facts import (
    AgreementChanged,
    AgreementDue,
    AgreementMade,
    AgreementOverdue,
    AgreementStep,
    Convene,
    EscalationAcknowledged,
    EscalationAnswered,
    EscalationDecided,
    EscalationDeclined,
    EscalationExtended,
    EscalationHeld,
    EscalationProposed,
    EscalationRaised,
    EscalationResolved,
    EscalationUnanswered,
    Evidence,
    Fact,
    FieldChange,
    JoinAnswered,
    JoinRequested,
    MeetingReason,
    MeetingScheduled,
    Owner,
    RequestAnswered,
    RequestMade,
    RequestWithdrawn,
    Scope,
    ScopeKind,
    SituationPart,
)
from shared.messaging.envelope import seal
from shared.runtime import receiving
from shared.system.clock import MovableClock

NOW = datetime(2018, 4, 17, 9, 30, tzinfo=UTC)
ESCALATION = UUID(int=1)
MEETING = UUID(int=2)


def evidence(**changes: Any) -> Evidence:
    values: dict[str, Any] = {
        "rule": "syringes_near_sensitive_place",
        "rule_version": "3f2a9c01d7e4",
        "window_start": NOW - timedelta(days=14),
        "window_end": NOW,
        "counts": {"syringes_near_sensitive_place": 3},
        "thresholds": {"syringes_near_sensitive_place": 3},
        "incidents": tuple(UUID(int=n) for n in range(100, 103)),
    }
    return Evidence(**values | changes)


def raised(**changes: Any) -> EscalationRaised:
    values: dict[str, Any] = {
        "escalation_id": ESCALATION,
        "revision": 1,
        "rule": "syringes_near_sensitive_place",
        "scope": Scope(kind=ScopeKind.PLACE, key="kita-koehlerstrasse"),
        "started_at": NOW - timedelta(days=6),
        "raised_at": NOW,
        "evidence": evidence(),
        "sentence": {
            "de": "In den letzten 14 Tagen wurden im Umkreis der Kita Köhlerstraße 3 Spritzenfunde gemeldet; die Schwelle liegt bei 3.",
            "en": "In the last 14 days 3 syringe finds were reported near the day-care centre Köhlerstraße; the threshold is 3.",
        },
        "notify": ("extended_rapport",),
        "convene": Convene(body="extended_rapport", within_working_days=5),
    }
    return EscalationRaised(**values | changes)


def request_made(**changes: Any) -> RequestMade:
    values: dict[str, Any] = {
        "request_id": UUID(int=3),
        "revision": 1,
        "body": "extended_rapport",
        "scope": Scope(kind=ScopeKind.PLACE, key="kita-koehlerstrasse"),
        "reason": "Eltern berichten von Spritzen am Zaun",
        "by": "neighbourhood_alliance/city_cleaning",
        "via": "session",
        "made_at": NOW,
        "answer_by": NOW + timedelta(days=7),
    }
    return RequestMade(**values | changes)


def join_requested(**changes: Any) -> JoinRequested:
    values = {"request_id": UUID(int=4), "revision": 1, "body": "extended_rapport", "requested_at": NOW}
    return JoinRequested(**values | changes)


def join_answered(**changes: Any) -> JoinAnswered:
    values: dict[str, Any] = {
        "request_id": UUID(int=4),
        "revision": 2,
        "body": "extended_rapport",
        "granted": True,
        "function": "police_president",
        "reason": "Willkommen.",
        "language": "de",
        "reached_at": UUID(int=5),
        "by": "extended_rapport/addiction_commissioner",
        "via": "session",
        "answered_at": NOW,
    }
    return JoinAnswered(**values | changes)


def request_answered(**changes: Any) -> RequestAnswered:
    values: dict[str, Any] = {
        "request_id": UUID(int=3),
        "revision": 2,
        "body": "extended_rapport",
        "scope": Scope(kind=ScopeKind.PLACE, key="kita-koehlerstrasse"),
        "asked_because": "Eltern berichten von Spritzen am Zaun",
        "asked_by": "neighbourhood_alliance/city_cleaning",
        "granted": False,
        "reason": "Der nächste Rapport ist am Dienstag",
        "by": "extended_rapport/addiction_commissioner",
        "answered_at": NOW,
    }
    return RequestAnswered(**values | changes)


AGREEMENT: dict[str, Any] = {
    "body": "extended_rapport",
    "measure": "building_work",
    "title": "Mauer der Kita höher und oben angeschrägt",
    "owner": Owner(seat="extended_rapport/police_president"),
    "scope": Scope(kind=ScopeKind.PLACE, key="kita-koehlerstrasse"),
    "due_on": date(2018, 6, 15),
}
MADE: dict[str, Any] = {
    "agreement_id": UUID(int=4),
    "agreed_on": date(2018, 4, 17),
    "state": "open",
    "made_by": "extended_rapport/addiction_commissioner",
    "made_at": NOW,
}


def agreed(**changes: Any) -> AgreementMade:
    return AgreementMade(**AGREEMENT | MADE | {"revision": 1} | changes)


def agreement_changed(**changes: Any) -> AgreementChanged:
    values: dict[str, Any] = {
        "revision": 2,
        "change": "edited",
        "fields": (FieldChange(field="due_on", before="2018-06-01", after="2018-06-15"),),
        "reason": "Die Firma kann erst später",
        "by": "extended_rapport/addiction_commissioner",
        "via": "session",
        "changed_at": NOW,
    }
    return AgreementChanged(**AGREEMENT | MADE | values | changes)


def step(**changes: Any) -> AgreementStep:
    return AgreementStep(**AGREEMENT | {"agreement_id": UUID(int=4), "days": -7} | changes)


def agreement_due(**changes: Any) -> AgreementDue:
    values: dict[str, Any] = {
        "reminder_id": UUID(int=5),
        "owner": AGREEMENT["owner"],
        "agreements": (step(),),
        "reminded_at": datetime(2018, 6, 8, 6, tzinfo=UTC),
    }
    return AgreementDue(**values | changes)


def agreement_overdue(**changes: Any) -> AgreementOverdue:
    values: dict[str, Any] = {
        "reminder_id": UUID(int=6),
        "body": "extended_rapport",
        "agreements": (step(days=14),),
        "noticed_at": datetime(2018, 6, 29, 6, tzinfo=UTC),
    }
    return AgreementOverdue(**values | changes)


def request_withdrawn(**changes: Any) -> RequestWithdrawn:
    values: dict[str, Any] = {
        "request_id": UUID(int=3),
        "revision": 2,
        "body": "extended_rapport",
        "scope": Scope(kind=ScopeKind.PLACE, key="kita-koehlerstrasse"),
        "asked_because": "Eltern berichten von Spritzen am Zaun",
        "by": "neighbourhood_alliance/city_cleaning",
        "withdrawn_at": NOW,
    }
    return RequestWithdrawn(**values | changes)


def proposed(**changes: Any) -> EscalationProposed:
    alert = raised()
    values: dict[str, Any] = {
        "escalation_id": ESCALATION,
        "revision": 1,
        "rule": alert.rule,
        "scope": alert.scope,
        "started_at": alert.started_at,
        "proposed_at": NOW,
        "evidence": alert.evidence,
        "sentence": alert.sentence,
        "ask": ("extended_rapport",),
        "confirm_by": NOW + timedelta(hours=4),
    }
    return EscalationProposed(**values | changes)


def unanswered(**changes: Any) -> EscalationUnanswered:
    values: dict[str, Any] = {
        "escalation_id": ESCALATION,
        "revision": 3,
        "seats": ("extended_rapport/police_president", "extended_rapport/head_parks_office"),
        "times": 1,
        "noticed_at": NOW,
        "answer_by": NOW + timedelta(days=1),
    }
    return EscalationUnanswered(**values | changes)


def extended(**changes: Any) -> EscalationExtended:
    alert = raised()
    values: dict[str, Any] = {
        "escalation_id": ESCALATION,
        "revision": 2,
        "rule": alert.rule,
        "scope": alert.scope,
        "started_at": alert.started_at,
        "extended_at": NOW,
        "reason": "doubled",
        "evidence": evidence(counts={"syringes_near_sensitive_place": 6}),
        "sentence": alert.sentence,
        "notify": alert.notify,
    }
    return EscalationExtended(**values | changes)


def a_part(sentence: str) -> SituationPart:
    """Return a smaller escalation that belongs to another."""
    return SituationPart(
        escalation_id=UUID(int=77),
        rule="violence_wave",
        scope=Scope(kind=ScopeKind.DISTRICT, key="20"),
        sentence={"de": sentence, "en": sentence},
    )


def resolved(**changes: Any) -> EscalationResolved:
    alert = raised()
    values: dict[str, Any] = {
        "escalation_id": ESCALATION,
        "revision": 9,
        "rule": alert.rule,
        "scope": alert.scope,
        "started_at": alert.started_at,
        "resolved_at": NOW,
        "reason": "calm",
        "sentence": {
            "de": "Seit 14 Tagen wurde nichts mehr gemeldet.",
            "en": "Nothing reported for 14 days.",
        },
    }
    return EscalationResolved(**values | changes)


def answered(**changes: Any) -> EscalationAnswered:
    seat = "extended_rapport/head_youth_office"
    values: dict[str, Any] = {
        "escalation_id": ESCALATION,
        "revision": 3,
        "seat": seat,
        "by": seat,
        "via": "key",
        "answer": "not_needed",
        "reason": "Der Einsatz läuft bereits.",
        "answered_at": NOW,
        "noted": 2,
        "not_needed": 1,
        "open": 4,
    }
    return EscalationAnswered(**values | changes)


def decided(**changes: Any) -> EscalationDecided:
    values: dict[str, Any] = {
        "escalation_id": ESCALATION,
        "revision": 4,
        "by": "extended_rapport/addiction_commissioner",
        "via": "key",
        "decision": "keep",
        "reason": "Die Kita bittet um die Sitzung.",
        "decided_at": NOW,
        "noted": 2,
        "not_needed": 1,
        "open": 4,
    }
    return EscalationDecided(**values | changes)


def held(**changes: Any) -> EscalationHeld:
    values: dict[str, Any] = {
        "escalation_id": ESCALATION,
        "revision": 4,
        "by": "extended_rapport/addiction_commissioner",
        "reason": "Der Hof wird bis dahin umgebaut.",
        "until": NOW + timedelta(days=14),
        "held_at": NOW,
    }
    return EscalationHeld(**values | changes)


def acknowledged(by: str = "extended_rapport/police_president", revision: int = 3) -> EscalationAcknowledged:
    return EscalationAcknowledged(escalation_id=ESCALATION, revision=revision, acknowledged_at=NOW, by=by)


def declined(**changes: Any) -> EscalationDeclined:
    values: dict[str, Any] = {
        "escalation_id": ESCALATION,
        "revision": 4,
        "declined_at": NOW,
        "by": "extended_rapport/police_president",
        "reason": "Die Funde stammen aus einer Sammelaktion & sind geklärt.",
        "until": NOW + timedelta(days=14),
    }
    return EscalationDeclined(**values | changes)


def parsed(letter: Letter) -> EmailMessage:
    message = message_from_bytes(letter.message, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def meeting(kind: type[Any] = MeetingScheduled, **changes: Any) -> Any:
    values: dict[str, Any] = {
        "meeting_id": MEETING,
        "uid": "meeting-2@rapport.example.org",
        "sequence": 0,
        "body": "extended_rapport",
        "reason": MeetingReason.ESCALATION,
        "starts_at": datetime(2018, 4, 19, 12, 0, tzinfo=UTC),
        "ends_at": datetime(2018, 4, 19, 13, 30, tzinfo=UTC),
        "location": "Neues Rathaus, Martin-Luther-Ring 4–6, 04109 Leipzig",
        "escalations": (ESCALATION,),
        "notes": {
            "de": (
                "Spritzenfunde an der Kita Köhlerstraße: 3 in 14 Tagen",
                "Sofortmaßnahmen und Zuständigkeiten",
            ),
            "en": ("Syringe finds near the day-care centre Köhlerstraße: 3 in 14 days", "Immediate measures"),
        },
    }
    return kind(**values | changes)


class Memory:
    """A sender that keeps letters, or fails as it is told."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.failures: dict[str, list[Exception]] = {}

    async def send(self, letter: Letter) -> None:
        waiting = self.failures.get(letter.recipient, [])
        if waiting:
            raise waiting.pop(0)
        self.letters.append(letter)

    async def close(self) -> None:
        return None


class Desk:
    """A notify service with its clock and sender; facts go in, letters come out."""

    def __init__(
        self,
        process: Process,
        clock: MovableClock,
        sender: Memory,
        ids: Iterator[UUID],
        addresses: "Profile",
    ) -> None:
        self.addresses = addresses
        self.process = process
        self.clock = clock
        self.sender = sender
        self.ids = ids
        self.runtime = process.runtimes["notify"]

    async def hear(self, *facts: Fact) -> None:
        now = self.clock.now()
        await receiving.receive(
            self.runtime, [seal(fact, next(self.ids), "test", now, None) for fact in facts]
        )

    async def work(self) -> None:
        while await self.runtime.service.worker(self.runtime):  # type: ignore[misc]
            pass

    async def tell(self, *facts: Fact) -> list[Letter]:
        before = len(self.sender.letters)
        await self.hear(*facts)
        await self.work()
        return self.sender.letters[before:]

    def published(self) -> list[Fact]:
        assert self.runtime.relay
        return [envelope.fact() for envelope in self.runtime.relay.fresh]


def mail_of(city: City, function: str) -> str:
    """Return the address that the profile gives a function."""
    return next(person.mail for _, person in functions_of(city.seed.values()) if person.function == function)


class Profile:
    """Knows the addresses of a profile, and those that a test makes up, as the directory does."""

    def __init__(self, city: City, more: Mapping[UUID, str] | None = None) -> None:
        ids = people_of(city.seed.values(), city.id)
        mails = {person.mail.casefold(): person.mail for _, person in functions_of(city.seed.values())}
        self.mails = {first_address(who): mails[key] for key, who in ids.items()} | dict(more or {})
        self.names = {
            f"{body}/{person.function}": person.name for body, person in functions_of(city.seed.values())
        }
        self.is_away = False

    async def find(self, reached_at: UUID, recipient: str, now: datetime) -> Address:
        if self.is_away:
            raise Unavailable("directory does not answer")
        if reached_at not in self.mails:
            raise Rejected("the address that it is for is no longer known")
        return Address(mail=self.mails[reached_at], name=self.names.get(recipient))
