"""What a mail server answers, as a reason that can be stored, logged and shown; pure.

Servers answer in any encoding and repeat whom a mail is to (RFC 5321, 4.2). What is kept says why, and
names nobody: addresses, what stands in quotes or angle brackets, and the names of the recipient go.
"""

import re
from collections.abc import Iterable

from shared.text.clean import clean_line, decoded
from shared.text.reason import WITHHELD, without_addresses

LONGEST = 500
_READ = 4_000
"""How much of an answer is looked at; much of it may be withheld, and what is searched takes its time."""
_QUOTED = re.compile(r"""<[^<>]*>|"[^"]*"|„[^“”"]*[“”"]|“[^”]*”|«[^»]*»|(?<!\w)'[^']*'(?!\w)""")
_SHORTEST_NAME = 3


def reason_of_answer(code: int, text: str, people: Iterable[str] = ()) -> str:
    """Return an answer as one line that names none of `people`, given by address or by name."""
    said = without_addresses(_QUOTED.sub(WITHHELD, clean_line(_beginning(read_again(text)))))
    for name in _names(people):
        said = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", WITHHELD, said, flags=re.IGNORECASE)
    return clean_line(f"{code} {said}", LONGEST)


def _beginning(text: str) -> str:
    """Return as much of `text` as is looked at, without a word that is cut: it might be an address."""
    return text if len(text) <= _READ else (text[:_READ].rsplit(maxsplit=1) or [""])[0]


def read_again(text: str) -> str:
    """Return what was read as UTF-8 with `surrogateescape` as the text that its bytes are."""
    try:
        return decoded(text.encode("utf-8", "surrogateescape"))
    except UnicodeEncodeError:  # surrogates that no byte stands for
        return text


def _names(people: Iterable[str]) -> list[str]:
    """Return what a server may call people, longest first: names, local parts and their parts."""
    whole = {clean_line(person.partition("@")[0]) for person in people}
    parts = {part for name in whole if " " not in name for part in re.split(r"[._+-]", name)}
    return sorted((name for name in whole | parts if len(name) >= _SHORTEST_NAME), key=len, reverse=True)
