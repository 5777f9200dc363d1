"""The page of a seat: who holds it and when they are away; adding a seat, and taking one out."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter, Request, Response

from services.portal.pages.bodies.directory_client import Body, Seat, get_body, path_of
from services.portal.pages.bodies.view import holds, span_of
from services.portal.pages.frame.asked import FORBIDDEN, GONE, Desk
from services.portal.pages.frame.context import FORM_POLICY, PageContext, done, reader_of
from services.portal.pages.frame.forms import Filled, Sent, read_form
from services.portal.pages.frame.refused import NotShown
from services.portal.pages.seats.codes import code_of
from shared.city.profile import Role

HOLD, LIFT, AGAIN, AWAY, BACK = "hold", "vacate", "again", "away", "back"
DONE = frozenset({HOLD, LIFT, AGAIN, AWAY, BACK})
Given = Mapping[str, str]


@dataclass(frozen=True)
class Place:
    """A seat of a body, and what its reader may do there."""

    body: Body
    seat: Seat
    own: bool
    today: date

    @property
    def path(self) -> str:
        return f"/bodies/{self.body.body}/seats/{self.seat.function}"

    def api(self, what: str = "") -> str:
        """Return where the directory has the seat, or something of it."""
        return path_of(self.body.body, "seats", self.seat.function, *([what] if what else []))

    def days(self) -> list[dict[str, str]]:
        """Return the days of absence that are not over, as the directory takes them."""
        coming = self.seat.coming(self.today)
        return [{"first": str(span.first), "last": str(span.last)} for span in coming]


class SeatsDesk:
    """Shows seats, and does with them what their holders or moderation say."""

    def __init__(self, context: PageContext) -> None:
        self.context = context
        self.desk = Desk(context)
        self.doing: Mapping[str, Callable[[Request, Place, Given], Awaitable[Sent]]] = {
            HOLD: self._hold,
            LIFT: self._vacate,
            AGAIN: self._again,
            AWAY: self._leave,
            BACK: self._return,
        }

    async def place(self, request: Request, body: str, function: str) -> Place:
        """Return a seat that the reader holds or whose body they moderate; raises NotShown."""
        runtime = self.context.portal.runtime
        found = await get_body(self.desk, request, body)
        own = holds(reader_of(request), body, function)
        if not own and not found.may_change:
            raise NotShown(FORBIDDEN)
        seat = found.find(function)
        if seat is None:
            raise NotShown(GONE)
        return Place(found, seat, own, runtime.clock.now().astimezone(runtime.city.zone).date())

    def show(self, request: Request, place: Place, filled: Filled | None = None) -> Response:
        """Return the page of a seat."""
        form = filled or Filled({"language": self.context.language})
        shown = {
            "place": place,
            "body": place.body,
            "seat": place.seat,
            "deputy": place.body.deputy_of(place.seat.function),
            "spans": [(span, span_of(self.context.reader, span)) for span in place.seat.coming(place.today)],
            "form": form,
            "done": done(request, DONE),
        }
        return self.context.show(request, "seat", shown, FORM_POLICY, status=form.status)

    async def take(self, request: Request, place: Place) -> Response:
        """Do what a form on the page of a seat says."""
        given = await read_form(request)
        do = given.get("do", "")
        if do not in self.doing:
            return self.show(request, place)
        sent = await self.doing[do](request, place, given)
        if sent.taken:
            return self.context.lead(place.path, done=do)
        wrong = {_field(name): said for name, said in sent.wrong(self.context.reader.t).items()}
        return self.show(request, place, Filled(given, wrong))

    async def _hold(self, request: Request, place: Place, given: Given) -> Sent:
        said = {name: given.get(name, "") for name in ("mail", "name", "language")}
        return await self.desk.tell(request, "directory", f"PUT {place.api('holder')}", body=said)

    async def _vacate(self, request: Request, place: Place, _given: Given) -> Sent:
        return await self.desk.tell(request, "directory", f"DELETE {place.api('holder')}")

    async def _again(self, request: Request, place: Place, _given: Given) -> Sent:
        return await self.desk.tell(request, "directory", f"POST {place.api('former')}")

    async def _leave(self, request: Request, place: Place, given: Given) -> Sent:
        new = {name: given.get(name, "") for name in ("first", "last")}
        return await self._away(request, place, [*place.days(), new])

    async def _return(self, request: Request, place: Place, given: Given) -> Sent:
        over = {name: given.get(name, "") for name in ("first", "last")}
        return await self._away(request, place, [span for span in place.days() if span != over])

    async def _away(self, request: Request, place: Place, days: list[dict[str, str]]) -> Sent:
        return await self.desk.tell(request, "directory", f"PUT {place.api('away')}", body={"days": days})


class NewSeatDesk:
    """Adds functions and deputies to a body, and takes them out."""

    def __init__(self, context: PageContext) -> None:
        self.context = context
        self.desk = Desk(context)

    async def body(self, request: Request, name: str) -> Body:
        """Return a body that the reader moderates; raises NotShown."""
        found = await get_body(self.desk, request, name)
        if not found.may_change:
            raise NotShown(FORBIDDEN)
        return found

    def form(self, request: Request, body: Body, form: Filled) -> Response:
        """Return the page on which a function is added, or a deputy where the form names a seat."""
        of = body.find(form.given.get("deputy_of", ""))
        shown = {"body": body, "of": of, "form": form, "roles": [*Role]}
        return self.context.show(request, "seat_new", shown, FORM_POLICY, status=form.status)

    async def add(self, request: Request, name: str) -> Response:
        """Add a function, vacant at first, and lead to its page."""
        body, given = await self.body(request, name), await read_form(request)
        code = code_of(given.get("name.de", ""), {seat.function for seat in body.seats})
        named = {language: given.get(f"name.{language}", "") for language in ("de", "en")}
        said: dict[str, Any] = {"function": code, "name": named, "deputy_of": given.get("deputy_of") or None}
        said["role"] = given.get("role", Role.MEMBER.value)
        sent = await self.desk.tell(request, "directory", f"POST {path_of(name, 'seats')}", body=said)
        if sent.taken:
            return self.context.lead(f"/bodies/{name}/seats/{code}", done="")
        return self.form(request, body, Filled(given, sent.wrong(self.context.reader.t)))

    async def ask(
        self, request: Request, body: Body, function: str, wrong: Mapping[str, str] | None = None
    ) -> Response:
        """Return the page that says what follows when a function is taken out, and asks once."""
        seat = body.find(function)
        if seat is None:
            raise NotShown(GONE)
        form = Filled({}, wrong or {})
        shown = {"body": body, "seat": seat, "deputy": body.deputy_of(function), "form": form}
        return self.context.show(request, "seat_remove", shown, FORM_POLICY, status=form.status)

    async def remove(self, request: Request, name: str, function: str) -> Response:
        """Take a function out of a body."""
        body = await self.body(request, name)
        sent = await self.desk.tell(request, "directory", f"DELETE {path_of(name, 'seats', function)}")
        if sent.taken:
            return self.context.lead(f"/bodies/{name}", done="seat_removed")
        return await self.ask(request, body, function, sent.wrong(self.context.reader.t))


def _field(name: str) -> str:
    """Return the field of the page that a field of the directory's means: `last` for `days.2.last`."""
    return name.rpartition(".")[2] if name.startswith("days.") else name


