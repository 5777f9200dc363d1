"""Whatever is done to a chain but adding to it is found."""

import hashlib
import json
from dataclasses import fields, replace
from datetime import UTC

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.audit.domain import GENESIS, Entry, Link, Misfit, Walk, canonical, extend, hash_of, misfit
from shared.facts import ActionTaken
from tests.unit.audit.builders import ACTIONS, CHAINS, TEXTS, action, chain

OTHERS: dict[str, st.SearchStrategy[object]] = {
    "position": st.integers(-3, 99),
    "taken_at": st.datetimes(timezones=st.just(UTC)),
}


def walked(entries: list[Entry], expected: str | None = None) -> Walk:
    walk = Walk(expected)
    walk.follow(entries)
    return walk


@given(CHAINS, st.integers(1, 4))
def test_a_chain_holds_in_pages_of_any_size(entries: list[Entry], size: int):
    walk = Walk()
    for start in range(0, len(entries), size):
        walk.follow(entries[start : start + size])
    assert walk.holds
    assert walk.last == entries[-1].link


@given(CHAINS, st.data())
def test_any_change_of_any_entry_is_found_where_it_is(entries: list[Entry], data: st.DataObject):
    at = data.draw(st.integers(0, len(entries) - 1))
    entry = entries[at]
    name = data.draw(st.sampled_from([field.name for field in fields(Entry)]))
    other = replace(entry, **{name: data.draw(OTHERS.get(name, TEXTS))})
    assume(other != entry)
    walk = walked([*entries[:at], other, *entries[at + 1 :]])
    assert not walk.holds
    assert walk.broken_at == at + 1
    assert walk.last.position == at


@given(CHAINS, st.data())
def test_what_says_something_else_and_has_its_own_hash_anew_breaks_the_next(
    entries: list[Entry], data: st.DataObject
):
    at = data.draw(st.integers(0, len(entries) - 1))
    before = entries[at - 1].link if at else GENESIS
    [forged] = extend(before, [data.draw(ACTIONS)])
    assume(forged != entries[at])
    assert not walked([*entries[:at], forged, *entries[at + 1 :]], entries[-1].hash).holds


@given(CHAINS, st.data())
def test_any_cut_is_found(entries: list[Entry], data: st.DataObject):
    first = data.draw(st.integers(0, len(entries) - 1))
    count = data.draw(st.integers(1, len(entries) - first))
    left = entries[:first] + entries[first + count :]
    assert walked(left).holds == (first + count == len(entries)), (
        "without a hash that was kept, only the end can go"
    )
    assert not walked(left, entries[-1].hash).holds


@given(CHAINS, st.randoms())
def test_any_other_order_is_found(entries: list[Entry], rng):
    shuffled = list(entries)
    rng.shuffle(shuffled)
    assert walked(shuffled).holds == (shuffled == entries)


@given(CHAINS, st.data())
def test_an_entry_that_stands_twice_is_found(entries: list[Entry], data: st.DataObject):
    at = data.draw(st.integers(0, len(entries) - 1))
    assert walked([*entries[: at + 1], *entries[at:]]).because is Misfit.POSITION


@given(CHAINS, st.data())
def test_a_hash_that_was_kept_is_found_where_it_was(entries: list[Entry], data: st.DataObject):
    kept = data.draw(st.sampled_from([GENESIS, *(entry.link for entry in entries)]))
    assert walked(entries, kept.hash).found_at == kept.position


@given(CHAINS, st.lists(ACTIONS, max_size=3))
def test_it_does_not_matter_how_facts_come_together(entries: list[Entry], more: list[ActionTaken]):
    one_by_one = list(entries)
    for fact in more:
        one_by_one += extend(one_by_one[-1].link, [fact])
    assert one_by_one == [*entries, *extend(entries[-1].link, more)]


@given(ACTIONS)
def test_the_text_is_ascii_on_one_line_and_says_all(fact: ActionTaken):
    text = canonical(fact)
    assert text.isascii()
    assert text.isprintable()
    assert list(json.loads(text)) == sorted(json.loads(text))
    assert ActionTaken.model_validate_json(text) == fact


def test_the_hash_is_one_that_anybody_can_do_with_two_columns():
    [first, second] = chain(action(1), action(2))
    assert first.hash == hashlib.sha256(("0" * 64 + first.text).encode()).hexdigest()
    assert second.hash == hashlib.sha256((first.hash + second.text).encode()).hexdigest()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"action": "meeting.moved"}', "x"])
def test_a_text_that_is_none_of_ours_does_not_fit(text: str):
    [good] = chain(action())
    spoilt = replace(good, text=text, hash=hash_of(GENESIS.hash, text))
    assert misfit(GENESIS, spoilt) is Misfit.COLUMNS


def test_an_empty_chain_holds_and_ends_at_its_beginning():
    assert Walk().holds
    assert Walk().last == Link(0, "0" * 64)
    assert not Walk("f" * 64).holds
