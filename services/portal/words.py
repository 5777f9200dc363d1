"""Every word of the pages that is not the city's own, in German and in English."""

from collections.abc import Mapping
from typing import Any

from shared.text.language import Language

WORDS: Mapping[str, tuple[str, str]] = {
    # frame
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
            "waren, wer daraufhin zusammenkam und welche Nachrichten dazu versandt wurden. Sie dienen nur "
            "der Ansicht und enthalten keine personenbezogenen Daten."
        ),
        (
            "These pages show what was reported to the agencies in charge, when thresholds were reached, who "
            "met in consequence, and which messages were sent. They are for reading only and hold no "
            "personal data."
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
    # overview
    "period": ("Zeitraum", "Period"),
    "last_year": ("12 Monate bis {day}", "12 months to {day}"),
    "incidents": ("Vorfälle", "Incidents"),
    "syringes": ("{count} Spritzen gefunden", "{count} syringes found"),
    "syringes_one": ("{count} Spritze gefunden", "{count} syringe found"),
    "ongoing": ("Laufende Eskalationen", "Ongoing escalations"),
    "escalated_in": ("{count} Eskalationen im Zeitraum", "{count} escalations in the period"),
    "escalated_in_one": ("{count} Eskalation im Zeitraum", "{count} escalation in the period"),
    "next_meeting": ("Nächste Sitzung", "Next meeting"),
    "no_meeting": ("keine geplant", "none planned"),
    "met_in": ("{count} Sitzungen im Zeitraum", "{count} meetings in the period"),
    "met_in_one": ("{count} Sitzung im Zeitraum", "{count} meeting in the period"),
    "mails_sent": ("Versandte Nachrichten", "Messages sent"),
    "mails_failed": ("{count} nicht versandt", "{count} not sent"),
    "mails_waiting": ("{count} warten auf Versand", "{count} waiting to be sent"),
    "mails_waiting_one": ("{count} wartet auf Versand", "{count} waiting to be sent"),
    "mails_all_sent": ("alle versandt", "all sent"),
    "weeks_title": ("Vorfälle je Woche", "Incidents per week"),
    "weeks_lead": (
        "Wochen beginnen am Montag. Ein Dreieck steht für eine Woche, in der eine Eskalation begann.",
        "Weeks begin on Monday. A triangle marks a week in which an escalation began.",
    ),
    "weeks_alt": (
        (
            "Gestapelte Säulen: Vorfälle je Woche nach Art, {period}; insgesamt {count} Vorfälle. "
            "Die Zahlen stehen in der Tabelle darunter."
        ),
        (
            "Stacked bars: incidents per week by category, {period}; {count} incidents in all. "
            "The figures are in the table below."
        ),
    ),
    "weeks_alt_one": (
        (
            "Gestapelte Säulen: Vorfälle je Woche nach Art, {period}; insgesamt {count} Vorfall. "
            "Die Zahlen stehen in der Tabelle darunter."
        ),
        (
            "Stacked bars: incidents per week by category, {period}; {count} incident in all. "
            "The figures are in the table below."
        ),
    ),
    "months_table": ("Zahlen je Monat", "Figures by month"),
    "month": ("Monat", "Month"),
    "total": ("Summe", "Total"),
    "districts_title": ("Ortsteile", "Districts"),
    "map_lead": (
        (
            "Die ganze Stadt und der umrahmte Ausschnitt mit den meisten Vorfällen, dieser mit den besonders "
            "sensiblen Orten. "
            "Rot hervorgehoben ist, wo eine Eskalation läuft: Ortsteile umrandet, Orte größer gezeichnet."
        ),
        (
            "The whole city, and the framed part where most incidents lie, with its especially sensitive "
            "places. Red marks an ongoing escalation: districts are outlined, places drawn larger."
        ),
    ),
    "map_alt": (
        (
            "Karte der Ortsteile, eingefärbt nach Zahl der Vorfälle, {period}. Am meisten: {most}. "
            "Die Zahlen stehen in der Tabelle darunter."
        ),
        (
            "Map of the districts, shaded by number of incidents, {period}. Most: {most}. "
            "The figures are in the table below."
        ),
    ),
    "focus_alt": (
        "Ausschnitt der Karte mit den meisten Vorfällen, {period}, mit Kitas, Schulen und Spielplätzen.",
        "Part of the map where most incidents lie, {period}, with day-care centres, schools and playgrounds.",
    ),
    "bars_lead": (
        "Vorfälle je Ortsteil im Zeitraum; rot, wo eine Eskalation läuft.",
        "Incidents by district in the period; red where an escalation is ongoing.",
    ),
    "bars_alt": (
        (
            "Balken: Vorfälle je Ortsteil, {period}. Am meisten: {most}. Die Zahlen stehen in der "
            "Tabelle darunter."
        ),
        "Bars: incidents by district, {period}. Most: {most}. The figures are in the table below.",
    ),
    "districts_table": ("Zahlen je Ortsteil", "Figures by district"),
    "district": ("Ortsteil", "District"),
    "no_district": ("ohne Zuordnung", "not assigned"),
    "syringes_short": ("Spritzen (Stück)", "Syringes (pieces)"),
    "no_incidents": ("Keine Vorfälle in diesem Zeitraum.", "No incidents in this period."),
    # charts
    "axis_incidents": ("Vorfälle", "incidents"),
    "axis_quantity": ("Menge (Stück)", "quantity (pieces)"),
    "legend_incidents": ("Vorfälle je Ortsteil", "Incidents by district"),
    "mark_ongoing": ("Eskalation läuft", "Escalation ongoing"),
    "mark_places": ("Sensible Orte", "Sensitive places"),
    "kind_kita": ("Kita", "day-care centre"),
    "kind_school": ("Schule", "school"),
    "kind_playground": ("Spielplatz", "playground"),
    "threshold": ("Schwelle {count}", "threshold {count}"),
    "mark_raised": ("ausgelöst", "raised"),
    "mark_resolved": ("beendet", "ended"),
    # escalations
    "state": ("Status", "Status"),
    "state_open": ("offen", "open"),
    "state_acknowledged": ("zur Kenntnis genommen", "acknowledged"),
    "state_declined": ("abgelehnt", "declined"),
    "state_resolved": ("beendet", "ended"),
    "historic": ("nachträglich erkannt", "recognised later"),
    "rule": ("Regel", "Rule"),
    "place": ("Ort", "Place"),
    "since": ("Seit", "Since"),
    "raised": ("Ausgelöst", "Raised"),
    "ended": ("Beendet", "Ended"),
    "what": ("Sachverhalt", "What happened"),
    "whole_city": ("Gesamte Stadt", "Whole city"),
    "declined_until": ("abgelehnt bis {day}", "declined until {day}"),
    "evidence": ("Grundlage der Eskalation", "What the escalation rests on"),
    "evidence_lead": (
        "Gezählt von {start} bis {at}; {count} Vorfälle sind als Beleg festgehalten.",
        "Counted from {start} to {at}; {count} incidents are kept as evidence.",
    ),
    "evidence_lead_one": (
        "Gezählt von {start} bis {at}; {count} Vorfall ist als Beleg festgehalten.",
        "Counted from {start} to {at}; {count} incident is kept as evidence.",
    ),
    "signal": ("Kriterium", "Criterion"),
    "counted": ("Gezählt", "Counted"),
    "threshold_col": ("Schwelle", "Threshold"),
    "unit": ("Einheit", "Unit"),
    "window": ("Zeitraum", "Period"),
    "unit_incidents": ("Vorfälle", "incidents"),
    "unit_quantity": ("Stück", "pieces"),
    "technical": (
        "Technische Angaben: Regel {rule}, Fassung {version}",
        "Technical details: rule {rule}, version {version}",
    ),
    "course": ("Verlauf", "Course"),
    "course_lead": (
        (
            "Für jeden Zeitpunkt, was hier im Zeitraum davor gezählt wurde, verglichen mit der Schwelle; "
            "nach heutigem Stand der Meldungen."
        ),
        (
            "For each moment, what was counted here in the period before it, compared with the threshold; "
            "as reported by now."
        ),
    ),
    "course_alt": (
        "Linie: {signal}, gleitende Summe über {window}; Schwelle {threshold} {unit}, höchster Wert {peak}.",
        "Line: {signal}, sliding sum over {window}; threshold {threshold} {unit}, highest value {peak}.",
    ),
    "course_told": ("wie zuletzt mitgeteilt", "as last told"),
    "course_told_alt": (
        "Linie: {signal}, gegen die jeweilige Schwelle; {words}; höchster Wert {peak}.",
        "Line: {signal}, against the threshold of each moment; {words}; highest value {peak}.",
    ),
    "history": ("Was seither geschah", "What happened since"),
    "when": ("Wann", "When"),
    "did_raised": ("Regel erfüllt, Eskalation ausgelöst", "Rule met, escalation raised"),
    "did_raised_late": (
        "Erst nach dem Ende erkannt (späte Meldungen); niemand wurde alarmiert",
        "Recognised only after it was over (late reports); nobody was alerted",
    ),
    "did_reopened": (
        "Frist der Ablehnung abgelaufen, Regel weiterhin erfüllt",
        "Declined period ended, rule still met",
    ),
    "did_doubled": ("Lage verschärft", "Situation worsened"),
    "did_doubled_times": (
        "Lage verschärft: das {count}-Fache der Schwelle erreicht",
        "Situation worsened: {count} times the threshold reached",
    ),
    "did_lasting": ("Hält an", "Goes on"),
    "did_lasting_times": ("Hält {count} weitere Tage an", "Goes on for {count} more days"),
    "did_acknowledged": ("Zur Kenntnis genommen", "Acknowledged"),
    "did_declined": ("Abgelehnt bis {day}", "Declined until {day}"),
    "did_resolved_calm": ("Beendet: seither ruhig", "Ended: calm since"),
    "did_resolved_evidence_withdrawn": (
        "Aufgehoben: Meldungen berichtigt oder zurückgezogen",
        "Lifted: reports corrected or withdrawn",
    ),
    "did_resolved_merged": ("In eine frühere Eskalation aufgegangen", "Merged into an earlier escalation"),
    "did_resolved": ("Beendet", "Ended"),
    "by": ("durch {who}", "by {who}"),
    "in_name": ("im Namen von {who}, eingetragen durch {by}", "in the name of {who}, entered by {by}"),
    "reason": ("Grund: {reason}", "Reason: {reason}"),
    "called": ("Einberufene Sitzungen", "Meetings called"),
    "called_none": ("Diese Eskalation hat keine Sitzung einberufen.", "This escalation called no meeting."),
    "mails_about": ("Nachrichten dazu", "Messages about it"),
    "mails_none": ("Dazu wurde keine Nachricht versandt.", "No message was sent about this."),
    # meetings
    "upcoming": ("Nächste Sitzungen", "Next meetings"),
    "past": ("Vergangene Sitzungen", "Past meetings"),
    "body": ("Gremium", "Body"),
    "why": ("Art", "Kind"),
    "where": ("Wo", "Where"),
    "instead_of": ("Statt", "Instead of"),
    "off_weekend": ("Wochenende", "weekend"),
    "off_public_holiday": ("Feiertag", "public holiday"),
    "off_school_holiday": ("Schulferien", "school holidays"),
    "standing_planned": ("geplant", "planned"),
    "standing_moved": ("verlegt", "moved"),
    "standing_cancelled": ("abgesagt", "cancelled"),
    "standing_held": ("hat stattgefunden", "held"),
    "why_regular": ("regelmäßige Sitzung", "regular meeting"),
    "why_escalation": ("Sitzung aus besonderem Anlass", "meeting for a special reason"),
    "because_escalation_declined": ("Die Eskalation wurde abgelehnt.", "The escalation was declined."),
    "because_evidence_withdrawn": (
        "Die Meldungen, die zu ihr geführt haben, wurden berichtigt oder zurückgezogen.",
        "The reports that led to it were corrected or withdrawn.",
    ),
    "because_by_moderation": ("Abgesagt durch die Moderation.", "Cancelled by the moderation."),
    "because_recurrence_changed": (
        "Das Gremium tagt künftig in einem anderen Turnus.",
        "The body now meets on other days.",
    ),
    "agenda": ("Tagesordnung", "Agenda"),
    "members": ("Mitglieder des Gremiums", "Members of the body"),
    "members_note": ("Funktionen, keine Personen.", "Functions, not people."),
    "function": ("Funktion", "Function"),
    "role": ("Rolle", "Role"),
    "deputy": ("Vertretung", "Deputy"),
    "role_member": ("Mitglied", "member"),
    "role_leadership": ("Leitung", "leadership"),
    "role_moderation": ("Moderation", "moderation"),
    "escalations_of": ("Zugrunde liegende Eskalationen", "Escalations behind it"),
    # messages
    "recipient": ("An", "To"),
    "subject": ("Betreff", "Subject"),
    "channel": ("Versandweg", "Sent by"),
    "channel_mail": ("E-Mail", "mail"),
    "status_sent": ("versandt", "sent"),
    "status_delayed": ("wartet", "waiting"),
    "status_failed": ("nicht versandt", "not sent"),
    "status_overtaken": ("entfallen", "dropped"),
    "note_delayed": (
        "Ein erster Versuch ist misslungen. Weitere folgen von selbst, bis zu drei Tage lang.",
        "A first attempt failed. Others follow without anybody's doing, for up to three days.",
    ),
    "note_overtaken": (
        "Vor dem Versand durch eine neuere Nachricht ersetzt.",
        "Replaced by a newer message before it was sent.",
    ),
    "mail_alert": ("Eskalation", "Escalation"),
    "mail_extended": ("Lage verschärft", "Situation worsened"),
    "mail_resolved": ("Eskalation beendet", "Escalation ended"),
    "mail_acknowledged": ("Eskalation zur Kenntnis genommen", "Escalation acknowledged"),
    "mail_declined": ("Eskalation abgelehnt", "Escalation declined"),
    "mail_invitation": ("Einladung zur Sitzung", "Invitation to a meeting"),
    "mail_moved": ("Änderung einer Sitzung", "Change of a meeting"),
    "mail_cancelled": ("Absage einer Sitzung", "Cancellation of a meeting"),
    "mail_reminder": ("Erinnerung an eine Sitzung", "Reminder of a meeting"),
    "mail_other": ("Nachricht", "Message"),
    "mail_closed": (
        (
            "Betreff, Text und Kalendereintrag sieht hier niemand: Die Nachricht ist nur für den genannten "
            "Empfänger bestimmt."
        ),
        (
            "Nobody sees subject, text and calendar entry here: the message is meant for the recipient named "
            "above alone."
        ),
    ),
    "mail_content": ("Inhalt der Nachricht", "Content of the message"),
    "text_part": ("Textfassung", "Text version"),
    "calendar_part": ("Kalendereintrag (iCalendar)", "Calendar entry (iCalendar)"),
    "mail_away": (
        (
            "Der Inhalt dieser Nachricht ist gerade nicht abrufbar. Der Versanddienst antwortet nicht oder "
            "hat sie nicht mehr; bitte später noch einmal versuchen."
        ),
        (
            "The content of this message cannot be fetched just now. The delivery service does not answer or "
            "no longer has it; please try again later."
        ),
    ),
    "about_escalation": ("Zur Eskalation", "To the escalation"),
    "about_meeting": ("Zur Sitzung", "To the meeting"),
    # interfaces
    "docs_lead": (
        "Die HTTP-Schnittstellen dieses Systems, aus seiner OpenAPI-Beschreibung erzeugt (Texte englisch).",
        "The HTTP interfaces of this system, made from its OpenAPI description.",
    ),
    "docs_raw": ("Als OpenAPI-Dokument (JSON)", "As an OpenAPI document (JSON)"),
    "contents": ("Inhalt", "Contents"),
    "key_needed": ("Zugangsschlüssel nötig", "Access key needed"),
    "parameters": ("Parameter", "Parameters"),
    "name": ("Name", "Name"),
    "in": ("Wo", "In"),
    "type": ("Typ", "Type"),
    "meaning": ("Bedeutung", "Meaning"),
    "required": ("Pflicht", "required"),
    "optional": ("optional", "optional"),
    "request_body": ("Inhalt der Anfrage", "Request body"),
    "answers": ("Antworten", "Answers"),
    "example": ("Beispiel", "Example"),
    "facts_lead": (
        (
            "Was die Dienste einander über den Bus mitteilen, aus ihren Abonnements erzeugt (AsyncAPI 3.0, "
            "Texte englisch)."
        ),
        "What the services tell each other over the bus, made from their subscriptions (AsyncAPI 3.0).",
    ),
    "facts_raw": ("Als AsyncAPI-Dokument (JSON)", "As an AsyncAPI document (JSON)"),
    "heard_by": ("Gehört von", "Heard by"),
    "nobody": ("niemandem", "nobody"),
    "fields": ("Felder", "Fields"),
    "field": ("Feld", "Field"),
}


class Words:
    """Looks up the words of one language; an unknown one is a mistake of ours and raises KeyError.

    Where `count` is written 1, the form that ends in `_one` is taken if there is one.
    """

    def __init__(self, language: Language) -> None:
        self.column = 0 if language == "de" else 1

    def kind_of_mail(self, template: str) -> str:
        """Return what kind of message it is; one that is not known (yet) is a message."""
        name = f"mail_{template}"
        return self(name if name in WORDS else "mail_other")

    def __call__(self, name: str, **values: Any) -> str:
        one = f"{name}_one"
        chosen = one if values.get("count") == "1" and one in WORDS else name
        return WORDS[chosen][self.column].format(**values)
