"""The calendar part of an invitation (RFC 5545, RFC 5546): one event, one organiser, one attendee."""

from icalendar import Calendar, Event, vCalAddress

from services.notify.domain import Intended, Invite, Notice, Template, plain
from services.notify.routing import find_member
from services.notify.timezone import vtimezone
from services.notify.view import MeetingView
from shared.city import City, Person, Role
from shared.errors import Rejected
from shared.messages import Meeting

METHODS = {Template.INVITATION: "REQUEST", Template.MOVED: "REQUEST", Template.CANCELLED: "CANCEL"}
STATUS = {"REQUEST": "CONFIRMED", "CANCEL": "CANCELLED"}
PRODUCT = "-//Rapport//notify//EN"


def invite(notice: Notice, to: Intended, city: City, view: MeetingView) -> Invite | None:
    """Return the calendar part for one recipient, or None where the message has none."""
    method = METHODS.get(to.template)
    if method is None or not isinstance(notice.fact, Meeting):
        return None
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", method)
    calendar.add_component(vtimezone(city.zone, notice.fact.starts_at.astimezone(city.zone).year))
    event = _event(notice.fact, view, city)
    event.add("DTSTAMP", notice.created_at)
    event.add("STATUS", STATUS[method])
    event.add("ORGANIZER", _organizer(city.profile.organizer, to))
    event.add("ATTENDEE", _attendee(to, city))
    calendar.add_component(event)
    return Invite(method, calendar.to_ical().decode())


def _event(meeting: Meeting, view: MeetingView, city: City) -> Event:
    event = Event()
    event.add("UID", plain(meeting.uid))
    event.add("SEQUENCE", meeting.sequence)
    event.add("DTSTART", meeting.starts_at.astimezone(city.zone))
    event.add("DTEND", meeting.ends_at.astimezone(city.zone))
    event.add("SUMMARY", view.body)
    event.add("LOCATION", view.location)
    event.add("TRANSP", "OPAQUE")
    if view.agenda:
        event.add("DESCRIPTION", "\n".join(f"– {line}" for line in view.agenda))
    return event


def _organizer(organizer: Person, to: Intended) -> vCalAddress:
    address = vCalAddress(f"mailto:{organizer.mail}")
    address.params["CN"] = plain(organizer.name[to.language])
    return address


def _attendee(to: Intended, city: City) -> vCalAddress:
    member = find_member(city, to.recipient)
    if member is None:
        raise Rejected(f"the city profile no longer has {to.recipient}")
    address = vCalAddress(f"mailto:{member.mail}")
    address.params["CUTYPE"] = "INDIVIDUAL"
    address.params["ROLE"] = "CHAIR" if member.role is Role.MODERATION else "REQ-PARTICIPANT"
    address.params["PARTSTAT"] = "NEEDS-ACTION"
    address.params["RSVP"] = "TRUE"
    address.params["CN"] = plain(member.name[to.language])
    return address
