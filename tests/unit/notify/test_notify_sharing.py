"""What messages say to members of bodies that share places, districts, or figures."""

from copy import copy
from uuid import UUID

import pytest

from services.notify import letter
from services.notify.domain import Intended, Notice, Template
from services.notify.sharing import limited
from shared.city.city import City
from shared.city.profile import Sharing
from shared.facts import Fact, Scope, ScopeKind
from shared.text.language import Language
from tests.unit.notify.builders import NOW, a_part, evidence, extended, meeting, raised, resolved
from tests.unit.notify.test_notify_letters import reader

BODY = "extended_rapport"
KITA = "Köhlerstraße"
COUNT = "4711"
SEEN = evidence(
    counts={"syringes_near_sensitive_place": int(COUNT)}, thresholds={"syringes_near_sensitive_place": 3}
)
ALERT = {"evidence": SEEN, "parts": (a_part(f"An der Kita {KITA} 3 Funde"),)}
MEETING = meeting(notes={"de": [f"Kita {KITA}: {COUNT} Funde"], "en": [f"Kita {KITA}: {COUNT} finds"]})


def a_city_sharing(level: Sharing, leipzig: City) -> City:
    body = leipzig.bodies[BODY]
    city = copy(leipzig)
    city.bodies = {**leipzig.bodies, BODY: body.model_copy(update={"sharing": level})}
    return city


def read(template: Template, fact: Fact, language: Language, city: City) -> str:
    """Return all that a member reads, also in the calendar."""
    to = Intended(f"{BODY}/police_president", language, template)
    notice = Notice(UUID(int=1), template, fact, raised(**ALERT), NOW)
    content = letter.write(notice, to, reader(city, template), city, "https://x.test")
    invite = content.invite.body.replace("\r\n ", "") if content.invite else ""
    return f"{content.subject}\n{content.text}\n{content.html}\n{invite}"


TOLD: list[tuple[Template, Fact]] = [
    (Template.ALERT, raised(**ALERT)),
    (Template.EXTENDED, extended(reason="joined", **ALERT)),
    (Template.RESOLVED, resolved()),
    (Template.INVITATION, MEETING),
]


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(("template", "fact"), TOLD, ids=lambda each: getattr(each, "value", ""))
@pytest.mark.parametrize("level", Sharing)
def test_a_message_says_so_much_and_no_more(
    level: Sharing, template: Template, fact: Fact, language: Language, leipzig: City
) -> None:
    text = read(template, fact, language, a_city_sharing(level, leipzig))
    assert (KITA in text) is (level is Sharing.EXACT)
    if template in {Template.ALERT, Template.EXTENDED}:
        assert ("Neustadt-Neuschönefeld" in text) is (level is Sharing.DISTRICT)
        assert (COUNT in text) is (level is not Sharing.FIGURES)
    if template is Template.INVITATION:
        assert (COUNT in text) is (level is Sharing.EXACT)


def test_a_cell_is_told_as_its_district(leipzig: City) -> None:
    at = leipzig.cell_at(51.3394, 12.4036)
    scope = Scope(kind=ScopeKind.CELL, key=at)
    notice = Notice(raised().escalation_id, Template.ALERT, raised(scope=scope), None, NOW)
    told = limited(notice, Sharing.DISTRICT, leipzig)
    assert str(told.fact.scope) == f"district:{leipzig.district_at(51.3394, 12.4036)}"  # type: ignore[attr-defined]
