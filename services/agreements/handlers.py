"""The use cases of agreements: a body agrees, moderation changes, who owns it reports."""

from typing import NamedTuple
from uuid import UUID

from services.agreements import domain, facts, store
from services.agreements.domain import REPORTS, Actor, Agreement, Change, Said
from services.agreements.judging import Verdict, judge_change, judge_new
from shared.access.caller import Caller
from shared.access.record import record
from shared.facts import BodyChanged
from shared.messaging.transaction import Tx
from shared.runtime.bodies import keep_body
from shared.runtime.service import Subscriptions


class Taken(NamedTuple):
    """An agreement as it stands, and what became of what somebody wanted of it."""

    agreement: Agreement
    verdict: Verdict


async def make(agreement: Agreement, caller: Caller, tx: Tx) -> Taken:
    """Take what a body has agreed."""
    verdict = judge_new(agreement.body, agreement.terms, agreement.origin, tx.now, tx.city)
    if verdict is not Verdict.TAKEN:
        return Taken(agreement, verdict)
    await store.add(tx, agreement, domain.made(Actor(agreement.made_by, caller.via, tx.now)))
    tx.emit(facts.made(agreement))
    _record(agreement, Change.MADE, caller, tx)
    return Taken(agreement, verdict)


async def change(agreement: Agreement, said: Said, actor: Actor, caller: Caller, tx: Tx) -> Taken:
    """Take what somebody wants done with an agreement; what changes nothing is taken and told to nobody."""
    last = await store.get_last(tx, agreement)
    verdict = judge_change(agreement, said, actor.by, last, tx.city)
    if verdict is not Verdict.TAKEN:
        return Taken(agreement, verdict)
    changed = domain.changed(agreement, said, actor, last)
    await store.save(tx, changed)
    tx.emit(facts.changed(changed))
    _record(changed.after, said.change, caller, tx)
    return Taken(changed.after, verdict)


async def find(agreement_id: UUID, tx: Tx) -> Agreement | None:
    """Return an agreement as it stands once nobody else can change it."""
    await tx.lock_service()
    return await store.find(tx, agreement_id)


def _record(agreement: Agreement, change: Change, caller: Caller, tx: Tx) -> None:
    details = {"body": agreement.body, "measure": agreement.terms.measure, "state": agreement.state.value}
    due = {"due_on": agreement.terms.due_on.isoformat()}
    for_whom = agreement.terms.owner.seat if change in REPORTS else ""
    record(tx, caller, f"agreement.{change}", str(agreement.id), in_name_of=for_whom, **details, **due)


SUBSCRIPTIONS: Subscriptions = {BodyChanged: keep_body}
