"""Composes a mail so that Outlook, Google and Apple act on it (RFC 6047).

    multipart/mixed
      multipart/alternative
        text/plain, text/html, text/calendar; method=…
      application/ics, as attachment

The same delivery always gives the same bytes, so that a repeated attempt is recognisable.
"""

from email.message import EmailMessage
from email.policy import SMTP
from uuid import UUID

from services.notify.channels.channel import Outgoing
from services.notify.channels.headers import address, clean
from services.notify.domain import Content


def compose(outgoing: Outgoing, mail_from: str) -> bytes:
    """Return the mail as it goes over the wire: 7 bit, CRLF, no line over 998 octets."""
    delivery, content = outgoing.delivery, outgoing.content
    mail = EmailMessage(policy=SMTP)
    mail["From"] = address(f"Rapport {outgoing.city}", mail_from)
    mail["To"] = address(outgoing.recipient.name[delivery.language], outgoing.recipient.mail)
    mail["Reply-To"] = address(outgoing.organizer.name[delivery.language], outgoing.organizer.mail)
    mail["Subject"] = clean(content.subject)
    mail["Date"] = delivery.created_at
    mail["Message-ID"] = f"<{delivery.delivery_id}@{mail_from.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    _fill(mail, content)
    mail["Content-Language"] = delivery.language
    _fix_boundaries(mail, delivery.delivery_id)
    return mail.as_bytes()


def _fill(mail: EmailMessage, content: Content) -> None:
    mail.set_content(content.text, cte="quoted-printable")
    mail.add_alternative(content.html, subtype="html", cte="quoted-printable")
    if content.invite:
        params = {"method": content.invite.method, "component": "VEVENT"}
        body = content.invite.body
        mail.add_alternative(body, subtype="calendar", charset="UTF-8", cte="base64", params=params)
    mail.make_mixed()
    if content.invite:
        attached = content.invite.body.encode()
        mail.add_attachment(attached, maintype="application", subtype="ics", filename="invite.ics")


def _fix_boundaries(mail: EmailMessage, delivery_id: UUID) -> None:
    mail.set_boundary(f"=_{delivery_id.hex}_mixed")
    readable = next(iter(mail.iter_parts()))
    readable.set_boundary(f"=_{delivery_id.hex}_alternative")
