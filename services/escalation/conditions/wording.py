"""Numbers, spans and days as sentences say them, in German and English; pure."""

from datetime import date, timedelta

from shared.city.profile import Text
from shared.text.dates import short_day


def incidents(number: int) -> Text:
    """Return `1 Vorfall`, `3 incidents`."""
    alone = number == 1
    return {
        "de": f"{number} {'Vorfall' if alone else 'Vorfälle'}",
        "en": f"{number} {'incident' if alone else 'incidents'}",
    }


def in_total(number: int) -> Text:
    """Return a sum of quantities: `insgesamt 52`, `52 in total`."""
    return {"de": f"insgesamt {number}", "en": f"{number} in total"}


def span(length: timedelta) -> Text:
    """Return `14 Tagen`, `36 hours`."""
    if length % timedelta(days=1):
        number, german, english = f"{length / timedelta(hours=1):g}", ("Stunde", "Stunden"), "hour"
    else:
        number, german, english = str(length.days), ("Tag", "Tagen"), "day"
    alone = number == "1"
    return {"de": f"{number} {german[0 if alone else 1]}", "en": f"{number} {english}{'' if alone else 's'}"}


def day(of: date) -> Text:
    """Return `17.04.2018`, `17 Apr 2018`."""
    return {"de": short_day(of, "de"), "en": short_day(of, "en")}
