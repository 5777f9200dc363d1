"""Words of answers to invitations, in German and in English."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "attend_title": ("Wer kommt", "Who comes"),
    "attend_as": ("Ihre Antwort als {seat}", "Your answer as {seat}"),
    "attend_accepted": ("Ich komme", "I come"),
    "attend_tentative": ("Vielleicht", "Perhaps"),
    "attend_declined": ("Ich komme nicht", "I do not come"),
    "attends_accepted": ("kommt", "comes"),
    "attends_tentative": ("vielleicht", "perhaps"),
    "attends_declined": ("kommt nicht", "does not come"),
    "attends_open": ("noch keine Antwort", "no answer yet"),
    "attend_comment": ("Bemerkung (freiwillig)", "Remark (optional)"),
    "attend_answer": ("Antwort", "Answer"),
    "attend_count": (
        "{count} von {all} Funktionen sind vertreten, bei {open} ist es offen.",
        "{count} of {all} functions are represented, of {open} it is open.",
    ),
    "attend_enter": ("Antwort einer anderen Funktion eintragen", "Enter the answer of another function"),
    "attend_who": ("Wer kommt oder nicht", "Who comes or does not"),
    "attend_enter_send": ("Eintragen", "Enter"),
    "attend_done_accepted": (
        "Vielen Dank, Sie kommen. Sie können die Antwort jederzeit ändern.",
        "Thank you, you come. You can change the answer at any time.",
    ),
    "attend_done_tentative": (
        "Vielen Dank. Bitte antworten Sie noch einmal, sobald Sie es wissen.",
        "Thank you. Please answer once more as soon as you know.",
    ),
    "attend_done_declined": (
        (
            "Vielen Dank, Sie kommen nicht. Ihre Vertretung wird eingeladen, wo es eine gibt. Sie können die "
            "Antwort jederzeit ändern."
        ),
        (
            "Thank you, you do not come. Your deputy is invited where there is one. You can change the "
            "answer at any time."
        ),
    ),
    "attend_over": (
        "Die Sitzung hat stattgefunden oder ist abgesagt.",
        "The meeting was held or cancelled.",
    ),
    "attend_note": (
        (
            "Öffnen allein ändert nichts. Jede Antwort lässt sich ändern, bis die Sitzung vorbei ist. "
            "Der Link gilt bis {day}, nur für diese Funktion und diese Sitzung."
        ),
        (
            "Opening this page changes nothing. Each answer can be changed until the meeting is over. "
            "The link holds until {day}, for this function and this meeting alone."
        ),
    ),
    "The meeting is over": ("Die Sitzung ist vorbei.", "The meeting is over."),
    "A newer answer is known": ("Eine neuere Antwort liegt vor.", "A newer answer is known."),
}
