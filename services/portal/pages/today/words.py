"""Words of the page of somebody's day, in German and in English."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "my_day": ("Mein Tag", "My day"),
    "waits_none": ("Nichts wartet auf Sie.", "Nothing waits for you."),
    "waits_some": ("{count} Dinge warten auf Sie.", "{count} things wait for you."),
    "waits_some_one": ("Eine Sache wartet auf Sie.", "One thing waits for you."),
    "next_session": ("Nächste Sitzung: {at}, {body}.", "Next session: {at}, {body}."),
    "waits_for_you": ("Wartet auf Sie", "Waits for you"),
    "nothing_waits": (
        "Es ist nichts offen. Sobald Sie gefragt sind, steht es hier, und Sie erhalten eine E-Mail.",
        "Nothing is open. As soon as you are asked it stands here, and you get a mail.",
    ),
    "day_away": (
        "Was auf Sie wartet, lässt sich gerade nicht sagen. Bitte laden Sie die Seite in Kürze neu.",
        "What waits for you cannot be told just now. Please load the page again in a few minutes.",
    ),
    "waits_confirm": (
        "Soll die Leitung informiert werden? Das entscheiden Sie als Moderation.",
        "Is leadership to be told? You decide that as moderation.",
    ),
    "waits_dissent": (
        "{seats}: Sitzung nicht nötig. Sie entscheiden als Moderation.",
        "{seats}: no session needed. You decide as moderation.",
    ),
    "waits_answer": ("Ihre Antwort als {seat} steht aus.", "Your answer as {seat} is open."),
    "waits_hold_ends": (
        "Die Zurückstellung endet {day}; danach wird die Leitung informiert.",
        "The hold ends {day}; then leadership is told.",
    ),
    "overdue": ("überfällig", "overdue"),
    "waits_failed": ("{count} Nachrichten wurden nicht zugestellt", "{count} messages were not delivered"),
    "waits_failed_one": ("Eine Nachricht wurde nicht zugestellt", "One message was not delivered"),
    "waits_vacant": ("{count} Funktionen sind unbesetzt", "{count} functions are vacant"),
    "waits_vacant_one": ("Eine Funktion ist unbesetzt", "One function is vacant"),
    "day_changes": ("Vorfälle in vier Wochen", "Incidents in four weeks"),
    "day_changes_since": (
        "Seit {day}, verglichen mit den vier Wochen davor.",
        "Since {day}, compared with the four weeks before.",
    ),
    "category": ("Kategorie", "Category"),
    "day_changes_now": ("jetzt", "now"),
    "day_changes_before": ("davor", "before"),
}
