"""Which partners a body needs, has and excludes: kept on pages, and lists come in after a look at each row."""

import gzip
import json
import re
from html import unescape
from io import BytesIO
from zipfile import ZipFile

import httpx
import pytest

from tests.story.city import MODERATION, PRESIDENT, Story
from tests.story.test_story_bodies import done, signed_in

BODY = "/de/bodies/neighbourhood_alliance"
MAP, LIST = f"{BODY}/partners", f"{BODY}/partner-list"
SHOPS = {
    "name": "Händlergemeinschaft Eisenbahnstraße",
    "standing": "needed",
    "reason": "Läden sind oft betroffen",
    "since": "2018-03-01",
    "function": "",
}


async def look(client: httpx.AsyncClient, content: bytes, name: str = "partner.csv") -> httpx.Response:
    return await client.post(LIST, files={"file": (name, content)})


def hidden(page: str) -> str:
    found = re.search(r'name="rows" value="([^"]*)"', page)
    assert found
    return unescape(found[1])


async def test_a_needed_partner_stands_out_until_somebody_speaks_for_it(leipzig: Story) -> None:
    async with signed_in(leipzig, MODERATION) as client:
        page = await done(leipzig, await client.post(f"{BODY}/new-partner", data=SHOPS), client)
        assert "Der Partner ist eingetragen." in page
        assert "Niemand spricht für diesen Partner." in page
        one = re.search(rf"{MAP}/[0-9a-f-]{{36}}", page)
        assert one
        shown = (await client.get(one[0])).text
        assert 'value="needed" checked' in shown
        changed = SHOPS | {"standing": "present", "function": "city_cleaning"}
        page = await done(leipzig, await client.post(one[0], data=changed), client)
        assert "vertreten durch: EB Stadtreinigung, Revierleitung Ost" in page
        page = await done(leipzig, await client.post(one[0], data={"do": "remove"}), client)
        assert "Händlergemeinschaft" not in page
        assert (await client.get(one[0])).status_code == 404
        history = (await client.get(f"{BODY}/changes")).text
        assert "Partner „Händlergemeinschaft Eisenbahnstraße“: wird gebraucht." in history
        assert "Partner „Händlergemeinschaft Eisenbahnstraße“ entfernt." in history


async def test_a_list_is_looked_at_taken_in_and_goes_out_again(leipzig: Story) -> None:
    content = (
        "Name;Stand;Grund;Seit;Funktion\r\n"
        "Bürgerverein;dabei;fragt selbst;01.03.2018;Bürgerverein Neustädter Markt\r\n"
        "Läden;gebraucht;;2018-02-30;\r\n"
        "BÜRGERVEREIN;gebraucht;;;\r\n"
        '"offen;gebraucht;;;\r\n'
        "Wohnen;vielleicht;;;\r\n"
        "Kita;;;;Hausmeister\r\n"
        "=cmd;ausgeschlossen;=1+1;;\r\n"
    ).encode("cp1252")
    async with signed_in(leipzig, MODERATION) as client:
        answer = await look(client, content)
        assert answer.status_code == 200
        page = answer.text
        verdicts = re.findall(r'<span class="state[^>]*>([^<]+)</span>', page)
        no, new = "wird nicht übernommen", "neu"
        assert verdicts == [new, no, "steht weiter oben schon", no, no, no, new]
        assert "ein Anführungszeichen wird nicht geschlossen" in page
        assert "Bitte geben Sie einen Tag an." in page
        assert "Diese Funktion gibt es im Gremium nicht." in page
        assert "Niemand eingetragen." in (await client.get(MAP)).text

        page = await done(leipzig, await client.post(f"{LIST}/take-in", data={"rows": hidden(page)}), client)
        assert "Die Liste ist übernommen." in page
        assert "vertreten durch: Bürgerverein Neustädter Markt" in page
        table = await client.get(f"{BODY}/partners.csv")
        assert table.headers["content-type"].startswith("text/csv")
        assert '"\'=cmd"' in table.text
        again = (await look(client, table.content)).text
        assert re.findall(r'<span class="state[^>]*>([^<]+)</span>', again) == ["unverändert"] * 2
        assert "Es gibt nichts zu übernehmen." in again
        english = await client.get(f"{BODY.replace('/de/', '/en/')}/partners.csv")
        again = (await look(client, english.content)).text
        assert re.findall(r'<span class="state[^>]*>([^<]+)</span>', again) == ["unverändert"] * 2


