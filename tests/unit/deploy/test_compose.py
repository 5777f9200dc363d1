"""The compose file, the image and the gateway say the same as the program."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml
from fastapi.routing import APIRoute

from rapport.composition import NAMES, build
from rapport.docs.settings_table import COMPOSE, SET_BY_COMPOSE
from shared.city.city import load_city
from shared.system.clock import SystemClock
from shared.system.settings import ROOT, Settings
from shared.web.door import BODY_LIMIT, BODY_SECONDS, SMALL_BODY

TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
OURS = {name: SERVICES[name] for name in NAMES}
IMAGE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
GATEWAY = (ROOT / "deploy" / "nginx" / "nginx.conf").read_text(encoding="utf-8")
FIELDS = {name.upper() for name in Settings.model_fields}


def test_the_services_are_ours_and_what_they_need() -> None:
    assert set(SERVICES) == {*NAMES, "gateway", "postgres", "rabbitmq", "mailpit", "operator", "broker"}


def test_operators_commands_start_only_when_asked_for() -> None:
    assert SERVICES["operator"]["profiles"] == ["operator"]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_images_are_pinned(name: str) -> None:
    image = SERVICES[name]["image"]
    assert image == "rapport:local" or re.search(r":v?\d+\.\d+(\.\d+)?(-\w+)?$", image)


@pytest.mark.parametrize("name", [*NAMES, "operator"])
def test_each_service_has_a_database_role_of_its_own(name: str) -> None:
    password = f"{name.upper()}_PASSWORD"
    url = SERVICES[name]["environment"]["DATABASE_URL"]
    assert url.startswith(f"postgresql+asyncpg://{name}:${{{password}:-rapport}}@")
    assert SERVICES["postgres"]["environment"][password] == f"${{{password}:-rapport}}"


@pytest.mark.parametrize("name", NAMES)
def test_each_service_has_a_user_of_its_own_at_the_broker(name: str) -> None:
    password = f"{name.upper()}_PASSWORD"
    assert SERVICES[name]["environment"]["AMQP_URL"].startswith(f"amqp://{name}:${{{password}:-rapport}}@")
    assert SERVICES["broker"]["environment"][password] == f"${{{password}:-rapport}}"
    assert SERVICES[name]["depends_on"]["broker"] == {"condition": "service_healthy"}


def test_new_passwords_are_made_for_each_that_compose_asks_for() -> None:
    asked = {name for name in COMPOSE if name.endswith("_PASSWORD")}
    made = subprocess.run([ROOT / "deploy" / "new-passwords"], capture_output=True, check=True, text=True)
    lines = dict(line.split("=") for line in made.stdout.splitlines())
    assert set(lines) == asked
    assert len(set(lines.values())) == len(asked)
    assert all(re.fullmatch(r"[0-9a-f]{48}", password) for password in lines.values())


@pytest.mark.parametrize("name", NAMES)
def test_each_service_runs_under_its_own_name(name: str) -> None:
    assert OURS[name]["command"] == ["rapport", "serve", name]


@pytest.mark.parametrize("name", NAMES)
def test_each_service_can_be_scaled(name: str) -> None:
    assert not {"container_name", "ports", "hostname"} & set(OURS[name])


@pytest.mark.parametrize("name", [*NAMES, "gateway", "operator", "broker"])
def test_services_run_without_privileges(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert {"pids_limit", "mem_limit", "tmpfs"} <= set(service)
    assert "privileged" not in service


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_ports_are_published_on_the_loopback_address(name: str) -> None:
    for port in SERVICES[name].get("ports", []):
        assert port.startswith(("127.0.0.1:", "${HTTP_HOST:-127.0.0.1}:"))


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_that_compose_gives_exists(name: str) -> None:
    assert set(OURS[name]["environment"]) <= FIELDS


def test_every_setting_of_an_operator_reaches_the_services_or_the_gateway() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+):-", TEXT))
    assert asked == (FIELDS - SET_BY_COMPOSE) | set(COMPOSE)


def test_every_service_that_another_asks_has_an_address() -> None:
    askers = [*(ROOT / "services" / "portal").rglob("*.py"), *(ROOT / "services" / "notify").rglob("*.py")]
    words = set(re.findall(r"""["'](\w+)["']""", "".join(path.read_text("utf-8") for path in askers)))
    asked = words & set(NAMES) - {"portal"}
    for name in NAMES:
        urls = json.loads(OURS[name]["environment"]["SERVICE_URLS"])
        assert urls == {service: f"http://{service}:8080" for service in sorted(asked)}


def test_compose_and_the_program_have_the_same_defaults() -> None:
    defaults = dict(re.findall(r"\$\{([A-Z_]+):-([^}]*)\}", TEXT))
    differ = {"SMTP_URL", "LOG_FORMAT"}
    given = {name.lower(): defaults[name] for name in (FIELDS & set(defaults)) - differ}
    plain = Settings(_env_file=None)  # type: ignore[call-arg]
    assert Settings(_env_file=None, **given) == plain  # type: ignore[arg-type,call-arg]
    assert {name: defaults[name] for name in COMPOSE} == {name: text for name, (text, _) in COMPOSE.items()}


def test_no_secret_of_compose_is_repeated_elsewhere() -> None:
    assert "password" not in IMAGE.lower()
    assert len(re.findall(r"\$\{POSTGRES_PASSWORD:-rapport\}", TEXT)) == 1
    assert len(re.findall(r"\$\{RABBITMQ_PASSWORD:-rapport\}", TEXT)) == 2


def test_volumes_and_networks_are_declared() -> None:
    whole = yaml.safe_load(TEXT)
    for service in SERVICES.values():
        assert set(service["networks"]) <= set(whole["networks"])
        named = [volume.split(":")[0] for volume in service.get("volumes", [])]
        assert {volume for volume in named if not volume.startswith((".", "$"))} <= set(whole["volumes"])


def test_the_gateway_reaches_no_database() -> None:
    assert whole_network("data")["internal"]
    assert "data" not in SERVICES["gateway"]["networks"]


def whole_network(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load(TEXT)["networks"][name])


def test_the_image_has_an_unprivileged_user_with_a_fixed_number() -> None:
    users = re.findall(r"^USER (.+)$", IMAGE, re.MULTILINE)
    assert users == ["10001:10001"]
    assert IMAGE.index("USER") > max(
        found.start() for found in re.finditer(r"^(RUN|COPY)", IMAGE, re.MULTILINE)
    )


def test_the_image_installs_only_what_is_locked() -> None:
    assert "--require-hashes" in IMAGE
    assert "--only-binary=:all:" in IMAGE


def test_the_health_check_asks_what_there_is() -> None:
    check = IMAGE.split("HEALTHCHECK")[1].split("CMD", 1)[1].splitlines()[0]
    assert json.loads(check)[0] == "python"
    assert "127.0.0.1:8080/health/ready" in check


def test_everything_that_is_copied_into_the_image_is_let_through() -> None:
    let_through = {
        line.removeprefix("!")
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line.startswith("!")
    }
    copied = {line.split()[1] for line in IMAGE.splitlines() if line.startswith("COPY")}
    assert copied == let_through
    assert all((ROOT / path).exists() for path in copied)


def located(path: str) -> str:
    """Return which service the gateway takes a path to, as nginx does: the longest prefix wins."""
    block = re.findall(r"location (\S+) \{\s+set \$service (\w+);", GATEWAY)
    return dict(block)[max((prefix for prefix, _ in block if path.startswith(prefix)), key=len)]


@pytest.mark.parametrize("name", NAMES)
def test_the_gateway_takes_each_address_to_the_service_that_answers_it(name: str, tmp_path: Path) -> None:
    settings = Settings(var_dir=tmp_path)
    city = load_city("leipzig", settings.cities_dir, tmp_path)
    process, _ = build([name], settings, city, SystemClock(), uuid4)
    runtime = process.runtimes[name]
    assert runtime.service.router
    paths = [route.path for route in runtime.service.router(runtime).routes if isinstance(route, APIRoute)]
    assert paths
    assert {located(path) for path in paths} == {name}


def test_the_gateway_and_the_services_take_bodies_of_the_same_size() -> None:
    limit = re.search(r"client_max_body_size (\d+)m;", GATEWAY)
    assert limit
    assert int(limit[1]) * 1024 * 1024 == BODY_LIMIT
    small = re.search(r"client_max_body_size (\d+)k;", GATEWAY)
    assert small
    assert int(small[1]) * 1024 == SMALL_BODY
    assert f"At most {SMALL_BODY} bytes are taken at once, of a batch {BODY_LIMIT}." in GATEWAY


def test_the_gateway_waits_longer_for_a_body_than_the_service_that_answers() -> None:
    wait = re.search(r"client_body_timeout (\d+)s;", GATEWAY)
    assert wait
    assert int(wait[1]) > BODY_SECONDS
