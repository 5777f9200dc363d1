"""What a message may say to the members of a body, by how exactly that body shares; pure.

Members of a body that shares places read all. Others read the same message about the district, or about
the whole city, without what would name the place; of a body that shares figures, without counts, too.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from services.notify.domain import Notice
from services.notify.naming import rule_name
from shared.city.city import City
from shared.city.profile import Sharing
from shared.city.scope_names import whereabouts
from shared.city.sharing import area_at
from shared.facts import AgreementFact, Evidence, MeetingFact
from shared.text.language import Language

LANGUAGES: tuple[Language, ...] = ("de", "en")
AGENDA: Mapping[str, tuple[str, ...]] = {
    "de": ("Eine Eskalation; Einzelheiten in der Sitzung.",),
    "en": ("An escalation; details at the meeting.",),
}
"""What stands for agenda lines, which name places."""


@lru_cache(maxsize=64)
def limited(notice: Notice, level: Sharing, city: City) -> Notice:
    """Return what a notice tells at a sharing level."""
    if level is Sharing.EXACT:
        return notice
    return Notice(
        notice_id=notice.notice_id,
        template=notice.template,
        fact=_limited(notice.fact, level, city),
        alert=notice.alert and _limited(notice.alert, level, city),
        created_at=notice.created_at,
    )


def _limited(fact: Any, level: Sharing, city: City) -> Any:
    """Return a fact as it may be told; an agreement says to its owner where it is."""
    if isinstance(fact, MeetingFact):
        return fact.model_copy(update={"notes": AGENDA}) if any(fact.notes.values()) else fact
    if isinstance(fact, AgreementFact) or not hasattr(fact, "scope"):
        return fact
    changes: dict[str, Any] = {"scope": area_at(fact.scope, level, city)}
    if hasattr(fact, "sentence"):
        changes["sentence"] = _sentence(fact, level, city)
    if hasattr(fact, "parts"):
        changes["parts"] = tuple(_part(part, level, city) for part in fact.parts)
    if level is Sharing.FIGURES and hasattr(fact, "evidence"):
        changes["evidence"] = _uncounted(fact.evidence)
    return fact.model_copy(update=changes)


def _part(part: Any, level: Sharing, city: City) -> Any:
    return part.model_copy(
        update={"scope": area_at(part.scope, level, city), "sentence": _sentence(part, level, city)}
    )


def _sentence(told: Any, level: Sharing, city: City) -> dict[str, str]:
    """Return a sentence that names the rule and the area; its figures are in the lines below it."""
    where = whereabouts(area_at(told.scope, level, city), city)
    return {lang: f"{rule_name(city, told.rule, lang)} ({where[lang]})." for lang in LANGUAGES}


def _uncounted(evidence: Evidence) -> Evidence:
    return evidence.model_copy(update={"counts": {}, "thresholds": {}, "signals": {}})
