"""YAML as people write it into a profile: what is wrong with it is named by file and line.

Text is composed (NFC): names are compared letter by letter, and a file that was written on a Mac may
hold `ö` as two characters.
"""

import stat
import unicodedata
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from shared.errors import Rejected

Keys = tuple[int | str, ...]
LARGEST_FILE = 4 * 1024 * 1024
"""Bytes; a profile's files are written by hand."""
MOST_VALUES = 100_000
"""Values of a file in which each alias stands for all that it names."""
UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, OverflowError)


class _Loader(yaml.SafeLoader):
    """Refuses a key that is given twice, of which the first would be lost, and says where it failed."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:  # noqa: FBT001, FBT002
        try:
            return super().construct_object(node, deep)
        except UNREADABLE as error:
            raise _fault(node, f"a value cannot be read: {error}") from error

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002
        seen: set[Hashable] = set()
        for name, _ in node.value:
            key = self.construct_object(name, deep=True)
            if isinstance(key, Hashable) and key in seen:
                raise _fault(name, f"{key!r} is given twice")
            seen.add(key if isinstance(key, Hashable) else str(key))
        return super().construct_mapping(node, deep)


@dataclass(frozen=True)
class Document:
    """What a YAML file holds; `root` knows its lines."""

    name: str
    data: Any
    root: yaml.Node | None = None

    def at(self, keys: Keys = ()) -> str:
        """Return file and line of what keys and indices lead to, or of the nearest that is there."""
        node, where = self.root, self.name
        for key in keys:
            found = _inside(node, key)
            if found is None:
                break
            mark, node = found
            where = f"{self.name}, line {mark.line + 1}"
        return where


def read_document(path: Path, name: str = "") -> Document:
    """Return a YAML file, called `name` or by its own; raises Rejected naming file and line."""
    name = name or path.name
    text = _text(path, name)
    try:
        return _loaded(name, text)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise Rejected(f"{name}, line {line}: has a character that YAML does not allow") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        told = " ".join(f"{error.problem or error.context}".split())
        raise Rejected(f"{name}, line {mark.line + 1}: {told}" if mark else f"{name}: {told}") from error
    except RecursionError as error:
        raise Rejected(f"{name}: is nested too deep") from error


def _loaded(name: str, text: str) -> Document:
    loader = _Loader(text)
    root = loader.get_single_node()
    if root is None:
        return Document(name, None)
    _weigh(root, {})
    return Document(name, loader.construct_document(root), root)


def check_file(path: Path, name: str) -> None:
    """Raise Rejected where a path is no file, or one that nobody has written by hand."""
    try:
        found = path.stat()
    except (OSError, ValueError) as error:
        raise Rejected(f"{name}: {getattr(error, 'strerror', None) or error}") from error
    if not stat.S_ISREG(found.st_mode):
        raise Rejected(f"{name}: is not a file")
    if found.st_size > LARGEST_FILE:
        raise Rejected(f"{name}: is larger than {LARGEST_FILE} bytes")


def _text(path: Path, name: str) -> str:
    check_file(path, name)
    try:
        return unicodedata.normalize("NFC", path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Rejected(f"{name}: {error.strerror}") from error
    except UnicodeError as error:
        raise Rejected(f"{name}: is not UTF-8") from error


def _inside(node: yaml.Node | None, key: int | str) -> tuple[yaml.Mark, yaml.Node] | None:
    """Return where a key or an item of a node stands, and its value."""
    if isinstance(node, yaml.MappingNode):
        pairs = ((name.start_mark, value) for name, value in node.value if name.value == str(key))
        return next(pairs, None)
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        return node.value[key].start_mark, node.value[key]
    return None


def _weigh(node: yaml.Node, known: dict[int, int]) -> int:
    """Return how many values a node is with every alias written out; raises where they are too many."""
    if id(node) in known:
        if not known[id(node)]:
            raise _fault(node, "holds itself, by an alias")
        return known[id(node)]
    known[id(node)] = 0
    weight = 1 + sum(_weigh(inner, known) for inner in _parts(node))
    if weight > MOST_VALUES:
        raise _fault(node, f"holds more than {MOST_VALUES} values")
    known[id(node)] = weight
    return weight


def _parts(node: yaml.Node) -> Sequence[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return node.value if isinstance(node, yaml.SequenceNode) else ()


def _fault(node: yaml.Node, problem: str) -> yaml.constructor.ConstructorError:
    return yaml.constructor.ConstructorError(None, None, problem, node.start_mark)
