"""What becomes of an escalation when a meeting that had it is over; pure."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from services.escalation import facts
from services.escalation.conditions.book import Rulebook
from services.escalation.domain import Escalation
from services.escalation.episodes.affected import Affected, Pair
from services.escalation.episodes.transition import Transition
from services.escalation.intervals import micros


def discussed(result: Transition, at: datetime, meeting: UUID | None = None) -> Transition:
    """Return an escalation as one that a meeting has had: nobody is asked or reminded any more."""
    after = result.after.next(discussed_at=at, confirm_by=None, answer_by=None, reopen_at=None)
    return result.then(after, facts.discussed(after, at, meeting))


def cuts(discussed: Iterable[Escalation], at: datetime, now: datetime, book: Rulebook) -> list[Affected]:
    """Return what the end of a meeting may change: what happened after it counts by itself."""
    until: dict[Pair, int] = {}
    for each in discussed:
        if rule := book.rules.get(each.rule):
            reach = max(leaf.affects(micros(now))[1] for leaf in book.leaves(rule))
            known = until.get((each.rule, each.scope), micros(at) + rule.renew_us + 1)
            until[each.rule, each.scope] = max(known, reach, each.episode[1])
    return [Affected(book.rules[rule], scope, ((micros(at), end),)) for (rule, scope), end in until.items()]
