"""Pages as HTML: templates that escape everything, and headers that let nothing foreign in."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

FOLDER = Path(__file__).parents[2]
"""The folder of the portal."""
TEMPLATES = Environment(
    loader=FileSystemLoader(sorted(FOLDER.glob("pages/*"))),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

POLICY = {
    "default-src": "'none'",
    "img-src": "'self' data:",
    "style-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
MAIL_POLICY = POLICY | {"style-src": "'self' 'unsafe-inline'", "frame-src": "'self'"}
"""A mail carries its styles inline; the frame it stands in is sandboxed and runs nothing."""

HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
TYPES = {"portal.css": "text/css; charset=utf-8", "mark.svg": "image/svg+xml"}
"""The files that the portal serves, with their media types."""


def headers(policy: Mapping[str, str] = POLICY) -> dict[str, str]:
    """Return the headers of every answer of the portal; with a form, its page is named to us alone."""
    own = {"Referrer-Policy": "same-origin"} if policy.get("form-action") == "'self'" else {}
    directives = "; ".join(f"{name} {value}" for name, value in policy.items())
    return HEADERS | own | {"Content-Security-Policy": directives}


def page(
    template: str, context: Mapping[str, Any], *, status: int = 200, policy: Mapping[str, str] = POLICY
) -> Response:
    """Return a page."""
    html = TEMPLATES.get_template(f"{template}.html.j2").render(context, style=stamp("portal.css"))
    return Response(html, status, headers(policy), "text/html")


def picture(svg: str) -> Response:
    """Return a drawing; its own styles hold, nothing else does."""
    policy = {"default-src": "'none'", "style-src": "'unsafe-inline'"}
    return Response(svg, headers=headers(policy), media_type="image/svg+xml")


def file(name: str) -> Response:
    """Return one of the portal's own files; its address changes with its content."""
    kept = headers() | {"Cache-Control": "public, max-age=86400"}
    return Response(_content(name), headers=kept, media_type=TYPES[name])


@cache
def _content(name: str) -> bytes:
    return (FOLDER / "static" / name).read_bytes()


@cache
def stamp(name: str) -> str:
    """Return what changes with the content of a file."""
    return hashlib.sha256(_content(name)).hexdigest()[:12]
