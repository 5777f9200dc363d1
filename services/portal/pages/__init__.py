"""The pages, each a folder of route, view, template and words; a new one is named here and in `words.py`."""

from collections.abc import Callable

from fastapi import APIRouter

from services.portal.pages.agreements import route as agreements
from services.portal.pages.answer import route as answer
from services.portal.pages.audit import route as audit
from services.portal.pages.bodies import route as bodies
from services.portal.pages.escalations import route as escalations
from services.portal.pages.frame.context import PageContext
from services.portal.pages.functions import route as functions
from services.portal.pages.interfaces import route as interfaces
from services.portal.pages.joining import route as joining
from services.portal.pages.keys import route as keys
from services.portal.pages.mails import route as mails
from services.portal.pages.meetings import route as meetings
from services.portal.pages.overview import route as overview
from services.portal.pages.partners import route as partners
from services.portal.pages.reports import account
from services.portal.pages.reports import route as reports
from services.portal.pages.requests import route as requests
from services.portal.pages.seats import route as seats
from services.portal.pages.sign_in import route as sign_in
from services.portal.pages.sign_ins import route as sign_ins
from services.portal.pages.today import route as today

PAGES: tuple[Callable[[APIRouter, PageContext], None], ...] = (
    today.add,
    overview.add,
    escalations.add,
    meetings.add,
    agreements.add,
    reports.add,
    account.add,
    requests.add,
    functions.add,
    mails.add,
    bodies.add,
    seats.add,
    partners.add,
    joining.add,
    audit.add,
    keys.add,
    answer.add,
    interfaces.add,
    sign_in.add,
    sign_ins.add,
)
