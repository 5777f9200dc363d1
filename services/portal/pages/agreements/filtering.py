"""Which agreements the list shows, as its address says; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from services.portal.read_model.agreements import Wanted
from shared.text.clean import clean_line

FIELDS = ("body", "state", "measure", "owner", "district")
OVERDUE = "overdue"
LONGEST = 200


@dataclass(frozen=True)
class AskedFor:
    """What somebody has chosen; what is too long to be anything is left out."""

    given: Mapping[str, str]

    @property
    def query(self) -> str:
        """Return what stands in an address that asks for the same."""
        return urlencode({name: said for name, said in self.given.items() if said})

    def wanted(self, today: date) -> Wanted:
        """Return what the read model is asked for; `overdue` is chosen like a state."""
        state = self.given["state"]
        return Wanted(
            body=self.given["body"],
            state="" if state == OVERDUE else state,
            measure=self.given["measure"],
            owner=self.given["owner"],
            district=self.given["district"],
            overdue_on=today if state == OVERDUE else None,
        )


def asked_for(query: Mapping[str, str]) -> AskedFor:
    """Return what an address asks for."""
    return AskedFor({name: clean_choice(query.get(name, "")) for name in FIELDS})


def clean_choice(text: str) -> str:
    """Return a choice, or nothing where it is none that a page has offered."""
    return text if len(text) <= LONGEST and clean_line(text) == text else ""
