"""The map of a body's partners, the page of one, and lists that come in and go out."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Request, Response

from services.portal.pages.bodies.directory_client import Body, get_body, path_of
from services.portal.pages.frame import html
from services.portal.pages.frame.asked import FORBIDDEN, GONE, Desk
from services.portal.pages.frame.context import FORM_POLICY, PageContext, done, uuid_of
from services.portal.pages.frame.forms import WHOLE, Filled, read_form
from services.portal.pages.frame.refused import NotShown
from services.portal.pages.frame.upload import NoFile, Upload, uploaded
from services.portal.pages.partners import export
from services.portal.pages.partners.directory_client import (
    JUDGED,
    STANDINGS,
    Partner,
    get_partners,
    send_list,
)
from services.portal.pages.partners.reading import LARGEST, MOST, ListRow, TooMany, read_list, refusal
from services.portal.pages.partners.view import Line, lines_of, map_of, said_of
from shared.tabular.reasons import FileRefused
from shared.text.language import Language
from shared.web.json_text import Malformed, parse

DONE = frozenset({"partner", "partner_removed", "partners"})
FIELDS = ("name", "standing", "reason", "since", "function")
LIST = 2 * 1024 * 1024
"""Bytes of a form that holds a list which was looked at."""
SAVE, REMOVE, TAKE_IN = "save", "remove", "take_in"


@dataclass(frozen=True)
class PartnersDesk:
    """Shows partners to moderation, and keeps them."""

    context: PageContext
    desk: Desk

    async def body(self, request: Request, name: str) -> Body:
        """Return a body that the reader moderates; raises NotShown."""
        found = await get_body(self.desk, request, name)
        if not found.may_change:
            raise NotShown(FORBIDDEN)
        return found

    async def map(self, request: Request, name: str) -> Response:
        """Return the map of a body's partners."""
        body = await self.body(request, name)
        found = await get_partners(self.desk, request, name)
        shown = {"body": body, "columns": map_of(found, body), "done": done(request, DONE)}
        return self.context.show(request, "partners", shown)

    async def find(self, request: Request, name: str, partner: UUID) -> Partner:
        """Return a partner; raises NotShown."""
        found = await get_partners(self.desk, request, name)
        one = next((each for each in found if each.id == partner), None)
        if one is None:
            raise NotShown(GONE)
        return one

    def form(self, request: Request, body: Body, partner: Partner | None, form: Filled) -> Response:
        """Return the page of a partner, or of one that is new."""
        shown = {"body": body, "partner": partner, "form": form, "standings": STANDINGS}
        return self.context.show(request, "partner", shown, FORM_POLICY, status=form.status)

    async def take(self, request: Request, body: Body, partner: Partner | None) -> Response:
        """Note what a form says of a partner, or forget them."""
        given = await read_form(request)
        path = path_of(body.body, "partners", str(partner.id if partner else uuid4()))
        if partner and given.get("do") == REMOVE:
            sent = await self.desk.tell(request, "directory", f"DELETE {path}")
            what = "partner_removed"
        else:
            said: dict[str, Any] = {name: given.get(name, "") for name in FIELDS}
            said["function"] = said["function"] or None
            sent = await self.desk.tell(request, "directory", f"PUT {path}", body=said)
            what = "partner"
        if sent.taken:
            return self.context.lead(f"/bodies/{body.body}/partners", done=what)
        return self.form(request, body, partner, Filled(given, said_of(sent, self.context.reader.t)))

    def today(self) -> date:
        runtime = self.context.portal.runtime
        return runtime.clock.now().astimezone(runtime.city.zone).date()


