"""What the portal has a browser keep: that it is signed in, and that it has asked for a link."""

import re
from dataclasses import dataclass
from datetime import timedelta

from fastapi import Request, Response

SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")
SESSION_KEPT = timedelta(days=14)
ASKING_KEPT = timedelta(minutes=15)


@dataclass(frozen=True)
class Cookies:
    """Reads and writes cookies; where the portal has TLS they are bound to it (RFC 6265bis, `__Host-`)."""

    secure: bool

    @property
    def session(self) -> str:
        return "__Host-rapport" if self.secure else "rapport"

    @property
    def asking(self) -> str:
        return f"{self.session}-asking"

    @property
    def provider(self) -> str:
        return f"{self.session}-provider"

    def read(self, request: Request, name: str) -> str:
        """Return a cookie of ours; empty: there is none, or it is none that we made."""
        value = request.cookies.get(name, "")
        return value if SHAPE.fullmatch(value) else ""

    def keep(self, response: Response, name: str, value: str, span: timedelta) -> None:
        """Have the browser keep a cookie."""
        age = int(span.total_seconds())
        response.set_cookie(name, value, age, path="/", secure=self.secure, httponly=True, samesite="lax")

    def drop(self, response: Response, name: str) -> None:
        """Have the browser forget a cookie."""
        response.delete_cookie(name, path="/", secure=self.secure, httponly=True, samesite="lax")
