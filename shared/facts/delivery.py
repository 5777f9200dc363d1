"""How far messages to people got."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime

from shared.facts.fact import Fact


class DeliverySent(Fact):
    """A message was handed over to its channel."""

    kind: ClassVar[str] = "delivery.sent.v1"
    delivery_id: UUID
    channel: str
    recipient: str
    """The function in its body (`extended_rapport/police_president`), never an address."""
    language: str
    template: str
    about: str
    """Id of the escalation or meeting that the message is about."""
    title: str
    sent_at: AwareDatetime


class DeliveryDelayed(Fact):
    """The first attempt to hand over a message failed for now; it is tried again by itself."""

    kind: ClassVar[str] = "delivery.delayed.v1"
    delivery_id: UUID
    channel: str
    recipient: str
    template: str
    about: str
    title: str
    reason: str
    delayed_at: AwareDatetime


class DeliveryOvertaken(Fact):
    """A message that waited or had failed is not sent any more: something newer about it is told."""

    kind: ClassVar[str] = "delivery.overtaken.v1"
    delivery_id: UUID
    channel: str
    recipient: str
    template: str
    about: str
    title: str
    overtaken_at: AwareDatetime


class DeliveryFailed(Fact):
    """A message could not be handed over and will not be tried again by itself."""

    kind: ClassVar[str] = "delivery.failed.v1"
    delivery_id: UUID
    channel: str
    recipient: str
    template: str
    about: str
    title: str = ""
    reason: str
    failed_at: AwareDatetime
