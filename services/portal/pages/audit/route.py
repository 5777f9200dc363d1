"""The page of the record and its export; the audit service says who may read it."""

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from services.portal.pages.audit.asked_for import AskedFor, asked_for
from services.portal.pages.audit.view import Record, actions, line_of, people
from services.portal.pages.frame import html
from services.portal.pages.frame.asked import Desk
from services.portal.pages.frame.context import FORM_POLICY, PageContext, reader_of
from services.portal.pages.frame.forms import AWAY, Filled, send
from services.portal.pages.frame.refused import NotShown
from shared.errors import Unavailable

PAGE = 50
NEWEST = 19
"""Digits of the largest position that there can be."""


@dataclass(frozen=True)
class AuditDesk:
    """Shows the record."""

    context: PageContext
    desk: Desk

    async def show(self, request: Request) -> Response:
        """Return the page of what is asked for; raises NotShown."""
        wanted, t = asked_for(request.query_params), self.context.reader.t
        before = request.query_params.get("before", "")
        place = int(before) if before.isdecimal() and len(before) < NEWEST else 0
        wrong = {name: t("wrong_since") for name in wanted.wrong_days}
        found = Record(entries=(), next=None)
        if not wrong:
            query = wanted.query(self.context.reader.city.zone, before=place, limit=PAGE)
            sent = await send(self.desk.ask, reader_of(request), "audit", "GET", f"/v1/audit?{query}")
            if not sent.taken and not sent.fields:
                raise NotShown(sent.status)
            wrong = sent.wrong(t)
            found = found if wrong else Record.model_validate(sent.said)
        return self._page(request, wanted, wrong, found)

    def _page(self, request: Request, wanted: AskedFor, wrong: dict[str, str], found: Record) -> Response:
        reader = self.context.reader
        shown = {
            "form": Filled(wanted.given, wrong),
            "lines": [line_of(reader, entry) for entry in found.entries],
            "older": wanted.kept(before=found.next) if found.next else "",
            "export": wanted.kept(),
            "actions": actions(reader),
            "people": people(reader),
            "is_filtered": any(wanted.given.values()),
        }
        return self.context.show(request, "audit", shown, FORM_POLICY, status=Filled({}, wrong).status)

    async def export(self, request: Request) -> Response:
        """Return what is asked for as CSV, oldest first; raises NotShown."""
        wanted = asked_for(request.query_params)
        query = wanted.query(self.context.reader.city.zone)
        try:
            answer = await self.desk.ask("audit", "GET", f"/v1/audit.csv?{query}", reader_of(request).caller)
        except Unavailable as error:
            raise NotShown(AWAY) from error
        if not answer.is_success:
            raise NotShown(answer.status_code)
        named = {"Content-Disposition": 'attachment; filename="audit.csv"'}
        return Response(answer.content, headers=html.headers() | named, media_type="text/csv; charset=utf-8")


def add(routes: APIRouter, context: PageContext) -> None:
    """Add what answers under `/audit` in one language."""
    audit = AuditDesk(context, Desk(context))

    @routes.get("/audit")
    async def look(request: Request) -> Response:
        return await audit.show(request)

    @routes.get("/audit/export.csv")
    async def export(request: Request) -> Response:
        return await audit.export(request)
