"""An envelope as a message of AMQP and back: CloudEvents 1.0, each attribute a header."""

from datetime import UTC, datetime
from uuid import UUID

import aio_pika
from aio_pika.abc import AbstractIncomingMessage

from shared.messaging.envelope import SPECVERSION, Envelope, digest_id

PREFIX = "cloudEvents:"


def to_message(envelope: Envelope) -> aio_pika.Message:
    """Return the message that carries an envelope; the broker keeps it on disk."""
    attributes = {
        "specversion": SPECVERSION,
        "id": str(envelope.id),
        "source": envelope.source,
        "type": envelope.kind,
        "subject": envelope.subject,
        "time": envelope.time.isoformat(),
        "dataschema": envelope.dataschema,
        "traceparent": envelope.traceparent,
    }
    return aio_pika.Message(
        envelope.body,
        content_type="application/json",
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        message_id=str(envelope.id),
        type=envelope.kind,
        headers={f"{PREFIX}{name}": value for name, value in attributes.items()},
    )


def from_message(message: AbstractIncomingMessage) -> Envelope:
    """Read an incoming message; one that others sent carelessly still gets an identity."""
    attributes = {name.removeprefix(PREFIX): str(value) for name, value in message.headers.items()}
    return Envelope(
        id=_uuid(attributes.get("id") or message.message_id) or digest_id(message.body),
        kind=(attributes.get("type") or message.type or message.routing_key or "")[:64],
        source=attributes.get("source", "unknown")[:64],
        subject=attributes.get("subject", "")[:128],
        time=_instant(attributes.get("time")) or datetime.fromtimestamp(0, UTC),
        body=message.body,
        traceparent=attributes.get("traceparent", "")[:55],
    )


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text)
    except (TypeError, ValueError, AttributeError):
        return None


def _instant(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.tzinfo else None
