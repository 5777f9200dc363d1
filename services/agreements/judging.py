"""Whether what somebody wants to agree or change is taken, and why not; pure."""

from datetime import datetime
from enum import StrEnum

from services.agreements.domain import (
    LONGEST,
    REPORTS,
    Agreement,
    Change,
    Entry,
    Origin,
    Said,
    State,
    Terms,
)
from shared.city.city import City
from shared.city.scopes import is_choosable
from shared.city.workdays import workdays_of
from shared.facts import Owner

CONTAINER = "disposal_container"


class Verdict(StrEnum):
    """What becomes of it."""

    TAKEN = "taken"
    SAME = "same"
    """It stands like that already."""
    UNKNOWN_BODY = "unknown_body"
    UNKNOWN_MEASURE = "unknown_measure"
    UNKNOWN_SCOPE = "unknown_scope"
    NO_OWNER = "no_owner"
    """Neither a seat nor an organisation is named, or both."""
    UNKNOWN_SEAT = "unknown_seat"
    NOT_A_CONTAINER = "not_a_container"
    AGREED_LATER = "agreed_later"
    """The day of the agreement is still to come."""
    AGREED_LONG_AGO = "agreed_long_ago"
    DUE_BEFORE = "due_before"
    """It would be due before it was agreed."""
    DUE_TOO_FAR = "due_too_far"
    STALE = "stale"
    """Somebody has changed it meanwhile."""
    OVER = "over"
    """It is done or dropped: to change it, it is reopened first."""
    NOT_OVER = "not_over"
    """Only what is done or dropped can be reopened."""
    NOTHING_TO_TAKE_BACK = "nothing_to_take_back"
    """The newest change is no report of the same seat."""
    REASON_MISSING = "reason_missing"


def judge_new(body: str, terms: Terms, origin: Origin, now: datetime, city: City) -> Verdict:
    """Decide whether an agreement is taken."""
    today = workdays_of(city).day_of(now)
    if body not in city.bodies:
        return Verdict.UNKNOWN_BODY
    if origin.agreed_on > today:
        return Verdict.AGREED_LATER
    if today - origin.agreed_on > LONGEST:
        return Verdict.AGREED_LONG_AGO
    return judge_terms(terms, origin, city)


def judge_terms(terms: Terms, origin: Origin, city: City, before: Terms | None = None) -> Verdict:
    """Decide whether an agreement may say this; what it said `before` may stay although it is gone since."""
    if terms.measure not in city.measures and not (before and before.measure == terms.measure):
        return Verdict.UNKNOWN_MEASURE
    if not is_choosable(terms.scope, city) and not (before and before.scope == terms.scope):
        return Verdict.UNKNOWN_SCOPE
    if not (before and before.owner == terms.owner) and (wrong := _wrong_owner(terms.owner, city)):
        return wrong
    if terms.belongs_to and terms.measure != CONTAINER:
        return Verdict.NOT_A_CONTAINER
    if terms.due_on < origin.agreed_on:
        return Verdict.DUE_BEFORE
    return Verdict.DUE_TOO_FAR if terms.due_on - origin.agreed_on > LONGEST else Verdict.TAKEN


def _wrong_owner(owner: Owner, city: City) -> Verdict | None:
    if bool(owner.seat) == bool(owner.organisation):
        return Verdict.NO_OWNER
    return Verdict.UNKNOWN_SEAT if owner.seat and city.find_member(owner.seat) is None else None


def judge_change(agreement: Agreement, said: Said, by: str, last: Entry, city: City) -> Verdict:
    """Decide whether a change is taken; `last` is the newest line of its history."""
    if _is_same(agreement, said):
        return Verdict.SAME
    if said.revision != agreement.revision:
        return Verdict.STALE
    if wrong := _wrong_now(agreement, said, by, last):
        return wrong
    if said.change in NEED_REASON and not said.reason:
        return Verdict.REASON_MISSING
    return judge_terms(said.terms, agreement.origin, city, agreement.terms) if said.terms else Verdict.TAKEN


def _wrong_now(agreement: Agreement, said: Said, by: str, last: Entry) -> Verdict | None:
    """Return why an agreement as it stands does not take this kind of change, or None: it does."""
    if said.change is Change.TAKEN_BACK:
        own = last.change in REPORTS - {Change.TAKEN_BACK} and last.by == by and last.state_before
        return None if own else Verdict.NOTHING_TO_TAKE_BACK
    if said.change is Change.REOPENED:
        return Verdict.NOT_OVER if agreement.is_standing else None
    return None if agreement.is_standing else Verdict.OVER


NEED_REASON = frozenset({Change.DROPPED, Change.REOPENED})


def _is_same(agreement: Agreement, said: Said) -> bool:
    """Say whether nothing would change: sent twice, or seen as it is."""
    match said.change:
        case Change.DONE:
            return agreement.state is State.DONE
        case Change.DROPPED:
            return agreement.state is State.DROPPED and bool(said.reason)
        case Change.PROGRESS:
            return agreement.state is State.IN_PROGRESS and not said.reason
        case Change.EDITED:
            return said.terms == agreement.terms
        case _:
            return False
