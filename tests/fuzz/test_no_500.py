"""Whatever is sent to whatever address: an answer that says what is wrong, never a failure of ours."""

import re
from itertools import product
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz import hostile
from tests.fuzz.office import AGREED, Office, Operation

REPORT: dict[str, Any] = {
    "external_id": "1",
    "category": "syringe_find",
    "occurred_at": "2018-04-09T09:30:00+02:00",
    "quantity": 3,
    "latitude": 51.3394,
    "longitude": 12.4036,
    "district": "20",
    "place": "kita-koehlerstrasse",
}
REFUSAL = {"by": None, "reason": "Die Lage ist bekannt.", "until": "2018-05-09T09:30:00+02:00"}
CALL = {"scope": {"kind": "district", "key": "20"}, "body": "extended_rapport", "reason": "Anwohner bitten."}
HOLD = {"reason": "Umbau.", "until": "2018-05-09T09:30:00+02:00"}
ANSWER = {"seat": None, "answer": "not_needed", "reason": "Bekannt.", "until": None}
DECISION = {"decision": "call_off", "reason": "Bekannt.", "until": "2018-05-09T09:30:00+02:00"}
MOVE = {"starts_at": "2018-05-15T10:00:00+02:00", "location": "Rathaus"}
TERMS = ("measure", "title", "note", "owner", "scope", "due_on", "cost", "belongs_to")
EDITED = {name: AGREED[name] for name in TERMS} | {"revision": 1, "reason": None}
ASKED = ("is_open", "own", "state", "rule", "scope", "limit", "from", "to", "body", "about")
SOUGHT = ("action", "by", "via", "since", "until", "before", "first", "last")
TURNED = (
    "period",
    "page",
    "first",
    "last",
    "by",
    "action",
    "about",
    "before",
    "deputy_of",
    "done",
    "in_days",
    "owner",
    "district",
    "meeting",
    "escalation",
)
QUERIES = (*ASKED, *SOUGHT, *TURNED)

