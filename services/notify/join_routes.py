"""Who is told of requests to join a body: its moderation, and who asked what that answers; pure."""

from collections.abc import Iterator

from services.notify.candidates import MODERATES, Addressee, Candidate, Situation, members
from shared.city.outsiders import applicant
from shared.facts import JoinAnswered, JoinRequested
from shared.text.language import Language


def requested(fact: JoinRequested, situation: Situation) -> Iterator[Candidate]:
    """Yield who moderates the body."""
    yield from members([fact.body], MODERATES, situation)


def answered(fact: JoinAnswered, _situation: Situation) -> Iterator[Candidate]:
    """Yield who asked, in the function that they hold now, or as somebody who holds none."""
    function = f"{fact.body}/{fact.function}"
    recipient = function if fact.granted else applicant(fact.body, fact.request_id)
    language: Language = "en" if fact.language == "en" else "de"
    yield Addressee(recipient, language, str(fact.reached_at), fact.reached_at)
