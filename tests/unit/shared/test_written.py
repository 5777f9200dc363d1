"""Times, spans, days, rules and addresses of a profile: what YAML misreads is refused, with the way to write it."""

from contextlib import suppress
from datetime import date, time, timedelta
from time import perf_counter
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared.city.profile import Body, Bounds, Place, Recurrence
from shared.text.address import MailAddress, parse_mailbox
from shared.text.rrule import RecurrenceRule
from shared.text.written import Day, Span, WallTime

REFUSED = [
    (WallTime, "10:00", "in quotes"),
    (WallTime, "9:30", "in quotes"),
    (WallTime, "10", "in quotes"),
    (WallTime, "10.5", "in quotes"),
    (WallTime, "'10:00Z'", "without a zone"),
    (WallTime, "'10:00+02:00'", "without a zone"),
    (WallTime, "'24:00'", "in quotes"),
    (WallTime, "'9:30'", "in quotes"),
    (WallTime, "'600'", "in quotes"),
    (WallTime, "2015-01-13 10:00:00", "in quotes"),
    (WallTime, "true", "in quotes"),
    (Span, "90", "P14D"),
    (Span, "2:00", "P14D"),
    (Span, "'2:00'", "P14D"),
    (Span, "'90'", "P14D"),
    (Span, "7", "P14D"),
    (Span, "1.5", "P14D"),
    (Span, "'90 minutes'", "P14D"),
    (Span, "'-P1D'", "P14D"),
    (Span, "P1M", "P14D"),
    (Span, "P", "P14D"),
    (Span, "PT", "P14D"),
    (Day, "20150113", "2015-01-13"),
    (Day, "'20150113'", "2015-01-13"),
    (Day, "2015-01-13 10:00:00", "2015-01-13"),
    (Day, "'13.01.2015'", "2015-01-13"),
    (RecurrenceRule, "'DTSTART:20150113T100000\\nRRULE:FREQ=WEEKLY'", "write one rule"),
    (RecurrenceRule, "'DTSTART=20150113;FREQ=WEEKLY'", "write one rule"),
    (RecurrenceRule, "'FREQ=WEEKLY\\nEXDATE:20150113'", "write one rule"),
    (RecurrenceRule, "'FREQ=MONTHLY;BYHOUR=9'", "write one rule"),
    (RecurrenceRule, "'FREQ=MONTHLY;FREQ=WEEKLY'", "write one rule"),
    (RecurrenceRule, "'FREQ=HOURLY'", "FREQ must"),
    (RecurrenceRule, "'FREQ=WEEKLY;INTERVAL=0'", "INTERVAL"),
    (RecurrenceRule, "'FREQ=WEEKLY;INTERVAL=99999'", "INTERVAL"),
    (RecurrenceRule, "'FREQ=WEEKLY;INTERVAL=²'", "write one rule"),
    (RecurrenceRule, "'FREQ=WEEKLY;INTERVAL=1,2'", "INTERVAL"),
    (RecurrenceRule, "'FREQ=DAILY;COUNT=0'", "COUNT"),
    (RecurrenceRule, "'FREQ=DAILY;COUNT=-3'", "COUNT"),
    (RecurrenceRule, "'FREQ=MONTHLY;BYDAY=2XX'", "BYDAY: '2XX' is no weekday"),
    (RecurrenceRule, "'FREQ=MONTHLY;BYDAY=2'", "BYDAY: '2' is no weekday"),
    (RecurrenceRule, "'FREQ=MONTHLY;BYDAY=0TU'", "BYDAY: '0TU' is no weekday"),
    (RecurrenceRule, "'FREQ=YEARLY;BYDAY=54MO'", "BYDAY: '54MO' is no weekday"),
    (RecurrenceRule, "'FREQ=MONTHLY;BYDAY=TU,'", "BYDAY: '' is no weekday"),
    (RecurrenceRule, "'FREQ=WEEKLY;BYDAY=2TU'", "BYDAY: weekdays with a number need FREQ=MONTHLY or"),
    (RecurrenceRule, "'FREQ=DAILY;BYDAY=-1FR'", "BYDAY: weekdays with a number need FREQ=MONTHLY or"),
    (RecurrenceRule, "'FREQ=YEARLY;BYWEEKNO=20;BYDAY=2TU'", "BYDAY: .* not with BYWEEKNO"),
    (RecurrenceRule, "'FREQ=MONTHLY;BYDAY=TU,2WE'", "BYDAY: .* all of them with a number or none"),
    (RecurrenceRule, "'FREQ=WEEKLY;BYDAY=TU,TU'", "BYDAY=TU is named twice"),
    (RecurrenceRule, "'FREQ=MONTHLY;BYDAY=2TU,+2TU'", "BYDAY=2TU is named twice"),
    (RecurrenceRule, "'FREQ=MONTHLY;BYMONTHDAY=1,01'", "BYMONTHDAY=1 is named twice"),
    (RecurrenceRule, "'FREQ=WEEKLY;BYMONTHDAY=3'", "BYMONTHDAY needs FREQ=DAILY, MONTHLY or YEARLY"),
    (RecurrenceRule, "'FREQ=MONTHLY;BYMONTHDAY=0'", "BYMONTHDAY: '0' is not 1 to 31"),
    (RecurrenceRule, "'FREQ=MONTHLY;BYMONTHDAY=32'", "BYMONTHDAY: '32' is not 1 to 31"),
    (RecurrenceRule, "'FREQ=MONTHLY;BYMONTH=13'", "BYMONTH: '13' is not 1 to 12 \\["),
    (RecurrenceRule, "'FREQ=MONTHLY;BYMONTH=-1'", "BYMONTH: '-1' is not 1 to 12 \\["),
    (RecurrenceRule, "'FREQ=MONTHLY;BYMONTH=MO'", "BYMONTH: 'MO' is not 1 to 12 \\["),
    (RecurrenceRule, "'FREQ=MONTHLY;BYWEEKNO=3'", "BYWEEKNO needs FREQ=YEARLY"),
    (RecurrenceRule, "'FREQ=YEARLY;BYWEEKNO=54'", "BYWEEKNO: '54' is not 1 to 53"),
    (RecurrenceRule, "'FREQ=YEARLY;BYYEARDAY=100'", "write one rule"),
    (RecurrenceRule, "'FREQ=MONTHLY;BYYEARDAY=100'", "write one rule"),
    (RecurrenceRule, "'FREQ=MONTHLY;BYSETPOS=1'", "BYSETPOS needs another part"),
    (RecurrenceRule, "'FREQ=MONTHLY;BYDAY=MO;BYSETPOS=400'", "BYSETPOS: '400' is not 1 to 366"),
    (RecurrenceRule, "'FREQ=WEEKLY;WKST=XX'", "WKST"),
    (RecurrenceRule, "'FREQ=WEEKLY;WKST=2MO'", "WKST"),
    (RecurrenceRule, "'FREQ=DAILY;UNTIL=2030'", "UNTIL"),
    (RecurrenceRule, "'FREQ=DAILY;UNTIL=20300231'", "UNTIL"),
    (RecurrenceRule, "'FREQ=DAILY;UNTIL=20300101T000000Z'", "UNTIL .*without a zone"),
    (RecurrenceRule, "'FREQ=WEEKLY;COUNT=3;UNTIL=20300101T000000'", "exclude"),
    (RecurrenceRule, "'every second Tuesday'", "write one rule"),
    (MailAddress, "'bm ordnung@example.test'", "no mail address"),
    (MailAddress, "'Leitung <leitung@stadt.test>'", "no mail address"),
    (MailAddress, "'a@b@stadt.test'", "no mail address"),
    (MailAddress, "'leitung'", "no mail address"),
    (MailAddress, "'leitung@stadt.test, vertretung@stadt.test'", "no mail address"),
    (MailAddress, '"leitung@stadt.test\\n"', "no mail address"),
    (MailAddress, "'präsident@stadt.test'", "no mail address"),
    (MailAddress, "'leitung@stadt..test'", "no mail address"),
    (MailAddress, "''", "no mail address"),
]