BODY = "/v1/directory/bodies/{body}"
SEAT = f"{BODY}/seats/{{function}}"
SIGN_IN = "/v1/directory/sign-in"
NEW_SEAT = {"function": "head_x", "name": {"de": "X", "en": "X"}, "role": "member", "deputy_of": None}
PARTNER = {
    "name": "Bürgerverein",
    "standing": "needed",
    "reason": "",
    "since": "2018-04-01",
    "function": None,
}
PARTNER_ROW = {
    "line": 2,
    "name": "Kita",
    "standing": "dabei",
    "reason": "",
    "since": "9.4.2018",
    "function": "",
}
SIGN_IN_MAIL = {
    "reached_at": "00000000-0000-0000-0000-000000000001",
    "language": "de",
    "link": "http://127.0.0.1:8080/de/sign-in/x",
}
JOIN_REQUEST = {
    "body": "neighbourhood_alliance",
    "organisation": "Bürgerverein",
    "name": "N. N.",
    "mail": "verein@example.org",
    "language": "de",
    "reason": "Wir wohnen hier.",
}
JOINING = [
    Operation("POST", "/v1/directory/joining/requests", JOIN_REQUEST),
    Operation("POST", "/v1/directory/joining/requests/look", {"token": "x" * 43}),
    Operation("POST", "/v1/directory/joining/requests/confirm", {"token": "x" * 43}),
    Operation("POST", "/v1/directory/joining/leaving/look", {"token": "x" * 43}),
    Operation("POST", "/v1/directory/joining/leaving", {"token": "x" * 43, "stay": False}),
    Operation("GET", "/v1/directory/join-requests"),
    Operation(
        "POST",
        f"{BODY}/join-requests/{{join_request}}/approve",
        {"function": "verein", "name": {"de": "Verein", "en": "Society"}, "reason": ""},
    ),
    Operation("POST", f"{BODY}/join-requests/{{join_request}}/refuse", {"reason": "Vollzählig."}),
    Operation("GET", f"{BODY}/meetings/{{meeting_id}}/guests"),
    Operation(
        "POST",
        f"{BODY}/meetings/{{meeting_id}}/guests",
        {"organisation": "Kita", "mail": "kita@example.org", "meeting_ends_at": "2018-05-01T10:00:00Z"},
    ),
    Operation("DELETE", f"{BODY}/meetings/{{meeting_id}}/guests/{{guest}}"),
    Operation("POST", "/v1/join-mails", SIGN_IN_MAIL | {"body": "neighbourhood_alliance"}),
]
"""Who joins an open body, leaves it, and comes to one session."""
DIRECTORY = [
    Operation("GET", "/v1/directory/bodies"),
    Operation("GET", BODY),
    Operation(
        "PUT",
        f"{BODY}/settings",
        {"location": "Rathaus", "sharing": "exact", "purpose": {"de": "X", "en": "X"}},
    ),
    Operation("GET", f"{BODY}/changes"),
    Operation("POST", f"{BODY}/seats", NEW_SEAT),
    Operation("DELETE", SEAT),
    Operation("PUT", f"{SEAT}/holder", {"mail": "a@example.org", "name": "N. N.", "language": "de"}),
    Operation("DELETE", f"{SEAT}/holder"),
    Operation("POST", f"{SEAT}/former"),
    Operation("PUT", f"{SEAT}/away", {"days": [{"first": "2018-05-01", "last": "2018-05-09"}]}),
    Operation("GET", f"{BODY}/partners"),
    Operation("POST", f"{BODY}/partners", {"rows": [PARTNER_ROW], "dry_run": False}),
    Operation("PUT", f"{BODY}/partners/{{partner}}", PARTNER),
    Operation("DELETE", f"{BODY}/partners/{{partner}}"),
    Operation("GET", "/v1/directory/addresses/{reached_at}"),
    Operation("POST", f"{SIGN_IN}/links", {"mail": "suchtbeauftragte@example.org", "asking": "x" * 43}),
    Operation("POST", f"{SIGN_IN}/sessions", {"token": "x" * 43, "asking": "x" * 43, "code": "123456"}),
    Operation("POST", f"{SIGN_IN}/provider", {"asking": "x" * 43, "after": "de."}),
    Operation(
        "POST",
        f"{SIGN_IN}/provider/sessions",
        {"asking": "x" * 43, "state": "x", "code": "x", "iss": "", "error": ""},
    ),
    Operation("POST", f"{SIGN_IN}/seats", {"seat": "extended_rapport/police_president"}),
    *(
        Operation("POST", f"{SIGN_IN}/{what}", {"session": "x" * 43})
        for what in ("session", "sessions/list", "end", "end-all", "end-elsewhere")
    ),
]
"""Who sits where and who signs in."""
NEW_KEY = {"id": "0a1b2c3d", "secret_sha256": "0" * 64, "holder": "extended_rapport/police_president"}
KEYS = [
    operation
    for service in ("intake", "directory", "escalation", "scheduler", "agreements", "notify", "audit")
    for operation in (
        Operation("GET", f"/v1/keys/{service}"),
        Operation("POST", f"/v1/keys/{service}", NEW_KEY),
        Operation("DELETE", f"/v1/keys/{service}/{{key_id}}"),
    )
]
"""Who has a key of which service."""
INTERFACES = [
    Operation("POST", "/v1/incidents", REPORT),
    Operation("POST", "/v1/incidents/batch", REPORT),
    Operation("GET", "/v1/incidents/agency"),
    Operation("GET", "/v1/incidents/{incident_id}"),
    Operation("PUT", "/v1/incidents/{incident_id}", REPORT),
    Operation("DELETE", "/v1/incidents/{incident_id}"),
    Operation("GET", "/v1/rules"),
    Operation("GET", "/v1/escalations"),
    Operation("GET", "/v1/escalations/{escalation_id}"),
    Operation("POST", "/v1/escalations", CALL),
    Operation("POST", "/v1/escalations/{escalation_id}/answers", ANSWER),
    Operation("POST", "/v1/escalations/{escalation_id}/decision", DECISION),
    Operation("POST", "/v1/escalations/{escalation_id}/hold", HOLD),
    Operation("DELETE", "/v1/escalations/{escalation_id}/hold"),
    Operation("POST", "/v1/escalations/{escalation_id}/acknowledge", {"by": None}),
    Operation("POST", "/v1/escalations/{escalation_id}/decline", REFUSAL),
    Operation("GET", "/v1/requests"),
    Operation("POST", "/v1/requests", CALL | {"seat": None}),
    Operation("GET", "/v1/requests/{request_id}"),
    Operation("POST", "/v1/requests/{request_id}/answer", {"granted": False, "reason": "Bekannt."}),
    Operation("POST", "/v1/requests/{request_id}/withdraw"),
    Operation("GET", "/v1/meetings"),
    Operation("GET", "/v1/meetings/{meeting_id}"),
    Operation("GET", "/v1/meetings/{meeting_id}/answers"),
    Operation("POST", "/v1/meetings/{meeting_id}/answers", {"answer": "accepted", "comment": "Gern"}),
    Operation("POST", "/v1/meetings/{meeting_id}/move", MOVE),
    Operation("POST", "/v1/meetings/{meeting_id}/cancel", {"reason": "Erkrankt."}),
    Operation("GET", "/v1/agreements"),
    Operation("POST", "/v1/agreements", AGREED),
    Operation("GET", "/v1/agreements/{agreement_id}"),
    Operation("PUT", "/v1/agreements/{agreement_id}", EDITED),
    Operation("POST", "/v1/agreements/{agreement_id}/reports", {"revision": 1, "report": "progress"}),
    Operation("POST", "/v1/agreements/{agreement_id}/drop", {"revision": 99, "reason": "Kein Geld."}),
    Operation("POST", "/v1/agreements/{agreement_id}/reopen", {"revision": 99, "reason": "Zu niedrig."}),
    Operation("GET", "/v1/deliveries"),
    Operation("GET", "/v1/deliveries/{delivery_id}"),
    Operation("GET", "/v1/deliveries/{delivery_id}/message"),
    Operation("POST", "/v1/deliveries/{delivery_id}/retry"),
    *DIRECTORY,
    *JOINING,
    *KEYS,
    Operation("POST", "/v1/deliveries/links", {"token": "x" * 43}),
    Operation("POST", "/v1/sign-in-mails", SIGN_IN_MAIL),
    Operation("GET", "/v1/audit"),
    Operation("GET", "/v1/audit.csv"),
    *(Operation("GET", path) for path in ("/health/live", "/health/ready", "/metrics")),
]
PAGES = [
    Operation("GET", path)
    for path in (
        "/",
        "/docs",
        "/asyncapi",
        "/asyncapi.json",
        "/portal/{name}",
        "/de/",
        "/de/today",
        "/en/requests",
        "/de/requests/new",
        "/de/requests/{request_id}",
        "/en/call",
        "/de/functions/{function}",
        "/en/escalations",
        "/de/escalations/{escalation}",
        "/en/meetings",
        "/de/meetings/{meeting}",
        "/en/agreements",
        "/de/agreements/export.csv",
        "/de/agreements/new",
        "/de/agreements/{agreement}",
        "/en/agreements/{agreement}/edit",
        "/en/mails",
        "/de/mails/{delivery}",
        "/de/sign-ins",
        "/de/audit",
        "/de/keys",
        "/en/keys/{key}",
        "/en/audit/export.csv",
        "/de/bodies",
        "/de/bodies/{body}",
        "/en/bodies/{body}/changes",
        "/de/bodies/{body}/settings",
        "/de/bodies/{body}/new-seat",
        "/en/bodies/{body}/seats/{function}",
        "/de/bodies/{body}/seats/{function}/remove",
        "/de/bodies/{body}/partners",
        "/en/bodies/{body}/partners/{partner}",
        "/de/bodies/{body}/new-partner",
        "/de/bodies/{body}/partner-list",
        "/de/bodies/{body}/partners.csv",
        "/en/docs",
        "/de/asyncapi",
        "/en/{name}/{rule}",
    )
]
FORMS = {
    "/de/escalations/{escalation}": ("say", "seat", "answer", "reason", "until", "back"),
    "/de/meetings/{meeting}/answers": ("coming", "attendee", "comment"),
    "/en/meetings/{meeting}/move": ("day", "time", "location", "reason"),
    "/de/meetings/{meeting}/cancel": ("because",),
    "/en/requests/new": ("body", "scope", "reason", "seat"),
    "/de/requests/{request_id}": ("granted", "reason", "back"),
    "/de/requests/{request_id}/withdraw": ("back",),
    "/en/call": ("body", "scope", "reason"),
    "/de/agreements/new": ("body", "title", "owner", "organisation", "scope", "due_on", "agreement_id"),
    "/en/agreements/{agreement}/edit": ("title", "owner", "scope", "due_on", "measure", "revision"),
    "/de/agreements/{agreement}/report": ("report", "note", "revision"),
    "/en/agreements/{agreement}/drop": ("reason", "revision"),
    "/de/agreements/{agreement}/reopen": ("reason", "revision"),
}
"""Forms of pages with their fields."""
SAID = ("noted", "not_needed", "keep", "call_off", "hold", "end_hold", "enter", "yes", "no", "today")
PICKED = ("extended_rapport", "district:20", "place:", "cell:x", "2018-05-15", "10:00", "24:00")
DRAWINGS = [
    Operation("GET", "/de/charts/{name}-{size}.svg"),
    Operation("GET", "/en/escalations/{escalation}/{rule}-{size}.svg"),
    Operation("GET", "/de/escalations/{escalation}/map/area-{size}.svg"),
    Operation("GET", "/de/a/{token}/map/area-{size}.svg"),
    Operation("GET", "/en/a/{token}/{rule}-{size}.svg"),
]
ALL = [*INTERFACES, *PAGES, *DRAWINGS]