async def test_cards_name_organisations_and_no_people(leipzig: Story) -> None:
    content = (
        b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Eva Muster\r\nORG:Drogenhilfe;Ost\r\nEMAIL:eva@example.org\r\n"
        b"END:VCARD\r\nBEGIN:VCARD\r\nFN:Udo Muster\r\nEND:VCARD\r\n"
    )
    async with signed_in(leipzig, MODERATION) as client:
        page = (await look(client, content, "partner.vcf")).text
        assert "Drogenhilfe, Ost" in page
        assert "Muster" not in page
        assert "nennt keine Organisation" in page
        page = await done(leipzig, await client.post(f"{LIST}/take-in", data={"rows": hidden(page)}), client)
        assert "Drogenhilfe, Ost" in page


def workbook() -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "x")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Bitte wählen Sie eine Datei."),
        (b"\n\n", "ist leer"),
        (b"Vorname;Ort\nEva;Leipzig\n", "In der Datei fehlen Spalten: Name."),
        (b"Name;Name\nA;B\n", "Überschriften stehen doppelt"),
        (b'"Name;Stand\nA;B\n', "Die Zeile mit den Überschriften lässt sich nicht lesen (liste.csv, 1)"),
        (workbook(), "liste.csv ist eine Excel-Mappe"),
        (b"%PDF-1.7", "liste.csv ist keine Tabelle"),
        (gzip.compress(b"Name\n" + b"A\n" * 10_000_000), "liste.csv ist keine Tabelle"),
        (b"Name\n" + b"A\n" * 501, "mehr als 500 Zeilen"),
        (b"x" * (1024 * 1024 + 1), "größer als 1 MB"),
        (b"Name\n" + b"x" * 200_000 + b"\n", "länger als 100.000 Zeichen"),
        (b"Name\nA\0B\n", "enthält Nullbytes"),
        (b"Name\n\xc3\xa4\n\xff\xfe\n", "Zeichen, die sich nicht lesen lassen"),
        (b"Name\n" + b"x" * 2_001 + b"\n", "höchstens 120 Zeichen"),
        (b"Name\nwer@example.org\n", "ohne E-Mail-Adresse"),
        (b"BEGIN:VCARD\nORG:A\n" + b" x\n" * 200_000 + b"END:VCARD\n", "länger als 100.000 Zeichen"),
        (b"BEGIN:VCARD\nORG:A\n", "die Visitenkarte endet nicht"),
        (b"BEGIN:VCARD\nORG:A\nEND:VCARD\n" * 501, "mehr als 500 Zeilen"),
    ],
    ids=range(18),
)
async def test_a_bad_file_is_answered_in_words(leipzig: Story, content: bytes, said: str) -> None:
    async with signed_in(leipzig, MODERATION) as client:
        answer = await look(client, content, "liste.csv")
    assert answer.status_code in {200, 422}
    assert said in answer.text


async def test_what_is_no_list_is_answered_in_words(leipzig: Story) -> None:
    rows = json.dumps([{"line": 1, "name": "A"}])
    async with signed_in(leipzig, MODERATION) as client:
        for given in (
            {},
            {"rows": ""},
            {"rows": "{"},
            {"rows": "5"},
            {"rows": "[5]"},
            {"rows": "[" * 50_000},
        ):
            answer = await client.post(f"{LIST}/take-in", data=given)
            assert answer.status_code == 422, given
        torn = {"Content-Type": "multipart/form-data; boundary=x"}
        for body in (
            b"--x\r\n",
            b"--y--",
            b"\xff" * 100,
            b'--x\r\nContent-Disposition: form-data; name="file"',
        ):
            assert (await client.post(LIST, content=body, headers=torn)).status_code == 422
        assert (
            await client.post(LIST, content=b"", headers={"Content-Type": "multipart/form-data"})
        ).status_code == 422
        assert (await client.post(LIST, data={"file": "x"})).status_code == 422
        large = await client.post(f"{LIST}/take-in", data={"rows": "x" * 2_100_000})
        assert large.status_code == 413
    async with signed_in(leipzig, PRESIDENT) as client:
        for path in (MAP, LIST, f"{BODY}/partners.csv", f"{BODY}/new-partner"):
            assert (await client.get(path)).status_code == 403
        assert (await client.post(f"{LIST}/take-in", data={"rows": rows})).status_code == 403
