"""The calendar part of an invitation (RFC 5545, RFC 5546): one event, one organiser, one attendee."""

from functools import lru_cache

from icalendar import Calendar, Event, vCalAddress
from icalendar.parser import Contentline

from services.notify.domain import NO_LONGER_INVITED, Invite, Notice, Reader, Template, plain
from services.notify.naming import body_name
from services.notify.timezone import vtimezone
from shared.city.city import City
from shared.city.profile import Role
from shared.facts import MeetingCancelled, MeetingFact
from shared.text.language import Language

METHODS = {Template.INVITATION: "REQUEST", Template.MOVED: "REQUEST", Template.CANCELLED: "CANCEL"}
PRODUCT = "-//Rapport//notify//EN"


def invite(notice: Notice, reader: Reader, language: Language, city: City) -> Invite:
    """Return the calendar part of an invitation, a change or a cancellation for one reader."""
    before, after = _frame(notice, language, city)
    return Invite(METHODS[notice.template], before + _attendee(reader, language) + after)


@lru_cache(maxsize=64)
def _frame(notice: Notice, language: Language, city: City) -> tuple[str, str]:
    """Return what is the same for all recipients: the calendar before and after the attendee's line."""
    meeting, method = notice.fact, METHODS[notice.template]
    assert isinstance(meeting, MeetingFact)  # noqa: S101 - those templates tell of meetings
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", method)
    calendar.add_component(vtimezone(city.zone, meeting.starts_at.astimezone(city.zone).year))
    event = _event(meeting, city, language)
    event.add("DTSTAMP", notice.created_at)
    if status := _status(meeting, method):
        event.add("STATUS", status)
    calendar.add_component(event)
    before, end, after = calendar.to_ical().decode().rpartition("END:VEVENT")
    return before, end + after


def _status(meeting: MeetingFact, method: str) -> str | None:
    """Return what becomes of the session; none is named to who alone is not to come (RFC 5546, 3.2.5)."""
    if method == "REQUEST":
        return "CONFIRMED"
    alone = isinstance(meeting, MeetingCancelled) and meeting.cancelled_because == NO_LONGER_INVITED
    return None if alone else "CANCELLED"


def _event(meeting: MeetingFact, city: City, language: Language) -> Event:
    event = Event()
    event.add("UID", plain(meeting.uid))
    event.add("SEQUENCE", meeting.sequence)
    event.add("DTSTART", meeting.starts_at.astimezone(city.zone))
    event.add("DTEND", meeting.ends_at.astimezone(city.zone))
    event.add("SUMMARY", plain(body_name(city, meeting.body, language)))
    event.add("LOCATION", plain(meeting.location))
    event.add("TRANSP", "OPAQUE")
    agenda = meeting.notes.get(language, ())
    if agenda:
        event.add("DESCRIPTION", "\n".join(f"– {plain(line)}" for line in agenda))
    organizer = city.profile.organizer
    event.add("ORGANIZER", _address(organizer.mail, organizer.name[language]))
    return event


def _attendee(reader: Reader, language: Language) -> str:
    address = _address(reader.mail, reader.name[language])
    address.params["CUTYPE"] = "INDIVIDUAL"
    address.params["ROLE"] = "CHAIR" if reader.role is Role.MODERATION else "REQ-PARTICIPANT"
    address.params["PARTSTAT"] = "NEEDS-ACTION"
    address.params["RSVP"] = "TRUE"
    line = Contentline.from_parts("ATTENDEE", address.params, address)
    return f"{line.to_ical().decode()}\r\n"


def _address(mail: str, name: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{mail}")
    address.params["CN"] = plain(name)
    return address