def add(routes: APIRouter, context: PageContext) -> None:
    """Add what answers under `/bodies/{body}/seats` in one language."""
    seats, new = SeatsDesk(context), NewSeatDesk(context)

    @routes.get("/bodies/{body}/seats/{function}")
    async def look(request: Request, body: str, function: str) -> Response:
        return seats.show(request, await seats.place(request, body, function))

    @routes.post("/bodies/{body}/seats/{function}")
    async def change(request: Request, body: str, function: str) -> Response:
        return await seats.take(request, await seats.place(request, body, function))

    @routes.get("/bodies/{body}/seats/{function}/remove")
    async def ask(request: Request, body: str, function: str) -> Response:
        return await new.ask(request, await new.body(request, body), function)

    @routes.post("/bodies/{body}/seats/{function}/remove")
    async def remove(request: Request, body: str, function: str) -> Response:
        return await new.remove(request, body, function)

    @routes.get("/bodies/{body}/new-seat")
    async def look_at_new(request: Request, body: str, deputy_of: str = "") -> Response:
        form = Filled({"deputy_of": deputy_of, "role": Role.MEMBER.value})
        return new.form(request, await new.body(request, body), form)

    @routes.post("/bodies/{body}/new-seat")
    async def add_seat(request: Request, body: str) -> Response:
        return await new.add(request, body)
