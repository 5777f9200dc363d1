"""Who sees which page, and that no page of somebody else has anything done."""

from datetime import timedelta

import pytest
from fastapi import Request, Response

from services.portal import api
from services.portal.pages.frame.context import SIGN_INS
from services.portal.pages.frame.cookies import Cookies
from services.portal.pages.frame.foreign import is_foreign
from services.portal.pages.frame.gate import is_open, local_path
from tests.unit.portal import town
from tests.unit.portal.conftest import client_of

CLOSED = ("/", "/charts/weeks-wide.svg", "/escalations", "/meetings", "/mails", "/nowhere")
OPEN = ("/sign-in", "/docs", "/asyncapi")
PEOPLE = {
    "nobody": (),
    "moderation": ("extended_rapport/addiction_commissioner",),
    "leadership": ("extended_rapport/police_president",),
    "member": ("rapport/police_drug_lead",),
}


@pytest.mark.parametrize("who", PEOPLE)
async def test_pages_are_for_who_is_signed_in(tmp_path, who):
    process = town.portal_process(tmp_path, "leipzig", who=town.signed_in(*PEOPLE[who]))
    await process.open()
    async with client_of(process) as client:
        for path in OPEN:
            assert (await client.get(f"/de{path}")).status_code == 200, path
        for path in CLOSED:
            answer = await client.get(f"/de{path}")
            if who == "nobody":
                assert answer.status_code == 303, path
                assert answer.headers["location"] == f"/de/sign-in?next=/de{path}"
            else:
                assert answer.status_code in {200, 404}, path
    await process.close()


async def test_the_overview_may_be_opened(tmp_path):
    process = town.portal_process(tmp_path, "leipzig", who=town.signed_in(), portal_open_pages="overview")
    await process.open()
    async with client_of(process) as client:
        assert (await client.get("/de/")).status_code == 200
        assert (await client.get("/de/charts/weeks-wide.svg")).status_code == 404
        assert (await client.get("/de/meetings")).status_code == 303
    await process.close()


@pytest.mark.parametrize("path", ["/sign-in/x/../../mails", "/ax", "/sign-inx", "/docsx", "", "/A/x"])
def test_what_looks_like_an_open_page_is_judged_as_a_whole(path):
    assert is_open(path, ()) is path.startswith("/sign-in/")


@pytest.mark.parametrize(
    ("wanted", "goes"),
    [
        ("/de/meetings?page=2", "/de/meetings?page=2"),
        ("//elsewhere.example", "/de/"),
        ("/\\\\elsewhere.example", "/de/"),
        ("https://elsewhere.example", "/de/"),
        ("/de/\r\nSet-Cookie: x=y", "/de/"),
        ("", "/de/"),
    ],
)
def test_after_sign_in_one_goes_to_pages_of_ours_alone(wanted, goes):
    assert local_path(wanted, "/de/") == goes


@pytest.mark.parametrize(
    ("headers", "foreign"),
    [
        ({"sec-fetch-site": "same-origin"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"sec-fetch-site": "same-site"}, True),
        ({"sec-fetch-site": "cross-site", "origin": "https://rapport.example"}, True),
        ({"origin": "https://rapport.example", "cookie": "x"}, False),
        ({"origin": "https://rapport.example.elsewhere.example"}, True),
        ({"origin": "null"}, True),
        ({"cookie": "x"}, True),
        ({}, False),
    ],
)
def test_forms_of_other_pages_do_nothing(headers, foreign):
    assert is_foreign("POST", headers, "https://rapport.example") is foreign
    assert not is_foreign("GET", headers, "https://rapport.example")


async def test_a_form_of_another_page_signs_nobody_out(leipzig):
    async with client_of(leipzig) as client:
        answer = await client.post("/de/sign-out", headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403
        assert (await client.head("/de/sign-out")).status_code == 404


OURS = {"Sec-Fetch-Site": "same-origin"}


def a_page_with_a_form(routes, context):
    @routes.post("/made-up")
    async def take(request: Request):
        raise AssertionError("nobody is signed in")


async def test_what_was_typed_is_kept_when_the_sign_in_ends_in_the_middle_of_a_form(tmp_path, monkeypatch):
    monkeypatch.setattr(api, "PAGES", (*api.PAGES, a_page_with_a_form))
    process = town.portal_process(tmp_path, "leipzig", who=town.signed_in())
    await process.open()
    async with client_of(process) as client:
        typed = {"reason": 'Spritzen am "Spielplatz" <b>', "seat": "rapport/youth_office", "empty": ""}
        kept = await client.post("/de/made-up", data=typed, headers=OURS)
        assert kept.status_code == 403
        assert "Was Sie eingegeben haben, ist nicht verloren" in kept.text
        assert 'name="reason" value="Spritzen am &#34;Spielplatz&#34; &lt;b&gt;"' in kept.text
        assert 'name="empty" value=""' in kept.text
        assert "form-action 'self'" in kept.headers["content-security-policy"]
        file = await client.post("/de/made-up", files={"list": b"a;b"}, headers=OURS)
        assert "Die Datei, die Sie ausgewählt hatten, kann nicht aufbewahrt werden" in file.text
        foreign = await client.post("/de/made-up", data=typed, headers={"Sec-Fetch-Site": "cross-site"})
        assert "Spielplatz" not in foreign.text
        leaving = await client.post("/de/sign-out", headers=OURS)
        assert leaving.headers["location"] == "/de/sign-in"
        assert leaving.headers["clear-site-data"] == '"cache", "storage"'
    await process.close()


def test_where_there_is_tls_the_cookies_are_bound_to_it():
    for secure, name in ((True, "__Host-rapport"), (False, "rapport")):
        cookies, answer = Cookies(secure=secure), Response()
        assert cookies.session == name
        cookies.keep(answer, cookies.session, "x", timedelta(days=1))
        said = answer.headers["set-cookie"]
        assert all(word in said for word in ("HttpOnly", "SameSite=lax", "Path=/"))
        assert ("Secure" in said) is secure
        assert "Domain" not in said


async def test_a_network_that_tries_too_often_to_sign_in_waits(tmp_path):
    process = town.portal_process(tmp_path, "leipzig", who=town.signed_in())
    await process.open()
    async with client_of(process) as client:
        for _ in range(SIGN_INS):
            assert (await client.post("/de/sign-in", data={"mail": "x"}, headers=OURS)).status_code == 200
        for path in ("/de/sign-in", "/en/sign-in", f"/de/sign-in/{'x' * 43}"):
            slowed = await client.post(path, data={"mail": "x"}, headers=OURS)
            assert (slowed.status_code, int(slowed.headers["retry-after"]) > 0) == (429, True)
        assert (
            "Aus Ihrem Netz kamen zu viele Versuche" in (await client.post("/de/sign-in", headers=OURS)).text
        )
        assert (await client.get("/de/sign-in")).status_code == 200
    await process.close()
