"""Settings from the environment; every one has a default that works on one machine without servers."""

from contextlib import suppress
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated

from email_validator import EmailNotValidError
from pydantic import AfterValidator, Field, SecretStr
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.text.address import parse_mailbox

ROOT = Path(__file__).resolve().parents[2]

LOOPBACK = ("127.0.0.1", "::1", "localhost")
"""Addresses to listen on that only this machine reaches."""


def _mailbox(text: str) -> str:
    try:
        parse_mailbox(text)
    except EmailNotValidError as error:
        raise PydanticCustomError("mail_address", "is no mail address: {why}", {"why": str(error)}) from error
    return text


class Settings(BaseSettings):
    """What operators set; `deploy/env/rapport.env.example` shows all of it."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    city: str = Field("leipzig", description="Name of the profile folder below CITIES_DIR")
    cities_dir: Path = Field(ROOT / "deploy" / "cities", description="Folder of the city profiles")
    var_dir: Path = Field(
        Path("var"), description="Folder for databases, mails and files laid over the profile"
    )
    database_url: SecretStr | None = Field(
        None,
        description="postgresql+asyncpg://…, one schema per service; empty: SQLite files in VAR_DIR",
    )
    database_roles: bool = Field(
        False, description="True works in each schema as the role of its service; for operators' commands"
    )
    published_on: str = Field(
        "127.0.0.1", description="Address on which compose lets other machines reach the gateway"
    )
    amqp_url: SecretStr | None = Field(
        None, description="RabbitMQ (amqp://…); empty: all services in one process"
    )
    broker_admin_url: SecretStr | None = Field(
        None,
        description="Management interface of RabbitMQ (http://user:pass@…); for `rapport broker prepare`",
    )
    smtp_url: SecretStr | None = Field(
        None,
        description="smtp://, smtps:// or smtp+starttls://user:pass@host:port; empty: .eml files",
    )
    mail_from: Annotated[str, AfterValidator(_mailbox)] = Field(
        "rapport@example.org", description="Address that mails come from; also `Rapport <rapport@…>`"
    )
    public_url: str = Field(
        "http://127.0.0.1:8080",
        description="Where people reach the portal; used in mails; not set: the port of `rapport run`",
    )
    service_urls: dict[str, str] = Field(
        {},
        description="Where services reach each other that run on their own: "
        '`{"notify": "http://notify:8080", …}`',
    )
    portal_open_pages: str = Field(
        "",
        description="Pages that need no sign-in, with commas; there is `overview` (with the yearly account)",
    )
    oidc_issuer: str = Field(
        "",
        description="Provider of identities (OpenID Connect) as it names itself; empty: none. "
        "It sends people back to PUBLIC_URL/sign-in/callback",
    )
    oidc_client_id: str = Field("rapport", description="What the provider of identities calls us")
    oidc_client_secret: SecretStr = Field(
        SecretStr(""), description="What we prove that with to the provider of identities"
    )
    sign_in_by_mail: bool = Field(
        True, description="False: people sign in with the provider of identities alone, where there is one"
    )
    demonstration: bool = Field(
        False,
        description="True: everybody steps into every seat without a mail; set by `rapport demo`, holds only "
        "where HTTP_HOST is a loopback address",
    )
    http_host: str = Field("127.0.0.1", description="Address to listen on")
    http_port: int = Field(8080, description="Port to listen on")
    durable: bool = Field(
        True, description="False drops fsync in SQLite: only for replays that can be run again"
    )
    trusted_proxies: str = Field(
        "127.0.0.1",
        description="Addresses, with commas, whose X-Forwarded-For names the real client",
    )
    requests_per_minute: int = Field(
        600, ge=0, description="Requests of one key in a minute and process; 0: no limit"
    )
    incidents_per_day: int = Field(
        50_000, ge=0, description="Incidents of one agency on one day of the city; 0: no limit"
    )
    log_format: str = Field("console", description="`console` or `json`")
    key_lifetime: timedelta = Field(timedelta(days=365), description="How long an issued API key is valid")

    def on_port(self, port: int) -> "Settings":
        """Return the settings with PUBLIC_URL at the port that is served on, unless it was set."""
        if "public_url" in self.model_fields_set:
            return self
        return self.model_copy(update={"public_url": f"http://127.0.0.1:{port}"})

    @property
    def open_pages(self) -> frozenset[str]:
        """The pages that need no sign-in."""
        return frozenset(name.strip() for name in self.portal_open_pages.split(",") if name.strip())

    @property
    def lends_seats(self) -> bool:
        """Whether everybody may step into every seat: only in a demonstration that nobody else can reach."""
        return self.demonstration and self.http_host in LOOPBACK

    def database_for(self, service: str) -> str:
        """Return the SQLAlchemy address of a service's database."""
        if self.database_url:
            return self.database_url.get_secret_value()
        return f"sqlite+aiosqlite:///{self.data_dir / service}.db"

    @cached_property
    def data_dir(self) -> Path:
        """The folder below VAR_DIR that belongs to the city; made when first used, closed to other users."""
        folder = self.var_dir / self.city
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(PermissionError):  # another user's: who made it has closed it
            folder.chmod(0o700)
        return folder
