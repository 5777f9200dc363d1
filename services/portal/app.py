"""The portal, declared."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from services.portal.api import router
from services.portal.handlers import SUBSCRIPTIONS
from services.portal.pages.frame.context import PortalDependencies
from services.portal.pages.mails.notify_client import Fetch
from services.portal.read_model.store import TABLES
from shared.runtime.service import Service
from shared.system.settings import Settings

SERVICE = Service(name="portal", tables=TABLES, subscriptions=SUBSCRIPTIONS)
"""What the portal hears and stores, without its pages."""


def service(settings: Settings, fetch: Fetch, asyncapi: Mapping[str, Any]) -> Service:
    """Return the portal with its pages.

    `fetch` answers paths of the notify service, `asyncapi` is the document of all services.
    """
    url = settings.public_url.rstrip("/")
    dependencies = PortalDependencies(fetch, asyncapi, url, settings.mails_are_open)
    return replace(SERVICE, router=router(dependencies))
