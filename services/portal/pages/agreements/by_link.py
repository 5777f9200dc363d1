"""The page behind the link in a message about agreements: GET shows them, POST reports on one of them."""

from collections.abc import Mapping

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from services.portal.pages.agreements import view
from services.portal.pages.agreements.client import PATH, SERVICE, Agreement, find, revision_of, wrong_of
from services.portal.pages.answer.link import Reading
from services.portal.pages.frame import html
from services.portal.pages.frame.context import FORM_POLICY, PageContext, done, uuid_of
from services.portal.pages.frame.forms import AWAY, WHOLE, Filled, send

REPORTS = ("progress", "done", "taken_back")


class ReportDesk:
    """Shows the agreements that a link is for, and takes what its reader reports of them."""

    def __init__(self, context: PageContext) -> None:
        self.context = context
        self.ask = context.portal.dependencies.ask

    async def look(self, request: Request, reading: Reading) -> Response | str:
        """Return the page, or the name of what is wrong with the link."""
        return await self._show(request, reading, Filled())

    async def take(self, request: Request, reading: Reading, form: dict[str, str]) -> Response | str:
        """Report on one of the link's agreements, and lead back to the page."""
        filled = await self._taken(reading, form)
        if filled.wrong:
            return await self._show(request, reading, filled)
        to = f"{request.url.path}?done={form['report']}"
        return RedirectResponse(to, 303, html.headers(FORM_POLICY))

    async def _taken(self, reading: Reading, given: Mapping[str, str]) -> Filled:
        t, about = self.context.reader.t, uuid_of(given.get("agreement", ""))
        if about not in reading.link.about or given.get("report") not in REPORTS:
            return Filled(given, {WHOLE: t("refused_gone")})
        body = {"report": given["report"], "revision": revision_of(given), "note": given.get("note") or None}
        sent = await send(self.ask, reading, SERVICE, "POST", f"{PATH}/{about}/reports", body=body)
        return Filled(given, wrong_of(sent, t))

    async def _show(self, request: Request, reading: Reading, form: Filled) -> Response | str:
        found = await self._found(reading)
        if isinstance(found, str):
            return found
        reader, about = self.context.reader, form.given.get("agreement", "")
        tried = next((each for each in found if str(each.agreement_id) == about), None)
        meanwhile = tried.since(revision_of(form.given)) if tried and WHOLE in form.wrong else []
        shown = {
            "reading": reading,
            "name": reader.labels.text(reading.member.name),
            "found": [(each, view.place_of(reader, each.scope), view.summary(each)) for each in found],
            "meanwhile": view.history(reader, meanwhile),
            "form": form,
            "tried": about,
            "wanted": request.query_params.get("report", ""),
            "done": done(request, REPORTS),
        }
        return self.context.show(request, "report", shown, FORM_POLICY, status=form.status)

    async def _found(self, reading: Reading) -> list[Agreement] | str:
        """Return what a link's reader may report on, or the name of what is wrong with it."""
        found = [await find(self.ask, reading, each) for each in reading.link.about]
        if any(sent.status == AWAY for sent in found):
            return "link_away"
        told = [Agreement.model_validate(sent.said) for sent in found if sent.taken]
        return [each for each in told if each.may_report] or "link_ended"
