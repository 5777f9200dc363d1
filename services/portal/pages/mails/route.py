"""The list of messages and the page of one."""

from fastapi import APIRouter, Request, Response

from services.portal.pages.frame import html
from services.portal.pages.frame.context import PageContext, uuid_of, visitor_of
from services.portal.pages.frame.pager import PAGE, Page, pager
from services.portal.pages.frame.rows import delivery_rows
from services.portal.pages.mails import view
from services.portal.pages.mails.notify_client import find_message
from services.portal.read_model import queries


def add(routes: APIRouter, context: PageContext) -> None:
    """Add what answers under `/mails` in one language."""
    runtime, reader = context.portal.runtime, context.reader

    @routes.get("/mails")
    async def mail_list(request: Request, page: Page = 1) -> Response:
        async with runtime.reading() as tx:
            totals = await queries.count_all(tx, tx.now, tx.now)
            at = pager(totals.messages, page)
            rows = delivery_rows(reader, await queries.find_deliveries(tx, PAGE, at.offset))
        return context.show(request, "mails", {"rows": rows, "pager": at})

    @routes.get("/mails/{delivery}")
    async def mail_page(request: Request, delivery: str) -> Response:
        async with runtime.reading() as tx:
            found = await queries.find_delivery(tx, uuid_of(delivery))
            links = await view.about(tx, found) if found else {}
        if found is None:
            return context.missing(request)
        visitor = visitor_of(request)
        is_for_reader = visitor is not None and view.is_for(visitor, found, runtime.city.bodies)
        ask = context.portal.dependencies.ask
        message = (
            await find_message(ask, found.delivery_id, visitor.caller) if visitor and is_for_reader else None
        )
        row = delivery_rows(reader, [found])[0]
        shown = {"row": row, "message": message, "links": links, "open": is_for_reader}
        return context.show(request, "mail", shown, html.MAIL_POLICY)
