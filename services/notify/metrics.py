"""What operators see of messages to people."""

from collections.abc import Iterable

from prometheus_client import Counter, Histogram

from services.notify.schedule import Verdict

WITHHELD = Counter(
    "rapport_deliveries_withheld_total", "Messages that were not to be sent", ["template", "reason"]
)
ATTEMPTS = Counter(
    "rapport_delivery_attempts_total", "Attempts to hand over a message", ["channel", "outcome"]
)
WAIT = Histogram(
    "rapport_delivery_wait_seconds",
    "From the fact to the message handed over",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 5, 60, 600, 3_600, 86_400),
)


def start_at_zero(channels: Iterable[str]) -> None:
    """Let every series that an alert names be there from the start."""
    for channel in channels:
        for outcome in ("sent", *Verdict):
            ATTEMPTS.labels(channel, outcome)
