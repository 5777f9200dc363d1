"""The portal, declared."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from services.portal.api import router
from services.portal.handlers import SUBSCRIPTIONS
from services.portal.pages.frame.context import PortalDependencies
from services.portal.read_model.store import TABLES
from services.portal.visitors import Visitors, visitors
from shared.runtime.service import Service
from shared.system.settings import Settings
from shared.web.asking import Ask

SERVICE = Service(name="portal", tables=TABLES, subscriptions=SUBSCRIPTIONS)
"""What the portal hears and stores, without its pages."""


def service(
    settings: Settings, ask: Ask, asyncapi: Mapping[str, Any], who: Visitors | None = None
) -> Service:
    """Return the portal with its pages.

    `ask` asks other services, `asyncapi` is the document of all services; tests say `who` reads.
    """
    url = settings.public_url.rstrip("/")
    dependencies = PortalDependencies(
        ask,
        asyncapi,
        url,
        who or visitors(ask),
        settings.open_pages,
        settings.lends_seats,
        has_provider=bool(settings.oidc_issuer),
        mails_links=settings.sign_in_by_mail or not settings.oidc_issuer,
    )
    return replace(SERVICE, router=router(dependencies))
