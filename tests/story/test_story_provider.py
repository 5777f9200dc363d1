"""Somebody signs in where their city knows them: against a real provider of identities (node-oidc-provider)."""

import os
import re
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from html import unescape
from pathlib import Path
from shutil import which
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import pytest_asyncio
from pydantic import SecretStr

from shared.access.caller import Caller, Via
from shared.system.settings import ROOT, Settings
from tests.conftest import need
from tests.story.city import MODERATION, Story

FOLDER = Path(os.environ.get("RAPPORT_OIDC", ROOT / ".venv" / "oidc"))
"""Where `npm install --prefix` has put oidc-provider."""
BASE = "http://127.0.0.1:8080"
CALLBACK = f"{BASE}/sign-in/callback"
START_SECONDS = 60


@dataclass(frozen=True)
class Provider:
    """The provider that runs."""

    issuer: str

    @property
    def now(self) -> datetime:
        """Return what time it says it is."""
        answer = httpx.get(f"{self.issuer}/.well-known/openid-configuration", timeout=START_SECONDS)
        return parsedate_to_datetime(answer.headers["date"])


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    need("oidc", present=bool(which("node")) and (FOLDER / "node_modules" / "oidc-provider").is_dir())
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = ["node", str(ROOT / "tests" / "oidc" / "provider.mjs"), str(FOLDER), str(port), CALLBACK]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout
        assert any("ready" in line for line in process.stdout), "the provider ended before it was ready"
        yield Provider(f"http://127.0.0.1:{port}")
        process.terminate()


@pytest_asyncio.fixture
async def story(tmp_path: Path, provider: Provider):
    settings = Settings(
        var_dir=tmp_path,
        durable=False,
        public_url=BASE,
        oidc_issuer=provider.issuer,
        oidc_client_secret=SecretStr("a secret of tests"),
    )
    made = await Story(settings, start=provider.now).open()
    yield made
    await made.close()


def browser(story: Story) -> httpx.AsyncClient:
    """Return a browser that reaches us inside the process, and the provider over the network."""
    ours = {BASE: httpx.ASGITransport(story.app)}
    return httpx.AsyncClient(mounts=ours, base_url=BASE, headers={"Sec-Fetch-Site": "same-origin"})


async def there_and_back(client: httpx.AsyncClient, issuer: str, who: str, wanted: str = "/de/mails") -> str:
    """Sign in at the provider as somebody; return the address at which the browser comes back to us."""
    form = await client.get("/de/sign-in", params={"next": wanted})
    link = re.search(r'href="(/de/sign-in/provider[^"]*)"', form.text)
    assert link
    answer = await client.get(unescape(link[1]))
    for _ in range(20):
        if answer.is_redirect:
            to = str(answer.next_request.url if answer.next_request else "")
            if to.startswith(CALLBACK):
                return to
            answer = await client.get(to)
            continue
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', answer.text))
        action = re.search(r'action="([^"]+)"', answer.text)
        assert action, answer.text
        given = fields | ({"login": who, "password": "any"} if 'name="login"' in answer.text else {})
        answer = await client.post(unescape(action[1]), data=given)
    raise AssertionError(f"never came back from {issuer}")


async def test_from_the_office_account_to_the_wanted_page_and_out_with_the_seat(
    story: Story, provider: Provider
):
    async with browser(story) as client:
        back = await there_and_back(client, provider.issuer, "polizeipraesidium")
        entered = await client.get(back)
        assert (entered.status_code, entered.headers["location"]) == (303, "/de/mails")
        assert (await client.get("/de/mails")).status_code == 200
        assert (await client.get(back)).status_code == 403
        ask = story.process.runtimes["directory"].assertions
        token = ask.write(Caller(Via.SESSION, MODERATION, (MODERATION,)), "directory", story.clock.now())
        seat = "/v1/directory/bodies/extended_rapport/seats/police_president/holder"
        gone = await client.request("DELETE", seat, headers={"Authorization": f"Bearer {token}"})
        assert gone.status_code == 200
        assert (await client.get("/de/mails")).status_code == 303


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("unverified.polizeipraesidium", "Ihre E-Mail-Adresse ist beim Anmeldedienst nicht bestätigt"),
        ("somebody.else", "Sie haben hier keine Funktion"),
    ],
)
async def test_who_is_nobody_here_reads_why(story: Story, provider: Provider, who: str, said: str):
    async with browser(story) as client:
        refused = await client.get(await there_and_back(client, provider.issuer, who))
        assert refused.status_code == 403
        assert said in refused.text
        assert (await client.get("/de/mails")).status_code == 303


def changed(address: str, **values: str) -> str:
    """Return an address with other values in its query; an empty one is left out."""
    query = {name: found[0] for name, found in parse_qs(urlsplit(address).query).items()} | values
    return str(httpx.URL(CALLBACK, params={name: value for name, value in query.items() if value}))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"state": "x"}, "Diese Anmeldung gehört nicht zu diesem Browser"),
        ({"state": ""}, "Diese Anmeldung gehört nicht zu diesem Browser"),
        ({"iss": "http://evil.example"}, "Die Anmeldung ist nicht gelungen"),
        ({"code": "made-up"}, "Die Anmeldung ist nicht gelungen"),
        ({"code": "", "error": "access_denied"}, "Die Anmeldung ist nicht gelungen"),
    ],
)
async def test_what_is_altered_on_the_way_back_lets_nobody_in(
    story: Story, provider: Provider, values: dict[str, str], said: str
):
    async with browser(story) as client:
        back = await there_and_back(client, provider.issuer, "polizeipraesidium")
        refused = await client.get(changed(back, **values))
        assert (refused.status_code, said in refused.text) == (403, True)
        assert (await client.get("/de/mails")).status_code == 303


async def test_the_way_back_is_of_the_browser_that_went(story: Story, provider: Provider):
    async with browser(story) as client, browser(story) as thief:
        back = await there_and_back(client, provider.issuer, "polizeipraesidium")
        stolen = await thief.get(back)
        assert "Diese Anmeldung gehört nicht zu diesem Browser" in stolen.text
        assert (await thief.get("/de/mails")).status_code == 303
        assert (await client.get(back)).status_code == 303


async def test_where_the_provider_alone_lets_in_no_link_is_mailed(tmp_path: Path, provider: Provider):
    settings = Settings(var_dir=tmp_path, durable=False, public_url=BASE, oidc_issuer=provider.issuer)
    alone = settings.model_copy(update={"sign_in_by_mail": False})
    story = await Story(alone, start=provider.now).open()
    async with browser(story) as client:
        page = (await client.get("/de/sign-in")).text
        assert "Mit dem Dienstkonto anmelden" in page
        assert "E-Mail" not in page
        refused = await client.post("/de/sign-in", data={"mail": "polizeipraesidium@example.org"})
        assert refused.status_code == 404
        assert story.mails("sign_in") == []
    await story.close()


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example/", "/\\evil.example"])
async def test_the_way_leads_to_pages_of_ours_alone(story: Story, provider: Provider, wanted: str):
    async with browser(story) as client:
        back = await there_and_back(client, provider.issuer, "polizeipraesidium", wanted)
        assert (await client.get(back)).headers["location"] == "/de/today"
