"""An escalation in one sentence for a phone's screen, in German and English; pure."""

from collections.abc import Iterable
from datetime import date, timedelta

from services.escalation.domain import Outcome
from services.escalation.rules.rule import Elementary
from shared.city.profile import Text
from shared.facts import Evidence

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ENDINGS: dict[Outcome, tuple[str, str]] = {
    Outcome.CALM: (
        "Lage beruhigt, Schwelle zuletzt am {since} erreicht.",
        "calm again, threshold last reached on {since}.",
    ),
    Outcome.MERGED: (
        "wird mit der früher begonnenen Lage zusammengeführt.",
        "now part of the situation that began earlier.",
    ),
    Outcome.EVIDENCE_WITHDRAWN: (
        "Schwelle nach Berichtigung von Meldungen nicht erreicht.",
        "threshold not reached after reports were corrected.",
    ),
}


def met_sentence(
    name: Text, where: Text, leaves: Iterable[Elementary], evidence: Evidence, since: date
) -> dict[str, str]:
    """Return what, where, how many compared with the threshold, and since when.

    Of several parts, those are listed that reach their threshold.
    """
    met = [leaf for leaf in leaves if evidence.counts[leaf.id] >= leaf.at_least]
    alone = len(met) == 1 and met[0].id == evidence.rule
    german = "; ".join(_part_de(leaf, evidence.counts[leaf.id], alone=alone) for leaf in met)
    english = "; ".join(_part_en(leaf, evidence.counts[leaf.id], alone=alone) for leaf in met)
    return {
        "de": f"{name['de']} ({where['de']}): {german}, seit {_date_de(since)}.",
        "en": f"{name['en']} ({where['en']}): {english}, since {_date_en(since)}.",
    }


def ended_sentence(name: Text, where: Text, outcome: Outcome, since: date) -> dict[str, str]:
    """Return why an escalation is over; `since` is the day on which the rule was last met."""
    german, english = ENDINGS[outcome]
    return {
        "de": f"{name['de']} ({where['de']}): {german.format(since=_date_de(since))}",
        "en": f"{name['en']} ({where['en']}): {english.format(since=_date_en(since))}",
    }


def _part_de(leaf: Elementary, count: int, *, alone: bool) -> str:
    said = f"{leaf.counted(count)[0]} in {_span_de(leaf.within)} (Schwelle {leaf.at_least})"
    return said if alone else f"{leaf.name['de']}: {said}"


def _part_en(leaf: Elementary, count: int, *, alone: bool) -> str:
    said = f"{leaf.counted(count)[1]} in {_span_en(leaf.within)} (threshold {leaf.at_least})"
    return said if alone else f"{leaf.name['en']}: {said}"


def _span_de(span: timedelta) -> str:
    number, in_days = _span(span)
    if in_days:
        return f"{number} {'Tag' if number == '1' else 'Tagen'}"
    return f"{number} {'Stunde' if number == '1' else 'Stunden'}"


def _span_en(span: timedelta) -> str:
    number, in_days = _span(span)
    unit = "day" if in_days else "hour"
    return f"{number} {unit if number == '1' else unit + 's'}"


def _span(span: timedelta) -> tuple[str, bool]:
    if span % timedelta(days=1):
        return f"{span / timedelta(hours=1):g}", False
    return str(span.days), True


def _date_de(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _date_en(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
