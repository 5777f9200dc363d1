"""What an escalation becomes, and what is known when that is decided; pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from services.escalation.conditions.book import Rulebook
from services.escalation.domain import Escalation
from services.escalation.rights import leaders_of
from shared.city import working_time
from shared.city.city import City
from shared.city.workdays import workdays_of
from shared.facts import Fact


@dataclass(frozen=True)
class Transition:
    """What an escalation becomes, and the facts that say so; `before` is None where it is new."""

    before: Escalation | None
    after: Escalation
    facts: tuple[Fact, ...] = ()

    def then(self, after: Escalation, *told: Fact) -> "Transition":
        """Return it as gone on to another state."""
        return replace(self, after=after, facts=(*self.facts, *told))


@dataclass(frozen=True)
class Present:
    """The rules of a city, and the instant at which something is decided by them."""

    book: Rulebook
    city: City
    now: datetime
    new_id: Callable[[], UUID]

    def day(self, at: datetime) -> date:
        """Return the city's day of an instant."""
        return at.astimezone(self.city.zone).date()

    def after(self, span: timedelta | None) -> datetime | None:
        """Return when a span of working time from now is over, or None: there is no span."""
        return working_time.after(self.now, span, workdays_of(self.city)) if span else None

    def leaders(self, escalation: Escalation) -> tuple[str, ...]:
        """Return the seats of leadership that answer an escalation, each for itself."""
        return leaders_of(escalation.rule, self.book, self.city)
