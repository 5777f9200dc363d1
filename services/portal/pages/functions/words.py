"""Words of the page of a function, in German and in English."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "function_deputy_of": ("Vertretung von {seat}", "Deputy of {seat}"),
    "function_vacant": ("unbesetzt", "vacant"),
    "function_answers": ("Zuletzt in ihrem Namen geantwortet", "Answered in its name lately"),
    "function_answers_none": (
        "Auf Eskalationen, die Sie sehen, wurde in diesem Namen noch nicht geantwortet.",
        "No escalation that you see was answered in this name yet.",
    ),
}
