"""Lists of partners over HTTP: each row is judged, and what is refused harms no other."""

import pytest

from tests.unit.directory.office import BODY, MODERATOR, PRESIDENT, Office, at

LIST = f"{BODY}/partners"
KITA = {"name": "Kita", "standing": "needed", "reason": "nah", "since": "2018-03-01"}


async def sent(office: Office, *rows: dict, dry_run: bool = False) -> list[dict]:
    said = {"rows": [{"line": n, **row} for n, row in enumerate(rows, 2)], "dry_run": dry_run}
    answer = await office.ask(at(MODERATOR), "POST", LIST, said)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def known(office: Office) -> list[dict]:
    found = (await office.ask(at(MODERATOR), "GET", LIST)).json()
    return [{name: each[name] for name in (*KITA, "function")} for each in found]


async def test_a_look_stores_nothing(office: Office) -> None:
    (judged,) = await sent(office, KITA, dry_run=True)
    assert (judged["line"], judged["verdict"]) == (2, "new")
    assert await known(office) == []


async def test_a_list_says_what_it_says_and_leaves_the_rest(office: Office) -> None:
    await sent(office, KITA)
    assert await known(office) == [KITA | {"function": None}]
    for row, verdict, after in (
        ({"name": " KITA "}, "same", {}),
        ({"name": "Kita", "reason": "fern"}, "changed", {"reason": "fern"}),
        ({"name": "kita", "standing": "Dabei", "since": "9.4.2018"}, "changed", {"standing": "present"}),
        ({"name": "Kita", "function": "polizeipräsident:in"}, "changed", {"function": "police_president"}),
        ({"name": "Kita", "function": "police_president"}, "same", {}),
    ):
        (judged,) = await sent(office, row)
        assert judged["verdict"] == verdict, row
        (stored,) = await known(office)
        assert stored.items() >= after.items()
    assert stored["since"] == "2018-04-09"
    (new,) = await sent(office, {"name": "Laden"})
    assert new["partner"] == {
        "name": "Laden",
        "standing": "present",
        "reason": "",
        "since": "2018-04-09",
        "function": None,
    }


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({}, "name"),
        ({"name": "x"}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "wer@example.org"}, "name"),
        ({"name": "Kita\nX"}, "name"),
        ({"name": "Kita", "standing": "vielleicht"}, "standing"),
        ({"name": "Kita", "since": "gestern"}, "since"),
        ({"name": "Kita", "since": "2018-02-30"}, "since"),
        ({"name": "Kita", "reason": "x" * 501}, "reason"),
        ({"name": "Kita", "function": "hausmeister"}, "function"),
    ],
)
async def test_a_refused_row_names_its_field_and_harms_no_other(
    office: Office, row: dict, field: str
) -> None:
    refused, taken = await sent(office, row, {"name": "Laden"})
    assert (refused["verdict"], refused["partner"]) == ("refused", None)
    assert [error["field"] for error in refused["errors"]] == [field]
    assert taken["verdict"] == "new"
    assert [each["name"] for each in await known(office)] == ["Laden"]


async def test_the_first_of_two_rows_counts(office: Office) -> None:
    first, second = await sent(office, KITA, KITA | {"name": "kita", "standing": "excluded"})
    assert (first["verdict"], second["verdict"]) == ("new", "repeated")
    assert [each["standing"] for each in await known(office)] == ["needed"]


async def test_lists_are_for_moderation_and_have_an_end(office: Office) -> None:
    said = {"rows": [], "dry_run": True}
    assert (await office.ask(at(PRESIDENT), "POST", LIST, said)).status_code == 403
    many = {"rows": [{"line": 1, "name": "A"}] * 501}
    assert (await office.ask(at(MODERATOR), "POST", LIST, many)).status_code == 422
    large = {"rows": [{"line": 1, "name": "A" * 2_000_000}]}
    assert (await office.ask(at(MODERATOR), "POST", LIST, large)).status_code == 413
