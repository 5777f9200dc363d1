"""Sign-in as the portal asks for it: of the directory, which decides, and of notify, which mails."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx
import structlog

from services.portal.visitors import PORTAL
from shared.errors import Unavailable
from shared.web.asking import Ask

BROUGHT = ("state", "code", "iss", "error")
"""What a browser brings back from the provider of identities (RFC 6749, RFC 9207)."""
LONGEST = 4_096
log = structlog.get_logger()


async def mail_link(ask: Ask, given: dict[str, str], url: str, wanted: str) -> None:
    """Have a link mailed to who is reached at an address, if anybody is; the asking browser is not told."""
    try:
        made = (await _ask(ask, "links", given)).json()
        if not made.get("token"):
            return
        after = f"?next={quote(wanted, safe='/')}" if wanted else ""
        link = f"{url}/{made['language']}/sign-in/{made['token']}{after}"
        mail = {"reached_at": made["reached_at"], "language": made["language"], "link": link}
        await ask("notify", "POST", "/v1/sign-in-mails", PORTAL, mail)
    except Unavailable as error:
        log.warning("sign_in_mail_not_asked", error=str(error))


async def come_in(ask: Ask, token: str, asking: str, code: str) -> tuple[int, str]:
    """Return how the directory answers who presses a link's button, and the secret of their session."""
    given = {"token": token[:64], "asking": asking, "code": code}
    answer = await _ask(ask, "sessions", given)
    return answer.status_code, answer.json()["session"] if answer.is_success else ""


async def step_in(ask: Ask, seat: str) -> str:
    """Return the secret of a session as who holds a seat; empty where that is not allowed."""
    answer = await _ask(ask, "seats", {"seat": seat})
    return answer.json()["session"] if answer.is_success else ""


async def begin_with_provider(ask: Ask, asking: str, after: str) -> str:
    """Return where a browser goes to say who it is; empty where the city has no such provider."""
    answer = await _ask(ask, "provider", {"asking": asking, "after": after})
    return answer.json()["url"] if answer.is_success else ""


async def come_back(ask: Ask, asking: str, brought: Mapping[str, str]) -> tuple[str, str]:
    """Return the secret of a session, or why whoever comes back from the provider is not let in."""
    given = {name: brought.get(name, "")[:LONGEST] for name in BROUGHT}
    answer = await _ask(ask, "provider/sessions", {"asking": asking, **given})
    said = answer.json()
    return (said["session"], "") if answer.is_success else ("", said.get("detail") or "")


async def end(ask: Ask, secret: str, *, everywhere: bool) -> None:
    """End a session, or all of its person."""
    if secret:
        await _ask(ask, "end-all" if everywhere else "end", {"session": secret})


async def _ask(ask: Ask, what: str, given: dict[str, Any]) -> httpx.Response:
    return await ask("directory", "POST", f"/v1/directory/sign-in/{what}", PORTAL, given)
