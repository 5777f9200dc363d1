"""`rapport import` against intake itself: every line accounted for, and what is wrong said in words."""

import asyncio
import gzip
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rapport.imports.command import import_file, status
from rapport.imports.reading import load_map
from rapport.imports.run import Done, Job, bring
from rapport.imports.sending import Patience, Stopped, Trouble
from rapport.process.process import Process
from services.intake.app import SERVICE
from shared.access.keys import renew_key
from shared.city.city import City, load_city
from shared.system.clock import MovableClock
from shared.system.settings import ROOT, Settings
from shared.tabular.reasons import FileRefused

NOW = datetime(2018, 5, 1, 12, tzinfo=UTC)
OFFICE, PORTAL = "rk_00000002_" + "o" * 43, "rk_00000003_" + "q" * 43
HEAD = "Meldestelle;Nr;Art;Zeitpunkt;Anzahl;Breite;Länge;Ortsteil\n"
EXAMPLES = int(os.environ.get("RAPPORT_IMPORT_ROWS", "600"))
"""Fuzzed rows; 50,000 by hand."""
PER_FILE = 60


def line(**changes: str) -> str:
    cells = {
        "agency": "Ordnungsamt",
        "nr": "7",
        "art": "Spritzenfund",
        "at": "30.04.2018 09:30",
        "anzahl": "1",
        "lat": "51,3394",
        "lon": "12,4036",
        "teil": "",
    }
    return ";".join((cells | changes).values()) + "\n"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    return load_city("leipzig", ROOT / "deploy" / "cities", tmp_path_factory.mktemp("none"))


class Office:
    """An office before its terminal: intake runs beside it, or what stands in for it."""

    def __init__(self, city: City, folder: Path) -> None:
        self.city = city
        self.folder = folder
        self.waited: list[float] = []
        self.key = OFFICE

    async def brings(self, content: bytes, *, answer: Any = None, **job: Any) -> Done:
        file = self.folder / "table.csv"
        file.write_bytes(content)
        process = Process(
            [SERVICE], Settings(var_dir=self.folder, durable=False), self.city, MovableClock(NOW), uuid4
        )
        await process.open()
        try:
            return await self._brings(
                Job(file, self.city, load_map(self.city, "table"), **job), process, answer
            )
        finally:
            await process.close()

    async def _brings(self, job: Job, process: Process, answer: Any) -> Done:
        async with process.runtimes["intake"].transaction() as tx:
            await renew_key(tx, OFFICE, "public_order_office", timedelta(days=1))
            await renew_key(tx, PORTAL, "rapport/chair", timedelta(days=1))
        intake = httpx.ASGITransport(process.routes(FastAPI()))
        transport = answer(intake) if answer else intake

        async def sleep(seconds: float) -> None:
            self.waited.append(seconds)

        return await bring(
            job,
            lambda: httpx.AsyncClient(transport=transport, base_url="http://intake"),
            self.key,
            MovableClock(NOW),
            Patience(sleep),
        )

    def run(self, text: str, **options: Any) -> Done:
        done = asyncio.run(self.brings(text.encode(), **options))
        assert done.account.balances(done.table)
        return done


@pytest.fixture
def office(city: City, tmp_path: Path) -> Office:
    return Office(city, tmp_path)


