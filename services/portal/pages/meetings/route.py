"""The list of meetings, and the page of one, on which moderation moves it or calls it off."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.portal.pages.attending.client import ANSWERS, Attendance, answer, find
from services.portal.pages.frame.asked import FORBIDDEN, GONE, Desk
from services.portal.pages.frame.context import FORM_POLICY, PageContext, reader_of, uuid_of
from services.portal.pages.frame.context import done as was_done
from services.portal.pages.frame.forms import WHOLE, Filled, Sent, read_form
from services.portal.pages.frame.pager import PAGE, Page, pager
from services.portal.pages.frame.refused import NotShown
from services.portal.pages.frame.rows import meeting_rows
from services.portal.pages.meetings import guests, view
from services.portal.pages.meetings.guests import Guest, find_guests
from services.portal.pages.meetings.scheduler_client import PATH, Planned, move_of
from services.portal.pages.meetings.view import MeetingPage
from services.portal.read_model import counts, queries

MOVED, CANCELLED = "moved", "cancelled"
INVITED, UNINVITED = "guest", "guest_removed"
EMPTY = Filled()
OF_FORM = {"starts_at": "day"}
"""What fields of the scheduler are called in the form of a move."""
OF_CANCELLING = {"reason": "because"}


@dataclass(frozen=True)
class MeetingsDesk:
    """Shows meetings, and takes what moderation changes."""

    context: PageContext
    desk: Desk

    async def planned(self, request: Request, meeting_id: UUID) -> Planned | None:
        """Return a meeting as the scheduler shows it to who reads, or None: it does not."""
        try:
            return Planned.model_validate(await self.desk.get(request, "scheduler", f"{PATH}/{meeting_id}"))
        except NotShown:
            return None

    async def page(
        self, request: Request, meeting_id: UUID, form: Filled = EMPTY, doing: str = ""
    ) -> Response:
        """Return the page of a meeting; `doing` is the form that was not taken."""
        reader, runtime = self.context.reader_for(request), self.context.portal.runtime
        planned = await self.planned(request, meeting_id)
        async with runtime.reading() as tx:
            shown = await view.meeting_page(tx, reader, meeting_id, planned)
        if shown is None:
            return self.context.missing(request)
        given = {"language": self.context.language, **view.given(shown.row.meeting, reader)}
        form = Filled({**given, **form.given}, form.wrong)
        known = {MOVED, CANCELLED, INVITED, UNINVITED, *ANSWERS}
        attendance = await find(self.desk.ask, reader_of(request), meeting_id)
        more = {
            "form": form,
            "doing": doing,
            "done": was_done(request, known),
            "guests": await self._guests(request, shown),
            "attendance": Attendance.model_validate(attendance.said) if attendance.taken else None,
        }
        return self.context.show(request, "meeting", {"v": shown} | more, FORM_POLICY, status=form.status)

    async def _guests(self, request: Request, shown: MeetingPage) -> list[Guest] | None:
        """Return who comes as a guest, for who moderates a session that can still be changed."""
        meeting = shown.row.meeting
        if not shown.may_change:
            return None
        return await find_guests(self.desk, request, meeting.body, meeting.meeting_id)

    async def moderated(self, request: Request, meeting_id: UUID) -> MeetingPage:
        """Return a meeting whose body the reader moderates; raises NotShown."""
        reader, planned = self.context.reader_for(request), await self.planned(request, meeting_id)
        async with self.context.portal.runtime.reading() as tx:
            shown = await view.meeting_page(tx, reader, meeting_id, planned)
        if shown is None or not shown.moderates:
            raise NotShown(FORBIDDEN if shown else GONE)
        return shown

    async def invite(self, request: Request, meeting_id: UUID) -> Response:
        """Invite a guest."""
        shown, given = await self.moderated(request, meeting_id), await read_form(request)
        if not shown.may_change:
            late = Filled(given, {WHOLE: self.context.reader.t("guest_too_late")})
            return await self.page(request, meeting_id, late, INVITED)
        where = (shown.row.meeting.body, meeting_id, shown.row.meeting.ends_at)
        sent = await guests.invite(self.desk, request, where, given)
        return await self._led(request, meeting_id, sent, (given, {}, INVITED))

    async def uninvite(self, request: Request, meeting_id: UUID, guest: str) -> Response:
        """Let a guest not come."""
        body = (await self.moderated(request, meeting_id)).row.meeting.body
        sent = await guests.uninvite(self.desk, request, body, meeting_id, str(uuid_of(guest)))
        return await self._led(request, meeting_id, sent, ({}, {}, UNINVITED))

    async def move(self, request: Request, meeting_id: UUID) -> Response:
        """Take another time or place."""
        given = await read_form(request)
        body = move_of(given, self.context.reader.city.zone)
        sent = await self.desk.do(request, "scheduler", f"POST {PATH}/{meeting_id}/move", body=body)
        return await self._led(request, meeting_id, sent, (given, OF_FORM, MOVED))

    async def cancel(self, request: Request, meeting_id: UUID) -> Response:
        """Take it that a meeting does not take place."""
        given = await read_form(request)
        body = {"reason": given.get("because", "")}
        sent = await self.desk.do(request, "scheduler", f"POST {PATH}/{meeting_id}/cancel", body=body)
        return await self._led(request, meeting_id, sent, (given, OF_CANCELLING, CANCELLED))

    async def answer(self, request: Request, meeting_id: UUID) -> Response:
        """Take whether somebody comes."""
        given = await read_form(request)
        sent = await answer(self.desk.ask, reader_of(request), meeting_id, given)
        if sent.status == FORBIDDEN:
            raise NotShown(FORBIDDEN)
        if sent.taken:
            return self.context.lead(f"/meetings/{meeting_id}", done=given["coming"])
        wrong = sent.wrong(self.context.reader.t)
        return await self.page(request, meeting_id, Filled(given, wrong), "answered")

    async def _led(
        self, request: Request, meeting_id: UUID, sent: Sent, how: tuple[dict[str, str], dict[str, str], str]
    ) -> Response:
        given, names, doing = how
        if sent.taken:
            return self.context.lead(f"/meetings/{meeting_id}", done=doing)
        said = sent.wrong(self.context.reader.t)
        wrong = {names.get(name, name): message for name, message in said.items()}
        return await self.page(request, meeting_id, Filled(given, wrong), doing)


def add(routes: APIRouter, context: PageContext) -> None:
    """Add what answers under `/meetings` in one language."""
    runtime = context.portal.runtime
    desk = MeetingsDesk(context, Desk(context))

    @routes.get("/meetings")
    async def meeting_list(request: Request, page: Page = 1) -> Response:
        reader = context.reader_for(request)
        sight = reader.sight
        async with runtime.reading() as tx:
            at = pager((await counts.count_meetings(tx, sight, tx.now, tx.now)).past, page)
            coming = await queries.find_next_meetings(tx, sight) if at.page == 1 else []
            past = await queries.find_past_meetings(tx, sight, PAGE, at.offset)
        lists = {"coming": meeting_rows(reader, coming), "past": meeting_rows(reader, past)}
        return context.show(request, "meetings", lists | {"pager": at, "moderates": bool(sight.moderated)})

    @routes.get("/meetings/{meeting}")
    async def meeting_page(request: Request, meeting: str) -> Response:
        return await desk.page(request, uuid_of(meeting))

    @routes.post("/meetings/{meeting}/move")
    async def move(request: Request, meeting: str) -> Response:
        return await desk.move(request, uuid_of(meeting))

    @routes.post("/meetings/{meeting}/answers")
    async def answers(request: Request, meeting: str) -> Response:
        return await desk.answer(request, uuid_of(meeting))

    @routes.post("/meetings/{meeting}/cancel")
    async def cancel(request: Request, meeting: str) -> Response:
        return await desk.cancel(request, uuid_of(meeting))

    @routes.post("/meetings/{meeting}/guests")
    async def invite(request: Request, meeting: str) -> Response:
        return await desk.invite(request, uuid_of(meeting))

    @routes.post("/meetings/{meeting}/guests/{guest}")
    async def uninvite(request: Request, meeting: str, guest: str) -> Response:
        return await desk.uninvite(request, uuid_of(meeting), guest)
