"""Every word of the pages that is not the city's own: those of the frame and of each page."""

from collections.abc import Mapping
from typing import Any

from services.portal.pages.agreements.words import WORDS as AGREEMENTS
from services.portal.pages.answer.words import WORDS as ANSWER
from services.portal.pages.attending.words import WORDS as ATTENDING
from services.portal.pages.audit.words import WORDS as AUDIT
from services.portal.pages.bodies.words import WORDS as BODIES
from services.portal.pages.escalations.words import WORDS as ESCALATIONS
from services.portal.pages.frame.words import WORDS as FRAME
from services.portal.pages.functions.words import WORDS as FUNCTIONS
from services.portal.pages.interfaces.words import WORDS as INTERFACES
from services.portal.pages.joining.words import WORDS as JOINING
from services.portal.pages.keys.words import WORDS as KEYS
from services.portal.pages.mails.words import WORDS as MAILS
from services.portal.pages.meetings.words import WORDS as MEETINGS
from services.portal.pages.overview.words import WORDS as OVERVIEW
from services.portal.pages.partners.words import WORDS as PARTNERS
from services.portal.pages.replies.words import WORDS as REPLIES
from services.portal.pages.reports.words import WORDS as REPORTS
from services.portal.pages.requests.words import WORDS as REQUESTS
from services.portal.pages.seats.words import WORDS as SEATS
from services.portal.pages.sign_in.words import WORDS as SIGN_IN
from services.portal.pages.sign_ins.words import WORDS as SIGN_INS
from services.portal.pages.today.words import WORDS as TODAY
from shared.text.language import Language

WORDS: Mapping[str, tuple[str, str]] = {
    **FRAME,
    **TODAY,
    **OVERVIEW,
    **REPLIES,
    **ANSWER,
    **ESCALATIONS,
    **MEETINGS,
    **ATTENDING,
    **AGREEMENTS,
    **REPORTS,
    **REQUESTS,
    **FUNCTIONS,
    **MAILS,
    **BODIES,
    **SEATS,
    **PARTNERS,
    **JOINING,
    **AUDIT,
    **KEYS,
    **INTERFACES,
    **SIGN_IN,
    **SIGN_INS,
}


class Words:
    """Looks up the words of one language; an unknown one is a mistake of ours and raises KeyError.

    Where `count` is written 1, the form that ends in `_one` is taken if there is one.
    """

    def __init__(self, language: Language) -> None:
        self.column = 0 if language == "de" else 1

    def kind_of_mail(self, template: str) -> str:
        """Return what kind of message it is; one that is not known (yet) is a message."""
        name = f"mail_{template}"
        return self(name if name in WORDS else "mail_other")

    def knows(self, name: str) -> bool:
        """Say whether there are words of a name."""
        return name in WORDS

    def __call__(self, name: str, **values: Any) -> str:
        one = f"{name}_one"
        chosen = one if values.get("count") == "1" and one in WORDS else name
        return WORDS[chosen][self.column].format(**values)
