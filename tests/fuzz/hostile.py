"""What callers send who mean no good, or whose software is broken."""

import json
from datetime import UTC
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

ANY_TEXT = st.text(st.characters(exclude_categories=[]), max_size=40)
"""All of Unicode, lone surrogates included."""
TEXTS = st.one_of(
    ANY_TEXT,
    st.sampled_from(
        ["", " ", "\x00", "a\x00b", "\ud800", "\u2028", "\u202e", "\ufeff", "İ", "ß" * 128, "😀" * 128]
    ),
    st.sampled_from(["' OR 1=1 --", "../../etc/passwd", "{{7*7}}", "=cmd|'/C calc'!A0", "<script>", "%00"]),
    st.sampled_from([128, 129, 500, 501, 100_000]).map(lambda size: "x" * size),
)
INSTANTS = st.one_of(
    st.datetimes(timezones=st.just(UTC)).map(lambda at: at.isoformat()),
    st.sampled_from(
        [
            "0001-01-01T00:00:00+14:00",
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59-14:00",
            "9999-12-31T23:59:00Z",
            "2018-02-30T10:00:00Z",
            "2018-04-09T10:00:00",
            "2018-04-09T10:00:00+99:99",
            "2018-04-09T24:00:00Z",
            "2018-04-09T09:59:60Z",
            "-1",
            "1e400",
            "99999999999999999999",
        ]
    ),
)
NUMBERS = st.one_of(
    st.integers(),
    st.sampled_from([2**31, 2**63, -(2**63) - 1, 10**400]),
    st.floats(),
    st.sampled_from([1e308, -0.0, 5e-324]),
)
VALUES = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS, INSTANTS)
JSON = st.recursive(
    VALUES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
QUERY_TEXTS = TEXTS | INSTANTS | NUMBERS.map(str)
RAW = st.one_of(
    st.binary(max_size=40),
    st.sampled_from(
        [
            b"",
            b"null",
            b"{",
            b"[" * 100_000,
            b'{"a":' * 5_000,
            b"1" * 5_000,
            b"[1e999]",
            b"[NaN, Infinity, -Infinity]",
            b'{"category": "other", "category": "\\ud800"}',
            b"\xff\xfe[\x00]\x00",
            b"[\xc3\x28]",
            b'"\xed\xa0\x80"',
            b"\x00",
        ]
    ),
)


def altered(good: dict[str, Any]) -> SearchStrategy[Any]:
    """Return bodies that are good but for one or two fields, or not at all."""
    changed = st.sampled_from(sorted(good)).flatmap(lambda name: st.tuples(st.just(name), _like(good[name])))
    added = st.tuples(TEXTS, VALUES)
    missing = st.sampled_from(sorted(good)).map(lambda name: {k: v for k, v in good.items() if k != name})
    spoilt = [changed, changed, changed, st.one_of(changed, added)]
    one, two = (st.lists(st.one_of(spoilt), min_size=n, max_size=n) for n in (1, 2))
    return st.one_of(one.map(lambda c: good | dict(c)), two.map(lambda c: good | dict(c)), missing, JSON)


def _like(value: Any) -> SearchStrategy[Any]:
    """Return values of the right type mostly, as these get furthest."""
    if isinstance(value, str) and "T" in value:
        return INSTANTS | INSTANTS | VALUES
    if isinstance(value, str):
        return TEXTS | TEXTS | VALUES
    return NUMBERS | VALUES | JSON


@st.composite
def written(draw: st.DrawFn, bodies: SearchStrategy[Any]) -> bytes:
    """Return a body as it goes over the wire: any encoding, with or without mistakes."""
    if draw(st.integers(0, 4)) == 0:
        return draw(RAW)
    text = json.dumps(draw(bodies), ensure_ascii=draw(st.booleans()))
    body = text.encode(draw(st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "utf-16"])), "surrogatepass")
    return body[: draw(st.integers(0, len(body)))] if draw(st.integers(0, 9)) == 0 else body


TYPES = st.sampled_from(
    ["application/json"] * 4
    + [
        "application/x-ndjson",
        "text/plain",
        "",
        "application/json; charset=utf-16",
        "multipart/form-data",
        "é",
    ]
)
