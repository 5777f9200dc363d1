"""Where one asks to join an open body, confirms that, leaves, and where moderation answers."""

from fastapi import APIRouter

from services.portal.pages.frame.context import PageContext
from services.portal.pages.joining import answering, asking, leaving


def add(routes: APIRouter, context: PageContext) -> None:
    """Add what answers under `/join`, `/leave` and `/bodies/{body}/join-requests` in one language."""
    asking.add(routes, context)
    leaving.add(routes, context)
    answering.add(routes, context)
