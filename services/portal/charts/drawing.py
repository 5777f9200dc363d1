"""Draws specifications: in a thread, and once for as long as what they show stays the same."""

import asyncio
import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar

import vl_convert

from services.portal.charts.theme import DARK, Spec, number_locale, time_locale
from shared.text.language import Language

Made = TypeVar("Made")
KEPT = 200
"""Drawings kept in memory; one takes 10 to 100 kB."""

PAINT = ("fill", "stroke")
"""The attributes of SVG that carry a colour."""


class Drawings:
    """SVG drawings by what they show: a specification carries its data, so that none can be stale."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, str] = OrderedDict()
        self._turn = asyncio.Lock()

    async def in_turn(self, make: Callable[[], Made]) -> Made:
        """Return what takes a while to make and draws, made in a thread, one after the other."""
        async with self._turn:
            return await asyncio.to_thread(make)

    async def draw(self, spec: Spec, language: Language) -> str:
        """Return the SVG of a specification."""
        key = hashlib.sha256(json.dumps([spec, language], sort_keys=True).encode()).hexdigest()
        async with self._turn:
            if key not in self._kept:
                self._kept[key] = await asyncio.to_thread(_draw, spec, language)
            self._kept.move_to_end(key)
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return self._kept[key]


def svg_of(spec: Spec, language: Language) -> str:
    """Return the SVG of a specification, as it is on paper."""
    return str(
        vl_convert.vegalite_to_svg(
            spec,
            allowed_base_urls=[],
            format_locale=number_locale(language),
            time_format_locale=time_locale(language),
        )
    )


def _draw(spec: Spec, language: Language) -> str:
    head, end, rest = svg_of(spec, language).partition(">")
    return f"{head}{end}<style>{_in_the_dark()}</style>{rest}"


def _in_the_dark() -> str:
    """Return the styles by which a drawing takes other colours where its page is dark, but not on paper."""
    rules = (f'[{kind}="{light}"]{{{kind}:{dark}}}' for light, dark in DARK.items() for kind in PAINT)
    return f"@media screen and (prefers-color-scheme:dark){{{''.join(rules)}}}"
