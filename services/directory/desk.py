"""Who may change a body, and what a request names of it."""

from collections.abc import Awaitable, Callable

from services.directory.domain import find_holder
from services.directory.store import bodies
from services.directory.views import BodyView, NewSeat, view
from shared.access.caller import Caller, Via
from shared.access.permissions import MODERATORS, READERS, bodies_of, bodies_of_caller
from shared.city.profile import Body, Holder, Role
from shared.errors import FieldError
from shared.messaging.transaction import Tx
from shared.runtime.service import Runtime
from shared.web.http import Problem

EVERYBODY = frozenset(Role)


class Desk:
    """Lets those change bodies who moderate them."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime

    def moderates(self, caller: Caller, body: str) -> bool:
        """Say whether a caller moderates a body, also as a deputy."""
        return body in bodies_of_caller(caller, MODERATORS, self.runtime.city.bodies)

    def sits_in(self, caller: Caller) -> set[str]:
        """Return the bodies in which a caller has a seat; one key serves a function in all its bodies."""
        if caller.via is Via.KEY:
            return bodies_of_caller(caller, EVERYBODY, self.runtime.city.bodies)
        return {seat.partition("/")[0] for seat in caller.seats}

    def check_may_appoint(self, caller: Caller, body: str, function: str) -> None:
        """Raise Problem where a function leads or moderates a body, too, that a caller does not moderate.

        A function has its rights in all its bodies, so that who holds it here would have them there.
        """
        known = self.runtime.city.bodies
        reach = bodies_of(f"{body}/{function}", READERS, known, deputies=True)
        if not reach <= bodies_of_caller(caller, MODERATORS, known):
            raise Problem(409, "This function has rights in a body that somebody else moderates")

    async def editing(self, body: str, caller: Caller, tx: Tx) -> Body:
        """Return a body that a caller moderates; raises Problem."""
        found = await known(body, tx)
        if not self.moderates(caller, body):
            raise Problem(403, "Only the moderation of a body changes it")
        return found

    async def change(self, body: str, caller: Caller, how: Callable[[Body, Tx], Awaitable[Body]]) -> BodyView:
        """Change a body that a caller moderates; return it as it is then."""
        async with self.runtime.transaction() as tx:
            await tx.lock_service()
            after = await how(await self.editing(body, caller, tx), tx)
            return await view(after, tx, may_change=True)


async def known(body: str, tx: Tx) -> Body:
    """Return a body; raises Problem where there is none."""
    found = await bodies.find(tx, body)
    if found is None:
        raise Problem(404, "No such body")
    return found


def the_holder(body: Body, function: str) -> Holder:
    """Return a function of a body; raises Problem where it has none."""
    found = find_holder(body, function)
    if found is None:
        raise Problem(404, "The body has no such function")
    return found


def invalid(field: str, message: str) -> Problem:
    """Return the answer that names what is wrong with one field."""
    return Problem(422, "The input is not valid", errors=[FieldError(field=field, message=message)])


def check_new(body: Body, given: NewSeat) -> None:
    """Raise Problem where a body cannot have a new function."""
    if find_holder(body, given.function):
        raise invalid("function", "the body has this function already")
    if missing := {"de", "en"} - given.name.keys():
        raise invalid("name", f"the language {min(missing)} is missing")
    if given.deputy_of is None:
        return
    seat = next((member for member in body.members if member.function == given.deputy_of), None)
    if seat is None:
        raise invalid("deputy_of", "the body has no such function")
    if seat.deputy:
        raise invalid("deputy_of", "has a deputy already")
