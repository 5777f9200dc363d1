"""The portal, declared."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from services.portal.api import router
from services.portal.handlers import SUBSCRIPTIONS
from services.portal.pages.frame.context import PortalDependencies
from services.portal.read_model.store import TABLES
from shared.runtime.service import Service
from shared.system.settings import Settings
from shared.web.asking import Ask

SERVICE = Service(name="portal", tables=TABLES, subscriptions=SUBSCRIPTIONS)
"""What the portal hears and stores, without its pages."""


def service(settings: Settings, ask: Ask, asyncapi: Mapping[str, Any]) -> Service:
    """Return the portal with its pages.

    `ask` asks other services, `asyncapi` is the document of all services.
    """
    url = settings.public_url.rstrip("/")
    dependencies = PortalDependencies(ask, asyncapi, url, settings.mails_are_open)
    return replace(SERVICE, router=router(dependencies))
