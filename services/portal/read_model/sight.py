"""What a reader may see: escalations and meetings of their bodies, and messages to them; pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from shared.access.caller import Caller
from shared.access.permissions import MODERATORS, bodies_of_caller
from shared.city.by_hand import rule_by_hand
from shared.city.profile import Body, Sharing


@dataclass(frozen=True)
class Sight:
    """What somebody sees; nobody who is not signed in sees anything of it."""

    seats: frozenset[str] = frozenset()
    """The functions that they hold, each as `body/function`: they see the messages to them."""
    bodies: frozenset[str] = frozenset()
    """The bodies in which they sit: they see their meetings."""
    moderated: frozenset[str] = frozenset()
    """The bodies that they moderate: they see the messages to all members."""
    functions: frozenset[str] = frozenset()
    """The functions whose agreements they own: their own, and those that they are the deputy of."""
    led: frozenset[str] = frozenset()
    """The functions whose superior they are: they see what those own."""
    placed: frozenset[str] = frozenset()
    """Those of their bodies that share places or districts with their members."""
    exact: frozenset[str] = frozenset()
    """Those of their bodies that share places."""
    rules: frozenset[str] = frozenset()
    """The rules whose escalations they see."""
    known: frozenset[str] = frozenset()
    """All rules of the city."""
    level: Sharing = Sharing.FIGURES
    """How exactly they see what was reported; figures, and no small ones, are for everybody."""
    sees_others: bool = False
    """Whether they see the escalations of rules that the city no longer has."""

    @property
    def exactly(self) -> bool:
        """Say whether they see places."""
        return self.level is Sharing.EXACT

    @property
    def hides_small(self) -> bool:
        """Say whether small numbers are kept from them."""
        return self.level is Sharing.FIGURES


FINEST_FIRST = (Sharing.EXACT, Sharing.DISTRICT, Sharing.FIGURES)
NOTHING = Sight()


@dataclass(frozen=True)
class Concerned:
    """Which bodies an escalation concerns: those that its rule names, else those that are `called`."""

    by_rule: Mapping[str, Collection[str]]
    called: Collection[str]


def sight_of(
    caller: Caller,
    bodies: Mapping[str, Body],
    concerned: Concerned,
    superiors: Mapping[str, str] | None = None,
) -> Sight:
    """Return what somebody sees; bodies that do not share exactly see no escalation, which names places."""
    sits_in = {seat.partition("/")[0] for seat in caller.seats} & bodies.keys()
    exact = {name for name in sits_in if bodies[name].sharing is Sharing.EXACT}
    levels = {bodies[name].sharing for name in sits_in}
    functions = _functions_of(caller, bodies)
    led = {function for function, seat in (superiors or {}).items() if seat.partition("/")[2] in functions}
    named = {rule: set(names) or set(concerned.called) for rule, names in concerned.by_rule.items()}
    return Sight(
        seats=frozenset(caller.seats),
        bodies=frozenset(sits_in),
        moderated=frozenset(bodies_of_caller(caller, MODERATORS, bodies)),
        functions=functions,
        led=frozenset(led),
        placed=frozenset(name for name in sits_in if bodies[name].sharing is not Sharing.FIGURES),
        exact=frozenset(exact),
        rules=frozenset(rule for rule, names in named.items() if names & exact)
        | {rule_by_hand(name) for name in exact},
        known=frozenset(concerned.by_rule),
        level=next((level for level in FINEST_FIRST if level in levels), Sharing.FIGURES),
        sees_others=not exact.isdisjoint(concerned.called),
    )


def _functions_of(caller: Caller, bodies: Mapping[str, Body]) -> frozenset[str]:
    """Return the functions in whose name somebody acts, as their holder or deputy."""
    held = [seat.partition("/") for seat in caller.seats if seat.partition("/")[0] in bodies]
    known = [(bodies[body].members, function) for body, _, function in held]
    own = {m.function for members, function in known for m in members if m.function == function}
    return frozenset(own) | {
        m.function for members, name in known for m in members if m.deputy and m.deputy.function == name
    }
