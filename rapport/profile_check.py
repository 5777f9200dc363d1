"""Checks the files of a city's profile that are only read when they are needed: rules, imports, areas."""

from collections.abc import Callable, Iterator
from functools import partial

from services.escalation.conditions.loading import rulebook_of
from services.intake.importmap import ImportMap, parse_import_map
from shared.city.city import City
from shared.errors import Rejected


def check_profile(city: City) -> None:
    """Raise Rejected with one line for each fault, by file and field."""
    faults = []
    for read in _readers(city):
        try:
            read()
        except Rejected as rejected:
            faults.append(str(rejected))
    if faults:
        raise Rejected("\n".join(faults))


def _readers(city: City) -> list[Callable[[], object]]:
    maps = sorted(path.stem for path in (city.folder / "imports").glob("*.yaml"))
    return [
        partial(rulebook_of, city),
        lambda: city.areas,
        *(partial(_import_map, city, name) for name in maps),
    ]


def _import_map(city: City, name: str) -> None:
    document = city.document(f"imports/{name}.yaml")
    mapping = parse_import_map(document)
    faults = [
        f"{document.at(keys)}: {'.'.join(keys)}: unknown {keys[1]} {meant}"
        for keys, meant in _meant(mapping)
        if meant not in (city.agencies if keys[1] == "agency" else city.categories)
    ]
    if faults:
        raise Rejected("\n".join(faults))


def _meant(mapping: ImportMap) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the agencies and categories that a map names, and what leads to them."""
    for field in ("agency", "category"):
        if field in mapping.constants:
            yield ("constants", field), str(mapping.constants[field])
        for written, meant in mapping.values.get(field, {}).items():
            yield ("values", field, written), meant
