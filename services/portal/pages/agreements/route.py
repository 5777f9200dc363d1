"""The list of agreements, the page of one with its history and forms, and the form to make or change one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.portal.pages.agreements import export, view
from services.portal.pages.agreements.client import (
    PATH,
    SERVICE,
    Agreement,
    given_of,
    new_of,
    revision_of,
    terms_of,
    wrong_of,
)
from services.portal.pages.agreements.filtering import AskedFor, asked_for
from services.portal.pages.agreements.starting import Start, start_of
from services.portal.pages.frame import html
from services.portal.pages.frame.asked import Desk
from services.portal.pages.frame.context import FORM_POLICY, PageContext, done, uuid_of
from services.portal.pages.frame.forms import WHOLE, Filled, Sent, read_form
from services.portal.pages.frame.pager import PAGE, Page, pager
from services.portal.pages.frame.reader import Reader
from services.portal.pages.frame.refused import NotShown
from services.portal.pages.partners.directory_client import get_partners
from services.portal.pages.requests.places import groups
from services.portal.read_model import agreements

FORBIDDEN = 403
DONE = ("made", "edited", "progress", "done", "taken_back", "dropped", "reopened")
EMPTY = Filled()


@dataclass(frozen=True)
class AgreementsDesk:
    """Shows agreements, and takes what is agreed, changed and reported."""

    context: PageContext
    desk: Desk

    def today(self) -> date:
        return self.context.reader.f.local(self.context.portal.runtime.clock.now()).date()

    async def all(self, request: Request, page: int) -> Response:
        """Return the list."""
        reader, wanted = self.context.reader_for(request), asked_for(request.query_params)
        async with self.context.portal.runtime.reading() as tx:
            count = await agreements.count_agreements(tx, reader.sight, wanted.wanted(self.today()))
            at = pager(count, page)
            found = await self._found(tx, reader, wanted, PAGE, at.offset)
            owners = view.owner_choices(reader, await agreements.find_owners(tx, reader.sight))
        shown = {
            "rows": found,
            "pager": at,
            "count": count,
            "form": Filled(wanted.given),
            "is_filtered": bool(wanted.query),
            "kept": wanted.query,
            "choices": _filters(reader, owners),
            "may_make": bool(reader.sight.moderated),
        }
        return self.context.show(request, "agreements", shown, FORM_POLICY)

    async def table(self, request: Request) -> Response:
        """Return the list as CSV."""
        reader, wanted = self.context.reader_for(request), asked_for(request.query_params)
        async with self.context.portal.runtime.reading() as tx:
            found = await self._found(tx, reader, wanted)
        named = {"Content-Disposition": 'attachment; filename="agreements.csv"'}
        text = export.table(found, reader.t)
        return Response(text, headers=html.headers() | named, media_type="text/csv; charset=utf-8")

    async def _found(
        self, tx: Any, reader: Reader, wanted: AskedFor, limit: int | None = None, offset: int = 0
    ) -> list[view.Row]:
        asked = wanted.wanted(self.today())
        found = await agreements.find_agreements(tx, reader.sight, asked, limit, offset)
        return view.rows(reader, found, self.today())

    async def get(self, request: Request, agreement_id: UUID) -> Agreement:
        """Return an agreement; raises NotShown."""
        return Agreement.model_validate(await self.desk.get(request, SERVICE, f"{PATH}/{agreement_id}"))

    async def one(
        self, request: Request, agreement_id: UUID, form: Filled = EMPTY, doing: str = ""
    ) -> Response:
        """Return the page of an agreement; `doing` is the form that was not taken."""
        reader, told = self.context.reader_for(request), await self.get(request, agreement_id)
        async with self.context.portal.runtime.reading() as tx:
            origin = await start_of(tx, reader, Start(told.meeting_id, told.escalation_id))
        shown = {
            "a": told,
            "origin": origin,
            "state": view.summary(told),
            "place": view.place_of(reader, told.scope),
            "history": view.history(reader, told.history)[::-1],
            "meanwhile": self._meanwhile(reader, told, form),
            "form": form,
            "doing": doing,
            "done": done(request, DONE),
        }
        return self.context.show(request, "agreement", shown, FORM_POLICY, status=form.status)

    async def act(self, request: Request, agreement_id: UUID, way: str) -> Response:
        """Take a report, or that it is dropped or to be done after all; raises NotShown."""
        given, told = await read_form(request), await self.get(request, agreement_id)
        if not (told.may_report if way == "reports" else told.may_change):
            raise NotShown(FORBIDDEN)
        reason = {"reason": given.get("reason", "")}
        said = {"reports": {"report": given.get("report", ""), "note": given.get("note") or None}}
        body = {"revision": revision_of(given)} | said.get(way, reason)
        sent = await self.desk.do(request, SERVICE, f"POST {PATH}/{agreement_id}/{way}", body=body)
        what = {"drop": "dropped", "reopen": "reopened"}.get(way) or given.get("report", "")
        if sent.taken:
            return self.context.lead(f"/agreements/{agreement_id}", done=what)
        wrong = wrong_of(sent, self.context.reader.t)
        return await self.one(request, agreement_id, Filled(given, wrong), what)

    async def starting(self, request: Request, form: Filled | None = None) -> Response:
        """Return the form of a new agreement, filled in with what it comes from; raises NotShown."""
        reader = self.context.reader_for(request)
        bodies = [name for name in reader.city.bodies if name in reader.sight.moderated]
        if not bodies:
            raise NotShown(FORBIDDEN)
        async with self.context.portal.runtime.reading() as tx:
            start = await start_of(tx, reader, Start.of(request.query_params))
        new = {"agreement_id": str(self.context.portal.runtime.new_id())}
        form = form or Filled({"body": bodies[0], **start.given(self.today()), **new})
        shown = {"bodies": [(name, reader.labels.body(name)) for name in bodies], "a": None, "meanwhile": []}
        return await self._form(request, form, shown)

    async def make(self, request: Request) -> Response:
        """Take a new agreement."""
        given = await read_form(request)
        sent = await self.desk.do(request, SERVICE, f"POST {PATH}", body=new_of(given))
        if sent.taken:
            return self.context.lead(f"/agreements/{sent.said['agreement_id']}", done="made")
        return await self.starting(request, Filled(given, self._wrong(sent)))

    async def editing(self, request: Request, agreement_id: UUID, form: Filled | None = None) -> Response:
        """Return the form that changes an agreement; raises NotShown."""
        reader, told = self.context.reader_for(request), await self.get(request, agreement_id)
        if not told.may_change:
            raise NotShown(FORBIDDEN)
        meanwhile = self._meanwhile(reader, told, form or EMPTY)
        if form and meanwhile:
            form = Filled({**form.given, "revision": str(told.revision)}, form.wrong)
        shown = {"a": told, "meanwhile": meanwhile, "bodies": []}
        return await self._form(request, form or Filled(given_of(told)), shown)

    async def edit(self, request: Request, agreement_id: UUID) -> Response:
        """Take what an agreement is to say."""
        given = await read_form(request)
        body = terms_of(given) | {"revision": revision_of(given), "reason": given.get("reason") or None}
        sent = await self.desk.do(request, SERVICE, f"PUT {PATH}/{agreement_id}", body=body)
        if sent.taken:
            return self.context.lead(f"/agreements/{agreement_id}", done="edited")
        return await self.editing(request, agreement_id, Filled(given, self._wrong(sent)))

    def _wrong(self, sent: Sent) -> dict[str, str]:
        return wrong_of(sent, self.context.reader.t)

    def _meanwhile(self, reader: Reader, told: Agreement, form: Filled) -> list[view.Happened]:
        """Return what others have done since a form was opened that was not taken for that."""
        return view.history(reader, told.since(revision_of(form.given))) if WHOLE in form.wrong else []

    async def _form(self, request: Request, form: Filled, more: Mapping[str, Any]) -> Response:
        reader = self.context.reader_for(request)
        told: Agreement | None = more["a"]
        body = told.body if told else form.given.get("body", "")
        partners = await self._partners(request, reader, body)
        if told and told.owner.organisation:
            partners = list(dict.fromkeys([*partners, told.owner.organisation]))
        shown = {
            "form": form,
            "measures": view.measures(reader),
            "owners": view.owners(reader, body, partners),
            "places": groups(reader),
        }
        return self.context.show(
            request, "agreement_form", {**shown, **more}, FORM_POLICY, status=form.status
        )

    async def _partners(self, request: Request, reader: Reader, body: str) -> list[str]:
        """Return the partners of a body that no seat speaks for; none where they cannot be told now."""
        if body not in reader.sight.moderated:
            return []
        try:
            found = await get_partners(self.desk, request, body)
        except NotShown:
            return []
        return [each.name for each in found if not each.function and each.standing != "excluded"]


def _filters(reader: Reader, owners: list[tuple[str, str]]) -> dict[str, list[tuple[str, str]]]:
    """Return what may be chosen in the filter of the list."""
    t = reader.t
    bodies = [name for name in reader.city.bodies if name in reader.sight.bodies]
    states = ("standing", "overdue", *view.STATES)
    districts = sorted(((d.code, d.name) for d in reader.city.districts.values()), key=lambda pair: pair[1])
    return {
        "body": [(name, reader.labels.body(name)) for name in bodies],
        "state": [(state, t(f"agreement_{state}")) for state in states],
        "measure": view.measures(reader),
        "owner": owners,
        "district": districts,
    }


def add(routes: APIRouter, context: PageContext) -> None:
    """Add what answers under `/agreements` in one language."""
    desk = AgreementsDesk(context, Desk(context))
    _add_lists(routes, desk)
    _add_forms(routes, desk)


def _add_lists(routes: APIRouter, desk: AgreementsDesk) -> None:
    """Add what shows several, and the form of a new one."""

    @routes.get("/agreements")
    async def all_(request: Request, page: Page = 1) -> Response:
        return await desk.all(request, page)

    @routes.get("/agreements/export.csv")
    async def table(request: Request) -> Response:
        return await desk.table(request)

    @routes.get("/agreements/new")
    async def starting(request: Request) -> Response:
        return await desk.starting(request)

    @routes.post("/agreements/new")
    async def make(request: Request) -> Response:
        return await desk.make(request)


def _add_forms(routes: APIRouter, desk: AgreementsDesk) -> None:
    """Add the page of one, and what its forms do."""

    @routes.get("/agreements/{agreement}")
    async def one(request: Request, agreement: str) -> Response:
        return await desk.one(request, uuid_of(agreement))

    @routes.get("/agreements/{agreement}/edit")
    async def editing(request: Request, agreement: str) -> Response:
        return await desk.editing(request, uuid_of(agreement))

    @routes.post("/agreements/{agreement}/edit")
    async def edit(request: Request, agreement: str) -> Response:
        return await desk.edit(request, uuid_of(agreement))

    @routes.post("/agreements/{agreement}/report")
    async def report(request: Request, agreement: str) -> Response:
        return await desk.act(request, uuid_of(agreement), "reports")

    @routes.post("/agreements/{agreement}/drop")
    async def drop(request: Request, agreement: str) -> Response:
        return await desk.act(request, uuid_of(agreement), "drop")

    @routes.post("/agreements/{agreement}/reopen")
    async def reopen(request: Request, agreement: str) -> Response:
        return await desk.act(request, uuid_of(agreement), "reopen")
