"""Situation reports: choosing one, its page, its pictures, its PDF, and those that were kept for sessions."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.portal.charts.theme import SIZES
from services.portal.pages.frame import html
from services.portal.pages.frame.context import FORM_POLICY, PageContext, done, reader_of, uuid_of
from services.portal.pages.frame.forms import Filled, read_fields
from services.portal.pages.frame.refused import NotShown
from services.portal.pages.reports import keeping
from services.portal.pages.reports.choosing import choice, limits, read_query
from services.portal.pages.reports.drawings import drawing
from services.portal.pages.reports.gathering import Findings, gather
from services.portal.pages.reports.making import checksum, paper
from services.portal.pages.reports.wanted import OWN, Wanted, kept
from services.portal.pages.reports.writing import document
from services.portal.read_model import report_queries
from services.portal.read_model.report_queries import KeptReport

FORBIDDEN, MISSING = 403, 404
PDF = "application/pdf"


@dataclass(frozen=True)
class ReportsDesk:
    """Shows reports to who sits in their body, and keeps them for who moderates it."""

    context: PageContext

    async def choose(self, request: Request) -> Response:
        """Return the form, or lead on to the report that was chosen."""
        reader, runtime = self.context.reader_for(request), self.context.portal.runtime
        async with runtime.reading() as tx:
            chosen = await choice(request, tx, reader)
            old = await report_queries.find_kept_reports(tx, reader.sight.bodies)
        if chosen.leads_to:
            return self.context.lead(chosen.leads_to)
        bodies = sorted((name, reader.labels.body(name)) for name in reader.sight.bodies)
        shown = {"form": chosen.form, "chosen": chosen.categories, "bodies": bodies, "kept": old}
        status = chosen.form.status
        return self.context.show(request, "reports", shown, FORM_POLICY, status=status)

    def wanted(self, request: Request, body: str) -> Wanted:
        """Return what an address asks for; raises NotShown where it is not for its reader."""
        reader = self.context.reader_for(request)
        if body not in reader.sight.bodies:
            raise NotShown(FORBIDDEN)
        found = read_query(request, limits(reader.city, self.context.portal.runtime.clock.now()))
        if found.wanted is None:
            raise NotShown(MISSING)
        return found.wanted

    def given(self, request: Request) -> dict[str, str]:
        """Return what an address says, to be mended in the form."""
        query = request.query_params
        return {name: query.get(name, "") for name in ("from", "to", "district")}

    async def found(self, body: str, wanted: Wanted) -> Findings:
        """Return what a report tells."""
        async with self.context.portal.runtime.reading() as tx:
            return await gather(tx, body, wanted, self.context.portal.rules)

    async def page(
        self, request: Request, body: str, wanted: Wanted, form: Filled = keeping.EMPTY
    ) -> Response:
        """Return the page of a report."""
        reader = self.context.reader_for(request)
        found = await self.found(body, wanted)
        async with self.context.portal.runtime.reading() as tx:
            sessions = await keeping.sessions(tx, reader, body)
        moderates = body in reader.sight.moderated
        more = {"query": wanted.query(), "body": body, "moderates": moderates, "sessions": sessions}
        shown = {"v": document(found, reader), "wanted": wanted, "form": form, **more}
        return self.context.show(request, "situation_report", shown, FORM_POLICY, status=form.status)

    async def picture(self, request: Request, body: str, name: str, size: str) -> Response:
        """Return a drawing of a report."""
        wanted = self.wanted(request, body)
        if size not in SIZES:
            return self.context.missing(request)
        found = await self.found(body, wanted)
        return await self.context.draw(request, drawing(name, found, self.context.reader, SIZES[size]))

    async def pdf(self, body: str, wanted: Wanted) -> bytes:
        """Return a report as PDF."""
        found, reader = await self.found(body, wanted), self.context.reader
        return await self.context.portal.drawings.in_turn(lambda: paper(found, reader))

    async def keep(self, request: Request, body: str) -> Response:
        """Keep a report for a session, with the checksum of its bytes."""
        reader = self.context.reader_for(request)
        if body not in reader.sight.moderated:
            raise NotShown(FORBIDDEN)
        wanted = self.wanted(request, body)
        given = dict(await read_fields(request))
        runtime = self.context.portal.runtime
        async with runtime.reading() as tx:
            known = [session for session, _ in await keeping.sessions(tx, reader, body)]
        meeting = given.get("meeting", "")
        if meeting and meeting not in known:
            wrong = {"meeting": reader.t("report_wrong_meeting")}
            return await self.page(request, body, wanted, Filled(given, wrong))
        made = keeping.Made(body, UUID(meeting) if meeting else None, wanted, reader.language)
        sha256 = checksum(await self.pdf(body, wanted))
        async with runtime.transaction() as tx:
            report_id = await keeping.keep(tx, made, sha256, reader_of(request).caller)
        return self.context.lead(f"/reports/kept/{report_id}", done="report_kept")

    async def kept(self, request: Request, report_id: UUID) -> KeptReport:
        """Return a report that was kept; raises NotShown where it is not for its reader."""
        async with self.context.portal.runtime.reading() as tx:
            report = await report_queries.find_kept_report(tx, report_id)
        if report is None or report.body not in self.context.reader_for(request).sight.bodies:
            raise NotShown(FORBIDDEN)
        return report

    async def kept_page(self, request: Request, report_id: UUID) -> Response:
        """Return the page of a report that was kept, and whether the data still give the same."""
        report = await self.kept(request, report_id)
        wanted, reader = kept(report.parameters), self.context.reader_for(request)
        found = await self.found(report.body, wanted)
        written = reader.speaking(report.language)
        now = await self.context.portal.drawings.in_turn(lambda: checksum(paper(found, written)))
        span = f"{reader.f.day(wanted.span.first)} – {reader.f.day(wanted.span.last)}"
        shown = {"r": report, "query": wanted.query(), "span": span, "is_same": now == report.sha256}
        shown["done"] = done(request, {"report_kept"})
        return self.context.show(request, "report_kept", shown)


def add(routes: APIRouter, context: PageContext) -> None:
    """Add what answers under `/reports` in one language."""
    desk = ReportsDesk(context)

    @routes.get("/reports")
    async def choose(request: Request) -> Response:
        return await desk.choose(request)

    @routes.get("/reports/kept/{report}")
    async def kept_page(request: Request, report: str) -> Response:
        return await desk.kept_page(request, uuid_of(report))

    @routes.get("/reports/{body}")
    async def page(request: Request, body: str) -> Response:
        try:
            wanted = desk.wanted(request, body)
        except NotShown as refused:
            if refused.status == FORBIDDEN:
                raise
            return context.lead("/reports", body=body, period=OWN, **desk.given(request))
        return await desk.page(request, body, wanted)

    @routes.post("/reports/{body}")
    async def keep(request: Request, body: str) -> Response:
        return await desk.keep(request, body)

    @routes.get("/reports/{body}/report.pdf")
    async def pdf(request: Request, body: str) -> Response:
        wanted = desk.wanted(request, body)
        return _file(await desk.pdf(body, wanted), body, wanted)

    @routes.get("/reports/{body}/{name}-{size}.svg")
    async def picture(request: Request, body: str, name: str, size: str) -> Response:
        return await desk.picture(request, body, name, size)


def _file(made: bytes, body: str, wanted: Wanted) -> Response:
    name = f"{body}-{wanted.span.first}-{wanted.span.last}.pdf"
    headers = html.headers() | {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(made, headers=headers, media_type=PDF)
