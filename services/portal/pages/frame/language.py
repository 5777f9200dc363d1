"""Which language a reader prefers (RFC 9110, Accept-Language). Pure."""

from collections.abc import Sequence

from shared.text.language import Language


def preferred(header: str, offered: Sequence[Language], otherwise: Language) -> Language:
    """Return the offered language with the highest quality in the header, or `otherwise`."""
    wishes = [_wish(part) for part in header.split(",") if part.strip()]
    known = [(quality, tag) for tag, quality in wishes if tag in offered and quality > 0]
    best = max(known, key=lambda wish: wish[0], default=(0.0, otherwise))[1]
    return next((language for language in offered if language == best), otherwise)


def _wish(part: str) -> tuple[str, float]:
    tag, _, parameter = part.partition(";")
    name, _, value = parameter.strip().partition("=")
    try:
        quality = float(value) if name.strip() == "q" else 1.0
    except ValueError:
        quality = 0.0
    return tag.strip().split("-")[0].lower(), quality
