"""The page of keys: a new one is shown once, on the page that answers the form that asked for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from services.portal.pages.frame.asked import FORBIDDEN, GONE, Desk
from services.portal.pages.frame.context import FORM_POLICY, PageContext, done, reader_of
from services.portal.pages.frame.forms import WHOLE, Filled, Sent, read_form
from services.portal.pages.frame.refused import NotShown
from services.portal.pages.keys.keeping import Key, end, find_all, issue
from shared.access.permissions import MODERATORS, bodies_of_caller, holders_of, may_issue_to

DONE = frozenset({"key_revoked"})
WEEK = 7


@dataclass(frozen=True)
class KeysDesk:
    """Shows keys to moderation, and keeps them."""

    context: PageContext
    desk: Desk

    def check(self, request: Request) -> None:
        """Raise NotShown where the reader moderates no body."""
        city = self.context.portal.runtime.city
        if not bodies_of_caller(reader_of(request).caller, MODERATORS, city.bodies):
            raise NotShown(FORBIDDEN)

    async def show(self, request: Request, wrong: Mapping[str, str] | None = None) -> Response:
        """Return the page of all keys."""
        self.check(request)
        keys, away = await find_all(self.desk, request)
        now = self.context.portal.runtime.clock.now()
        states = [(key, key.state(now)) for key in keys]
        form = Filled({}, wrong or {})
        shown = {
            "valid": [pair for pair in states if pair[1] in {"valid", "ending"}],
            "over": [pair for pair in states if pair[1] not in {"valid", "ending"}],
            "away": away,
            "holders": self.holders(request),
            "who": self.who,
            "form": form,
            "done": done(request, DONE),
        }
        return self.context.show(request, "keys", shown, FORM_POLICY, status=form.status)

    def holders(self, request: Request) -> list[tuple[str, str]]:
        """Return to whom the reader may give a key: agencies, then functions."""
        city, caller = self.context.portal.runtime.city, reader_of(request).caller
        known = [*city.agencies, *holders_of(city)]
        return [(holder, self.who(holder)) for holder in known if may_issue_to(caller, holder, city)]

    def who(self, holder: str) -> str:
        """Return what a holder is called."""
        labels, body = self.context.reader.labels, holder.partition("/")[0]
        if "/" in holder:
            return f"{labels.recipient(holder)} ({labels.body(body)})"
        agency = self.context.portal.runtime.city.agencies.get(holder)
        return labels.text(agency.name) if agency else holder

    async def find(self, request: Request, key_id: str) -> Key:
        """Return a key that the reader keeps; raises NotShown."""
        self.check(request)
        keys, _ = await find_all(self.desk, request)
        found = next((key for key in keys if key.id == key_id), None)
        if found is None:
            raise NotShown(GONE)
        return found

    async def issue(self, request: Request, holder: str) -> Response:
        """Make a key and show it, this once."""
        self.check(request)
        key, refused = await issue(self.desk, request, holder)
        if refused:
            return await self.show(request, self._why(refused))
        return self._new(request, holder, key)

    async def replace(self, request: Request, old: Key) -> Response:
        """Make another key for a holder and show it; the old one ends in a week."""
        key, refused = await issue(self.desk, request, old.holder)
        if refused:
            return await self.ask(request, old, self._why(refused))
        still = "key_new_stays" if await end(self.desk, request, old, WEEK) else "key_new_replaces"
        return self._new(request, old.holder, key, self.context.reader.t(still, old=old.id))

    def _new(self, request: Request, holder: str, key: str, note: str = "") -> Response:
        shown = {"key": key, "holder": self.who(holder), "note": note}
        return self.context.show(request, "key_new", shown, FORM_POLICY)

    def _why(self, refused: Sent) -> dict[str, str]:
        return {WHOLE: next(iter(refused.wrong(self.context.reader.t).values()))}

    async def ask(self, request: Request, key: Key, wrong: Mapping[str, str] | None = None) -> Response:
        """Return the page of one key, on which it is replaced or ended."""
        form = Filled({}, wrong or {})
        now = self.context.portal.runtime.clock.now()
        shown = {"key": key, "state": key.state(now), "holder": self.who(key.holder), "form": form}
        return self.context.show(request, "key", shown, FORM_POLICY, status=form.status)

    async def take(self, request: Request, key: Key) -> Response:
        """Replace a key, or end it."""
        do = (await read_form(request)).get("do", "")
        if do == "replace":
            return await self.replace(request, key)
        if do != "revoke":
            return await self.ask(request, key)
        if refused := await end(self.desk, request, key):
            return await self.ask(request, key, self._why(refused))
        return self.context.lead("/keys", done="key_revoked")


def add(routes: APIRouter, context: PageContext) -> None:
    """Add what answers under `/keys` in one language."""
    keys = KeysDesk(context, Desk(context))

    @routes.get("/keys")
    async def look(request: Request) -> Response:
        return await keys.show(request)

    @routes.post("/keys")
    async def issue_key(request: Request) -> Response:
        return await keys.issue(request, (await read_form(request)).get("holder", ""))

    @routes.get("/keys/{key}")
    async def look_at(request: Request, key: str) -> Response:
        return await keys.ask(request, await keys.find(request, key))

    @routes.post("/keys/{key}")
    async def change(request: Request, key: str) -> Response:
        return await keys.take(request, await keys.find(request, key))
