"""The yearly account, for everybody where the overview is."""

from fastapi import APIRouter, Request, Response

from services.portal.pages.frame.context import PageContext
from services.portal.pages.reports.accounting import account, years_of

DIGITS = 4


def add(routes: APIRouter, context: PageContext) -> None:
    """Add what answers under `/account` in one language."""
    runtime = context.portal.runtime

    @routes.get("/account")
    async def newest(request: Request) -> Response:
        async with runtime.reading() as tx:
            [year, *_] = await years_of(tx)
        return await shown(request, year)

    @routes.get("/account/{year}")
    async def of_year(request: Request, year: str) -> Response:
        is_year = year.isascii() and year.isdecimal() and len(year) == DIGITS
        return await shown(request, int(year) if is_year else 0)

    async def shown(request: Request, year: int) -> Response:
        async with runtime.reading() as tx:
            found = await account(tx, context.reader, year)
        return context.show(request, "account", {"v": found}) if found else context.missing(request)
