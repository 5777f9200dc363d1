"""Words of the pages of messages, in German and in English."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
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
    "mail_proposed": ("Bitte um Bestätigung", "Request to confirm"),
    "mail_unanswered": ("Fehlende Antworten", "Missing answers"),
    "mail_alert": ("Eskalation", "Escalation"),
    "mail_extended": ("Lage verschärft", "Situation worsened"),
    "mail_resolved": ("Eskalation beendet", "Escalation ended"),
    "mail_answered": ("Antwort auf eine Eskalation", "Answer to an escalation"),
    "mail_decided": ("Entscheidung der Moderation", "Decision of the moderation"),
    "mail_held": ("Zurückstellung", "Hold"),
    "mail_acknowledged": ("Eskalation zur Kenntnis genommen", "Escalation acknowledged"),
    "mail_declined": ("Eskalation abgelehnt", "Escalation declined"),
    "mail_request_withdrawn": ("Antrag zurückgezogen", "Request withdrawn"),
    "mail_request_made": ("Antrag auf Einberufung", "Request to meet"),
    "mail_request_answered": ("Antwort auf einen Antrag", "Answer to a request"),
    "mail_agreed": ("Neue Vereinbarung", "New agreement"),
    "mail_agreement_change": ("Änderung einer Vereinbarung", "Change of an agreement"),
    "mail_agreement_due": ("Erinnerung an Vereinbarungen", "Reminder of agreements"),
    "mail_agreement_late": ("Überfällige Vereinbarungen", "Overdue agreements"),
    "mail_invitation": ("Einladung zur Sitzung", "Invitation to a meeting"),
    "mail_moved": ("Änderung einer Sitzung", "Change of a meeting"),
    "mail_cancelled": ("Absage einer Sitzung", "Cancellation of a meeting"),
    "mail_reminder": ("Erinnerung an eine Sitzung", "Reminder of a meeting"),
    "mail_other": ("Nachricht", "Message"),
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
}
