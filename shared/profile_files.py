"""Reads the files of a city profile and collects all that is wrong with them, by file and field.

Names are compared letter by letter, so all text is composed (NFC) when it is read: a file that was
written on a Mac may hold `ö` as two characters.
"""

import csv
import unicodedata
from collections.abc import Hashable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from shared.errors import Rejected

P = TypeVar("P", bound=BaseModel)
MOST_FAULTS = 50
LARGEST_FILE = 4 * 1024 * 1024
"""Bytes; a profile's files are written by hand."""


class _Loader(yaml.SafeLoader):
    """Reads YAML and refuses a key that is given twice, of which the first would be lost."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002
        seen: set[Hashable] = set()
        for name, _ in node.value:
            key = self.construct_object(name, deep=True)
            if isinstance(key, Hashable) and key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key!r} is given twice", name.start_mark
                )
            seen.add(key if isinstance(key, Hashable) else str(key))
        return super().construct_mapping(node, deep)


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
        return next(self._parts(path.name, [("", self._yaml(path))], part), None)

    def items(self, path: Path, part: type[P], key: str = "id") -> dict[str, P]:
        """Return the items of a YAML file that are right, by their key."""
        read = self._yaml(path)
        if read is not None and not isinstance(read, list):
            self.faults.append(f"{path.name}: a list is needed")
        items = read if isinstance(read, list) else []
        numbered = ((f", item {number}", item) for number, item in enumerate(items, start=1))
        return self._keyed(path.name, self._parts(path.name, numbered, part), key)

    def rows(self, path: Path, part: type[P], key: str = "id") -> dict[str, P]:
        """Return the rows of a CSV file that are right, by their key."""
        return self._keyed(path.name, self._parts(path.name, self._csv(path), part), key)

    def _parts(self, name: str, items: Any, part: type[P]) -> Iterator[P]:
        for where, item in items:
            if item is None and not where:
                continue
            try:
                yield part.model_validate(item)
            except ValidationError as error:
                self.faults += [f"{name}{where}: {fault}" for fault in described(error)]
            except RecursionError:
                self.faults.append(f"{name}{where}: is nested too deep")

    def _keyed(self, name: str, parts: Iterator[P], key: str) -> dict[str, P]:
        keyed: dict[str, P] = {}
        for part in parts:
            if (found := getattr(part, key)) in keyed:
                self.faults.append(f"{name}: {found} appears twice")
            keyed.setdefault(found, part)
        return keyed

    def _yaml(self, path: Path) -> Any:
        try:
            read = read_yaml(path)
        except Rejected as rejected:
            self.faults.append(str(rejected))
            return None
        if read is None:
            self.faults.append(f"{path.name}: {'a list is needed' if _is_list(path) else 'is empty'}")
        return read

    def _csv(self, path: Path) -> Iterator[tuple[str, dict[str, str]]]:
        try:
            rows = csv.DictReader(StringIO(read_text(path), newline=""), strict=True)
            for row in rows:
                where = f", line {rows.line_num}"
                if None in row:
                    self.faults.append(f"{path.name}{where}: more cells than columns")
                else:
                    yield where, {key: value for key, value in row.items() if value}
        except Rejected as rejected:
            self.faults.append(str(rejected))
        except csv.Error as error:
            self.faults.append(f"{path.name}, line {rows.line_num}: {error}")


def _is_list(path: Path) -> bool:
    return path.name != "city.yaml"


def read_text(path: Path) -> str:
    """Return the text of a file, composed; raises Rejected naming the file and what is wrong with it."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise Rejected(f"{path.name}: is larger than {LARGEST_FILE} bytes")
        return unicodedata.normalize("NFC", path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Rejected(f"{path.name}: {error.strerror}") from error
    except UnicodeError as error:
        raise Rejected(f"{path.name}: is not UTF-8") from error


def read_yaml(path: Path) -> Any:
    """Return what a YAML file holds; raises Rejected naming file and line."""
    try:
        return yaml.load(read_text(path), _Loader)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        raise Rejected(f"{path.name}: {_one_line(error)}") from error
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError) as error:
        raise Rejected(f"{path.name}: holds a value that cannot be read: {error}") from error


def described(error: ValidationError) -> Iterator[str]:
    """Yield `field: what is wrong` for each fault, without repeating the value."""
    for fault in error.errors(include_url=False, include_context=False, include_input=False):
        field = ".".join(str(part) for part in fault["loc"])
        yield f"{field}: {fault['msg']}" if field else str(fault["msg"])


def _one_line(error: yaml.YAMLError) -> str:
    return " ".join(str(error).split())