def test_a_file_is_taken_once_however_often_it_is_brought(office: Office):
    text = HEAD + line() + line(nr="8", teil="Volkmarsdorf")
    first, again = office.run(text), office.run(text)
    assert (first.account.accepted, status(first)) == (2, 0)
    assert (again.account.duplicate, status(again)) == (2, 0)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"teil": '"Schönefeld (bei Nr. 5'}, "Zeile 3: ein Anführungszeichen wird nicht geschlossen."),
        ({"teil": "a;b"}, "Zeile 3: zu viele Felder (9/8)."),
        ({"teil": "x" * 140_000}, "Zeile 3: länger als 100.000 Zeichen."),
        ({"teil": "x" * 9_000}, "Zeile 3: Ortsteil ist zu lang."),
        ({"nr": "n" * 300}, "Zeile 3: Nr "),
        ({"lat": "nan"}, "Zeile 3: Breite ist keine Zahl."),
        ({"lat": "NaN", "lon": "NaN"}, "Zeile 3: Breite ist keine Zahl; Länge ist keine Zahl."),
        ({"lon": "1e999"}, "Zeile 3: Länge ist keine Zahl."),
        ({"anzahl": "2.000"}, "Zeile 3: Anzahl ist keine Zahl."),
        ({"anzahl": "0"}, "Zeile 3: Anzahl ist zu klein."),
        ({"anzahl": "99999"}, "Zeile 3: Anzahl ist zu groß."),
        ({"lat": "91"}, "Zeile 3: Breite ist zu groß."),
        ({"lat": "50"}, "Zeile 3: Breite liegt außerhalb von Leipzig."),
        ({"lat": "12,4036", "lon": "51,3394"}, "Zeile 3: Breite ist mit der Länge vertauscht."),
        ({"lat": ""}, "Zeile 3: Breite fehlt; Breite und Länge gehören zusammen."),
        (
            {"lat": "", "lon": ""},
            "Zeile 3: Breite fehlt; nötig ist eine Position, ein Ort oder ein Ortsteil.",
        ),
        ({"teil": "Nirgendwo"}, "Zeile 3: Ortsteil ist nicht bekannt."),
        ({"at": "31.02.2018 09:30"}, "Zeile 3: Zeitpunkt ist keine Zeit in der Form %d.%m.%Y %H:%M."),
        ({"at": "01.01.1600 09:30"}, "Zeile 3: Zeitpunkt liegt vor 1990."),
        ({"at": "01.01.0001 00:00"}, "Zeile 3: Zeitpunkt liegt vor 1990."),
        ({"at": "31.12.9999 23:59"}, "Zeile 3: Zeitpunkt liegt in der Zukunft."),
        (
            {"agency": "Polizei"},
            "Zeile 3: Meldestelle ist eine andere Stelle als die des Schlüssels (Ordnungsamt).",
        ),
        ({"agency": "Feuerwehr"}, "Zeile 3: Meldestelle ist keine Meldestelle dieser Stadt."),
        ({"agency": ""}, "Zeile 3: Meldestelle fehlt."),
        ({"nr": "1"}, "Zeile 3: Nr ist schon mit anderem Inhalt gemeldet."),
    ],
)
def test_a_refused_row_has_its_line_and_reason_and_the_others_are_taken(
    office: Office, changes: dict[str, str], said: str
):
    done = office.run(HEAD + line(nr="1", anzahl="3") + line(**changes) + line(nr="9"))
    assert (done.account.accepted, done.account.rejected, status(done)) == (2, 1, 1)
    [named] = done.account.named
    assert named.startswith(said)


def test_all_that_is_wrong_with_a_row_is_said_at_once_with_the_known_categories(office: Office):
    [named] = office.run(HEAD + line(art="Falschparken", lat="x", at="gestern")).account.named
    assert "Breite ist keine Zahl" in named
    assert "Zeitpunkt ist keine Zeit" in named
    assert "Art ist nicht bekannt; bekannt sind Spritzenfund, Beschwerde" in named
    assert "Falschparken" not in named


def test_english_is_spoken_too(office: Office):
    done = office.run(HEAD + line(lat="inf", teil="zu viel"), language="en")
    assert done.account.named == ["line 2: Breite is not a number; Ortsteil is unknown."]


class Answering(httpx.AsyncBaseTransport):
    """Lets a request through and answers for each report as it is told to."""

    def __init__(self, transport: httpx.AsyncBaseTransport, item: dict[str, Any]) -> None:
        self.transport = transport
        self.item = item

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return await self.transport.handle_async_request(request)
        return httpx.Response(200, json={"items": [self.item]})


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (
            {"status": "withdrawn", "errors": [{"field": "external_id", "message": "gone"}]},
            "Zeile 2: Nr ist gemeldet und zurückgezogen.",
        ),
        (
            {"status": "rejected", "errors": [{"field": "category", "message": "unknown here"}]},
            "Zeile 2: Art unknown here.",
        ),
        ({"status": "rejected", "errors": []}, "Zeile 2: rejected."),
    ],
)
def test_what_intake_alone_refuses_is_said_too(office: Office, item: dict[str, Any], said: str):
    done = office.run(HEAD + line(), answer=lambda intake: Answering(intake, item))
    assert done.account.named == [said]


