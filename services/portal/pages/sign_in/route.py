"""Signing in: opening shows, only a pressed button acts, and nobody learns whose addresses are known."""

import re
import secrets
from urllib.parse import parse_qs

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.background import BackgroundTask

from services.portal.pages.frame import html
from services.portal.pages.frame.context import FORM_POLICY, PageContext
from services.portal.pages.frame.cookies import ASKING_KEPT
from services.portal.pages.frame.gate import local_path
from services.portal.pages.sign_in import directory_client as directory
from services.portal.pages.sign_in import provider
from services.portal.pages.sign_in.entry import let_in
from shared.city.profile import Member
from shared.errors import Unavailable
from shared.web.door import SMALL_BODY, VISIT

CODE = re.compile(r"[0-9]{6}")
CODE_NEEDED, GONE = 409, 410
LONGEST_MAIL = 320


class SignInDesk:
    """Lets people in and out."""

    def __init__(self, context: PageContext) -> None:
        self.context = context
        self.needs = context.portal.dependencies
        self.home = f"/{context.language}/"

    def form(self, request: Request, wanted: str) -> Response:
        """Return the page on which one asks for a link."""
        shown = {"next": local_path(wanted, ""), "seats": self.seats(), "needs": self.needs}
        shown["joins"] = any(body.open for body in self.context.portal.runtime.city.bodies.values())
        return self.context.show(request, "sign_in", shown, FORM_POLICY)

    def sent(self, request: Request, given: dict[str, str]) -> Response:
        """Say that a link is on its way if the address is known, and see to it afterwards."""
        code = f"{secrets.randbelow(1_000_000):06}"
        asking = self.needs.cookies.read(request, self.needs.cookies.asking) or secrets.token_urlsafe(32)
        asked = {"mail": given.get("mail", "").strip()[:LONGEST_MAIL], "asking": asking, "code": code}
        wanted = local_path(given.get("next", ""), "")
        answer = self.context.show(request, "sign_in_sent", {"code": f"{code[:3]} {code[3:]}"}, FORM_POLICY)
        self.needs.cookies.keep(answer, self.needs.cookies.asking, asking, ASKING_KEPT)
        answer.background = BackgroundTask(
            directory.mail_link, self.needs.ask, asked, self.needs.public_url, wanted
        )
        return answer

    def link(self, request: Request, wanted: str, asked: str = "") -> Response:
        """Return the page behind a link; `asked`: what of a code is asked for."""
        shown = {"next": local_path(wanted, ""), "asked": asked}
        status = CODE_NEEDED if asked else 200
        return self.context.show(request, "sign_in_link", shown, FORM_POLICY, status=status)

    async def press(self, request: Request, token: str, given: dict[str, str]) -> Response:
        """Let somebody in who has pressed the button behind a link."""
        asking = self.needs.cookies.read(request, self.needs.cookies.asking)
        code = given.get("code", "").replace(" ", "")
        entered = code if CODE.fullmatch(code) else ""
        status, secret = await directory.come_in(self.needs.ask, token, asking, entered)
        if status == CODE_NEEDED:
            return self.link(request, given.get("next", ""), "code_wrong" if code else "code_needed")
        if not secret:
            return self.context.closed(request, "sign_in_gone", GONE)
        return await let_in(self.context, request, secret, given.get("next", ""))

    async def let_out(self, request: Request, *, everywhere: bool) -> Response:
        """Sign somebody out."""
        cookies = self.needs.cookies
        await directory.end(self.needs.ask, cookies.read(request, cookies.session), everywhere=everywhere)
        answer = RedirectResponse(f"{self.home}sign-in", 303, html.headers())
        cookies.drop(answer, cookies.session)
        answer.headers["Clear-Site-Data"] = '"cache", "storage"'
        return answer

    def seats(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Return by body the seats that a demonstration lets everybody step into."""
        if not self.needs.lends_seats:
            return []
        bodies = self.context.portal.runtime.city.bodies
        return [
            (self.context.reader.labels.body(name), [self._seat(name, member) for member in body.members])
            for name, body in bodies.items()
        ]

    def _seat(self, body: str, member: Member) -> tuple[str, str]:
        role = self.context.reader.t(f"role_{member.role}")
        return f"{body}/{member.function}", f"{self.context.reader.labels.text(member.name)} ({role})"


async def _form(request: Request) -> dict[str, str]:
    request.scope[VISIT].body.allow(SMALL_BODY)
    given = parse_qs((await request.body()).decode("utf-8", "replace"))
    return {name: values[0] for name, values in given.items()}


def add(routes: APIRouter, context: PageContext) -> None:
    """Add what answers under `/sign-in` and `/sign-out` in one language."""
    desk = SignInDesk(context)
    provider.add(routes, context)
    _add_form(routes, desk)
    _add_links(routes, desk)
    for path, everywhere in (("/sign-out", False), ("/sign-out-everywhere", True)):
        _add_way_out(routes, desk, path, everywhere=everywhere)


def _add_form(routes: APIRouter, desk: SignInDesk) -> None:
    context = desk.context

    @routes.get("/sign-in")
    async def look(request: Request, next: str = "") -> Response:  # noqa: A002 - the name in addresses
        return desk.form(request, next)

    @routes.post("/sign-in")
    async def send(request: Request) -> Response:
        if slowed := context.slowed(request):
            return slowed
        given = await _form(request)
        if "seat" not in given:
            return desk.sent(request, given) if desk.needs.mails_links else context.missing(request)
        try:
            secret = await directory.step_in(desk.needs.ask, given["seat"])
            wanted = given.get("next", "")
            return await let_in(context, request, secret, wanted) if secret else desk.form(request, "")
        except Unavailable:
            return context.closed(request, "directory_away", 503)


def _add_links(routes: APIRouter, desk: SignInDesk) -> None:
    context = desk.context

    @routes.get("/sign-in/{token}")
    async def look_at_link(request: Request, token: str, next: str = "") -> Response:  # noqa: A002, ARG001
        return desk.link(request, next)

    @routes.post("/sign-in/{token}")
    async def press(request: Request, token: str) -> Response:
        if slowed := context.slowed(request):
            return slowed
        given = await _form(request)
        try:
            return await desk.press(request, token, given)
        except Unavailable:
            return context.closed(request, "directory_away", 503)


def _add_way_out(routes: APIRouter, desk: SignInDesk, path: str, *, everywhere: bool) -> None:
    @routes.post(path)
    async def leave(request: Request) -> Response:
        try:
            return await desk.let_out(request, everywhere=everywhere)
        except Unavailable:
            return desk.context.closed(request, "directory_away", 503)
