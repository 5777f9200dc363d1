"""The calendar part of an invitation (RFC 5545, RFC 5546): one event, one organiser, one attendee."""

from functools import lru_cache

from icalendar import Calendar, Event, vCalAddress
from icalendar.parser import Contentline

from services.notify.domain import NO_LONGER_INVITED, Intended, Invite, Notice, Template, plain
from services.notify.naming import body_name
from services.notify.routing import person_of
from services.notify.timezone import vtimezone
from shared.city.city import City
from shared.city.profile import Person, Role
from shared.errors import Rejected
from shared.facts import MeetingCancelled, MeetingFact
from shared.text.language import Language

METHODS = {Template.INVITATION: "REQUEST", Template.MOVED: "REQUEST", Template.CANCELLED: "CANCEL"}
PRODUCT = "-//Rapport//notify//EN"


def invite(notice: Notice, to: Intended, city: City) -> Invite | None:
    """Return the calendar part for one recipient, or None where the message has none."""
    method = METHODS.get(to.template)
    if method is None:
        return None
    before, after = _frame(notice, to.language, city)
    return Invite(method, before + _attendee(to, city) + after)


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
    event.add("ORGANIZER", _address(organizer, language))
    return event


def _attendee(to: Intended, city: City) -> str:
    member = person_of(to, city)
    if member is None:
        raise Rejected(f"the city profile no longer has {to.recipient}")
    address = _address(member, to.language)
    address.params["CUTYPE"] = "INDIVIDUAL"
    address.params["ROLE"] = "CHAIR" if member.role is Role.MODERATION else "REQ-PARTICIPANT"
    address.params["PARTSTAT"] = "NEEDS-ACTION"
    address.params["RSVP"] = "TRUE"
    line = Contentline.from_parts("ATTENDEE", address.params, address)
    return f"{line.to_ical().decode()}\r\n"


def _address(person: Person, language: Language) -> vCalAddress:
    address = vCalAddress(f"mailto:{person.mail}")
    address.params["CN"] = plain(person.name[language])
    return address