def test_a_dry_run_checks_all_and_stores_nothing(office: Office):
    text = HEAD + line(nr="1") + line(agency="Polizei") + line(nr="2", lat="NaN")
    dry = office.run(text, dry_run=True)
    assert (dry.account.fit, dry.account.rejected, status(dry)) == (1, 2, 1)
    assert office.run(text).account.accepted == 1


def test_a_dry_run_needs_neither_key_nor_intake(office: Office):
    office.key = ""
    done = office.run(HEAD + line(), dry_run=True)
    assert (done.account.fit, done.unchecked, status(done)) == (1, True, 0)
    office.key = OFFICE
    away = office.run(HEAD + line(), dry_run=True, answer=lambda _: Failing(99))
    assert (away.account.fit, away.unchecked) == (1, True)


def test_all_refusals_can_be_written_beside(office: Office, tmp_path: Path):
    beside = tmp_path / "rejected.csv"
    done = office.run(HEAD + line(lat="x") * 30, refusals=beside)
    assert (done.account.rejected, len(done.account.named)) == (30, 20)
    written = beside.read_text(encoding="utf-8-sig").splitlines()
    assert written[0] == "Zeile;bis;Grund"
    assert [row.split(";")[0] for row in written[1:]] == [str(number) for number in range(2, 32)]
    assert beside.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("key", "trouble"),
    [
        ("", Trouble.NO_KEY),
        (" \n", Trouble.NO_KEY),
        ("rk_ä", Trouble.KEY_REFUSED),
        ("rk_1 rk_2", Trouble.KEY_REFUSED),
        ("rk_00000009_" + "x" * 43, Trouble.KEY_REFUSED),
        (PORTAL, Trouble.NOT_AN_AGENCY),
    ],
)
def test_a_missing_or_refused_key_is_said_before_the_file_is_read(office: Office, key: str, trouble: Trouble):
    office.key = key
    with pytest.raises(Stopped) as stopped:
        office.run("no table at all")
    assert stopped.value.trouble is trouble


class Failing(httpx.AsyncBaseTransport):
    """Fails so many times, with an error or an answer, before it lets a request through."""

    def __init__(self, times: int, failure: Exception | httpx.Response | None = None) -> None:
        self.times = times
        self.failure = failure or httpx.ConnectError("refused")
        self.through: httpx.AsyncBaseTransport | None = None

    def before(self, transport: httpx.AsyncBaseTransport) -> "Failing":
        self.through = transport
        return self

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET" and self.through:
            return await self.through.handle_async_request(request)
        self.times -= 1
        if self.times < 0 and self.through:
            return await self.through.handle_async_request(request)
        if isinstance(self.failure, Exception):
            raise self.failure
        return self.failure


