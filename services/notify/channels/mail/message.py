"""Composes a mail so that Outlook, Google and Apple act on it (RFC 6047).

    multipart/mixed
      multipart/alternative
        text/plain, text/html, text/calendar; method=…
      application/ics, as attachment

The same delivery always gives the same bytes, so that a repeated attempt is recognisable. Python's
classic message classes write headers as they are given; the newer ones parse and decode them first,
which is where header injection came from, and take four times as long.
"""

from email.charset import BASE64, QP, Charset
from email.header import Header
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import Compat32
from email.utils import format_datetime, formataddr

from services.notify.channels.channel import Outgoing
from services.notify.channels.mail.headers import checked, clean
from services.notify.domain import Content, Invite, Postmark, Reader
from shared.city.profile import Person
from shared.text.address import Mailbox


class _Wire(Compat32):
    """Writes headers as they are: they were encoded and folded when they were made."""

    def fold_binary(self, name: str, value: str) -> bytes:
        return f"{name}: {value}\r\n".encode("ascii")


_WIRE = _Wire(linesep="\r\n")
_READABLE = Charset("utf-8")
_READABLE.body_encoding = QP
_COMPACT = Charset("utf-8")
_COMPACT.body_encoding = BASE64


def compose(outgoing: Outgoing, mail_from: Mailbox) -> bytes:
    """Return the mail as it goes over the wire: 7 bit, CRLF, no line over 998 octets."""
    mail = MIMEMultipart("mixed", _boundary(outgoing.delivery, "mixed"))
    for name, value in _headers(outgoing, mail_from).items():
        mail[name] = value
    mail.attach(_readable(outgoing.content, _boundary(outgoing.delivery, "alternative")))
    if outgoing.content.invite:
        mail.attach(_attachment(outgoing.content.invite))
    return mail.as_bytes(policy=_WIRE)


def _headers(outgoing: Outgoing, mail_from: Mailbox) -> dict[str, str]:
    delivery = outgoing.delivery
    leave = {"List-Unsubscribe": f"<{outgoing.recipient.leave}>"} if outgoing.recipient.leave else {}
    return {
        "From": _address("From", mail_from.name or f"Rapport {outgoing.city}", mail_from.address),
        "To": _person("To", outgoing.recipient, delivery),
        "Reply-To": _person("Reply-To", outgoing.organizer, delivery),
        "Subject": _encoded("Subject", outgoing.content.subject),
        "Date": format_datetime(delivery.created_at),
        "Message-ID": f"<{delivery.delivery_id}@{mail_from.address.rpartition('@')[2]}>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": delivery.language,
        **leave,
    }


def _person(header: str, person: Person | Reader, delivery: Postmark) -> str:
    return _address(header, person.name[delivery.language], person.mail)


def _address(header: str, name: str, mail: str) -> str:
    shown = clean(name)
    if shown.isascii():
        return formataddr((shown, checked(mail)))
    return f"{_encoded(header, shown)} <{checked(mail)}>"


def _encoded(header: str, text: str) -> str:
    """Return text as RFC 2047 encoded-words where it needs them, each on a line of its own."""
    shown = clean(text)
    return shown if shown.isascii() else Header(shown, "utf-8", header_name=header).encode(linesep="\r\n")


def _readable(content: Content, boundary: str) -> MIMEMultipart:
    parts = MIMEMultipart("alternative", boundary)
    parts.attach(_text("plain", content.text, _READABLE))
    parts.attach(_text("html", content.html.replace("\n", "\r\n"), _COMPACT))
    if content.invite:
        calendar = _text("calendar", content.invite.body, _COMPACT)
        calendar.replace_header("Content-Type", _calendar_type(content.invite))
        parts.attach(calendar)
    return parts


def _text(subtype: str, body: str, charset: Charset) -> MIMENonMultipart:
    part = MIMENonMultipart("text", subtype)
    part.set_payload(body, charset)
    return part


def _calendar_type(invite: Invite) -> str:
    return f"text/calendar; method={invite.method}; charset=UTF-8; component=VEVENT"


def _attachment(invite: Invite) -> MIMEApplication:
    attached = MIMEApplication(invite.body.encode(), "ics", name="invite.ics")
    attached.add_header("Content-Disposition", "attachment", filename="invite.ics")
    return attached


def _boundary(delivery: Postmark, name: str) -> str:
    return f"=_{delivery.delivery_id.hex}_{name}"
