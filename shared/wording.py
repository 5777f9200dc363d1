"""Free text that people write to us and others will read."""

import re
from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

_ADDRESS = re.compile(r"\S@\S+\.\w")


def _without_address(text: str) -> str:
    """Refuse mail addresses, as what is written here is shown to all bodies concerned and on the portal."""
    if _ADDRESS.search(text):
        raise PydanticCustomError("address", "must not hold a mail address; name functions, not people")
    return text


Wording = Annotated[str, AfterValidator(_without_address)]
"""Text without mail addresses."""
