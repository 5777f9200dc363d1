"""Words of the frame around every page, in German and in English."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "product": ("Rapport", "Rapport"),
    "claim": ("Lagebild Drogenszene", "Drug scene overview"),
    "skip": ("Zum Inhalt", "Skip to content"),
    "navigation": ("Bereiche", "Sections"),
    "language": ("Sprache", "Language"),
    "overview": ("Überblick", "Overview"),
    "escalations": ("Eskalationen", "Escalations"),
    "meetings": ("Sitzungen", "Meetings"),
    "mails": ("Nachrichten", "Messages"),
    "reference": ("Für Fachleute der IT", "For developers"),
    "interfaces": ("Technische Schnittstellen", "Interfaces for developers"),
    "facts": ("Nachrichtenformate", "Message formats"),
    "footer": (
        (
            "Diese Seiten zeigen, was den zuständigen Stellen gemeldet wurde, wann Schwellenwerte erreicht "
            "waren, wer daraufhin zusammenkam und welche Nachrichten dazu versandt wurden. Angaben zu "
            "Personen enthalten sie nicht."
        ),
        (
            "These pages show what was reported to the agencies in charge, when thresholds were reached, who "
            "met in consequence, and which messages were sent. They hold nothing about persons."
        ),
    ),
    "zone_note": ("Alle Zeiten in der Zeitzone {zone}.", "All times in the {zone} time zone."),
    "as_of": ("Stand: {at}", "As of {at}"),
    "data_note": ("Hinweis zu den Daten", "About the data"),
    "not_found": ("Diese Seite gibt es nicht", "There is no such page"),
    "not_found_text": (
        "Die Adresse führt zu keinem Eintrag. Vielleicht ist er noch nicht eingetroffen.",
        "The address leads to no entry. It may not have arrived yet.",
    ),
    "to_overview": ("Zum Überblick", "To the overview"),
    "all": ("Alle anzeigen ({count})", "Show all ({count})"),
    "all_meetings": ("Alle Sitzungen", "All meetings"),
    "newer": ("Neuere", "Newer"),
    "older": ("Ältere", "Older"),
    "page_of": ("Seite {page} von {pages}", "Page {page} of {pages}"),
    "none_yet": ("Noch keine Einträge.", "No entries yet."),
}
