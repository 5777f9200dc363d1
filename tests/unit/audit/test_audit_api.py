"""Moderation asks who did what; nobody else is told."""

import csv
import json
from io import StringIO

import pytest

from services.audit import store
from tests.unit.audit.builders import MODERATION, NOON, action, chain

LEADERSHIP = "extended_rapport/police_president"
DONE = [
    action(1),
    action(2, action="key.issued", about="0a1b2c3d", by="operator", via="command", details={}),
    action(3, action="meeting.cancelled", about=action(1).about),
    action(4, by="police", action="incident.withdrawn", details={"revision": "2"}),
]


@pytest.fixture
async def told(log):
    await log.tell(*DONE)
    return log


async def test_an_entry_says_who_did_what_when_and_where_it_stands(told):
    newest, *_ = (await told.ask()).json()["entries"]
    assert newest == {
        "position": 4,
        "hash": chain(*DONE)[-1].hash,
        "action": "incident.withdrawn",
        "about": DONE[3].about,
        "by": "police",
        "via": "key",
        "person": None,
        "in_name_of": "",
        "details": {"revision": "2"},
        "taken_at": "2026-03-02T12:04:00Z",
    }


@pytest.mark.parametrize(
    ("query", "positions"),
    [
        ({}, [4, 3, 2, 1]),
        ({"action": "meeting.moved"}, [1]),
        ({"about": DONE[0].about}, [3, 1]),
        ({"by": MODERATION}, [3, 1]),
        ({"by": MODERATION, "action": "meeting.cancelled"}, [3]),
        ({"via": "command"}, [2]),
        ({"via": "reply"}, []),
        ({"since": "2026-03-02T12:03:00Z"}, [4, 3]),
        ({"until": "2026-03-02T13:03:00+01:00"}, [2, 1]),
        ({"before": 3}, [2, 1]),
    ],
)
async def test_entries_are_found_newest_first(told, query, positions):
    answer = await told.ask(**query)
    assert [entry["position"] for entry in answer.json()["entries"]] == positions


async def test_pages_go_on_where_the_one_before_ended_also_while_more_is_entered(told):
    seen, before = [], None
    while True:
        page = (await told.ask(limit=2, **({"before": before} if before else {}))).json()
        seen += [entry["position"] for entry in page["entries"]]
        await told.tell(action(50 + len(seen)))
        before = page["next"]
        if before is None:
            break
    assert seen == [4, 3, 2, 1]


@pytest.mark.parametrize("path", ["", ".csv"])
@pytest.mark.parametrize(
    ("holder", "status"),
    [
        (MODERATION, 200),
        ("rapport/addiction_commissioner", 200),
        (LEADERSHIP, 403),
        ("extended_rapport/drug_help_coordination", 403),
        ("neighbourhood_alliance/nobody", 403),
        ("police", 403),
        ("operator", 403),
    ],
)
async def test_only_moderation_may_ask(told, path, holder, status):
    answer = await told.ask(path, holder)
    assert answer.status_code == status
    assert (DONE[0].about in answer.text) == (status == 200)


@pytest.mark.parametrize("path", ["", ".csv"])
async def test_without_a_key_nothing_is_said(told, path):
    await told.ask()
    told.keys[MODERATION] = "rk_00000000_" + "y" * 43
    assert (await told.ask(path)).status_code == 401


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"via": "spell"}, "via"),
        ({"since": "yesterday"}, "since"),
        ({"until": "0001-01-01T00:00:00+14:00"}, "until"),
        ({"before": 2**63}, "before"),
        ({"before": 0}, "before"),
        ({"limit": 0}, "limit"),
        ({"limit": 1_001}, "limit"),
        ({"by": "a\x00b"}, "by"),
        ({"by": "' OR 1=1 --"}, "by"),
        ({"about": "\ue000"}, "about"),
        ({"about": ""}, "about"),
    ],
)
async def test_a_question_that_is_none_is_answered_with_its_field(told, query, field):
    answer = await told.ask(**query)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_the_table_has_every_entry_oldest_first_with_what_the_hash_is_over(told, monkeypatch):
    monkeypatch.setattr(store, "PAGE", 3)
    answer = await told.ask(".csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="audit.csv"'
    rows = list(csv.DictReader(StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))
    assert [(int(row["position"]), row["entry"], row["hash"]) for row in rows] == [
        (entry.position, entry.text, entry.hash) for entry in chain(*DONE)
    ]
    assert json.loads(rows[1]["entry"])["by"] == rows[1]["by"] == "operator"


async def test_the_table_can_be_of_some_and_that_it_was_taken_is_recorded(told):
    answer = await told.ask(".csv", action="key.issued", since=NOON.isoformat())
    assert len(answer.text.splitlines()) == 2
    while await told.process.step():
        pass
    assert [(entry.action, entry.by) for entry in (await told.entries())[4:]] == [
        ("audit.exported", MODERATION)
    ]
