"""Sees to it that incidents count wherever the city's rules need them."""

from services.escalation.conditions.book import Rulebook
from services.escalation.conditions.loading import rulebook_of
from services.escalation.domain import counted_of
from services.escalation.store import incidents
from shared.messaging.transaction import Tx


async def ready(tx: Tx) -> Rulebook:
    """Wait for this transaction's turn and return the city's rules, with all incidents counted by them.

    Two transactions at once could each miss the incident of the other that reaches a threshold. Where a
    new rule counts a category in a kind of scope in which none did, earlier incidents are counted first.
    """
    await tx.lock_service()
    book = rulebook_of(tx.city)
    known = await incidents.find_counted_kinds(tx)
    if known != book.counted:
        await _count_earlier(book, book.counted - known, tx)
        await incidents.save_counted_kinds(tx, gone=known - book.counted, new=book.counted - known)
    return book


async def _count_earlier(book: Rulebook, new: set[tuple[str, str]], tx: Tx) -> None:
    earlier = await incidents.find_of_categories(tx, sorted({category for _, category in new}))
    counted = [each for incident in earlier for each in counted_of(incident, book, tx.city)]
    await incidents.count_in(tx, counted)
