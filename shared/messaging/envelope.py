"""A fact on its way: CloudEvents 1.0 attributes around its JSON body."""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_OID, UUID, uuid5

from pydantic import ValidationError

from shared.errors import Rejected
from shared.facts import FACTS, Fact

SPECVERSION = "1.0"


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message; `kind` is the CloudEvents `type` and the routing key."""

    id: UUID
    kind: str
    source: str
    subject: str
    time: datetime
    body: bytes
    traceparent: str

    @property
    def dataschema(self) -> str:
        return f"urn:rapport:{self.kind}"

    def to_json(self) -> bytes:
        """Return the CloudEvents JSON format; a body that need not be JSON goes as `data_base64`."""
        attributes = {
            "specversion": SPECVERSION,
            "id": str(self.id),
            "source": self.source,
            "type": self.kind,
            "subject": self.subject,
            "time": self.time.isoformat(),
            "dataschema": self.dataschema,
            "traceparent": self.traceparent,
            "data_base64": b64encode(self.body).decode(),
        }
        return json.dumps(attributes).encode()

    @classmethod
    def from_json(cls, event: bytes) -> "Envelope":
        """Read what `to_json` wrote."""
        read = json.loads(event)
        return cls(
            id=UUID(read["id"]),
            kind=read["type"],
            source=read["source"],
            subject=read["subject"],
            time=datetime.fromisoformat(read["time"]),
            body=b64decode(read["data_base64"]),
            traceparent=read["traceparent"],
        )

    def fact(self) -> Fact:
        """Return the parsed fact; raises Rejected where kind or body are not ours."""
        found = FACTS.get(self.kind)
        if found is None:
            raise Rejected(f"unknown kind {self.kind}")
        try:
            return found.model_validate_json(self.body)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            field = ".".join(str(part) for part in first["loc"])
            raise Rejected(f"{self.kind}: {field}: {first['msg']}") from error


def seal(fact: Fact, id: UUID, source: str, time: datetime, traceparent: str | None) -> Envelope:  # noqa: A002
    """Put a fact into an envelope; a trace begins with it where none is given (W3C Trace Context)."""
    return Envelope(
        id=id,
        kind=fact.kind,
        source=f"rapport/{source}",
        subject=fact.subject,
        time=time,
        body=fact.model_dump_json().encode(),
        traceparent=traceparent or f"00-{id.hex}-{id.hex[:16]}-01",
    )


def digest_id(body: bytes) -> UUID:
    """Return the id of a message that came without a usable one: the same body, the same id."""
    return uuid5(NAMESPACE_OID, body.hex())
