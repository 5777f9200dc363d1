"""What stands on the page of the record: entries in words, and what can be asked for; pure."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.portal.pages.frame.reader import Reader
from services.portal.pages.words import WORDS

ACTION = "action_"
LINKS = {
    "escalation": "escalations",
    "meeting": "meetings",
    "agreement": "agreements",
    "delivery": "mails",
}
"""Where one reads more of what an action was done to, by the first word of the action."""
SYSTEM = ("operator", "profile", "portal")
"""Who acts beside functions and agencies."""


class Entry(BaseModel):
    """One thing that somebody did."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    position: int
    action: str
    about: str
    by: str
    via: str
    in_name_of: str
    details: dict[str, str]
    taken_at: AwareDatetime


class Record(BaseModel):
    """A page of the record, newest first."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    entries: tuple[Entry, ...]
    next: int | None


@dataclass(frozen=True)
class Line:
    """An entry in words."""

    entry: Entry
    what: str
    who: str
    in_name_of: str
    about: str
    link: str


def line_of(reader: Reader, entry: Entry) -> Line:
    """Return an entry in words; what is not known (any more) is shown by its code."""
    kind = entry.action.partition(".")[0]
    link = f"/{LINKS[kind]}/{entry.about}" if kind in LINKS and _is_id(entry.about) else ""
    return Line(
        entry=entry,
        what=what(reader, entry.action),
        who=who(reader, entry.by),
        in_name_of=who(reader, entry.in_name_of) if entry.in_name_of else "",
        about=reader.t(f"about_{kind}") if link else _about(reader, entry.about),
        link=link,
    )


def what(reader: Reader, action: str) -> str:
    """Return what an action is called."""
    name = f"{ACTION}{action.replace('.', '_')}"
    return reader.t(name) if reader.t.knows(name) else action


def who(reader: Reader, by: str) -> str:
    """Return what a function, an agency or somebody of the system is called."""
    if by in SYSTEM:
        return reader.t(f"by_{by}")
    agency = reader.city.agencies.get(by)
    return reader.labels.text(agency.name) if agency else reader.labels.recipient(by)


def _about(reader: Reader, about: str) -> str:
    body, _, function = about.partition("/")
    if function:
        return f"{reader.labels.recipient(about)} ({reader.labels.body(body)})"
    return reader.labels.body(about) if about in reader.city.bodies else about


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def actions(reader: Reader) -> list[tuple[str, str]]:
    """Return every action that has words, by these."""
    known = [name.removeprefix(ACTION).replace("_", ".", 1) for name in WORDS if name.startswith(ACTION)]
    known = [_code(name) for name in known]
    return sorted(((code, what(reader, code)) for code in known), key=lambda pair: pair[1].casefold())


def _code(name: str) -> str:
    """Return the code of an action from its name among the words: `sign.in_x` is `sign_in.x`."""
    return name.replace("sign.in_", "sign_in.", 1)


def people(reader: Reader) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return who may have done something, in groups: the functions of each body, agencies, the system."""
    bodies = [
        (
            reader.labels.body(name),
            [
                (f"{name}/{holder.function}", reader.labels.text(holder.name))
                for member in body.members
                for holder in (member, member.deputy)
                if holder
            ],
        )
        for name, body in reader.city.bodies.items()
    ]
    agencies: list[tuple[str, Any]] = [(name, who(reader, name)) for name in reader.city.agencies]
    system = [(name, reader.t(f"by_{name}")) for name in SYSTEM]
    return [*bodies, (reader.t("audit_agencies"), agencies), (reader.t("audit_system"), system)]