TAKEN = [
    (WallTime, "'10:00'", time(10)),
    (WallTime, "'23:59:30'", time(23, 59, 30)),
    (Span, "PT90M", timedelta(minutes=90)),
    (Span, "P1DT12H", timedelta(hours=36)),
    (Span, "P2W", timedelta(days=14)),
    (Day, "2015-01-13", date(2015, 1, 13)),
    (Day, "'2015-01-13'", date(2015, 1, 13)),
    (RecurrenceRule, "FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU", "FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU"),
    (RecurrenceRule, "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1", "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1"),
    (RecurrenceRule, "FREQ=YEARLY;BYWEEKNO=20;BYDAY=TU", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=TU"),
    (RecurrenceRule, "FREQ=DAILY;UNTIL=20301231T100000", "FREQ=DAILY;UNTIL=20301231T100000"),
    (RecurrenceRule, "FREQ=DAILY;UNTIL=20301231", "FREQ=DAILY;UNTIL=20301231T235959"),
    (MailAddress, "praesident@polizei-münchen.example", "praesident@xn--polizei-mnchen-osb.example"),
    (MailAddress, "o'brien+rapport@stadt.test", "o'brien+rapport@stadt.test"),
]


def ids(rows: list[Any]) -> list[str]:
    return [f"{row[1]}" for row in rows]


@pytest.mark.parametrize(("kind", "text", "hint"), REFUSED, ids=ids(REFUSED))
def test_what_yaml_misreads_is_refused(kind: Any, text: str, hint: str) -> None:
    with pytest.raises(ValidationError, match=hint):
        TypeAdapter(kind).validate_python(yaml.safe_load(text))


@pytest.mark.parametrize(("kind", "text", "value"), TAKEN, ids=ids(TAKEN))
def test_what_is_written_as_meant_is_taken(kind: Any, text: str, value: Any) -> None:
    assert TypeAdapter(kind).validate_python(yaml.safe_load(text)) == value


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("rapport@stadt.test", "", "rapport@stadt.test"),
        ("Rapport Leipzig <rapport@stadt.test>", "Rapport Leipzig", "rapport@stadt.test"),
        (
            '"Drogenrapport, Stadt" <rapport@münchen.example>',
            "Drogenrapport, Stadt",
            "rapport@xn--mnchen-3ya.example",
        ),
    ],
)
def test_a_sender_may_have_a_name(text: str, name: str, address: str) -> None:
    box = parse_mailbox(text)
    assert (box.name, box.address) == (name, address)


