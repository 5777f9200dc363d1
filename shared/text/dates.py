"""How days are written in German and in English in sentences, mails and pages; no locale data."""

from datetime import date

from shared.text.language import Language

WEEKDAYS: dict[Language, tuple[str, ...]] = {
    "de": ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
MONTHS: dict[Language, tuple[str, ...]] = {
    "de": (
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}
SHORT_MONTHS: dict[Language, tuple[str, ...]] = {
    "de": ("Jan", "Feb", "März", "Apr", "Mai", "Juni", "Juli", "Aug", "Sep", "Okt", "Nov", "Dez"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}


def short_day(day: date, language: Language) -> str:
    """Return `19.04.2018` or `19 Apr 2018`."""
    if language == "de":
        return f"{day:%d.%m.%Y}"
    return f"{day.day} {SHORT_MONTHS[language][day.month - 1]} {day.year}"


def weekday(day: date, language: Language) -> str:
    """Return `Do` or `Thu`."""
    return WEEKDAYS[language][day.weekday()]


def month(day: date, language: Language) -> str:
    """Return `April`."""
    return MONTHS[language][day.month - 1]
