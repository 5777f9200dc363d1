"""Whether a form was sent by a page of ours, without tokens in forms; pure.

Browsers say where a request comes from (Fetch Metadata); older ones, and any at an address without TLS,
name the origin. What sends neither and has no cookie of ours acts for nobody.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
OURS = frozenset({"same-origin", "none"})


def origin_of(url: str) -> str:
    """Return the origin of an address, `https://rapport.example`."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def is_foreign(method: str, headers: Mapping[str, str], origin: str) -> bool:
    """Say whether a request that changes something may come from a page of somebody else."""
    if method not in UNSAFE:
        return False
    if site := headers.get("sec-fetch-site"):
        return site not in OURS
    if given := headers.get("origin"):
        return given != origin
    return "cookie" in headers
