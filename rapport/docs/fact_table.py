"""Facts and tables as Markdown, from the declarations: where a fact is born, who hears it, what is stored."""

import inspect
import re
from collections.abc import Mapping, Sequence

from shared.facts import FACTS, Fact
from shared.runtime.service import Service


def facts_table(services: Mapping[str, Service]) -> str:
    """Return one line for each kind of fact, in the order in which they happen."""
    lines = ["| fact | says | born in | heard by |", "|---|---|---|---|"]
    for kind, fact in FACTS.items():
        born = [name for name, service in services.items() if fact in service.tells]
        heard = [name for name, service in services.items() if fact in service.subscriptions]
        lines.append(
            f"| `{kind}` | {_sentence(fact)} | {_named(born, services)} | {', '.join(heard) or '–'} |"
        )
    return "\n".join(lines) + "\n"


def _named(born: Sequence[str], services: Mapping[str, Service]) -> str:
    return "each" if len(born) == len(services) else ", ".join(born)


def _sentence(fact: type[Fact]) -> str:
    """Return the beginning of what a fact says of itself, up to the first pause."""
    return re.split(r"[.;:(]", inspect.cleandoc(fact.__doc__ or ""))[0].strip()


def tables_table(services: Mapping[str, Service]) -> str:
    """Return one line for each service with the tables of its own."""
    lines = ["| service | keeps | facts it hears | works by itself |", "|---|---|---|---|"]
    for name, service in services.items():
        tables = ", ".join(f"`{table}`" for table in sorted(service.tables.tables))
        ticks = [f"`{tick.name}`" for tick in service.ticks] + ["its worker"] * bool(service.worker)
        lines.append(f"| {name} | {tables} | {len(service.subscriptions)} | {', '.join(ticks) or '–'} |")
    return "\n".join(lines) + "\n"
