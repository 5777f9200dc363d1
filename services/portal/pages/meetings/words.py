"""Words of the pages of meetings, in German and in English."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
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
}