def tries(count: int) -> Any:
    quiet = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    return settings(
        max_examples=count, derandomize=True, deadline=None, suppress_health_check=quiet, database=None
    )


def assert_answered(answer: httpx.Response, operation: Operation) -> None:
    assert answer.status_code < 500
    is_page = operation not in INTERFACES
    if answer.is_client_error and not is_page:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code
        assert answer.json()["title"]


def test_every_route_is_listed(office: Office) -> None:
    described = {
        Operation(method.upper(), path)
        for path, methods in office.story.app.openapi()["paths"].items()
        for method in methods
    }
    assert {Operation(o.method, o.path) for o in INTERFACES} == described


@pytest.mark.parametrize("operation", [o for o in INTERFACES if o.good], ids=str)
@tries(60)
@given(data=st.data())
def test_no_body_is_an_error_of_ours(office: Office, operation: Operation, data: st.DataObject) -> None:
    bodies = hostile.altered(dict(operation.good or {}))
    if operation.path.endswith("batch"):
        bodies = st.lists(bodies, max_size=4) | bodies
    body = data.draw(hostile.written(bodies))
    kind = data.draw(hostile.TYPES)
    path = office.path_of(operation, {})
    answer = office.ask(operation, path, {"Content-Type": kind}, content=body)
    assert_answered(answer, operation)


