"""The account of one file: how many lines it has, and what became of each."""

import csv
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from rapport.imports.reading import Refusal
from rapport.imports.tally import Tally
from rapport.imports.words import fault_words, line_words
from services.intake.importmap import ImportMap
from shared.tabular.reasons import FileFault, FileRefused
from shared.tabular.rows import Table
from shared.tabular.words import file_words
from shared.text.language import Language

SHOWN = 20
"""Refused rows that are named in the terminal."""
COLUMNS = {"de": ("Zeile", "bis", "Grund"), "en": ("line", "to", "reason")}


@dataclass
class Account:
    """What became of the rows of a file; lines that a quoted row goes on over are counted apart."""

    mapping: ImportMap
    language: Language = "de"
    beside: TextIO | None = None
    """Where all refusals are written, as CSV."""
    accepted: int = 0
    duplicate: int = 0
    fit: int = 0
    """Rows that intake would take, of a dry run."""
    unsent: int = 0
    """Rows that were read when sending had to end."""
    rejected: int = 0
    continued: int = 0
    named: list[str] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def rows(self) -> int:
        return self.accepted + self.duplicate + self.fit + self.unsent + self.rejected

    def balances(self, table: Table) -> bool:
        """Say whether every line of the file that was read is in exactly one place."""
        return table.lines == table.heading_lines + table.blank + self.continued + self.rows

    def add(self, tally: Tally) -> None:
        """Count what intake has answered, refused rows in the order of the file."""
        self.accepted += tally.accepted
        self.duplicate += tally.duplicate
        for refusal in sorted(tally.refusals, key=lambda refusal: refusal.first):
            self.refuse(refusal)

    def refuse(self, refusal: Refusal) -> None:
        """Count a refused row, and name it."""
        self.rejected += 1
        why = [fault_words(fault, self.mapping, self.language) for fault in refusal.faults]
        self.reasons.update(why[:1])
        if len(self.named) < SHOWN:
            self.named.append(f"{line_words(refusal, self.language)}: {'; '.join(why)}.")
        if self.beside:
            csv.writer(self.beside, delimiter=";").writerow((refusal.first, refusal.last, "; ".join(why)))


@contextmanager
def writing_refusals(path: Path | None, read: Path, language: Language) -> Iterator[TextIO | None]:
    """Open a CSV file for refusals, as spreadsheet programs read it; for nobody but its owner."""
    if path is None:
        yield None
        return
    if path.exists() and path.samefile(read):
        raise FileRefused(FileFault.UNWRITABLE, path.name)
    try:
        path.touch(mode=0o600)
        file = path.open("w", encoding="utf-8-sig", newline="")
    except OSError as error:
        raise FileRefused(FileFault.UNWRITABLE, path.name) from error
    with file:
        csv.writer(file, delimiter=";").writerow(COLUMNS[language])
        yield file


def totals(account: Account, table: Table) -> list[tuple[int, str]]:
    """Return every line of the file in exactly one place, in the words of the account's language."""
    words: list[tuple[int, tuple[str, str]]] = [
        (account.accepted, ("angenommen", "accepted")),
        (account.fit, ("würden angenommen (nichts gesendet)", "would be accepted (nothing sent)")),
        (account.duplicate, ("schon früher gemeldet", "reported before")),
        (account.rejected, ("abgewiesen", "rejected")),
        (account.unsent, ("gelesen, aber nicht gesendet", "read but not sent")),
        (table.heading_lines, ("Überschriften", "headings")),
        (table.blank, ("leer", "blank")),
        (account.continued, ("Fortsetzungen mehrzeiliger Einträge", "continuations of rows over lines")),
    ]
    which = 0 if account.language == "de" else 1
    return [(count, said[which]) for n, (count, said) in enumerate(words) if count or n in {0, 2, 3}]


def told(account: Account, file: str, *, cut: bool) -> list[str]:
    """Return all that a replay says of the rows that it could not use."""
    more = account.rejected - SHOWN
    words = ("… und {} weitere Zeilen", "… and {} more rows")[account.language == "en"]
    ending = [file_words(FileRefused(FileFault.CUT, file), account.language)] if cut else []
    return [*account.named, *([words.format(more)] if more > 0 else []), *ending]
