"""Why a row, or a whole file, cannot be read."""

from enum import StrEnum

from shared.errors import Rejected


class RowFault(StrEnum):
    """Why one row cannot be read."""

    UNCLOSED_QUOTE = "unclosed_quote"
    MISPLACED_QUOTE = "misplaced_quote"
    TOO_FEW_FIELDS = "too_few_fields"
    TOO_MANY_FIELDS = "too_many_fields"
    TOO_LONG = "too_long"
    NUL = "nul"
    ENCODING = "encoding"
    CUT = "cut"
    UNCLOSED_CARD = "unclosed_card"
    NO_ORGANISATION = "no_organisation"


class FileFault(StrEnum):
    """Why a file cannot be read, or not to its end."""

    ABSENT = "absent"
    FOLDER = "folder"
    UNREADABLE = "unreadable"
    ARCHIVE = "archive"
    WORKBOOK = "workbook"
    EMPTY = "empty"
    HEADINGS = "headings"
    COLUMNS_MISSING = "columns_missing"
    HEADING_TWICE = "heading_twice"
    CUT = "file_cut"
    UNWRITABLE = "unwritable"


class FileRefused(Rejected):
    """A file that cannot be read; `fault` says why, `detail` which file, column or line."""

    def __init__(self, fault: FileFault, detail: str = "") -> None:
        super().__init__(f"{fault}: {detail}")
        self.fault = fault
        self.detail = detail
