"""A fact comes out of its envelope as it went in."""

import json
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.errors import Rejected
from shared.facts import FACTS, Fact, IncidentWithdrawn
from shared.messaging.envelope import Envelope, digest_id, seal
from tests.golden.samples import read
from tests.unit.shared.building import NOON

ID = UUID("5f0c7a52-9d1e-4c55-8f7b-1c2d3e4f5a6b")


@pytest.mark.parametrize("kind", FACTS)
def test_every_fact_survives_its_envelope_and_the_json_of_cloudevents(kind: str):
    fact = read(kind)
    envelope = seal(fact, ID, "test", NOON, None)
    assert Envelope.from_json(envelope.to_json()) == envelope
    assert envelope.fact() == fact
    assert (envelope.kind, envelope.subject) == (kind, fact.subject)


@settings(deadline=None)
@given(st.binary(), st.text(max_size=64), st.text(max_size=128))
def test_any_body_survives_the_json_of_cloudevents(body: bytes, source: str, subject: str):
    envelope = Envelope(ID, "unknown", source, subject, NOON, body, "")
    assert Envelope.from_json(envelope.to_json()) == envelope


def test_the_json_has_the_attributes_that_cloudevents_asks_for():
    written = json.loads(seal(read("incident.reported.v1"), ID, "intake", NOON, None).to_json())
    assert {
        "specversion": "1.0",
        "id": str(ID),
        "source": "rapport/intake",
        "type": "incident.reported.v1",
    }.items() <= (written.items())
    assert written["time"] == "2018-06-12T12:00:00+00:00"
    assert written["dataschema"] == "urn:rapport:incident.reported.v1"


def test_a_trace_goes_on_or_begins_with_the_message():
    given_one = f"00-{'4b' * 16}-{'0f' * 8}-01"
    assert seal(read("incident.reported.v1"), ID, "x", NOON, given_one).traceparent == given_one
    begun = seal(read("incident.reported.v1"), ID, "x", NOON, None).traceparent
    assert begun == f"00-{ID.hex}-{ID.hex[:16]}-01"


@pytest.mark.parametrize(
    ("kind", "body", "complaint"),
    [
        ("incident.lost.v1", b"{}", "unknown kind incident.lost.v1"),
        ("incident.withdrawn.v1", b"{}", "incident.withdrawn.v1: incident_id: Field required"),
        ("incident.withdrawn.v1", b"\xff", "incident.withdrawn.v1: : Invalid JSON"),
        ("incident.withdrawn.v1", b'{"incident_id": "secret-name", "revision": 1}', "incident_id: .*UUID"),
    ],
)
def test_what_is_no_fact_of_ours_is_rejected_saying_why_without_repeating_it(
    kind: str, body: bytes, complaint: str
):
    with pytest.raises(Rejected, match=complaint) as raised:
        Envelope(ID, kind, "x", "y", NOON, body, "").fact()
    assert "secret-name" not in str(raised.value)


def test_fields_that_are_new_to_a_reader_are_ignored():
    body = json.dumps({"incident_id": str(ID), "revision": 2, "invented_later": True}).encode()
    assert Envelope(ID, IncidentWithdrawn.kind, "x", "y", NOON, body, "").fact() == IncidentWithdrawn(
        incident_id=ID, revision=2
    )


@pytest.mark.parametrize("kind", FACTS)
def test_a_fact_cannot_be_changed(kind: str):
    fact: Fact = read(kind)
    with pytest.raises(ValueError, match="frozen"):
        setattr(fact, next(iter(type(fact).model_fields)), None)


def test_a_message_without_an_id_has_the_same_one_each_time():
    assert digest_id(b"a") == digest_id(b"a") != digest_id(b"b")
    assert digest_id(b"a") != uuid4()
