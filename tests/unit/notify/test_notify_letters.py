"""How messages read."""

import re
from datetime import date, timedelta
from html.parser import HTMLParser
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from services.notify import letter
from services.notify.dates import day, moment, span
from services.notify.domain import Content, Intended, Notice, Reader, Template
from services.notify.links import ASKING, REPORTING
from services.notify.routing import ROUTES
from shared.city.city import City
from shared.facts import (
    Fact,
    MeetingCancelled,
    MeetingMoved,
    MeetingScheduled,
    ReminderDue,
    Scope,
    ScopeKind,
)
from shared.text.language import Language
from tests.unit.notify.builders import (
    NOW,
    a_part,
    acknowledged,
    agreed,
    agreement_changed,
    agreement_due,
    agreement_overdue,
    answered,
    decided,
    declined,
    evidence,
    extended,
    held,
    join_answered,
    join_requested,
    meeting,
    proposed,
    raised,
    request_answered,
    request_made,
    request_withdrawn,
    resolved,
    unanswered,
)

FACTS: dict[Template, Fact] = {
    Template.PROPOSED: proposed(),
    Template.ALERT: raised(),
    Template.EXTENDED: extended(),
    Template.RESOLVED: resolved(),
    Template.UNANSWERED: unanswered(),
    Template.ANSWERED: answered(),
    Template.DECIDED: decided(),
    Template.HELD: held(),
    Template.ACKNOWLEDGED: acknowledged(),
    Template.DECLINED: declined(),
    Template.REQUEST_MADE: request_made(),
    Template.REQUEST_ANSWERED: request_answered(),
    Template.AGREED: agreed(),
    Template.AGREEMENT_CHANGED: agreement_changed(),
    Template.AGREEMENT_DUE: agreement_due(),
    Template.AGREEMENT_LATE: agreement_overdue(),
    Template.REQUEST_WITHDRAWN: request_withdrawn(),
    Template.JOIN_REQUESTED: join_requested(),
    Template.JOIN_ANSWERED: join_answered(),
    Template.INVITATION: meeting(),
    Template.MOVED: meeting(
        MeetingMoved, sequence=1, changes=("time",), previous_starts_at=NOW + timedelta(days=1)
    ),
    Template.CANCELLED: meeting(MeetingCancelled, sequence=1, cancelled_because="escalation_declined"),
    Template.REMINDER: meeting(ReminderDue, lead_hours=24),
}
URL = "https://rapport.example.org"
ANSWER = f"{URL}/de/a/{'x' * 43}"
WHO = {"leipzig": "extended_rapport/police_president", "boston": "extended_rapport/police_commissioner"}


def reader(city: City, template: Template) -> Reader:
    member = city.find_member(WHO[city.id])
    assert member
    return Reader(
        "who@example.org",
        member.name,
        member.role,
        deputy=member.deputy and member.deputy.name,
        answer=ANSWER if template in ASKING | REPORTING else "",
    )


def written(fact: Fact, city: City, language: Language = "de") -> Content:
    template = ROUTES[type(fact)][0]
    notice = Notice(UUID(int=1), template, fact, raised(), NOW)
    return letter.write(notice, Intended(WHO[city.id], language, template), reader(city, template), city, URL)


