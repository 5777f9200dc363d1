"""Writes a notice as a message to one recipient: subject, text, HTML, calendar part.

A template is one file per kind and language. It fills the same blocks for every layout: `subject/`,
`text/` and `html/` each have a `layout.j2` and a `kit.j2` of that name, and only the last escapes.
"""

import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.notify import ics
from services.notify.domain import CALENDAR, Content, Intended, Notice, Reader, plain
from services.notify.naming import body_name
from services.notify.sharing import limited
from services.notify.view import view_of
from shared.city.city import City
from shared.city.outsiders import GUEST, kind_of_outsider
from shared.city.profile import Role
from shared.city.sharing import sharing_of
from shared.facts import (
    AgreementDue,
    AgreementFact,
    AgreementOverdue,
    Fact,
    JoinAnswered,
    JoinRequested,
    MeetingFact,
    RequestAnswered,
    RequestMade,
    RequestWithdrawn,
)
from shared.text.language import Language

FOLDER = Path(__file__).parent / "templates"
_EMPTY_LINES = re.compile(r"\n{3,}")


def _environment(layout: str, *, autoescape: bool) -> Environment:
    return Environment(
        loader=FileSystemLoader([FOLDER / layout, FOLDER]),
        autoescape=autoescape,  # noqa: S701 - subject and text are not HTML
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


_LAYOUTS = {
    "subject": _environment("subject", autoescape=False),
    "text": _environment("text", autoescape=False),
    "html": _environment("html", autoescape=True),
}


def subject(notice: Notice, to: Intended, city: City) -> str:
    """Return the subject line."""
    said = limited(notice, sharing_of(to.recipient, city), city)
    return plain(_render("subject", to, {"it": view_of(said, city, to.language)})).strip()


def write(notice: Notice, to: Intended, reader: Reader, city: City, public_url: str) -> Content:
    """Return the whole message; the same arguments give the same message."""
    said = limited(notice, sharing_of(to.recipient, city), city)
    is_guest = kind_of_outsider(to.recipient) == GUEST
    values = {
        "it": view_of(said, city, to.language),
        "language": to.language,
        "kind": to.template.value,
        "reader": _shown(reader, to, city),
        "city": city.profile.name,
        "organizer": city.profile.organizer.name[to.language],
        "note": city.note.get(to.language, ""),
        "answer": reader.answer,
        "leave": reader.leave,
        "moderates": reader.role is Role.MODERATION,
        "url": "" if is_guest else f"{public_url}/{to.language}/{_page(notice.fact)}",
    }
    return Content(
        subject=plain(_render("subject", to, values)).strip(),
        text=_render("text", to, values),
        html=_render("html", to, values),
        invite=ics.invite(said, reader, to.language, city) if to.template in CALENDAR else None,
    )


def _page(fact: Fact) -> str:
    match fact:
        case MeetingFact():
            kind = "meetings"
        case AgreementDue() | AgreementOverdue():
            only = fact.agreements[0] if len(fact.agreements) == 1 else None
            return f"agreements/{only.agreement_id}" if only else "agreements"
        case AgreementFact():
            kind = "agreements"
        case RequestMade() | RequestAnswered() | RequestWithdrawn():
            kind = "requests"
        case JoinRequested():
            return f"bodies/{fact.body}/join-requests/{fact.request_id}"
        case JoinAnswered():
            return "today" if fact.granted else f"join/{fact.body}"
        case _:
            kind = "escalations"
    return f"{kind}/{fact.subject}"


def _render(layout: str, to: Intended, values: dict[str, Any]) -> str:
    return render(layout, to.language, to.template, values)


def render(layout: str, language: Language, template: str, values: dict[str, Any]) -> str:
    """Return a template of one language in one layout: `subject`, `text` or `html`."""
    text = _LAYOUTS[layout].get_template(f"{language}/{template}.j2").render(values)
    return _EMPTY_LINES.sub("\n\n", text).strip() + "\n"


def _shown(reader: Reader, to: Intended, city: City) -> dict[str, str]:
    """Return who reads: in which function of which body, in whose place, and who comes instead."""
    return {
        "function": reader.name[to.language],
        "body": body_name(city, to.recipient.partition("/")[0], to.language),
        "deputy": reader.deputy[to.language] if reader.deputy else "",
        "stands_in_for": reader.stands_in_for[to.language] if reader.stands_in_for else "",
    }
