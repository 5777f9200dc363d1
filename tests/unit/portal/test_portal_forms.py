"""What a page says of a form that a service took, refused, or could not take."""

from uuid import UUID

import httpx
import pytest

from services.portal.pages.frame.forms import Sent, send
from services.portal.pages.words import Words
from services.portal.visitors import Visitor
from shared.errors import Unavailable

READER = Visitor(person=UUID(int=1), seats=("rapport/youth_office",), language="de")
FIELD = {"title": "The input is not valid", "errors": [{"field": "days.0.made_up", "message": "too early"}]}
CASES = [
    (httpx.Response(200, json={"a": 1}), {}),
    (httpx.Response(204), {}),
    (httpx.Response(422, json=FIELD), {"days.0.made_up": "Das wurde nicht angenommen: too early"}),
    (httpx.Response(409, json={"title": "Taken"}), {"": "Das wurde nicht angenommen: Taken"}),
    (httpx.Response(403, json={"title": "No"}), {"": "Das steht Ihnen mit Ihren Funktionen nicht zu"}),
    (httpx.Response(404, json={"title": "No"}), {"": "Das gibt es nicht mehr"}),
    (httpx.Response(413, json={"title": "No"}), {"": "Das ist zu groß"}),
    (httpx.Response(429, json={"title": "No"}), {"": "Das waren zu viele Anfragen"}),
    (httpx.Response(500, text="oops"), {"": "Das wurde nicht angenommen: "}),
    (Unavailable("away"), {"": "Der zuständige Dienst antwortet gerade nicht"}),
]


@pytest.mark.parametrize(("answer", "said"), CASES)
async def test_each_answer_of_a_service_has_words(answer, said):
    async def ask(service, method, path, caller, body=None):
        assert caller == READER.caller
        if isinstance(answer, Unavailable):
            raise answer
        return answer

    sent = await send(ask, READER, "directory", "PUT", "/v1/somewhere", body={})
    assert sent.taken is (not said)
    wrong = sent.wrong(Words("de"))
    assert wrong.keys() == said.keys()
    assert all(wrong[name].startswith(text) for name, text in said.items())


def test_a_field_has_the_words_of_its_page(monkeypatch):
    monkeypatch.setitem(Words.__call__.__globals__["WORDS"], "wrong_made_up", ("Zu früh.", "Too early."))
    assert Sent(422, messages={"days.0.made_up": "x"}).wrong(Words("en")) == {"days.0.made_up": "Too early."}
