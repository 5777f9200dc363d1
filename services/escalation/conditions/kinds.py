"""The kinds of rules there are: a new one is a file beside this and a line here."""

from services.escalation.conditions.all_of import AllOf
from services.escalation.conditions.any_of import AnyOf
from services.escalation.conditions.condition import Rule
from services.escalation.conditions.count import Count
from services.escalation.conditions.farrington import Farrington
from services.escalation.conditions.rate_change import RateChange

KINDS: dict[str, type[Rule]] = {
    "count": Count,
    "rate_change": RateChange,
    "farrington": Farrington,
    "all_of": AllOf,
    "any_of": AnyOf,
}
