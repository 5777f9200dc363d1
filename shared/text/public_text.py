"""Free text that people write to us and others will read."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from shared.text.clean import clean_line

PLAIN = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$"
"""One line without control characters."""
_ADDRESS = re.compile(r"\S[@\uFE6B\uFF20]\S+\.\w")


def _without_address(text: str) -> str:
    """Refuse mail addresses, as what is written here is shown to all bodies concerned and on the portal."""
    if _ADDRESS.search(text):
        raise PydanticCustomError("address", "must not hold a mail address; name functions, not people")
    return text


PublicText = Annotated[
    str, Field(pattern=PLAIN), AfterValidator(clean_line), AfterValidator(_without_address)
]
"""One line of visible text without mail addresses; invisible characters, as word processors leave, go."""
