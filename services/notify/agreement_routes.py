"""Who is told of agreements: who owns them, and where nobody is reached for them, moderation; pure.

An organisation without a seat has no address here: the body's moderation gets its message, and passes it on.
"""

from collections.abc import Iterable, Iterator

from services.notify.candidates import (
    MODERATES,
    Candidate,
    Reason,
    Situation,
    Withheld,
    holder,
    members,
    without,
)
from services.notify.domain import Template
from shared.errors import Unavailable
from shared.facts import AgreementChanged, AgreementDue, AgreementMade, AgreementOverdue, Fact, Owner

ASKS_MORE = frozenset({"title", "note", "owner", "scope", "due_on"})
"""Terms that who owns an agreement must know of where they change."""


def made(fact: AgreementMade, situation: Situation) -> Iterator[Candidate]:
    """Yield who is to do what was agreed."""
    yield from _owner(fact.owner, [fact.body], situation, fact.made_by)


def changed(fact: AgreementChanged, situation: Situation) -> Iterator[Candidate]:
    """Yield who owns it, and who did before; what they have reported themselves is told to nobody."""
    if Template.AGREED not in situation.history.revisions:
        raise Unavailable("what was agreed is not known yet")
    said = {each.field: each for each in fact.fields}
    concerns = fact.change in {"dropped", "reopened"} or not ASKS_MORE.isdisjoint(said)
    if not concerns and fact.in_name_of is None:
        yield Withheld(Reason.FOR_THE_RECORD)
        return
    yield from _owner(fact.owner, [fact.body], situation, fact.by)
    if "owner" in said and "/" in said["owner"].before:
        yield from without(fact.by, [holder(said["owner"].before, situation)])


def is_former_owner(fact: Fact, recipient: str) -> bool:
    """Say whether a message tells somebody that they own an agreement no more."""
    changes = fact.fields if isinstance(fact, AgreementChanged) else ()
    return any(each.field == "owner" and each.before == recipient for each in changes)


def due(fact: AgreementDue, situation: Situation) -> Iterator[Candidate]:
    """Yield who is reminded."""
    bodies = dict.fromkeys(step.body for step in fact.agreements)
    yield from _owner(fact.owner, bodies, situation)


def overdue(fact: AgreementOverdue, situation: Situation) -> Iterator[Candidate]:
    """Yield the superior, or the moderation of the body."""
    yield from _owner(Owner(seat=fact.seat), [fact.body], situation)


def _owner(
    owner: Owner, bodies: Iterable[str], situation: Situation, did_it: str = ""
) -> Iterator[Candidate]:
    """Yield who holds a seat, unless they did it themselves; where nobody does, moderation."""
    found = holder(owner.seat, situation) if owner.seat else None
    if found and not isinstance(found, Withheld):
        yield from without(did_it, [found])
        return
    if found:
        yield found
    yield from members(bodies, MODERATES, situation)
