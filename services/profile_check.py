"""Checks the files of a city's profile that are only read when they are needed: rules, imports, areas."""

from collections.abc import Callable
from functools import partial

from services.escalation.rules.loading import rulebook_of
from services.intake.importmap import parse_import_map
from shared.city import City
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


def _import_map(city: City, name: str) -> object:
    return parse_import_map(city.document(f"imports/{name}.yaml"))
