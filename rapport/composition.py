"""The composition root: which services there are, and how a process of one or all of them is built."""

from collections.abc import Callable, Sequence
from uuid import UUID

from fastapi import FastAPI

from rapport.docs.asyncapi import asyncapi
from rapport.process.process import Process
from services.agreements.app import SERVICE as AGREEMENTS
from services.audit.app import SERVICE as AUDIT
from services.directory.app import service as directory
from services.escalation.app import SERVICE as ESCALATION
from services.intake.app import SERVICE as INTAKE
from services.notify.addresses import Directory
from services.notify.app import service as notify
from services.portal.app import service as portal
from services.scheduler.app import SERVICE as SCHEDULER
from shared.access.assertion import Assertions, make_signing_key
from shared.city.city import City
from shared.runtime.service import Service
from shared.system.clock import Clock
from shared.system.private_file import make_once
from shared.system.settings import Settings
from shared.web.asking import Ask, asking

NAMES = ("directory", "intake", "escalation", "scheduler", "agreements", "notify", "audit", "portal")
SIGNING_KEY = "caller.pem"
"""File in the city's folder with the key by which services tell each other who asks."""


def declare(settings: Settings, ask: Ask) -> dict[str, Service]:
    """Return every service by name; `ask` is how one asks another."""
    mails = notify(settings, Directory(ask))
    services = [directory(settings), INTAKE, ESCALATION, SCHEDULER, AGREEMENTS, mails, AUDIT]
    told = portal(settings, ask, {})
    return {s.name: s for s in [*services, portal(settings, ask, asyncapi([*services, told]))]}


def build(
    names: Sequence[str], settings: Settings, city: City, clock: Clock, new_id: Callable[[], UUID]
) -> tuple[Process, FastAPI]:
    """Return a process of the named services and its HTTP application."""
    assertions = Assertions(make_once(settings.data_dir / SIGNING_KEY, make_signing_key()))
    inside: dict[str, FastAPI] = {}
    declared = declare(settings, asking(inside, settings.service_urls, assertions, clock.now))
    process = Process([declared[name] for name in names], settings, city, clock, new_id)
    for runtime in process.runtimes.values():
        runtime.assertions = assertions
    app = process.app()
    inside |= dict.fromkeys(names, app)
    return process, app
