"""What escalation does by itself: ends what is calm, tells what was declined or held back for long enough."""

from collections.abc import Sequence
from datetime import timedelta

from services.escalation.domain import Escalation, Outcome, State
from services.escalation.intervals import instant
from services.escalation.measure import ready
from services.escalation.store import escalations, incidents
from services.escalation.teller import Teller, Told
from services.escalation.witness import Witness
from shared.messaging.transaction import Tx
from shared.runtime.service import Tick


async def resolve_due(tx: Tx) -> None:
    """End escalations that have been calm for long enough; tell those whose refusal or hold ran out."""
    if not any(await escalations.find_due(tx)):
        return
    book = await ready(tx)
    teller = Teller(book, tx.city, tx.now, tx.new_id)
    calm, run_out = await escalations.find_due(tx)
    told = [
        teller.ended(each, book.rules.get(each.rule), Outcome.CALM, instant(each.resolve_due))
        for each in calm
    ]
    told += await _raised_again(run_out, teller, tx)
    await escalations.save(tx, [each.after for each in told])
    for fact in (fact for each in told for fact in each.facts):
        tx.emit(fact)


async def _raised_again(run_out: Sequence[Escalation], teller: Teller, tx: Tx) -> list[Told]:
    known = [(each, teller.book.rules[each.rule]) for each in run_out if each.rule in teller.book.rules]
    spans = [
        (teller.book.categories(rule), each.scope, teller.seen_lately(each, rule)) for each, rule in known
    ]
    return [
        (teller.reopened if each.state is State.DECLINED else teller.released)(
            each, rule, Witness(teller.book, rule, sightings)
        )
        for (each, rule), sightings in zip(known, await incidents.find_sightings(tx, spans), strict=True)
    ]


TICKS = (Tick("resolve_due", timedelta(seconds=60), resolve_due),)
