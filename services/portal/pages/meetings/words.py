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
    "meeting_change": ("Verlegen oder absagen", "Move or cancel"),
    "meeting_move": ("Verlegen …", "Move …"),
    "meeting_cancel": ("Absagen …", "Cancel …"),
    "meeting_day": ("Neuer Tag", "New day"),
    "meeting_time": ("Beginn", "Start"),
    "meeting_why": ("Grund, den die Mitglieder lesen", "Reason that the members read"),
    "meeting_move_send": ("Verlegen und einladen", "Move and invite"),
    "meeting_cancel_send": ("Absagen und benachrichtigen", "Cancel and tell everybody"),
    "meeting_unusual": (
        "Ungewöhnlicher Termin: {what}. Die Sitzung findet trotzdem statt.",
        "Unusual time: {what}. The meeting takes place all the same.",
    ),
    "unusual_weekend": ("Wochenende", "weekend"),
    "unusual_public_holiday": ("Feiertag", "public holiday"),
    "unusual_school_holiday": ("Schulferien", "school holidays"),
    "unusual_outside_hours": ("außerhalb der üblichen Zeiten", "outside the usual hours"),
    "done_meeting_moved": (
        "Die Sitzung ist verlegt. Die Mitglieder erhalten eine neue Einladung.",
        "The meeting is moved. Its members get a new invitation.",
    ),
    "done_meeting_cancelled": (
        "Die Sitzung ist abgesagt. Die Mitglieder werden benachrichtigt.",
        "The meeting is cancelled. Its members are told.",
    ),
    "wrong_starts_at": (
        "Bitte geben Sie Tag und Uhrzeit in der Zukunft an, höchstens zwei Jahre voraus.",
        "Please give a day and time in the future, at most two years ahead.",
    ),
    "The meeting was held or cancelled": (
        "Die Sitzung hat stattgefunden oder ist abgesagt.",
        "The meeting was held or cancelled.",
    ),
    "The meeting has begun": ("Die Sitzung hat begonnen.", "The meeting has begun."),
    "Members have another meeting then": (
        "Mitglieder haben zu dieser Zeit eine andere Sitzung.",
        "Members have another meeting then.",
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
    "guests": ("Gäste", "Guests"),
    "guest_invite": ("Gast einladen …", "Invite a guest …"),
    "guest_text": (
        (
            "Ein Gast erhält die Einladung zu dieser Sitzung und was sich daran ändert, sonst nichts, und "
            "sieht hier keine Seiten. 30 Tage nach der Sitzung ist die Adresse vergessen."
        ),
        (
            "A guest gets the invitation to this session and what changes about it, nothing else, and sees "
            "no pages here. 30 days after the session the address is forgotten."
        ),
    ),
    "guest_too_late": (
        "Zu dieser Sitzung lässt sich niemand mehr einladen.",
        "Nobody can be invited to this session any more.",
    ),
    "guest_send": ("Gast einladen", "Invite the guest"),
    "guest_uninvite": ("Ausladen", "Uninvite"),
    "done_meeting_guest": ("Die Einladung ist unterwegs.", "The invitation is on its way."),
    "done_meeting_guest_removed": ("Die Absage ist unterwegs.", "The cancellation is on its way."),
    "is invited already": ("Diese Adresse ist schon eingeladen.", "This address is invited already."),
    "sits in the body already": (
        "Diese Adresse gehört schon zum Gremium.",
        "This address belongs to the body already.",
    ),
}
