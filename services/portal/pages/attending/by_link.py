"""The page behind the link in an invitation: GET shows who comes, POST answers."""

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from services.portal.pages.answer.link import Reading
from services.portal.pages.attending.client import ANSWERS, Attendance, answer, find
from services.portal.pages.frame import html
from services.portal.pages.frame.context import FORM_POLICY, PageContext, done
from services.portal.pages.frame.forms import AWAY, Filled


class AttendDesk:
    """Shows the meeting that a link is for, and takes whether its reader comes."""

    def __init__(self, context: PageContext) -> None:
        self.context = context
        self.ask = context.portal.dependencies.ask

    async def look(self, request: Request, reading: Reading) -> Response | str:
        """Return the page, or the name of what is wrong with the link."""
        wanted = request.query_params.get("coming", "")
        return await self._show(request, reading, Filled({"coming": wanted if wanted in ANSWERS else ""}))

    async def take(self, request: Request, reading: Reading, form: dict[str, str]) -> Response | str:
        """Answer, and lead back to the page."""
        given = {**form, "attendee": reading.link.by}
        sent = await answer(self.ask, reading, reading.link.about[0], given)
        if not sent.taken:
            return await self._show(request, reading, Filled(given, sent.wrong(self.context.reader.t)))
        return RedirectResponse(f"{request.url.path}?done={given['coming']}", 303, html.headers(FORM_POLICY))

    async def _show(self, request: Request, reading: Reading, form: Filled) -> Response | str:
        sent = await find(self.ask, reading, reading.link.about[0]) if reading.link.about else None
        if sent is None or not sent.taken:
            return "link_away" if sent and sent.status == AWAY else "link_ended"
        attendance, attendee = Attendance.model_validate(sent.said), reading.link.by
        shown = {
            "reading": reading,
            "a": attendance,
            "attendee": attendee,
            "said": attendance.said(attendee),
            "form": form,
            "done": done(request, ANSWERS),
        }
        return self.context.show(request, "attend", shown, FORM_POLICY, status=form.status)
