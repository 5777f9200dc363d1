"""Reads the files of a city profile and collects all that is wrong with them, by file, line and field."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from shared.errors import Rejected
from shared.tabular.reasons import FileFault, FileRefused
from shared.tabular.rows import Table
from shared.tabular.words import file_words, row_words
from shared.text.yaml_text import Document, Keys, check_file, read_document

P = TypeVar("P", bound=BaseModel)
At = Callable[[Keys], str]
"""Names file and line of what keys and indices lead to."""
MOST_FAULTS = 50


class ProfileFiles:
    """Reads files and remembers what is wrong with them until `check` says all of it."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def check(self) -> None:
        """Raise Rejected with one line for each fault that was found."""
        if self.faults:
            more = len(self.faults) - MOST_FAULTS
            raise Rejected("\n".join(self.faults[:MOST_FAULTS] + ([f"and {more} more"] if more > 0 else [])))

    def whole(self, path: Path, part: type[P]) -> P | None:
        """Return a YAML file as one part, None where it is wrong."""
        document = self._document(path)
        if document and document.data is None:
            self.faults.append(f"{path.name}: is empty")
        elif document:
            return self._part(part, document.data, document.at)
        return None

    def items(self, path: Path, part: type[P], key: str = "id") -> dict[str, P]:
        """Return the items of a YAML file that are right, by their key."""
        document = self._document(path)
        if document is None:
            return {}
        if not isinstance(document.data, list):
            self.faults.append(f"{path.name}: a list is needed")
            return {}
        places = [partial(_at_item, document, number) for number in range(len(document.data))]
        return self._keyed(zip(places, document.data, strict=True), part, key)

    def rows(self, path: Path, part: type[P], key: str = "id") -> dict[str, P]:
        """Return the rows of a CSV file that are right, by their key."""
        return self._keyed(self._rows(path, part), part, key)

    def _document(self, path: Path) -> Document | None:
        try:
            return read_document(path)
        except Rejected as rejected:
            self.faults.append(str(rejected))
            return None

    def _rows(self, path: Path, part: type[P]) -> Iterator[tuple[At, dict[str, str]]]:
        try:
            check_file(path, path.name)
            table = Table(path)
            fields = part.model_fields.items()
            table.require([name for name, field in fields if field.is_required()], list(part.model_fields))
        except FileRefused as refused:
            self.faults.append(f"{path.name}: {file_words(refused, 'en')}")
            return
        except Rejected as rejected:
            self.faults.append(str(rejected))
            return
        for row in table:
            where = f"{path.name}, line {row.first}"
            if row.fault:
                self.faults.append(f"{where}: {row_words(row.fault, row.detail, 'en')}")
            else:
                yield partial(_in_row, where), {name: cell for name, cell in row.cells.items() if cell}
        if table.cut:
            self.faults.append(f"{path.name}: {file_words(FileRefused(FileFault.CUT, path.name), 'en')}")

    def _keyed(self, items: Iterable[tuple[At, Any]], part: type[P], key: str) -> dict[str, P]:
        keyed: dict[str, P] = {}
        for at, item in items:
            read = self._part(part, item, at)
            if read and (found := getattr(read, key)) in keyed:
                self.faults.append(f"{at((key,))}: {found} appears twice")
            elif read:
                keyed[found] = read
        return keyed

    def _part(self, part: type[P], item: Any, at: At) -> P | None:
        try:
            return part.model_validate(item)
        except ValidationError as error:
            self.faults += [f"{at(keys)}: {said}" for keys, said in described(error)]
        except RecursionError:
            self.faults.append(f"{at(())}: is nested too deep")
        return None


def _at_item(document: Document, number: int, keys: Keys) -> str:
    return f"{document.at((number, *keys))}, item {number + 1}"


def _in_row(where: str, _: Keys) -> str:
    return where


def described(error: ValidationError) -> Iterator[tuple[Keys, str]]:
    """Yield what leads to each field at fault, and `field: what is wrong` without repeating the value."""
    for fault in error.errors(include_url=False, include_context=False, include_input=False):
        field = ".".join(str(part) for part in fault["loc"])
        yield fault["loc"], f"{field}: {fault['msg']}" if field else str(fault["msg"])
