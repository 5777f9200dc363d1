"""What the system did with a recorded time: as tables for the terminal, and as a Markdown report."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from rich.console import Console, Group
from rich.table import Table

from rapport.imports.account import Account
from rapport.replay.replay import Outcome
from rapport.terminal import add_row, folding
from shared.city.city import City

ESCALATIONS = ("Since", "Until", "Rule", "Where", "Why")
MEETINGS = ("Body", "State", "Meetings", "First", "Last")
Row = tuple[str, ...]


def show(outcome: Outcome, account: Account, city: City, out: Console) -> None:
    """Print what became of every row, which escalations, meetings and mails followed."""
    why = folding("Since / until", "Rule / where", "Why", title="Escalations", lines=True)
    for since, until, rule, where, sentence in escalation_rows(outcome, city):
        add_row(why, f"{since}\n{until}", f"{rule}\n{where}", sentence)
    meetings = folding(*MEETINGS, title="Meetings")
    for row in meeting_rows(outcome, city):
        add_row(meetings, *row)
    mails = folding("Mails", "", title="Mails written")
    for template, count in sorted(outcome.deliveries.items()):
        add_row(mails, str(count), template)
    out.print(Group(_rows_table(account), why, meetings, mails))


def markdown(outcome: Outcome, account: Account, city: City) -> str:
    """Return the same as `show`, as Markdown."""
    rows: list[Row] = [("accepted", str(account.accepted)), ("duplicate", str(account.duplicate))]
    rows += [(f"rejected: {reason}", str(count)) for reason, count in account.reasons.most_common()]
    rows.append(("**in all**", f"**{account.rows}**"))
    parts = [
        f"# {city.profile.name}: what the system would have done",
        "## Incidents",
        _markdown_table(("Rows", ""), rows),
        "## Escalations",
        _markdown_table(ESCALATIONS, escalation_rows(outcome, city)),
        "## Meetings",
        _markdown_table(MEETINGS, meeting_rows(outcome, city)),
        "## Mails",
        _markdown_table(("Message", "Mails"), [(k, str(n)) for k, n in sorted(outcome.deliveries.items())]),
    ]
    return "\n\n".join(parts) + "\n"


def _rows_table(account: Account) -> Table:
    """Return a table in which every row of a file is in exactly one line."""
    table = folding("Rows", "", title="Incidents")
    add_row(table, str(account.accepted), "accepted")
    add_row(table, str(account.duplicate), "duplicate: the agency had sent the same before")
    for reason, count in account.reasons.most_common():
        add_row(table, str(count), f"rejected: {reason}")
    table.add_section()
    add_row(table, str(account.rows), "in all")
    return table


def escalation_rows(outcome: Outcome, city: City) -> list[Row]:
    """Return since, until, rule, where and why of each escalation, oldest first."""
    return [
        (
            _minute(item["started_at"], city),
            _minute(item["ended_at"], city) if item["state"] == "resolved" else "goes on",
            item["rule"],
            f"{item['scope']['kind']} {item['scope']['key']}",
            item["sentence"]["en"],
        )
        for item in sorted(outcome.escalations, key=lambda item: (item["started_at"], item["rule"]))
    ]


def meeting_rows(outcome: Outcome, city: City) -> Iterator[Row]:
    """Yield body, state, number, first and last start of the meetings."""
    counts = Counter((item["body"], item["state"]) for item in outcome.meetings)
    for key, count in sorted(counts.items()):
        starts = sorted(m["starts_at"] for m in outcome.meetings if (m["body"], m["state"]) == key)
        yield *key, str(count), _minute(starts[0], city), _minute(starts[-1], city)


def _markdown_table(head: Sequence[str], rows: Sequence[Row] | Iterator[Row]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _minute(instant: Any, city: City) -> str:
    return f"{datetime.fromisoformat(instant).astimezone(city.zone):%Y-%m-%d %H:%M}"
