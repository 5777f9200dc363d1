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
    "footer_people": (
        "Namen und Adressen zeigen diese Seiten nur der Moderation des Gremiums.",
        "These pages show names and addresses to the moderation of the body alone.",
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
    "refused_forbidden": (
        "Das steht Ihnen mit Ihren Funktionen nicht zu. Es wurde nichts geändert.",
        "Your functions do not permit this. Nothing was changed.",
    ),
    "refused_gone": (
        "Das gibt es nicht mehr, oder es ist nicht für Sie bestimmt. Es wurde nichts geändert.",
        "This is gone, or not meant for you. Nothing was changed.",
    ),
    "refused_large": (
        "Das ist zu groß. Es wurde nichts geändert.",
        "This is too large. Nothing was changed.",
    ),
    "refused_often": (
        "Das waren zu viele Anfragen in kurzer Zeit. Bitte versuchen Sie es in einer Minute noch einmal.",
        "These were too many requests within a short time. Please try again in a minute.",
    ),
    "refused_away": (
        (
            "Der zuständige Dienst antwortet gerade nicht. Ihre Angaben stehen noch im Formular; bitte "
            "senden Sie es in einer Minute noch einmal."
        ),
        (
            "The service in charge does not answer at present. What you entered is still in the form; please "
            "send it again in a minute."
        ),
    ),
    "wrong_other": ("Das wurde nicht angenommen: {why}", "This was not accepted: {why}"),
    "form_kept": ("Ihre Anmeldung ist abgelaufen", "Your sign-in has ended"),
    "form_kept_text": (
        (
            "Was Sie eingegeben haben, ist nicht verloren. Melden Sie sich in einem neuen Fenster an, kommen "
            "Sie hierher zurück und senden Sie es dann."
        ),
        "What you entered is not lost. Sign in in a new window, come back here, and then send it.",
    ),
    "form_file_lost": (
        (
            "Die Datei, die Sie ausgewählt hatten, kann nicht aufbewahrt werden. Melden Sie sich an und "
            "wählen Sie sie noch einmal aus."
        ),
        "The file that you chose cannot be kept. Sign in and choose it once more.",
    ),
    "form_sign_in": ("1. In einem neuen Fenster anmelden", "1. Sign in in a new window"),
    "form_send": ("2. Jetzt senden", "2. Send now"),
    "form_entered": ("Was Sie eingegeben haben", "What you entered"),
    "not_yours": ("Diese Seite ist nicht für Ihre Funktionen", "This page is not for your functions"),
    "not_yours_text": (
        "Sie ist der Moderation des Gremiums oder seinen Mitgliedern vorbehalten.",
        "It is kept for the moderation of the body, or for its members.",
    ),
    "service_away": ("Das lässt sich gerade nicht anzeigen", "This cannot be shown just now"),
    "service_away_text": (
        "Der zuständige Dienst antwortet nicht. Bitte versuchen Sie es in einigen Minuten noch einmal.",
        "The service in charge does not answer. Please try again in a few minutes.",
    ),
    "bodies": ("Gremien", "Bodies"),
    "field_optional": ("freiwillig", "optional"),
    "please_mend": ("Bitte berichtigen Sie die markierten Angaben.", "Please mend what is marked."),
}
