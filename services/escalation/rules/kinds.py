"""The kinds of rules there are: a new one is a file beside this and a line here."""

from services.escalation.rules.all_of import AllOf
from services.escalation.rules.any_of import AnyOf
from services.escalation.rules.count import Count
from services.escalation.rules.rule import Rule

KINDS: dict[str, type[Rule]] = {
    "count": Count,
    "all_of": AllOf,
    "any_of": AnyOf,
}
