"""The list of messages and the page of one."""

from fastapi import APIRouter, Request, Response

from services.portal.pages.frame import html
from services.portal.pages.frame.context import PageContext, reader_of, uuid_of
from services.portal.pages.frame.pager import PAGE, Page, pager
from services.portal.pages.frame.rows import delivery_rows
from services.portal.pages.mails import view
from services.portal.pages.mails.notify_client import find_message
from services.portal.read_model import counts, queries


def add(routes: APIRouter, context: PageContext) -> None:
    """Add what answers under `/mails` in one language."""
    runtime = context.portal.runtime

    @routes.get("/mails")
    async def mail_list(request: Request, page: Page = 1) -> Response:
        reader = context.reader_for(request)
        async with runtime.reading() as tx:
            at = pager((await counts.count_deliveries(tx, reader.sight)).all, page)
            rows = delivery_rows(reader, await queries.find_deliveries(tx, reader.sight, PAGE, at.offset))
        return context.show(request, "mails", {"rows": rows, "pager": at})

    @routes.get("/mails/{delivery}")
    async def mail_page(request: Request, delivery: str) -> Response:
        reader = context.reader_for(request)
        async with runtime.reading() as tx:
            found = await queries.find_delivery(tx, reader.sight, uuid_of(delivery))
            links = await view.about(tx, reader, found) if found else {}
        if found is None:
            return context.missing(request)
        ask, caller = context.portal.dependencies.ask, reader_of(request).caller
        message = await find_message(ask, found.delivery_id, caller)
        shown = {"row": delivery_rows(reader, [found])[0], "message": message, "links": links}
        return context.show(request, "mail", shown, html.MAIL_POLICY)