def a_recurrence(rule: str, start: str = "2015-01-13") -> Recurrence:
    return Recurrence.model_validate({"rrule": rule, "start": start, "at": "10:00"})


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=3",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;UNTIL=99991231",
        "FREQ=DAILY;BYDAY=MO;BYSETPOS=2",
        "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2",
        "FREQ=MONTHLY;BYMONTHDAY=-31;BYMONTH=4",
        "FREQ=MONTHLY;BYDAY=6TU",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTH=2",
        "FREQ=YEARLY;INTERVAL=60;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=YEARLY;UNTIL=20150112",
        "FREQ=DAILY;UNTIL=20150113T095959",
    ],
)
def test_a_rule_that_names_no_day_is_refused_at_once(rule: str) -> None:
    began = perf_counter()
    with pytest.raises(ValidationError, match="no day within 12 years"):
        a_recurrence(rule)
    assert perf_counter() - began < 1


@pytest.mark.parametrize(
    ("rule", "start"),
    [
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2015-01-13"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2096-03-01"),
        ("FREQ=YEARLY", "2024-02-29"),
        ("FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO", "2015-01-13"),
        ("FREQ=DAILY;UNTIL=20150113", "2015-01-13"),
        ("FREQ=DAILY;UNTIL=20150113T100000", "2015-01-13"),
        ("FREQ=MONTHLY;INTERVAL=60;COUNT=1", "1900-01-01"),
    ],
)
def test_a_rule_that_names_a_day_is_taken(rule: str, start: str) -> None:
    assert a_recurrence(rule, start)


@pytest.mark.parametrize("start", ["0001-01-01", "1899-12-31", "2101-01-01", "9999-12-31"])
def test_a_series_starts_in_living_memory(start: str) -> None:
    with pytest.raises(ValidationError, match="start"):
        a_recurrence("FREQ=DAILY", start)


def a_body(**changes: Any) -> dict[str, Any]:
    name = {"de": "Rat", "en": "Council"}
    return {"id": "rat", "name": name, "duration": "PT1H", "location": "hier", "members": []} | changes


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"duration": "PT0S"}, "duration"),
        ({"duration": "P2D"}, "duration"),
        ({"reminders": ["P1D", "PT24H"]}, "reminders"),
        ({"reminders": ["PT30M", "PT35M"]}, "reminders"),
        ({"reminders": ["PT0S"]}, "reminders"),
        ({"reminders": [7]}, "reminders"),
        ({"slots": {"at": ["10:00"], "notice": 24}}, "slots.notice"),
        ({"slots": {"at": [600]}}, "slots.at"),
        ({"slots": {"at": []}}, "slots.at"),
        ({"slots": {"at": ["10:00", "14:00", "10:00:00"]}}, "slots.at"),
    ],
)
def test_a_body_that_cannot_meet_is_refused_by_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Body.model_validate(a_body(**changes))
    assert ".".join(str(part) for part in refused.value.errors()[0]["loc"]).startswith(field)


def test_reminders_of_45_and_30_minutes_are_two() -> None:
    assert len(Body.model_validate(a_body(reminders=["PT45M", "PT30M"])).reminders) == 2


@pytest.mark.parametrize(
    "box",
    [
        {"south": 52, "north": 51, "west": 12, "east": 13},
        {"south": 51, "north": 52, "west": 13, "east": 12},
        {"south": float("nan"), "north": 52, "west": 12, "east": 13},
        {"south": 51, "north": 91, "west": 12, "east": 13},
        {"south": True, "north": 52, "west": 12, "east": 13},
    ],
)
def test_bounds_without_an_inside_are_refused(box: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Bounds.model_validate(box)


def test_a_place_may_have_decimal_commas() -> None:
    row = {
        "id": "a",
        "name": "A",
        "kind": "kita",
        "latitude": "51,3394",
        "longitude": " 12,4036",
        "radius_m": "150,5",
    }
    place = Place.model_validate(row)
    assert (place.latitude, place.longitude, place.radius_m) == (51.3394, 12.4036, 150.5)


@given(st.one_of(st.text(max_size=30), st.integers(), st.floats(), st.booleans(), st.none()))
def test_anything_is_taken_or_refused_by_name(value: Any) -> None:
    for kind in (WallTime, Span, Day, RecurrenceRule, MailAddress):
        with suppress(ValidationError):
            TypeAdapter(kind).validate_python(value)
