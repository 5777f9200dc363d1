"""Facts change only by addition: what was written once is read for ever."""

import json
from typing import Any

import pytest

from shared.facts import FACTS, Fact
from tests.golden.samples import FOLDER, read, text_of


def test_every_kind_has_a_sample_and_every_sample_a_kind():
    samples = {path.name.removesuffix(".json") for path in FOLDER.glob("*.json")}
    assert samples == set(FACTS), "a kind was removed, or a new one needs tests/golden/<kind>.json"


def test_every_fact_is_in_the_list_of_kinds():
    def kinds(fact: type[Fact]) -> set[str]:
        own = {fact.kind} if "kind" in vars(fact) and fact.__module__.startswith("shared.facts") else set()
        return own.union(*map(kinds, fact.__subclasses__()))

    assert kinds(Fact) == set(FACTS)


@pytest.mark.parametrize("kind", FACTS)
def test_a_sample_still_says_what_it_said(kind: str):
    then = json.loads(text_of(kind))
    now = json.loads(read(kind).model_dump_json())
    assert _kept(then, now), "fields may be added with a default, not changed; make a .v2 beside it"


@pytest.mark.parametrize("kind", FACTS)
def test_a_sample_names_every_field_that_must_be_there(kind: str):
    needed = {name for name, field in FACTS[kind].model_fields.items() if field.is_required()}
    assert needed <= set(json.loads(text_of(kind)))


@pytest.mark.parametrize("kind", FACTS)
def test_a_kind_says_subject_verb_and_version(kind: str):
    subject, verb, version = kind.split(".")
    assert FACTS[kind].__name__ == f"{subject.title()}{verb.title()}{version.removeprefix('v1').upper()}"


def _kept(then: Any, now: Any) -> bool:
    if isinstance(then, dict):
        return isinstance(now, dict) and all(
            name in now and _kept(value, now[name]) for name, value in then.items()
        )
    return bool(then == now)