class Links(HTMLParser):
    """Collects what an HTML mail would load or open."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.targets += [value or "" for name, value in attrs if name in {"href", "src"}]


@pytest.mark.parametrize(("template", "language"), list(product(Template, ("de", "en"))))
def test_every_message_is_complete_in_every_language(
    template: Template, language: Language, leipzig: City, boston: City
) -> None:
    for city in (leipzig, boston):
        content = written(FACTS[template], city, language)
        assert 20 < len(content.subject) < 160
        assert "\n" not in content.subject
        for text in (content.text, content.html):
            assert URL in text
            assert city.note[language].split()[0] in text
            assert "None" not in text
            assert not re.search(r"[{%]{2}|{%|%}", text)
        assert "\n\n\n" not in content.text
        assert f'<html lang="{language}">' in content.html


@pytest.mark.parametrize("template", list(Template))
def test_no_message_loads_anything(template: Template, leipzig: City) -> None:
    links, html = Links(), written(FACTS[template], leipzig).html
    links.feed(html)
    assert not {"img", "script", "link", "iframe"} & set(links.tags)
    assert not re.search(r"url\(|@import", html)
    assert all(target.startswith(f"{URL}/") for target in links.targets)
    asks = 3 if template in ASKING else 2 if template in REPORTING else 0
    assert len(links.targets) == 1 + asks


def test_there_is_one_file_per_message_and_language() -> None:
    shared = {"message", "escalation", "meeting", "request", "agreement", "agreements"}
    for language in ("de", "en"):
        names = {path.stem for path in (letter.FOLDER / language).iterdir()}
        assert names == {template.value for template in Template} | shared | {"sign_in", "join_confirm"}


def test_an_alert_says_what_where_since_when_and_compared_with_what(leipzig: City) -> None:
    content = written(raised(), leipzig)
    assert content.subject == (
        "Eskalation: Kita Köhlerstraße am Köhlerplatz – Spritzenfunde an einem sensiblen Ort, Di, 17.04.2018"
    )
    for said in (
        "Wo: Kita Köhlerstraße am Köhlerplatz",
        "Seit: Mi, 11.04.2018, 11:30 Uhr",
        "Gezählt: 3 (Schwelle 3)",
        "Zeitraum: Di, 03.04.2018, 11:30 Uhr – Di, 17.04.2018, 11:30 Uhr",
        "Fassung 3f2a9c01d7e4",
        "Erweiterter Drogenrapport, innerhalb von 5 Arbeitstagen",
        "zur Kenntnis",
    ):
        assert said in content.text


@pytest.mark.parametrize(
    ("counts", "thresholds", "german", "english"),
    [
        ({"a": 6}, {"a": 3}, "Die Zahl hat das Doppelte der Schwelle", "The count has reached twice the"),
        ({"a": 13}, {"a": 3}, "das 4-Fache der Schwelle erreicht.", "has reached 4 times the threshold."),
        ({"a": 500, "b": 9}, {"a": 45, "b": 4}, "hat das Doppelte der", "has reached twice the threshold."),
        ({"a": 50, "b": 7}, {"a": 45, "b": 4}, "Die Zahl ist weiter gestiegen.", "has risen further."),
    ],
)
def test_a_worsening_says_how_many_times_the_threshold_was_reached_and_no_more(
    leipzig: City, counts: dict[str, int], thresholds: dict[str, int], german: str, english: str
) -> None:
    fact = extended(evidence=evidence(counts=counts, thresholds=thresholds), part=max(counts))
    assert german in " ".join(written(fact, leipzig).text.split())
    assert english in " ".join(written(fact, leipzig, "en").text.split())


@pytest.mark.parametrize(
    ("language", "label", "spreads"),
    [("de", "Gehört dazu:", "Lage weitet sich aus: "), ("en", "Part of it:", "Situation spreads: ")],
)
def test_what_belongs_to_a_situation_is_named(
    language: Language, label: str, spreads: str, leipzig: City
) -> None:
    parts = (a_part("Kita A: 3 <Funde>"), a_part("Kita B: 4 Funde"))
    joined = extended(reason="joined", parts=parts)
    for fact in (raised(parts=parts), joined):
        letter = written(fact, leipzig, language)
        at = letter.text.index(label)
        assert letter.text.index("- Kita A: 3 <Funde>") > at
        assert "- Kita B: 4 Funde" in letter.text
        assert "Kita A: 3 &lt;Funde&gt;" in letter.html
    assert written(joined, leipzig, language).subject.startswith(spreads)
    assert label not in written(raised(), leipzig, language).text


def test_an_alert_of_several_signals_names_each(leipzig: City) -> None:
    both = {"syringes_many": 51, "complaints_many": 14}
    seen = evidence(
        rule="special_problem_situation", counts=both, thresholds={"syringes_many": 45, "complaints_many": 12}
    )
    scope = Scope(kind=ScopeKind.DISTRICT, key=next(iter(leipzig.districts)))
    text = written(raised(rule="special_problem_situation", scope=scope, evidence=seen), leipzig).text
    assert "Gezählt: 51 (Schwelle 45) – Viele Spritzenfunde" in text
    assert "Gezählt: 14 (Schwelle 12) – Viele Beschwerden" in text


@pytest.mark.parametrize(("language", "word"), [("de", "Begründung"), ("en", "Reason")])
def test_a_cancellation_gives_the_moderations_reason(language: Language, word: str, leipzig: City) -> None:
    said = {"cancelled_because": "by_moderation", "explanation": "Die Moderation ist erkrankt."}
    content = written(meeting(MeetingCancelled, sequence=1, **said), leipzig, language)
    assert f"{word}: Die Moderation ist erkrankt." in content.text
    assert "Die Moderation ist erkrankt." in content.html


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "de",
            ("Bisheriger Ort: Stadthaus", "Begründung: Saal belegt.", "an einem Wochenende und außerhalb"),
        ),
        ("en", ("Place before: Stadthaus", "Reason: Saal belegt.", "at a weekend and outside")),
    ],
)
def test_a_move_says_from_where_why_and_what_is_unusual(
    language: Language, words: tuple[str, ...], leipzig: City
) -> None:
    fact = meeting(
        MeetingMoved,
        sequence=1,
        changes=("time", "location"),
        previous_starts_at=NOW + timedelta(days=1),
        previous_location="Stadthaus",
        moved_because="by_moderation",
        explanation="Saal belegt.",
        warnings=("weekend", "outside_hours"),
    )
    text = " ".join(written(fact, leipzig, language).text.split())
    assert [word for word in words if word not in text] == []


@pytest.mark.parametrize("fact", [MeetingMoved, MeetingCancelled])
def test_a_changed_recurrence_is_the_reason_given(fact: type[Fact], leipzig: City) -> None:
    because = {"moved_because": "recurrence_changed", "cancelled_because": "recurrence_changed"}
    changed = meeting(fact, sequence=1, changes=("time",), previous_starts_at=NOW, **because)
    assert "Das Gremium tagt künftig in einem anderen Turnus." in written(changed, leipzig).text
    assert "The body now meets on other days." in written(changed, leipzig, "en").text


def test_an_invitation_says_when_in_the_subject(leipzig: City) -> None:
    content = written(meeting(), leipzig)
    assert content.subject == "Einladung: Erweiterter Drogenrapport am Do, 19.04.2018, 14:00 Uhr"
    assert "Wann: Do, 19.04.2018, 14:00–15:30 Uhr" in content.text
    assert "- Spritzenfunde an der Kita Köhlerstraße: 3 in 14 Tagen" in content.text


@pytest.mark.parametrize("fact", [MeetingScheduled, ReminderDue])
@pytest.mark.parametrize(
    ("because", "german", "english"),
    [
        (
            "school_holiday",
            "Statt: Di, 10.07.2018 (Schulferien)",
            "Instead of: Tue, 10 Jul 2018 (school holidays)",
        ),
        (
            "public_holiday",
            "Statt: Di, 10.07.2018 (Feiertag)",
            "Instead of: Tue, 10 Jul 2018 (public holiday)",
        ),
        ("flood", "Statt: Di, 10.07.2018\n", "Instead of: Tue, 10 Jul 2018\n"),
    ],
)
def test_a_session_moved_off_a_day_says_which_and_why(
    fact: type[Fact], because: str, german: str, english: str, leipzig: City
) -> None:
    lead = {"lead_hours": 24} if fact is ReminderDue else {}
    moved = meeting(fact, instead_of=date(2018, 7, 10), instead_because=because, **lead)
    assert german in written(moved, leipzig).text
    assert english in written(moved, leipzig, "en").text
    assert "Statt" not in written(meeting(fact, **lead), leipzig).text


def test_an_invitation_names_the_deputy(leipzig: City) -> None:
    member = next(m for m in leipzig.bodies["extended_rapport"].members if m.function == "police_president")
    assert member.deputy
    assert member.deputy.name["de"] in written(meeting(), leipzig).text


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        (resolved(reason="calm"), "Die Eskalation ist beendet. Seit 14 Tagen wurde nichts mehr gemeldet."),
        (resolved(reason="evidence_withdrawn"), "nicht mehr erreicht; die Eskalation ist aufgehoben."),
        (acknowledged(), "Durch: Polizeipräsident:in"),
        (declined(entered_by="extended_rapport/head_parks_office"), "Im Namen von: Polizeipräsident:in"),
        (
            declined(entered_by="extended_rapport/head_parks_office"),
            "Eingetragen durch: Amtsleiter:in Amt für Stadtgrün",
        ),
        (declined(), "Begründung: Die Funde stammen aus einer Sammelaktion & sind geklärt."),
        (declined(), "Bis: Di, 01.05.2018, 11:30 Uhr"),
        (raised(reopened=True), "Die Frist der Ablehnung ist abgelaufen"),
        (raised(reopened=True, reopened_because="taken_back"), "Die Ablehnung wurde zurückgenommen"),
        (raised(reopened=True, reopened_because="continued"), "dass die Lage andauert"),
        (answered(), "Amtsleiter:in Amt für Jugend und Familie hält eine Sitzung für unnötig."),
        (answered(), "Begründung: Der Einsatz läuft bereits."),
        (answered(), "Stand der Antworten: 2 zur Kenntnis, 1 dagegen, 4 ohne Antwort"),
        (answered(deputy=1), "1 dagegen, 1 durch Vertretung, 4 ohne Antwort"),
        (answered(answer="noted", by="rapport/addiction_commissioner"), "wurde geantwortet: zur Kenntnis"),
        (decided(), "eine einberufene Sitzung findet statt"),
        (decided(), "Begründung: Die Kita bittet um die Sitzung."),
        (declined(because="called_off"), "Die Moderation hat entschieden, der Eskalation nicht zu folgen."),
        (declined(because="all_declined"), "halten eine Sitzung für unnötig"),
    ],
)
def test_what_follows_an_alert_is_said(fact: Fact, said: str, leipzig: City) -> None:
    assert said in written(fact, leipzig).text


def test_html_escapes_what_others_wrote_and_text_does_not(leipzig: City) -> None:
    content = written(declined(reason="<script>alert(1)</script> & Co."), leipzig)
    assert "<script>" not in content.html
    assert "&lt;script&gt;" in content.html
    assert "<script>alert(1)</script> & Co." in content.text


@pytest.mark.parametrize(
    ("kind", "key", "place"),
    [
        (ScopeKind.CITY, "leipzig", "Leipzig, ganze Stadt"),
        (ScopeKind.CELL, "891f1a8de27ffff", "Rasterzelle in Grünau-Mitte"),
        (ScopeKind.PLACE, "demolished", "demolished"),
        (ScopeKind.DISTRICT, "gone", "Ortsteil gone"),
    ],
)
def test_every_scope_has_a_name(kind: ScopeKind, key: str, place: str, leipzig: City) -> None:
    assert f"Wo: {place}" in written(raised(scope=Scope(kind=kind, key=key)), leipzig).text


def test_the_same_message_is_written_the_same_each_time(leipzig: City) -> None:
    assert written(meeting(), leipzig) == written(meeting(), leipzig)


def test_dates_are_local_and_need_no_locale(leipzig: City) -> None:
    zone = leipzig.zone
    assert day(NOW, zone, "de") == "Di, 17.04.2018"
    assert day(NOW, zone, "en") == "Tue, 17 Apr 2018"
    assert moment(NOW, zone, "en") == "Tue, 17 Apr 2018, 11:30"
    late: Any = NOW.replace(hour=22, minute=30)
    assert day(late, zone, "de") == "Mi, 18.04.2018"
    assert span(NOW, NOW + timedelta(hours=1), zone, "de") == "Di, 17.04.2018, 11:30–12:30 Uhr"


def test_no_template_addresses_people_by_gender() -> None:
    for path in letter.FOLDER.rglob("de/*.j2"):
        assert not re.search(r"\b(Herr|Frau|geehrter|Teilnehmer)\b", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("language", "ways"),
    [
        ("de", ["Zur Kenntnis genommen", "Nicht nötig, weil …", "Meine Vertretung übernimmt"]),
        ("en", ["Noted", "Not needed, because …", "My deputy acts"]),
    ],
)
def test_an_alert_says_how_to_answer_it(language: Language, ways: list[str], leipzig: City) -> None:
    content = written(raised(), leipzig, language)
    for text in (content.text, content.html):
        assert all(way in text for way in ways)
        assert all(f"{ANSWER}?say={say}" in text for say in ("noted", "not_needed", "deputy"))


@pytest.mark.parametrize(
    ("language", "said"),
    [("de", "hat das Doppelte der Schwelle erreicht"), ("en", "has reached twice the threshold")],
)
def test_a_worsening_of_several_signals_names_the_one_that_doubled(
    language: Language, said: str, leipzig: City
) -> None:
    both = evidence(
        counts={"violence_wave": 50, "syringes_near_sensitive_place": 20},
        thresholds={"violence_wave": 8, "syringes_near_sensitive_place": 10},
    )
    fact = extended(evidence=both, part="syringes_near_sensitive_place")
    text = written(fact, leipzig, language).text
    [line] = [line for line in text.splitlines() if said in line]
    names = {rule["id"]: rule["name"][language] for rule in leipzig.read("rules.yaml")}
    assert names["syringes_near_sensitive_place"] in line.partition(said)[0]
    assert names["violence_wave"] not in line.partition(said)[0]


@pytest.mark.parametrize(
    ("language", "began", "since"), [("de", "Begonnen:", "Seit:"), ("en", "Began:", "Since:")]
)
def test_an_all_clear_says_when_it_began_and_not_since_when_it_lasts(
    language: Language, began: str, since: str, leipzig: City
) -> None:
    text = written(resolved(), leipzig, language).text
    assert began in text
    assert since not in text
