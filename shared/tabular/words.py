"""Why a row or a file cannot be read, in the words of those who have to mend it."""

from collections.abc import Mapping

from shared.tabular.reasons import FileFault, FileRefused, RowFault
from shared.text.language import Language

Words = Mapping[str, tuple[str, str]]
"""Reason: German, English; `{}` stands for the detail."""

FILES: Words = {
    FileFault.ABSENT: ("Die Datei {} gibt es nicht.", "There is no file {}."),
    FileFault.FOLDER: ("{} ist ein Ordner, keine Datei.", "{} is a folder, not a file."),
    FileFault.UNREADABLE: ("Die Datei {} lässt sich nicht lesen.", "The file {} cannot be read."),
    FileFault.ARCHIVE: (
        "{} ist keine Tabelle. Angenommen werden CSV-Dateien, auch mit gzip gepackt.",
        "{} is no table. CSV files are taken, also packed with gzip.",
    ),
    FileFault.WORKBOOK: (
        "{} ist eine Excel-Mappe oder ein ZIP-Archiv. Bitte als CSV speichern.",
        "{} is an Excel workbook or a ZIP archive. Please save it as CSV.",
    ),
    FileFault.EMPTY: ("Die Datei {} ist leer.", "The file {} is empty."),
    FileFault.HEADINGS: (
        "Die Zeile mit den Überschriften lässt sich nicht lesen ({}).",
        "The line of headings cannot be read ({}).",
    ),
    FileFault.COLUMNS_MISSING: (
        "In der Datei fehlen Spalten: {}. Stimmen Überschriften und Trennzeichen?",
        "The file lacks columns: {}. Are headings and separator right?",
    ),
    FileFault.HEADING_TWICE: ("Überschriften stehen doppelt: {}.", "Headings stand there twice: {}."),
    FileFault.UNWRITABLE: ("Die Datei {} lässt sich nicht schreiben.", "The file {} cannot be written."),
    FileFault.CUT: (
        "Die Datei bricht ab ({}). Bitte noch einmal übertragen.",
        "The file breaks off ({}). Please transfer it again.",
    ),
}
ROWS: Words = {
    RowFault.UNCLOSED_QUOTE: (
        "ein Anführungszeichen wird nicht geschlossen",
        "a quotation mark is not closed",
    ),
    RowFault.MISPLACED_QUOTE: (
        "nach einem schließenden Anführungszeichen folgt weiterer Text",
        "text follows after a closing quotation mark",
    ),
    RowFault.TOO_FEW_FIELDS: ("zu wenige Felder ({})", "too few fields ({})"),
    RowFault.TOO_MANY_FIELDS: ("zu viele Felder ({})", "too many fields ({})"),
    RowFault.TOO_LONG: ("länger als 100.000 Zeichen", "longer than 100,000 characters"),
    RowFault.NUL: ("enthält Nullbytes", "has NUL bytes"),
    RowFault.ENCODING: (
        "enthält Zeichen, die sich nicht lesen lassen",
        "has characters that cannot be read",
    ),
    RowFault.CUT: ("die Datei bricht in dieser Zeile ab", "the file breaks off in this line"),
    RowFault.UNCLOSED_CARD: ("die Visitenkarte endet nicht", "the card does not end"),
    RowFault.NO_ORGANISATION: (
        "die Visitenkarte nennt keine Organisation, nur eine Person",
        "the card names no organisation, only a person",
    ),
}


def file_words(refused: FileRefused, language: Language) -> str:
    """Return the sentence why a file was refused."""
    return worded(FILES, refused.fault, language).format(refused.detail)


def row_words(fault: RowFault, detail: str, language: Language) -> str:
    """Return what is wrong with a row, without its end."""
    return worded(ROWS, fault, language).format(detail)


def worded(words: Words, reason: str, language: Language) -> str:
    """Return the words for a reason in one of the two languages."""
    german, english = words[reason]
    return german if language == "de" else english
