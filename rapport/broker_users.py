"""A user of the broker for each service, with the rights that it needs and no others.

A service publishes its own kinds of facts and hears what is meant for it. What its password opens in other
hands is what it does itself: it can publish no fact of another service, read no other queue, end no other's
queue. Users and rights are in RabbitMQ's definitions format, for its management interface.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from shared.messaging.topology import DEAD_EXCHANGE, EXCHANGE, dead_queue_of, queue_of
from shared.runtime.service import Service

SALT_BYTES = 4
"""As RabbitMQ's `rabbit_password_hashing_sha256` has it."""
NOTHING = "^$"


def users(
    services: Sequence[Service], passwords: Mapping[str, str], salt: Callable[[int], bytes]
) -> dict[str, Any]:
    """Return a user named as each service, its password (by service) as a salted hash, and its rights."""
    return {
        "users": [_user(each.name, passwords[each.name], salt(SALT_BYTES)) for each in services],
        "permissions": [_permission(each.name) for each in services],
        "topic_permissions": [_topic_permission(each) for each in services],
    }


def _user(name: str, password: str, salt: bytes) -> dict[str, Any]:
    digest = hashlib.sha256(salt + password.encode()).digest()
    return {
        "name": name,
        "password_hash": base64.b64encode(salt + digest).decode("ascii"),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": "",
    }


def _permission(service: str) -> dict[str, Any]:
    """Let a service make and use its own queues and the exchanges; topics say what for."""
    own = _any_of(EXCHANGE, DEAD_EXCHANGE, queue_of(service), dead_queue_of(service))
    return {"user": service, "vhost": "/", "configure": own, "write": own, "read": own}


def _topic_permission(service: Service) -> dict[str, Any]:
    kinds = _any_of(*(fact.kind for fact in service.tells), then=r"\.[a-z_]+")
    heard = rf"\.{re.escape(service.name)}$" if service.subscriptions else NOTHING
    return {"user": service.name, "vhost": "/", "exchange": EXCHANGE, "write": kinds, "read": heard}


def _any_of(*names: str, then: str = "") -> str:
    return f"^({'|'.join(map(re.escape, names))}){then}$" if names else NOTHING


def missing_passwords(services: Iterable[Service], environment: Mapping[str, str]) -> list[str]:
    """Return the names of the variables in which a service's password is looked for and not found."""
    return [variable_of(each.name) for each in services if not environment.get(variable_of(each.name))]


def variable_of(service: str) -> str:
    """Return the name of the variable that holds a service's password, at the database and at the broker."""
    return f"{service.upper()}_PASSWORD"
