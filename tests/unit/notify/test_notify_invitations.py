"""Invitations that Outlook, Google and Apple act on (RFC 5545, RFC 5546, RFC 6047)."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr
from unicodedata import category
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Component

from services.notify import ics
from services.notify.channels.mail.letter import Letter
from services.notify.domain import Notice, Reader, Template
from services.notify.schedule import GATHER
from shared.city.city import City
from shared.city.seats import functions_of
from shared.facts import MeetingCancelled, MeetingMoved, ReminderDue
from tests.unit.notify.builders import MEETING, NOW, Desk, meeting, parsed, raised

BERLIN = ZoneInfo("Europe/Berlin")


def parts(message: EmailMessage) -> list[str]:
    return [part.get_content_type() for part in message.walk()]


def calendar_part(message: EmailMessage) -> EmailMessage:
    return next(part for part in message.walk() if part.get_content_type() == "text/calendar")  # type: ignore[return-value]


def event(letter: Letter) -> Component:
    [found] = Calendar.from_ical(calendar_part(parsed(letter)).get_content()).walk("VEVENT")
    return found


def moved(**changes: object) -> MeetingMoved:
    values = {"sequence": 1, "changes": ("time",), "previous_starts_at": NOW + timedelta(days=1)}
    fact: MeetingMoved = meeting(MeetingMoved, **values | changes)
    return fact


def cancelled() -> MeetingCancelled:
    fact: MeetingCancelled = meeting(MeetingCancelled, sequence=2, cancelled_because="by_moderation")
    return fact


async def test_the_calendar_part_names_its_method_and_one_event(desk: Desk) -> None:
    for letter in await desk.tell(meeting()):
        part = calendar_part(parsed(letter))
        assert part["Content-Type"].params == {"method": "REQUEST", "charset": "UTF-8", "component": "VEVENT"}
        assert part["Content-Transfer-Encoding"] in {"base64", "quoted-printable"}
        calendar = Calendar.from_ical(part.get_content())
        assert calendar["METHOD"] == "REQUEST"
        assert len(calendar.walk("VEVENT")) == 1
        assert not calendar.walk("VEVENT")[0].errors


async def test_the_layout_is_the_one_that_shows_buttons(desk: Desk) -> None:
    [letter, *_] = await desk.tell(meeting())
    message = parsed(letter)
    assert parts(message) == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    [attached] = message.iter_attachments()
    assert attached.get_filename() == "invite.ics"
    assert attached.get_content() == calendar_part(message).get_content().encode()


async def test_all_versions_share_the_uid_and_each_is_newer(desk: Desk) -> None:
    first = event((await desk.tell(meeting()))[0])
    desk.clock.advance(timedelta(hours=1))
    second = event((await desk.tell(moved()))[0])
    desk.clock.advance(timedelta(hours=1))
    assert await desk.tell(moved(changes=("agenda",))) == []
    desk.clock.advance(GATHER)
    await desk.work()
    agenda = event(desk.sender.letters[-1])
    desk.clock.advance(timedelta(hours=1))
    last = event((await desk.tell(cancelled()))[0])
    versions = [first, second, agenda, last]
    assert {str(version["UID"]) for version in versions} == {"meeting-2@rapport.example.org"}
    assert [version["SEQUENCE"] for version in versions] == [0, 1, 1, 2]
    stamps = [version["DTSTAMP"].dt for version in versions]
    assert stamps == sorted(set(stamps))
    assert stamps[0] == NOW


async def test_each_gets_a_calendar_with_only_organiser_and_themselves(desk: Desk, leipzig: City) -> None:
    letters = await desk.tell(meeting())
    everybody = {person.mail for _, person in functions_of(leipzig.seed.values())}
    organizer = leipzig.profile.organizer.mail
    assert len(letters) == len(leipzig.bodies["extended_rapport"].members)
    for letter in letters:
        text = "".join(p.get_content() for p in parsed(letter).walk() if p.get_content_maintype() == "text")
        whole = text + parsed(letter).as_string()
        assert {mail for mail in everybody if mail in whole} == {letter.recipient, organizer}


async def test_the_attendee_is_asked_to_answer(desk: Desk) -> None:
    for letter in await desk.tell(meeting()):
        attendee = event(letter)["ATTENDEE"]
        assert attendee == f"mailto:{letter.recipient}"
        assert attendee.params["CUTYPE"] == "INDIVIDUAL"
        assert attendee.params["PARTSTAT"] == "NEEDS-ACTION"
        assert attendee.params["RSVP"] == "TRUE"
        assert attendee.params["ROLE"] in {"CHAIR", "REQ-PARTICIPANT"}
        shown, mail = parseaddr(message_from_bytes(letter.message)["To"])
        assert attendee.params["CN"] == str(make_header(decode_header(shown)))
        assert mail == letter.recipient


async def test_the_time_is_local_with_its_zone(desk: Desk) -> None:
    [letter, *_] = await desk.tell(meeting())
    text = calendar_part(parsed(letter)).get_content()
    assert "DTSTART;TZID=Europe/Berlin:20180419T140000" in text
    assert "BEGIN:VTIMEZONE" in text
    assert "TZID:Europe/Berlin" in text
    assert event(letter)["DTSTART"].dt == datetime(2018, 4, 19, 14, 0, tzinfo=BERLIN)
    assert event(letter)["DTEND"].dt == datetime(2018, 4, 19, 15, 30, tzinfo=BERLIN)


async def test_a_cancellation_says_so_to_calendar_and_reader(desk: Desk) -> None:
    before = event((await desk.tell(meeting()))[0])
    letters = await desk.tell(cancelled())
    assert len(letters) == 9
    after, part = event(letters[0]), calendar_part(parsed(letters[0]))
    assert part["Content-Type"].params["method"] == "CANCEL"
    assert Calendar.from_ical(part.get_content())["METHOD"] == "CANCEL"
    assert after["STATUS"] == "CANCELLED"
    assert after["UID"] == before["UID"]
    assert after["ORGANIZER"] == before["ORGANIZER"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert "RECURRENCE-ID" not in after
    assert parsed(letters[0])["Subject"].startswith("Abgesagt: ")


async def test_the_system_sends_and_the_organiser_gets_the_answers(desk: Desk, leipzig: City) -> None:
    [letter, *_] = await desk.tell(meeting())
    message = parsed(letter)
    assert message["From"].addresses[0].addr_spec == "rapport@example.org"
    assert message["Reply-To"].addresses[0].addr_spec == leipzig.profile.organizer.mail
    assert event(letter)["ORGANIZER"] == f"mailto:{leipzig.profile.organizer.mail}"


@pytest.mark.parametrize(
    ("changes", "subject", "said"),
    [
        (("time",), "Verlegt: ", "Geändert: Zeit."),
        (("location",), "Neuer Ort: ", "Geändert: Ort."),
        (("agenda",), "Neue Tagesordnung: ", "Geändert: Tagesordnung."),
        (("time", "location"), "Verlegt: ", "Geändert: Zeit, Ort."),
    ],
)
async def test_an_update_says_what_changed(
    changes: tuple[str, ...], subject: str, said: str, desk: Desk
) -> None:
    await desk.tell(moved(changes=changes))
    desk.clock.advance(GATHER)
    await desk.work()
    [letter, *_] = desk.sender.letters
    message = parsed(letter)
    assert message["Subject"].startswith(subject)
    text = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert said in text
    assert ("Bisher: Mi, 18.04.2018, 11:30 Uhr" in text) == ("time" in changes)


async def test_there_is_no_mail_about_what_is_past(desk: Desk) -> None:
    assert not await desk.tell(meeting(starts_at=NOW - timedelta(hours=2), ends_at=NOW))


async def test_reminders_and_alerts_carry_no_calendar(desk: Desk) -> None:
    for fact in (raised(), meeting(ReminderDue, lead_hours=24)):
        [letter, *_] = await desk.tell(fact)
        assert parts(parsed(letter)) == [
            "multipart/mixed",
            "multipart/alternative",
            "text/plain",
            "text/html",
        ]


@settings(deadline=None, max_examples=200)
@given(location=st.text(max_size=120), line=st.text(max_size=120))
def test_no_text_of_others_breaks_a_calendar(location: str, line: str, leipzig: City) -> None:
    fact = meeting(location=location, notes={"de": (line,)})
    notice = Notice(MEETING, Template.INVITATION, fact, None, NOW)
    made = ics.invite(notice, Reader("who@example.org", {"de": line or "x"}), "de", leipzig)
    assert made.body.count("BEGIN:VEVENT") == 1
    assert all(category(char) not in {"Cc", "Cs", "Zl", "Zp"} for char in made.body.replace("\r\n", ""))
    [read] = Calendar.from_ical(made.body).walk("VEVENT")
    assert not read.errors
    assert len([name for name, _ in read.property_items() if name == "ATTENDEE"]) == 1


def test_an_american_city_invites_in_its_own_zone(boston: City) -> None:
    fact = meeting(
        starts_at=datetime(2018, 11, 6, 15, 0, tzinfo=UTC), ends_at=datetime(2018, 11, 6, 16, 0, tzinfo=UTC)
    )
    notice = Notice(MEETING, Template.INVITATION, fact, None, NOW)
    made = ics.invite(notice, Reader("who@example.org", {"en": "Commissioner"}), "en", boston)
    assert "DTSTART;TZID=America/New_York:20181106T100000" in made.body
