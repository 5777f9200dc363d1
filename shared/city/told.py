"""Bodies as facts, and facts as bodies; pure."""

from datetime import datetime

from shared.city.profile import Body
from shared.facts import BodyChanged

_SAME = ("name", "purpose", "open", "duration", "location", "sharing", "recurrence", "slots", "reminders")


def body_changed(body: Body, revision: int, at: datetime) -> BodyChanged:
    """Return the fact that says all of a body."""
    said = body.model_dump(mode="json", include={*_SAME})
    return BodyChanged.model_validate(
        {
            **said,
            "body": body.id,
            "revision": revision,
            "changed_at": at,
            "seats": [member.model_dump(mode="json") for member in body.members],
        }
    )


def body_of(fact: BodyChanged) -> Body:
    """Return the body that a fact tells of."""
    said = fact.model_dump(mode="json", include={*_SAME})
    seats = [seat.model_dump(mode="json") for seat in fact.seats]
    return Body.model_validate({**said, "id": fact.body, "members": seats})
