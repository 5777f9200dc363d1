"""What is wrong with a file or a row, in the words of those who have to mend it."""

from rapport.imports.reading import Foreign, Refusal
from rapport.imports.sending import Stopped, Trouble
from services.intake.domain import Status
from services.intake.fit import Fault, Misfit
from services.intake.importmap import CellFault, ImportMap
from shared.tabular.words import ROWS, Words, worded
from shared.text.language import Language

REASONS: Words = {
    **ROWS,
    CellFault.EMPTY: ("fehlt", "is missing"),
    CellFault.NO_NUMBER: ("ist keine Zahl", "is not a number"),
    CellFault.NO_TIME: ("ist keine Zeit in der Form {}", "is not a time in the form {}"),
    Foreign.UNKNOWN_AGENCY: ("ist keine Meldestelle dieser Stadt", "is no agency of this city"),
    Foreign.OTHER_AGENCY: (
        "ist eine andere Stelle als die des Schlüssels ({})",
        "is another agency than the key's ({})",
    ),
    Misfit.UNKNOWN_CATEGORY: ("ist nicht bekannt; bekannt sind {}", "is unknown; known are {}"),
    Misfit.TOO_EARLY: ("liegt vor 1990", "is before 1990"),
    Misfit.IN_THE_FUTURE: ("liegt in der Zukunft", "is in the future"),
    Misfit.HALF_A_POSITION: (
        "fehlt; Breite und Länge gehören zusammen",
        "is missing; latitude and longitude belong together",
    ),
    Misfit.NO_LOCATION: (
        "fehlt; nötig ist eine Position, ein Ort oder ein Ortsteil",
        "is missing; a position, a place or a district is needed",
    ),
    Misfit.SWAPPED: ("ist mit der Länge vertauscht", "is swapped with the longitude"),
    Misfit.OUTSIDE: ("liegt außerhalb von {}", "is outside {}"),
    Misfit.IN_NO_DISTRICT: ("liegt in keinem Ortsteil von {}", "is in no district of {}"),
    Misfit.UNKNOWN_DISTRICT: ("ist nicht bekannt", "is unknown"),
    Misfit.UNKNOWN_PLACE: ("ist nicht bekannt", "is unknown"),
    "string_too_long": ("ist zu lang", "is too long"),
    "string_too_short": ("fehlt", "is missing"),
    "string_pattern_mismatch": ("enthält Zeichen, die nicht erlaubt sind", "has characters not allowed"),
    "greater_than_equal": ("ist zu klein", "is too small"),
    "less_than_equal": ("ist zu groß", "is too large"),
    "moment": ("ist keine Zeit", "is not a time"),
    Status.CONFLICT: (
        "ist schon mit anderem Inhalt gemeldet",
        "was already reported with other content",
    ),
    Status.WITHDRAWN: ("ist gemeldet und zurückgezogen", "was reported and withdrawn"),
}
TROUBLES: Words = {
    Trouble.NO_KEY: (
        "Es fehlt der Schlüssel der Meldestelle: Er wird in RAPPORT_KEY erwartet.",
        "The agency's key is missing: it is expected in RAPPORT_KEY.",
    ),
    Trouble.KEY_REFUSED: (
        "Der Schlüssel in RAPPORT_KEY gilt nicht. Es wurde keine weitere Zeile gesendet.",
        "The key in RAPPORT_KEY is not valid. No further row was sent.",
    ),
    Trouble.NOT_AN_AGENCY: (
        "Der Schlüssel in RAPPORT_KEY gehört keiner Meldestelle.",
        "The key in RAPPORT_KEY does not belong to an agency.",
    ),
    Trouble.AWAY: (
        "Die Annahme antwortet nicht ({}). Bitte später wiederholen: Angenommenes zählt nicht doppelt.",
        "Intake does not answer ({}). Repeat later: what was accepted is not counted twice.",
    ),
    Trouble.BUSY: (
        "Die Annahme ist überlastet ({}). Bitte später wiederholen: Angenommenes zählt nicht doppelt.",
        "Intake cannot answer now ({}). Repeat later: what was accepted is not counted twice.",
    ),
    Trouble.REFUSED: (
        "Die Annahme hat die Sendung abgelehnt ({}). Angenommenes bleibt es.",
        "Intake refused what was sent ({}). What was accepted stays so.",
    ),
    Trouble.NO_ADDRESS: ("--url ist keine Adresse.", "--url is no address."),
    Trouble.STRANGE: (
        "Unter dieser Adresse antwortet nicht die Annahme von Rapport ({}). Stimmt --url?",
        "What answers at this address is not Rapport's intake ({}). Is --url right?",
    ),
}
FIELDS: Words = {
    "agency": ("Meldestelle", "agency"),
    "external_id": ("Nummer", "number"),
    "category": ("Art", "category"),
    "occurred_at": ("Zeitpunkt", "time"),
    "reported_at": ("Eingang", "time of report"),
    "quantity": ("Anzahl", "quantity"),
    "latitude": ("Breite", "latitude"),
    "longitude": ("Länge", "longitude"),
    "district": ("Ortsteil", "district"),
    "place": ("Ort", "place"),
}


def stopped_words(stopped: Stopped, language: Language) -> str:
    """Return the sentence why sending ended."""
    return worded(TROUBLES, stopped.trouble, language).format(stopped.detail)


def line_words(refusal: Refusal, language: Language) -> str:
    """Return which lines were refused: `Zeile 7`."""
    spans = refusal.last > refusal.first
    word = {"de": ("Zeile", "Zeilen"), "en": ("line", "lines")}[language][spans]
    return f"{word} {refusal.first}–{refusal.last}" if spans else f"{word} {refusal.first}"


def fault_words(fault: Fault, mapping: ImportMap, language: Language) -> str:
    """Return what is wrong with a field, named as its column is; never the value."""
    known = fault.reason in REASONS
    detail = _as_written(fault, mapping)
    text = worded(REASONS, fault.reason, language).format(detail) if known else fault.message
    if fault.field == "row":
        return text
    said = worded(FIELDS, fault.field, language) if fault.field in FIELDS else fault.field
    headings = {str(name): column for name, column in mapping.columns.items()}
    return f"{headings.get(fault.field, said)} {text}"


def _as_written(fault: Fault, mapping: ImportMap) -> str:
    """Return the detail; categories and agencies as the file would write them."""
    if fault.reason == Misfit.UNKNOWN_CATEGORY:
        return ", ".join(mapping.values.get("category", {})) or fault.detail
    if fault.reason == Foreign.OTHER_AGENCY:
        written = {id_: word for word, id_ in mapping.values.get("agency", {}).items()}
        return written.get(fault.detail, fault.detail)
    return fault.detail
