"""Text that came from outside, made safe to store, log, mail and show; pure.

What a mail server, a spreadsheet, a broker or a person writes may hold what a database refuses (NUL,
lone surrogates), what a terminal obeys (escape sequences), and what a reader cannot see (bidirectional
overrides, zero-width characters; Unicode Technical Report 36). It is cleaned once, where it comes in;
columns of the type `CleanText` (`shared/storage/database.py`) refuse what was not.
"""

import re
import unicodedata

_ESCAPE_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI, such as colours and cursor moves (ECMA-48, 5.4)
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # titles, links
    r"|\x1b[ -/]*[0-~]?"
)
_LINE_END = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_BLANKS = re.compile(r"\s+")
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0000-\U000e0fff]"
)
"""Characters without a picture beside those of category Cf (Default_Ignorable_Code_Point, Braille blank)."""
_GONE = frozenset({"Cc", "Cf", "Cn", "Co", "Cs"})
"""General categories of control, format, unassigned and private characters and lone surrogates."""
_KEPT = frozenset("\n\t")
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def clean(text: str, longest: int | None = None) -> str:
    """Return `text` composed (NFC), with visible characters, line feeds and tabs alone, at most `longest`.

    A lone surrogate, which stands for a byte that could not be read, becomes U+FFFD; escape sequences
    and other invisible characters go; every line end becomes a line feed. Clean text stays as it is.
    """
    if not (text.isascii() and text.isprintable()):
        text = _LINE_END.sub("\n", _ESCAPE_SEQUENCE.sub("", text))
        shown = "".join(map(_shown, _UNSEEN.sub("", text)))
        text = unicodedata.normalize("NFC", shown)
    return text if longest is None or len(text) <= longest else text[: longest - 1] + "…"


def clean_line(text: str, longest: int | None = None) -> str:
    """Return `text` cleaned, as one line without blanks around it: for reasons, names and titles."""
    return clean(_BLANKS.sub(" ", clean(text)).strip(), longest)


def is_clean(text: str) -> bool:
    """Return whether `clean` would leave `text` as it is."""
    return (text.isascii() and text.isprintable()) or clean(text) == text


def decoded(raw: bytes) -> str:
    """Return bytes that should be UTF-8 as clean text; what is not is read as Windows-1252."""
    try:
        return clean(raw.decode())
    except UnicodeDecodeError:
        return clean(raw.decode("cp1252", "replace"))


def _shown(char: str) -> str:
    if char in _KEPT or unicodedata.category(char) not in _GONE:
        return char
    return REPLACEMENT if "\ud800" <= char <= "\udfff" else ""
