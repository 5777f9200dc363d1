"""Words of the overview and of its charts, in German and in English."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
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
    "months_title": ("Vorfälle je Monat", "Incidents by month"),
    "not_shown": ("nicht ausgewiesen", "not shown"),
    "small_lead": (
        (
            "Zahlen unter 5 sind nicht ausgewiesen (•), ebenso solche, aus denen sie sich errechnen ließen. "
            "Gezeigt werden ganze Jahre."
        ),
        (
            "Numbers below 5 are not shown (•), nor those from which they could be worked out. "
            "Whole years are shown."
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
}
