"""Passwords that everybody can read in the repository guard nothing that other machines reach."""

import pytest
from pydantic import SecretStr

from rapport.exposure import check_passwords, is_loopback
from shared.errors import Rejected
from shared.system.settings import Settings

OWN = {"database_url": "postgresql+asyncpg://intake:own@db/rapport", "amqp_url": "amqp://rapport:own@mq/"}
DATABASE = OWN | {"database_url": "postgresql+asyncpg://intake:rapport@db/rapport"}
BROKER = OWN | {"amqp_url": "amqp://intake:%72apport@mq/"}
ADMIN = {"broker_admin_url": "http://rapport:rapport@mq:15672"}


def settings(urls: dict[str, str], published_on: str) -> Settings:
    secrets = {name: SecretStr(url) for name, url in urls.items()}
    return Settings(_env_file=None, published_on=published_on, **secrets)


@pytest.mark.parametrize(
    "published_on", ["0.0.0.0", "192.0.2.7", "::", "[2001:db8::1]", "rapport.stadt.test", ""]
)
@pytest.mark.parametrize(
    ("urls", "named"),
    [(DATABASE, "POSTGRES_PASSWORD"), (BROKER, "those of the services"), (ADMIN, "RABBITMQ")],
)
def test_a_shipped_password_within_reach_of_others_refuses_the_start(urls, named, published_on) -> None:
    with pytest.raises(Rejected, match=named):
        check_passwords(settings(urls, published_on))


@pytest.mark.parametrize(
    ("urls", "published_on"),
    [(DATABASE, "127.0.0.1"), (BROKER, "::1"), (BROKER, "localhost"), (OWN, "0.0.0.0"), ({}, "0.0.0.0")],
)
def test_else_the_start_goes_on(urls, published_on) -> None:
    check_passwords(settings(urls, published_on))


def test_loopback_is_a_network() -> None:
    assert is_loopback("127.8.9.1")
    assert not is_loopback("128.0.0.1")
