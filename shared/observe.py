"""What operators see: structured logs and Prometheus metrics. No personal data, no secrets, no addresses."""

import logging
import sys

import structlog
from prometheus_client import Counter, Gauge

PUBLISHED = Counter("rapport_facts_published_total", "Facts handed to the bus", ["service"])
HANDLED = Counter("rapport_facts_handled_total", "Facts handled once", ["service", "kind"])
DUPLICATES = Counter("rapport_facts_duplicate_total", "Facts that had been handled before", ["service"])
PARKED = Counter("rapport_facts_parked_total", "Facts that wait for another attempt", ["service", "kind"])
DEAD = Counter("rapport_facts_dead_total", "Facts that were dead-lettered", ["service", "kind"])
OUTBOX_WAITING = Gauge("rapport_outbox_waiting", "Facts that no transport has taken yet", ["service"])
DEAD_WAITING = Gauge("rapport_dead_letters", "Dead letters that wait for an operator", ["service"])


def configure_logging(style: str) -> None:
    """Write logs for people (`console`) or machines (`json`) to standard error."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if style == "json" else structlog.dev.ConsoleRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
