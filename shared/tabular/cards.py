"""vCards (RFC 6350, and 2.1 and 3.0 before it) through the same door: what each says of an organisation.

Folding, parameters and escapes are read by `icalendar`, whose content lines are those of vCard. Only what
is asked for is read: names of people, addresses and telephone numbers stay in the file.
"""

import quopri
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from icalendar.parser import Contentline, Contentlines, unescape_backslash

from shared.tabular.lines import LONGEST, Line, Lines
from shared.tabular.reasons import FileFault, FileRefused, RowFault
from shared.tabular.rows import Row
from shared.tabular.source import pieces_of
from shared.text.clean import clean_line

BEGIN = re.compile(r"\s*BEGIN\s*:\s*VCARD\s*", re.IGNORECASE)
END = re.compile(r"\s*END\s*:\s*VCARD\s*", re.IGNORECASE)
ASKED = re.compile(r"(?:[\w-]+\.)?(FN|ORG|NOTE|KIND|X-ABSHOWAS)[;:]", re.IGNORECASE)
QUOTED = re.compile(r";(?:ENCODING=)?QUOTED-PRINTABLE(?=[;:])", re.IGNORECASE)
PARTS = re.compile(r"(?<!\\);")
FIRST_LINES = 50
"""Lines among which the first card begins; what begins none there is no file of cards."""


@dataclass
class _Card:
    first: int
    last: int
    lines: list[Line] = field(default_factory=list)
    size: int = 0
    """Characters of its lines, those that are too many not kept."""
    closed: bool = False

    def add(self, line: Line) -> None:
        self.last = line.number
        self.size += len(line.text) + 1
        if self.size <= LONGEST:
            self.lines.append(line)


def is_cards(path: Path) -> bool:
    """Say whether a file holds vCards; raises FileRefused where it cannot be read."""
    lines = iter(Lines(pieces_of(path)))
    first = (line.text for _, line in zip(range(FIRST_LINES), lines, strict=False))
    return any(BEGIN.fullmatch(text.lstrip("\ufeff")) for text in first)


def cards(path: Path) -> Iterator[Row]:
    """Yield a row with `name` and `reason` for each card of a file, or why there is none.

    Raises FileRefused where the file cannot be read, or breaks off.
    """
    lines = Lines(pieces_of(path))
    yield from map(_row, _grouped(lines))
    if lines.cut:
        raise FileRefused(FileFault.CUT, path.name)


def _grouped(lines: Lines) -> Iterator[_Card]:
    card: _Card | None = None
    for line in lines:
        if BEGIN.fullmatch(line.text):
            if card:
                yield card
            card = _Card(line.number, line.number)
        elif card and END.fullmatch(line.text):
            card.closed = True
            card.last = line.number
            yield card
            card = None
        elif card:
            card.add(line)
    if card:
        yield card


def _row(card: _Card) -> Row:
    broken = next((line for line in card.lines if line.fault), None)
    if broken:
        return Row(card.first, card.last, {}, broken.fault)
    if card.size > LONGEST:
        return Row(card.first, card.last, {}, RowFault.TOO_LONG)
    if not card.closed:
        return Row(card.first, card.last, {}, RowFault.UNCLOSED_CARD)
    said = _said(card.lines)
    name = _organisation(said)
    if not name:
        return Row(card.first, card.last, {}, RowFault.NO_ORGANISATION)
    return Row(card.first, card.last, {"name": name, "reason": clean_line(said.get("NOTE", ""))})


def _organisation(said: dict[str, str]) -> str:
    """Return the organisation of a card; of a card that is no person's, its name."""
    units = [clean_line(unescape_backslash(part)) for part in PARTS.split(said.get("ORG", ""))]
    if any(units):
        return ", ".join(filter(None, units))
    no_person = {said.get("KIND", "").strip().lower(), said.get("X-ABSHOWAS", "").strip().lower()}
    return clean_line(said.get("FN", "")) if no_person & {"org", "group", "company"} else ""


def _said(lines: Sequence[Line]) -> dict[str, str]:
    """Return the first value of each property that is asked for; ORG keeps its escapes."""
    said: dict[str, str] = {}
    for content in Contentlines.from_ical("\r\n".join(_joined(lines))):  # type: ignore[no-untyped-call]
        asked = ASKED.match(content)
        if asked:
            name = asked[1].upper()
            said.setdefault(name, _value(content, keep=name == "ORG"))
    return said


def _joined(lines: Sequence[Line]) -> Iterator[str]:
    """Yield lines of which a quoted-printable one (vCard 2.1) stands whole: it goes on after a `=`."""
    whole = ""
    for line in lines:
        text = whole + line.text
        is_quoted = QUOTED.search(text.partition(":")[0] + ":") is not None
        if is_quoted and text.endswith("="):
            whole = text[:-1]
        else:
            whole = ""
            yield text
    if whole:
        yield whole


def _value(content: str, *, keep: bool) -> str:
    is_quoted = QUOTED.search(content.partition(":")[0] + ":") is not None
    plain = QUOTED.sub("", content, count=1) if is_quoted else content
    try:
        _, parameters, value = Contentline(plain).raw_parts()  # type: ignore[no-untyped-call]
    except ValueError:
        return ""
    if is_quoted:
        value = _decoded(quopri.decodestring(value.encode("utf-8", "replace")), parameters.get("CHARSET", ""))
    return value if keep else unescape_backslash(value)


def _decoded(raw: bytes, charset: object) -> str:
    """Return text in the character set that a card names, in UTF-8 or in Windows-1252."""
    for encoding in (str(charset), "utf-8"):
        try:
            return raw.decode(encoding)
        except (LookupError, ValueError):
            continue
    return raw.decode("cp1252", "replace")
