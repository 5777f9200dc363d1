"""What operators see: structured logs and Prometheus metrics. No personal data, no secrets, no addresses."""

import logging
import sys
from collections.abc import Iterable

import structlog
from prometheus_client import Counter, Gauge
from structlog.typing import EventDict

from shared.text.clean import clean, clean_line
from shared.text.reason import without_addresses

MANY_LINES = frozenset({"exception", "stack"})
"""What of an event may have several lines."""

PUBLISHED = Counter("rapport_facts_published_total", "Facts handed to the bus", ["service"])
HANDLED = Counter("rapport_facts_handled_total", "Facts handled once", ["service", "kind"])
DUPLICATES = Counter("rapport_facts_duplicate_total", "Facts that had been handled before", ["service"])
PARKED = Counter("rapport_facts_parked_total", "Facts that wait for another attempt", ["service", "kind"])
DEAD = Counter("rapport_facts_dead_total", "Facts that were dead-lettered", ["service", "kind"])
OUTBOX_WAITING = Gauge("rapport_outbox_waiting", "Facts that no transport has taken yet", ["service"])
DEAD_WAITING = Gauge("rapport_dead_letters", "Dead letters that wait for an operator", ["service"])
READY = Gauge("rapport_ready", "Whether /health/ready answers 200", ["service"])
CAN_WRITE = Gauge("rapport_can_write", "Whether the last heartbeat could be written", ["service"])
CLOCK_SUSPECT = Gauge("rapport_clock_suspect", "Whether the machine's clock is not believed", ["service"])
BROKER_MISSING = Counter(
    "rapport_broker_missing_total", "Times a queue, exchange or consumer was gone and made again", ["name"]
)


def start_at_zero(service: str, kinds: Iterable[str]) -> None:
    """Let every series be there from the start: an alert on an increase does not see the first step."""
    for each in (PUBLISHED, DUPLICATES, OUTBOX_WAITING, DEAD_WAITING, CLOCK_SUSPECT):
        each.labels(service)
    for kind in kinds:
        for counter in (HANDLED, PARKED, DEAD):
            counter.labels(service, kind)
    for gauge in (READY, CAN_WRITE):
        gauge.labels(service).set(1)


def clean_values(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Return an event whose texts are clean, without addresses, and of one line but for tracebacks."""
    return {key: _cleaned(value, many_lines=key in MANY_LINES) for key, value in event.items()}


def _cleaned(value: object, *, many_lines: bool = False) -> object:
    if isinstance(value, str):
        return without_addresses((clean if many_lines else clean_line)(value))
    if isinstance(value, dict):
        return {_cleaned(key): _cleaned(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_cleaned(inner) for inner in value]
    return value


def configure_logging(style: str) -> None:
    """Write logs for people (`console`) or machines (`json`) to standard error."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        clean_values,
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if style == "json" else structlog.dev.ConsoleRenderer()
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    handler = logging.StreamHandler(sys.stderr)
    keep = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[keep, renderer])
    )
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    for noisy in ("aiormq", "aio_pika", "alembic", "apscheduler", "httpx"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
