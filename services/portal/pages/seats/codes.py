"""The code of a new function, made of its German name; pure."""

import re
import unicodedata
from collections.abc import Collection

LONGEST = 56
"""Leaves room for a number after it within the 64 characters of a code."""
_PLAIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_OTHER = re.compile(r"[^a-z0-9]+")


def code_of(name: str, taken: Collection[str]) -> str:
    """Return the code for a function of this name, none of those taken: `amtsleitung_schule`."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(_PLAIN))
    words = _OTHER.sub("_", plain.encode("ascii", "ignore").decode()).strip("_")
    code = words[:LONGEST].strip("_") or "funktion"
    numbered = (f"{code}_{number}" for number in range(2, len(taken) + 3))
    return code if code not in taken else next(each for each in numbered if each not in taken)
