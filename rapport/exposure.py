"""Whether an instance may start with the passwords that it was shipped with; pure."""

from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from shared.errors import Rejected
from shared.system.settings import Settings

SHIPPED = "rapport"
"""The password that `docker-compose.yml` gives where nobody has set one; everybody can read it there."""
SERVERS = {
    "database_url": "POSTGRES_PASSWORD and those of the services",
    "amqp_url": "those of the services",
    "broker_admin_url": "RABBITMQ_PASSWORD",
}


def check_passwords(settings: Settings) -> None:
    """Raise Rejected where a shipped password guards what other machines can reach."""
    if is_loopback(settings.published_on):
        return
    shipped = [names for field, names in SERVERS.items() if _password(settings, field) == SHIPPED]
    if shipped:
        raise Rejected(
            f"HTTP_HOST={settings.published_on} lets other machines in: set {' and '.join(shipped)} first,"
            " as those of docker-compose.yml are known to everybody (`deploy/new-passwords >> .env`)"
        )


def is_loopback(address: str) -> bool:
    """Say whether only this machine reaches what listens on an address."""
    try:
        return ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return address == "localhost"


def _password(settings: Settings, field: str) -> str | None:
    url = getattr(settings, field)
    found = urlsplit(url.get_secret_value()).password if url else None
    return unquote(found) if found else None
