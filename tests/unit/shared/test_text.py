"""Text from outside: whatever it holds, what is kept can be stored, logged, mailed and read."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, Table, insert, select

from shared.city.profile import Agency
from shared.storage.database import CleanText, Database
from shared.text.clean import clean, clean_line, decoded, is_clean

CASES = [
    ("a byte that is not UTF-8", "Empf\udce4nger", "Empf\ufffdnger"),
    ("NUL", "no\x00body", "nobody"),
    ("a colour", "\x1b[31mRED\x1b[0m", "RED"),
    ("a colour by C1 control", "\x9b31mRED", "RED"),
    ("a window title", "\x1b]0;owned\x07text", "text"),
    ("a hyperlink", "\x1b]8;;http://evil.test\x1b\\click\x1b]8;;\x1b\\", "click"),
    ("a lone escape", "a\x1b", "a"),
    ("bell and backspace", "a\x07\x08b", "ab"),
    ("a bidirectional override", "\u202eegnatsuz\u202c", "egnatsuz"),
    ("an isolate", "\u2066a\u2069", "a"),
    ("zero width", "a\u200bb\u200dc\ufeffd\u2060e\u00adf", "abcdef"),
    ("tags", "a\U000e0041\U000e007f", "a"),
    ("a Hangul filler", "a\u3164b", "ab"),
    ("a noncharacter", "a\uffffb", "ab"),
    ("line ends", "a\r\nb\rc\u2028d\x85e", "a\nb\nc\nd\ne"),
    ("a decomposed umlaut", "Scho\u0308nefeld", "Schönefeld"),
    ("nothing wrong", "Köhlerplatz – «50 %» 注射器", "Köhlerplatz – «50 %» 注射器"),
]


@pytest.mark.parametrize(("raw", "right"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_text_from_outside_is_cleaned(raw: str, right: str) -> None:
    assert clean(raw) == right


@given(st.text(st.characters(), max_size=60))
def test_any_text_becomes_text_that_stays_as_it_is(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert is_clean(cleaned)
    assert is_clean(clean_line(text))
    assert "\n" not in clean_line(text)
    cleaned.encode()
    assert not {unicodedata.category(char) for char in cleaned.replace("\n", "").replace("\t", "")} & {
        "Cc",
        "Cf",
        "Cs",
    }


@given(st.binary(max_size=60))
def test_any_bytes_become_clean_text(raw: bytes) -> None:
    assert is_clean(decoded(raw))


def test_bytes_are_read_as_utf8_or_else_as_windows_1252() -> None:
    assert decoded("Empfänger".encode()) == decoded("Empfänger".encode("latin-1")) == "Empfänger"


@given(st.text(st.characters(), max_size=60), st.integers(1, 60))
def test_a_limit_is_kept(text: str, longest: int) -> None:
    assert len(clean(text, longest)) <= longest


def test_names_of_a_city_profile_are_read_without_what_nobody_sees() -> None:
    agency = Agency(id="police", name={"de": "Polizei\u00addirektion \u202eLeipzig", "en": "Po\u200blice"})
    assert agency.name == {"de": "Polizeidirektion Leipzig", "en": "Police"}


async def test_a_column_refuses_what_was_not_cleaned(tmp_path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/a.db", "a")
    table = Table("said", MetaData(), Column("text", CleanText))
    async with database.begin() as connection:
        await connection.run_sync(table.metadata.create_all)
        await connection.execute(insert(table).values(text="gut\n"))
    for bad in ("no\x00body", "\udce4", "\x1b[31m", "\u202e"):
        with pytest.raises(Exception, match="must be cleaned"):
            async with database.begin() as connection:
                await connection.execute(insert(table).values(text=bad))
    async with database.read() as connection:
        assert (await connection.execute(select(table.c.text))).scalars().all() == ["gut\n"]
    await database.close()
