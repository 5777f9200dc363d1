"""The page of one's own sign-ins: the directory knows them by what the browser keeps."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, TypeAdapter

from services.portal.pages.frame.asked import GONE
from services.portal.pages.frame.context import PageContext, done
from services.portal.pages.frame.forms import AWAY, Filled, Sent, read_form, send
from services.portal.pages.frame.refused import NotShown
from services.portal.visitors import PORTAL
from shared.access.caller import Caller

DONE = frozenset({"signed_out_there", "signed_out_others"})


class SignIn(BaseModel):
    """A browser at which the reader is signed in."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    id: str
    started_at: AwareDatetime
    seen_at: AwareDatetime
    current: bool


SIGN_INS = TypeAdapter(list[SignIn])


@dataclass(frozen=True)
class Portal:
    """The portal, which asks for itself."""

    caller: Caller = PORTAL


@dataclass(frozen=True)
class SignInsDesk:
    """Shows where its reader is signed in, and ends what they name."""

    context: PageContext

    async def show(self, request: Request, form: Filled) -> Response:
        """Return the page; raises NotShown."""
        sent = await self._ask(request, "sessions/list")
        if not sent.taken:
            raise NotShown(AWAY if sent.status == AWAY else GONE)
        found = SIGN_INS.validate_python(sent.said)
        shown = {
            "here": next((each for each in found if each.current), None),
            "elsewhere": [each for each in found if not each.current],
            "form": form,
            "done": done(request, DONE),
        }
        return self.context.show(request, "sign_ins", shown, status=form.status)

    async def end(self, request: Request) -> Response:
        """End another session, or all others."""
        which = (await read_form(request)).get("id", "")
        sent = await self._ask(request, "end-elsewhere", {"id": which})
        if sent.taken:
            return self.context.lead("/sign-ins", done="signed_out_there" if which else "signed_out_others")
        return await self.show(request, Filled({}, sent.wrong(self.context.reader.t)))

    async def _ask(self, request: Request, what: str, said: dict[str, Any] | None = None) -> Sent:
        needs = self.context.portal.dependencies
        session = {"session": needs.cookies.read(request, needs.cookies.session)}
        path = f"/v1/directory/sign-in/{what}"
        return await send(needs.ask, Portal(), "directory", "POST", path, body=session | (said or {}))


def add(routes: APIRouter, context: PageContext) -> None:
    """Add what answers under `/sign-ins` in one language."""
    desk = SignInsDesk(context)

    @routes.get("/sign-ins")
    async def look(request: Request) -> Response:
        return await desk.show(request, Filled())

    @routes.post("/sign-ins")
    async def end(request: Request) -> Response:
        return await desk.end(request)
