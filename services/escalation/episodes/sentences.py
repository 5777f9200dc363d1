"""An escalation in one sentence for a phone's screen, in German and English; pure."""

from collections.abc import Iterable

from services.escalation.conditions.signal import Reason
from services.escalation.domain import Outcome
from shared.city.profile import Text
from shared.facts import Evidence
from shared.text.language import Language

LANGUAGES: tuple[Language, ...] = ("de", "en")
SINCE: Text = {"de": "seit", "en": "since"}
AFTER: Text = {"de": "erneut nach dem Rapport vom {day}", "en": "anew after the meeting of {day}"}
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


MET: dict[bool, Text] = {
    False: {
        "de": "im Rapport vom {day} behandelt, seither keine neue Häufung.",
        "en": "dealt with at the meeting of {day}, no new rise since.",
    },
    True: {
        "de": "im Rapport vom {day} behandelt; was danach kam, ist eine eigene Eskalation.",
        "en": "dealt with at the meeting of {day}; what came after it is an escalation of its own.",
    },
}
"""How it ends after a meeting, by whether another episode has begun since."""
OVER: Text = {"de": "beendet, die Zeit dafür ist um.", "en": "over, its time has passed."}


def active_sentence(
    about: tuple[Text, Text],
    parts: Iterable[tuple[str, Text]],
    evidence: Evidence,
    since: Text,
    after: Text | None = None,
) -> dict[str, str]:
    """Return what, where, how many compared with what, and since when.

    `about` is the name of the rule and of its scope, `parts` its elementary rules with their names. Of
    several parts, those are listed that reach their threshold. `after` is the day of the meeting after which
    it began anew.
    """
    (name, where), since = about, _since(since, after)
    reached = [(part, text) for part, text in parts if evidence.signals[part].reason == Reason.REACHED]
    alone = [part for part, _ in reached] == [evidence.rule]
    return {
        language: f"{name[language]} ({where[language]}): "
        + "; ".join(
            ("" if alone else f"{text[language]}: ") + evidence.signals[part].words[language]
            for part, text in reached
        )
        + f", {since[language]}."
        for language in LANGUAGES
    }


def _since(day: Text, after: Text | None) -> Text:
    """Return since when, and after which meeting, it is so."""
    said = {language: f"{SINCE[language]} {day[language]}" for language in LANGUAGES}
    if after is None:
        return said
    return {language: f"{AFTER[language].format(day=after[language])}, {said[language]}" for language in said}


def ended_sentence(name: Text, where: Text, outcome: Outcome, since: Text) -> dict[str, str]:
    """Return why an escalation is over; `since` is the day on which the rule was last active."""
    why = {language: ENDINGS[outcome][language].format(since=since[language]) for language in LANGUAGES}
    return {language: f"{name[language]} ({where[language]}): {why[language]}" for language in LANGUAGES}


def ended_after_meeting(name: Text, where: Text, met_on: Text, *, goes_on: bool) -> dict[str, str]:
    """Return why an escalation is over that a meeting had; `goes_on` says that another has begun since."""
    why = {language: MET[goes_on][language].format(day=met_on[language]) for language in LANGUAGES}
    return {language: f"{name[language]} ({where[language]}): {why[language]}" for language in LANGUAGES}


def ended_by_hand(name: Text, where: Text) -> dict[str, str]:
    """Return that an escalation which no rule had raised is over."""
    return {language: f"{name[language]} ({where[language]}): {OVER[language]}" for language in LANGUAGES}
