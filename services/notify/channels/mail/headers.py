"""Values that are safe in a mail header.

Python's newer header classes decode RFC 2047 encoded-words in what they are given, so that
`=?UTF-8?Q?=0A?=` becomes a line break and with it a header of the sender's choice (CVE-2024-6923). No
text of ours needs to arrive encoded: encoded-words go, as do line breaks and other control characters.
"""

import re

from services.notify.domain import plain
from shared.errors import Rejected

LONGEST = 300
_ENCODED_WORD = re.compile(r"=\?[^?\s]*\?[^?\s]*\?[^?]*\?=")
_DELIMITERS = re.compile(r"=\?|\?=")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


def clean(value: str) -> str:
    """Return `value` as one line without encoded-words, at most 300 characters."""
    text = " ".join(plain(value).split())
    for pattern in (_ENCODED_WORD, _DELIMITERS):
        while pattern.search(text):
            text = pattern.sub("", text)
    return text[:LONGEST].strip()


def checked(mail: str) -> str:
    """Return an address that is plain ASCII; raises Rejected where it is not."""
    if not _ADDRESS.fullmatch(mail):
        raise Rejected("the mail address in the city profile is not valid")
    return mail
