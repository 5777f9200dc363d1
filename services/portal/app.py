"""The portal, declared."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from services.portal.api import router
from services.portal.desk import Given
from services.portal.handlers import SUBSCRIPTIONS
from services.portal.messages import Fetch
from services.portal.store import TABLES
from shared.runtime.service import Service
from shared.system.settings import Settings

SERVICE = Service(name="portal", tables=TABLES, subscriptions=SUBSCRIPTIONS)
"""What the portal hears and stores, without its pages."""


def service(settings: Settings, fetch: Fetch, asyncapi: Mapping[str, Any]) -> Service:
    """Return the portal with its pages.

    `fetch` answers paths of the notify service, `asyncapi` is the document of all services.
    """
    given = Given(fetch, asyncapi, settings.public_url.rstrip("/"), settings.mails_are_open)
    return replace(SERVICE, router=router(given))