@pytest.mark.parametrize("operation", ALL, ids=str)
@tries(25)
@given(data=st.data())
def test_no_address_is_an_error_of_ours(office: Office, operation: Operation, data: st.DataObject) -> None:
    names = re.findall(r"{(\w+)}", operation.path)
    values = hostile.QUERY_TEXTS.filter(lambda text: len(text) < 600)
    parts = {name: data.draw(values) for name in names if data.draw(st.booleans())}
    query = data.draw(st.dictionaries(st.sampled_from(QUERIES), values, max_size=3))
    path = office.path_of(operation, parts)
    how: dict[str, Any] = {"json": dict(operation.good)} if operation.good else {}
    answer = office.ask(operation, f"{path}?{encoded(query)}", {}, **how)
    assert_answered(answer, operation)


@pytest.mark.parametrize("path", FORMS)
@tries(60)
@given(data=st.data())
def test_no_form_is_an_error_of_ours(office: Office, path: str, data: st.DataObject) -> None:
    values = hostile.QUERY_TEXTS.filter(lambda text: len(text) < 600) | st.sampled_from((*SAID, *PICKED))
    fields = data.draw(st.dictionaries(st.sampled_from(FORMS[path]), values))
    operation = Operation("POST", path)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    answer = office.ask(operation, office.path_of(operation, {}), headers, content=encoded(fields))
    assert answer.status_code < 500


