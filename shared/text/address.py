"""Mail addresses as people write them: checked once, kept as mail servers take them; pure.

A domain with letters beyond ASCII becomes its A-labels (punycode, RFC 5891); a local part with such
letters is refused, as a server without SMTPUTF8 (RFC 6531) takes none.
"""

from dataclasses import dataclass
from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError


@dataclass(frozen=True)
class Mailbox:
    """An address with the name that is shown beside it, which may be empty (RFC 5322, 3.4)."""

    address: str
    name: str = ""


def parse_address(text: str) -> str:
    """Return a bare address in ASCII; raises ValueError saying what is wrong with it."""
    return _parsed(text, names=False).address


def parse_mailbox(text: str) -> Mailbox:
    """Return `name <address>`, or a bare address; raises ValueError saying what is wrong with it."""
    return _parsed(text, names=True)


def _parsed(text: str, *, names: bool) -> Mailbox:
    found = validate_email(
        text,
        check_deliverability=False,
        globally_deliverable=False,  # a city's own server may know names that the world does not
        test_environment=True,
        allow_smtputf8=False,
        allow_quoted_local=False,
        allow_domain_literal=False,
        allow_display_name=names,
    )
    return Mailbox(str(found.ascii_email), found.display_name or "")


def _address(text: str) -> str:
    try:
        return parse_address(text)
    except EmailNotValidError as error:
        raise PydanticCustomError("mail_address", "is no mail address: {why}", {"why": str(error)}) from error


MailAddress = Annotated[str, AfterValidator(_address)]
"""One bare mail address."""
