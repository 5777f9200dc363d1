"""`count`: at least so many incidents, or so large a sum of quantities, within a sliding window."""

from collections.abc import Iterable
from typing import Literal

from services.escalation.intervals import Intervals, Point, where_at_least
from services.escalation.rules.rule import Elementary


class Count(Elementary):
    """Met while the window before an instant holds at least `at_least`."""

    kind: Literal["count"]
    measure: Literal["incidents", "quantity"] = "incidents"

    def weigh(self, quantity: int) -> int:
        return quantity if self.measure == "quantity" else 1

    def met(self, points: Iterable[Point]) -> Intervals:
        weighed = ((at, self.weigh(quantity)) for at, quantity in points)
        return where_at_least(weighed, self.within_us, self.at_least)

    def counted(self, number: int) -> tuple[str, str]:
        if self.measure == "quantity":
            return f"insgesamt {number}", f"{number} in total"
        return (
            f"{number} {'Vorfall' if number == 1 else 'Vorfälle'}",
            f"{number} {'incident' if number == 1 else 'incidents'}",
        )
