"""An escalation in one sentence for a phone's screen, in German and English; pure."""

from collections.abc import Iterable

from services.escalation.conditions.signal import Reason
from services.escalation.domain import Outcome
from shared.city.profile import Text
from shared.facts import Evidence
from shared.text.language import Language

LANGUAGES: tuple[Language, ...] = ("de", "en")
SINCE: Text = {"de": "seit", "en": "since"}
ENDINGS: dict[Outcome, Text] = {
    Outcome.CALM: {
        "de": "Lage beruhigt, Schwelle zuletzt am {since} erreicht.",
        "en": "calm again, threshold last reached on {since}.",
    },
    Outcome.MERGED: {
        "de": "wird mit der früher begonnenen Lage zusammengeführt.",
        "en": "now part of the situation that began earlier.",
    },
    Outcome.EVIDENCE_WITHDRAWN: {
        "de": "Schwelle nach Berichtigung von Meldungen nicht erreicht.",
        "en": "threshold not reached after reports were corrected.",
    },
}


OVER: Text = {"de": "beendet, die Zeit dafür ist um.", "en": "over, its time has passed."}


def active_sentence(
    about: tuple[Text, Text], parts: Iterable[tuple[str, Text]], evidence: Evidence, since: Text
) -> dict[str, str]:
    """Return what, where, how many compared with what, and since when.

    `about` is the name of the rule and of its scope, `parts` its elementary rules with their names. Of
    several parts, those are listed that reach their threshold.
    """
    name, where = about
    reached = [(part, text) for part, text in parts if evidence.signals[part].reason == Reason.REACHED]
    alone = [part for part, _ in reached] == [evidence.rule]
    return {
        language: f"{name[language]} ({where[language]}): "
        + "; ".join(
            ("" if alone else f"{text[language]}: ") + evidence.signals[part].words[language]
            for part, text in reached
        )
        + f", {SINCE[language]} {since[language]}."
        for language in LANGUAGES
    }


def ended_sentence(name: Text, where: Text, outcome: Outcome, since: Text) -> dict[str, str]:
    """Return why an escalation is over; `since` is the day on which the rule was last active."""
    why = {language: ENDINGS[outcome][language].format(since=since[language]) for language in LANGUAGES}
    return {language: f"{name[language]} ({where[language]}): {why[language]}" for language in LANGUAGES}


def ended_by_hand(name: Text, where: Text) -> dict[str, str]:
    """Return that an escalation which no rule had raised is over."""
    return {language: f"{name[language]} ({where[language]}): {OVER[language]}" for language in LANGUAGES}