def busy(code: int, **headers: str) -> httpx.Response:
    return httpx.Response(code, headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize(
    ("failure", "waited"),
    [
        (httpx.ConnectError("refused"), [1, 2]),
        (httpx.ReadTimeout("silent"), [1, 2]),
        (httpx.RemoteProtocolError("closed"), [1, 2]),
        (busy(503), [1, 2]),
        (busy(500), [1, 2]),
        (busy(429, Retry_After="40"), [40, 40]),
        (busy(429, Retry_After="Tue, 01 May 2018 12:01:00 GMT"), [60, 60]),
        (busy(429, Retry_After="soon"), [1, 2]),
    ],
    ids=range(8),
)
def test_what_passes_is_waited_for(office: Office, failure: Any, waited: list[float]):
    done = office.run(HEAD + line(), answer=Failing(2, failure).before)
    assert (done.account.accepted, office.waited) == (1, waited)


@pytest.mark.parametrize(
    ("failure", "trouble"),
    [
        (httpx.ConnectError("refused"), Trouble.AWAY),
        (busy(503), Trouble.BUSY),
        (busy(429, Retry_After="86400"), Trouble.BUSY),
        (busy(401), Trouble.KEY_REFUSED),
        (httpx.Response(200, html="<h1>Welcome</h1>"), Trouble.STRANGE),
        (httpx.Response(200, json={"items": []}), Trouble.STRANGE),
        (busy(404), Trouble.STRANGE),
        (busy(422, Content_Type="application/problem+json"), Trouble.REFUSED),
    ],
    ids=range(8),
)
def test_what_does_not_pass_is_a_sentence_and_the_file_can_be_brought_again(
    office: Office, failure: Any, trouble: Trouble
):
    text = HEAD + line() + line(lat="x")
    done = office.run(text, answer=Failing(99, failure).before)
    assert done.stopped
    assert (done.stopped.trouble, done.account.unsent, done.account.rejected) == (trouble, 1, 1)
    assert status(done) == 2
    assert office.run(text).account.accepted == 1


def test_a_batch_that_is_too_large_goes_in_halves(office: Office):
    text = HEAD + "".join(line(nr=str(number)) for number in range(9))
    done = office.run(text, answer=Failing(3, busy(413)).before)
    assert (done.account.accepted, done.stopped) == (9, None)


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", gzip.compress(b"a")[:11], b"a;b\n1;2\n"], ids=range(4)
)
def test_what_is_no_table_ends_with_a_sentence_and_status_two(
    city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
):
    (tmp_path / "t.csv").write_bytes(content)
    job = Job(tmp_path / "t.csv", city, load_map(city, "table"), dry_run=True)
    assert asyncio.run(import_file(job, "http://127.0.0.1:9", "")) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_the_name_of_a_file_moves_no_terminal(city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    job = Job(tmp_path / "\x1b[31mred.csv", city, load_map(city, "table"), dry_run=True)
    assert asyncio.run(import_file(job, "http://127.0.0.1:9", "")) == 2
    assert capsys.readouterr().err == "Die Datei red.csv gibt es nicht.\n"


@pytest.mark.parametrize("url", ["nonsense", "ftp://intake", "http://\x00"])
def test_an_address_that_is_none_is_said(
    city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str], url: str
):
    job = Job(tmp_path / "t.csv", city, load_map(city, "table"))
    assert asyncio.run(import_file(job, url, OFFICE)) == 2
    assert capsys.readouterr().err == "--url ist keine Adresse.\n"


def test_the_file_itself_is_never_written_over(office: Office, tmp_path: Path):
    with pytest.raises(FileRefused):
        office.run(HEAD + line(), refusals=tmp_path / "table.csv")
    assert (tmp_path / "table.csv").read_text() == HEAD + line()


def test_a_cut_archive_gives_its_good_rows_and_a_sentence(
    city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    rows = "".join(line(nr=f"{n * 7919 % 100_003}") for n in range(5_000))
    (tmp_path / "t.gz").write_bytes(gzip.compress((HEAD + rows).encode())[:-2_000])
    job = Job(tmp_path / "t.gz", city, load_map(city, "table"), dry_run=True)
    assert asyncio.run(import_file(job, "http://127.0.0.1:9", "")) == 1
    said = capsys.readouterr()
    assert "bricht ab" in said.err
    assert "würden angenommen" in said.out


Fuzz = Callable[[st.DrawFn], bytes]
ODD = st.sampled_from(
    [
        "",
        '"',
        '""',
        ";",
        "NaN",
        "-1",
        "1e999",
        "٣",
        "51,3",
        "12.4",
        "\0",
        "\u202e",
        "é",
        "ä",
        "\n",
        "\r",
        "x" * 200,
    ]
)
CELL = ODD | st.text(max_size=6)
GOOD = st.integers(0, 10_000).map(lambda nr: line(nr=str(nr)))
FIELDS = st.dictionaries(
    st.sampled_from(["agency", "nr", "art", "at", "anzahl", "lat", "lon", "teil"]), CELL, max_size=3
)
ROWS = st.lists(GOOD | FIELDS.map(lambda changes: line(**changes)), min_size=PER_FILE, max_size=PER_FILE)
CODES = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"])


@pytest.mark.timeout(300 if EXAMPLES < 5_000 else 0)
@settings(max_examples=max(1, EXAMPLES // PER_FILE), suppress_health_check=list(HealthCheck), deadline=None)
@given(rows=ROWS, code=CODES, noise=st.binary(max_size=5), at=st.integers(90, 4_000))
def test_no_row_of_any_file_is_lost(
    city: City, tmp_path_factory: pytest.TempPathFactory, rows: list[str], code: str, noise: bytes, at: int
):
    content = (HEAD + "".join(rows)).encode(code, "replace")
    office = Office(city, tmp_path_factory.mktemp("fuzz"))
    try:
        done = asyncio.run(office.brings(content[: at * 2] + noise + content[at * 2 :]))
    except FileRefused:
        return
    assert done.account.balances(done.table)
    assert done.stopped is None