@pytest.mark.parametrize("value", ["%00", "%ed%a0%80", "0001-01-01T00:00:00%2b14:00", "9999-12-31T23:59:59Z"])
def test_no_value_of_a_query_is_an_error_of_ours(office: Office, value: str) -> None:
    lists = [operation for operation in INTERFACES if operation.method == "GET"]
    for operation, name in [*product(lists, (*ASKED, *SOUGHT)), *product(PAGES, TURNED)]:
        answer = office.ask(operation, f"{office.path_of(operation, {})}?{name}={value}", {})
        assert_answered(answer, operation)


def encoded(query: dict[str, str]) -> str:
    def quoted(text: str) -> str:
        return "".join(f"%{byte:02x}" for byte in text.encode("utf-8", "surrogatepass"))

    return "&".join(f"{name}={quoted(value)}" for name, value in query.items())


HEADERS = (
    "Authorization",
    "Content-Length",
    "Content-Type",
    "Host",
    "traceparent",
    "Accept-Language",
    "Accept",
    "Origin",
    "Range",
    "If-None-Match",
    "X-Forwarded-For",
)
HOSTILE_HEADERS = st.one_of(
    st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\x00"), max_size=60),
    st.sampled_from(
        ["", "-1", "1e3", "٣", "99999999999999999999", "[", "[::1", "a b", "x:y:z", "http://@/", "²"]
    ),
    st.sampled_from(["Bearer ", "Bearer rk_00000000_\xff", "Basic OjpA", "bytes=0-", "de;q=nan, en;q=1e999"]),
)


@pytest.mark.parametrize("name", HEADERS)
@tries(30)
@given(data=st.data())
def test_no_header_is_an_error_of_ours(office: Office, name: str, data: st.DataObject) -> None:
    operation = data.draw(st.sampled_from([*INTERFACES, *PAGES]))
    value = data.draw(HOSTILE_HEADERS).encode("latin-1", "replace").decode("latin-1").strip()
    how: dict[str, Any] = {"json": dict(operation.good)} if operation.good else {}
    answer = office.ask(operation, office.path_of(operation, {}), {name: value}, **how)
    assert_answered(answer, operation)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PATCH", "TRACE", "PROPFIND", "get"])
def test_no_method_is_an_error_of_ours(office: Office, method: str) -> None:
    for operation in ALL:
        other = Operation(method, operation.path)
        answer = office.ask(other, office.path_of(other, {}), {})
        assert answer.status_code < 500
        if answer.is_client_error and method != "HEAD" and operation.path.startswith("/v1"):
            assert answer.headers["content-type"] == "application/problem+json"


def test_what_was_taken_is_handled_and_work_goes_on(office: Office) -> None:
    office.run(office.check())
