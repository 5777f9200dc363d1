"""Writes the settings where operators read them: `python -m rapport.docs.settings_table`.

The example file and the table in the operations guide follow from `Settings`, so that they cannot say
something else than the program does.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from pydantic import TypeAdapter

from shared.system.settings import ROOT, Settings

EXAMPLE = ROOT / "deploy" / "env" / "rapport.env.example"
GUIDE = ROOT / "docs" / "operations.md"
BEGIN, END = "<!-- settings -->\n", "<!-- end of settings -->\n"
COMPOSE = {
    "POSTGRES_PASSWORD": ("rapport", "Password of the database's superuser; letters and digits"),
    "RABBITMQ_PASSWORD": ("rapport", "Password of the broker's administrator; letters and digits"),
    "OPERATOR_PASSWORD": ("rapport", "Password of the database role of `operator`; letters and digits"),
    **{
        f"{service.upper()}_PASSWORD": (
            "rapport",
            f"Password of {service} at the database and at the broker; letters and digits",
        )
        for service in (
            "directory",
            "intake",
            "escalation",
            "scheduler",
            "agreements",
            "notify",
            "audit",
            "portal",
        )
    },
    "PROXIES_FILE": ("./deploy/nginx/proxies.conf", "File that names the city's own proxies to the gateway"),
    "MAILPIT_PORT": ("8025", "Port on this machine where the mail catcher shows its mails"),
}
"""What `docker-compose.yml` reads beside the settings, with its default and meaning."""
SET_BY_COMPOSE = {
    "DEMONSTRATION",
    "DATABASE_URL",
    "AMQP_URL",
    "BROKER_ADMIN_URL",
    "SERVICE_URLS",
    "VAR_DIR",
    "CITIES_DIR",
    "DURABLE",
} | {
    "DATABASE_ROLES",
    "PUBLISHED_ON",
    "TRUSTED_PROXIES",
}
"""Settings that an operator of the compose file does not choose."""


def described() -> Iterator[tuple[str, str, str]]:
    """Yield name, default as text (empty: none) and description of each setting."""
    for name, field in Settings.model_fields.items():
        yield name.upper(), _text(field.default), field.description or ""


def _text(default: object) -> str:
    if default in (None, {}):
        return ""
    if isinstance(default, Path) and default.is_absolute():
        return str(default.relative_to(ROOT))
    if isinstance(default, timedelta):
        return TypeAdapter(timedelta).dump_json(default).decode().strip('"')
    return str(default).lower() if isinstance(default, bool) else str(default)


def example() -> str:
    """Return the example file: each setting commented out, at its default."""
    lines = ["# Copy to `.env` in the folder of docker-compose.yml; both compose and `make run` read it.", ""]
    for name, default, description in described():
        only = " (compose sets its own)" if name in SET_BY_COMPOSE else ""
        lines += [f"# {description}{only}", f"#{name}={default}", ""]
    lines += ["# Read by compose alone", ""]
    for name, (default, description) in COMPOSE.items():
        lines += [f"# {description}", f"#{name}={default}", ""]
    return "\n".join(lines).rstrip() + "\n"


def table() -> str:
    """Return the settings as a Markdown table."""
    lines = ["| setting | default | meaning |", "|---|---|---|"]
    lines += [
        f"| `{name}` | {_code(default)} | {description} |" for name, default, description in described()
    ]
    lines += [
        f"| `{name}` | {_code(default)} | {text}; compose only |" for name, (default, text) in COMPOSE.items()
    ]
    return "\n".join(lines) + "\n"


def _code(text: str) -> str:
    return f"`{text}`" if text else "–"


def guide(before: str) -> str:
    """Return the operations guide with its table of settings brought up to date."""
    head, rest = before.split(BEGIN)
    return head + BEGIN + "\n" + table() + "\n" + END + rest.split(END)[1]


def write() -> None:
    """Write both."""
    EXAMPLE.write_text(example(), encoding="utf-8")
    GUIDE.write_text(guide(GUIDE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    write()