@dataclass(frozen=True)
class ListDesk:
    """Takes in lists of partners: looks first, and acts on what was looked at."""

    partners: PartnersDesk

    def form(
        self, request: Request, body: Body, wrong: Mapping[str, str], lines: Sequence[Line] = ()
    ) -> Response:
        """Return the page on which a file is chosen, or on which stands what would become of its rows."""
        rows = [line.sent for line in lines if line.sent and line.is_taken]
        shown = {
            "body": body,
            "form": Filled({}, wrong),
            "lines": lines,
            "rows": json.dumps(rows, ensure_ascii=False),
            "count": len(rows),
            "most": MOST,
        }
        status = Filled({}, wrong).status
        return self.partners.context.show(request, "partners_list", shown, FORM_POLICY, status=status)

    async def look(self, request: Request, body: Body) -> Response:
        """Say what would become of each row of a file."""
        t, language = self.partners.context.reader.t, self.partners.context.language
        try:
            async with uploaded(request, "file", LARGEST) as file:
                read = _read(file, language)
        except NoFile as none:
            return self.form(request, body, {"file": t(f"list_{none.why}")})
        except TooMany:
            return self.form(request, body, {"file": t("list_too_many", most=str(MOST))})
        if isinstance(read, str):
            return self.form(request, body, {"file": read})
        return await self._judged(request, body, read)

    async def _judged(self, request: Request, body: Body, read: Sequence[ListRow]) -> Response:
        t = self.partners.context.reader.t
        sent = await send_list(self.partners.desk, request, body.body, _rows(read), dry_run=True)
        if not sent.taken:
            return self.form(request, body, {"file": next(iter(sent.wrong(t).values()))})
        return self.form(request, body, {}, lines_of(read, JUDGED.validate_python(sent.said), t))

    async def act(self, request: Request, body: Body) -> Response:
        """Take in what was looked at."""
        t = self.partners.context.reader.t
        try:
            rows = parse((await read_form(request, LIST)).get("rows", "").encode())
        except Malformed:
            rows = None
        if not isinstance(rows, list):
            return self.form(request, body, {WHOLE: t("list_missing")})
        sent = await send_list(self.partners.desk, request, body.body, rows, dry_run=False)
        if not sent.taken:
            return self.form(request, body, {WHOLE: next(iter(sent.wrong(t).values()))})
        return self.partners.context.lead(f"/bodies/{body.body}/partners", done="partners")


def _read(file: Upload, language: Language) -> list[ListRow] | str:
    """Return the rows of a list, or why it is none; raises TooMany."""
    try:
        return read_list(file.path, language)
    except FileRefused as refused:
        return refusal(refused, file.path, file.name, language)


def _rows(read: Sequence[ListRow]) -> list[dict[str, Any]]:
    return [{"line": row.line, **row.cells} for row in read if not row.wrong]


def add(routes: APIRouter, context: PageContext) -> None:
    """Add what answers under `/bodies/{body}/partners` in one language."""
    partners = PartnersDesk(context, Desk(context))
    _add_lists(routes, partners)

    @routes.get("/bodies/{body}/partners")
    async def partner_map(request: Request, body: str) -> Response:
        return await partners.map(request, body)

    @routes.get("/bodies/{body}/new-partner")
    async def look_at_new(request: Request, body: str, standing: str = "needed") -> Response:
        form = Filled({"standing": standing, "since": partners.today().isoformat()})
        return partners.form(request, await partners.body(request, body), None, form)

    @routes.post("/bodies/{body}/new-partner")
    async def note_new(request: Request, body: str) -> Response:
        return await partners.take(request, await partners.body(request, body), None)

    @routes.get("/bodies/{body}/partners/{partner}")
    async def look_at(request: Request, body: str, partner: str) -> Response:
        found = await partners.body(request, body)
        one = await partners.find(request, body, uuid_of(partner))
        given = {name: str(getattr(one, name) or "") for name in FIELDS}
        return partners.form(request, found, one, Filled(given))

    @routes.post("/bodies/{body}/partners/{partner}")
    async def note(request: Request, body: str, partner: str) -> Response:
        found = await partners.body(request, body)
        return await partners.take(request, found, await partners.find(request, body, uuid_of(partner)))


def _add_lists(routes: APIRouter, partners: PartnersDesk) -> None:
    lists = ListDesk(partners)

    @routes.get("/bodies/{body}/partners.csv")
    async def take_out(request: Request, body: str) -> Response:
        await partners.body(request, body)
        found = await get_partners(partners.desk, request, body)
        named = {"Content-Disposition": 'attachment; filename="partners.csv"'}
        text = export.table(found, partners.context.reader.t)
        return Response(text, headers=html.headers() | named, media_type="text/csv; charset=utf-8")

    @routes.get("/bodies/{body}/partner-list")
    async def choose(request: Request, body: str) -> Response:
        return lists.form(request, await partners.body(request, body), {})

    @routes.post("/bodies/{body}/partner-list")
    async def look(request: Request, body: str) -> Response:
        return await lists.look(request, await partners.body(request, body))

    @routes.post("/bodies/{body}/partner-list/take-in")
    async def act(request: Request, body: str) -> Response:
        return await lists.act(request, await partners.body(request, body))

    @routes.get("/bodies/{body}/partner-list/take-in")
    async def back(request: Request, body: str) -> Response:
        return lists.form(request, await partners.body(request, body), {})
