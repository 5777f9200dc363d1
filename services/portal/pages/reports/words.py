"""Words of situation reports and of the yearly account, in German and in English."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "report": ("Lagebericht", "Situation report"),
    "reports": ("Lageberichte", "Situation reports"),
    "reports_lead": (
        (
            "Was geschehen ist, verglichen mit der Zeit davor und mit derselben Zeit vor einem Jahr: als "
            "Seite und als PDF, für jedes Ihrer Gremien so genau, wie es Angaben sieht."
        ),
        (
            "What happened, compared with the time before and with the same time a year earlier: as a "
            "page and as a PDF, for each of your bodies as exactly as it sees things."
        ),
    ),
    "report_of": ("{body}, {city}", "{body}, {city}"),
    "report_choose": ("Bericht wählen", "Choose a report"),
    "report_show": ("Bericht anzeigen", "Show the report"),
    "report_other": ("Anderer Zeitraum", "Another period"),
    "report_body": ("Für welches Gremium", "For which body"),
    "report_period": ("Zeitraum", "Period"),
    "report_since": ("Seit der letzten Sitzung", "Since the last session"),
    "report_month": ("Dieser Monat", "This month"),
    "report_last_month": ("Voriger Monat", "Last month"),
    "report_quarter": ("Dieses Quartal", "This quarter"),
    "report_last_quarter": ("Voriges Quartal", "Last quarter"),
    "report_year": ("Dieses Jahr", "This year"),
    "report_last_year": ("Voriges Jahr", "Last year"),
    "report_own": ("Eigene Tage, wie unten angegeben", "Own days, as given below"),
    "report_from": ("Von", "From"),
    "report_to": ("Bis einschließlich", "Up to and including"),
    "report_own_hint": ("Nur für eigene Tage.", "For own days alone."),
    "report_area": ("Gebiet", "Area"),
    "report_categories": ("Nur diese Arten (keine: alle)", "Only these categories (none: all)"),
    "report_wrong_day": ("Bitte geben Sie einen Tag an.", "Please give a day."),
    "report_wrong_future": ("Dieser Tag liegt in der Zukunft.", "This day is in the future."),
    "report_wrong_order": ("Das Ende liegt vor dem Beginn.", "The end lies before the beginning."),
    "report_wrong_long": (
        "Ein Bericht umfasst höchstens zehn Jahre und beginnt nicht vor 1990.",
        "A report covers ten years at most and begins no earlier than 1990.",
    ),
    "report_wrong_district": ("Diesen Ortsteil gibt es nicht.", "There is no such district."),
    "report_wrong_category": ("Diese Art gibt es nicht.", "There is no such category."),
    "report_wrong_body": ("Bitte wählen Sie eines Ihrer Gremien.", "Please choose one of your bodies."),
    "report_wrong_meeting": ("Diese Sitzung ist keine des Gremiums.", "This session is none of the body."),
    "report_pdf": ("Als PDF", "As a PDF"),
    "report_keep": ("Für eine Sitzung festhalten", "Keep for a session"),
    "report_keep_lead": (
        (
            "Festgehalten wird, woraus der Bericht entsteht, und die Prüfsumme des PDF. So lässt sich "
            "später zeigen, was der Sitzung vorlag, und ob dieselben Daten noch dasselbe ergeben."
        ),
        (
            "What is kept is from what the report is made, and the checksum of the PDF. So it can be "
            "shown later what the session had before it, and whether the same data still give the same."
        ),
    ),
    "report_meeting": ("Sitzung", "Session"),
    "report_keep_send": ("Festhalten", "Keep"),
    "report_kept": ("Festgehaltene Berichte", "Reports that were kept"),
    "report_kept_one": ("Festgehaltener Bericht", "Report that was kept"),
    "report_kept_none": ("Noch keiner.", "None yet."),
    "report_made": ("Festgehalten", "Kept"),
    "report_checksum": ("Prüfsumme (SHA-256)", "Checksum (SHA-256)"),
    "report_same": (
        "Dieselben Daten ergeben noch dasselbe PDF, Byte für Byte.",
        "The same data still give the same PDF, byte for byte.",
    ),
    "report_differs": (
        (
            "Seither sind Meldungen hinzugekommen oder berichtigt worden, oder das System ist neuer: Das "
            "PDF ist heute ein anderes."
        ),
        (
            "Since then reports have come in or were corrected, or the system is newer: the PDF is "
            "another one today."
        ),
    ),
    "done_report_kept": ("Der Bericht ist festgehalten.", "The report is kept."),
    "report_open": ("Bericht ansehen", "See the report"),
    "report_for_meeting": ("Lagebericht zu dieser Sitzung", "Situation report for this session"),
    "report_for_next": ("Lagebericht zur nächsten Sitzung", "Situation report for the next session"),
    "report_period_words": ("{first} bis {last} ({count} Tage)", "{first} to {last} ({count} days)"),
    "report_period_words_one": ("{first}", "{first}"),
    "report_note_filter": ("Nur {what}.", "Only {what}."),
    "report_note_figures": (
        (
            "Dieses Gremium sieht nur Zahlen, und keine kleinen: Gezeigt wird das letzte ganze Jahr der "
            "ganzen Stadt. Zahlen unter 5 sind nicht ausgewiesen (•), ebenso solche, aus denen sie sich "
            "errechnen ließen."
        ),
        (
            "This body sees figures alone, and no small ones: shown is the last whole year of the whole "
            "city. Numbers below 5 are not shown (•), nor those from which they could be worked out."
        ),
    ),
    "report_note_district": (
        "Dieses Gremium sieht Zahlen je Ortsteil; einzelne Orte und Eskalationen nennt der Bericht nicht.",
        "This body sees figures by district; the report names no single places and no escalations.",
    ),
    "report_note_unknown": (
        "Meldungen liegen erst seit {day} vor; davor gibt es keinen Vergleich.",
        "There are reports since {day} alone; there is no comparison with what was before.",
    ),
    "report_before": ("{count} Tage davor", "{count} days before"),
    "report_before_year": ("Jahr davor", "Year before"),
    "report_year_ago": ("Ein Jahr zuvor", "A year earlier"),
    "report_now": ("Zeitraum", "Period"),
    "report_essentials": ("Das Wichtigste", "In short"),
    "report_line_total": ("{count} Vorfälle wurden gemeldet.", "{count} incidents were reported."),
    "report_line_total_one": ("Ein Vorfall wurde gemeldet.", "One incident was reported."),
    "report_line_none": ("Es wurde kein Vorfall gemeldet.", "No incident was reported."),
    "report_line_hidden": (
        "Es wurden zu wenige Vorfälle gemeldet, um Zahlen zu nennen.",
        "Too few incidents were reported to give figures.",
    ),
    "report_line_against": ("{times}: {then}; {change}.", "{times}: {then}; {change}."),
    "report_line_risen": ("Deutlich mehr als davor: {what}.", "Clearly more than before: {what}."),
    "report_line_fallen": ("Deutlich weniger als davor: {what}.", "Clearly fewer than before: {what}."),
    "report_line_steady": (
        "Bei keiner Art ist ein Unterschied zu den Tagen davor gesichert.",
        "For no category is a difference from the days before beyond chance.",
    ),
    "report_line_move": ("Am deutlichsten verändert: {what}.", "What changed most clearly: {what}."),
    "report_line_places": (
        (
            "An {count} besonders sensiblen Orten wurde innerhalb des Schutzradius gemeldet, am "
            "häufigsten: {most}."
        ),
        "There were reports within the radius of {count} sensitive places, most often: {most}.",
    ),
    "report_line_places_one": (
        "An einem besonders sensiblen Ort wurde innerhalb des Schutzradius gemeldet: {most}.",
        "There were reports within the radius of one sensitive place: {most}.",
    ),
    "report_line_raised": (
        "{count} Eskalationen wurden ausgelöst; {open} davon laufen noch.",
        "{count} escalations were raised; {open} of them are ongoing.",
    ),
    "report_line_raised_one": (
        "Eine Eskalation wurde ausgelöst: {rule}, {place} ({state}).",
        "One escalation was raised: {rule}, {place} ({state}).",
    ),
    "report_line_not_raised": ("Keine Eskalation wurde ausgelöst.", "No escalation was raised."),
    "report_line_different": (
        (
            "Mehrere Stellen können dasselbe gemeldet haben: Sicher sind mindestens {count} verschiedene "
            "Vorfälle unter {all} Meldungen."
        ),
        (
            "Several agencies may have reported the same: it is certain that the {all} reports are of at "
            "least {count} different incidents."
        ),
    ),
    "report_risen": ("gestiegen um {by} ({low} bis {high})", "up {by} ({low} to {high})"),
    "report_risen_times": (
        "gestiegen auf das {times}-Fache ({low} bis {high})",
        "{times} times as many ({low} to {high})",
    ),
    "report_risen_new": ("neu, davor keine", "new, none before"),
    "report_fallen": ("gesunken um {by} ({low} bis {high})", "down {by} ({low} to {high})"),
    "report_alike": (
        "kein gesicherter Unterschied ({low} bis {high})",
        "no difference beyond chance ({low} to {high})",
    ),
    "report_many": ("unter so vielen Vergleichen nicht gesichert", "not clear among so many comparisons"),
    "report_few": ("zu wenige für eine Aussage", "too few to tell"),
    "report_unknown": ("kein Vergleich", "no comparison"),
    "report_hidden": ("nicht ausgewiesen", "not shown"),
    "report_more": ("mehr", "more"),
    "report_fold": ("{times}-fach", "{times} times"),
    "report_categories_title": ("Nach Art", "By category"),
    "report_table_categories": ("Vorfälle nach Art", "Incidents by category"),
    "report_districts_title": ("Nach Ortsteil", "By district"),
    "report_table_districts": ("Vorfälle nach Ortsteil", "Incidents by district"),
    "report_table_matrix": ("Vorfälle nach Ortsteil und Art", "Incidents by district and category"),
    "report_change": ("Veränderung", "Change"),
    "report_course_title": ("Verlauf", "Course"),
    "report_course_caption": (
        "Vorfälle je Woche (ab Montag). Gestrichelt: dieselben Wochen ein Jahr zuvor.",
        "Incidents per week (from Monday). Dashed: the same weeks a year earlier.",
    ),
    "report_course_caption_alone": ("Vorfälle je Woche (ab Montag).", "Incidents per week (from Monday)."),
    "report_course_alt": (
        (
            "Säulen: Vorfälle je Woche vom {first} bis {last}; {count} in allen Wochen, die meisten in "
            "der Woche vom {peak}: {most}. Die Zahlen stehen in der Tabelle „Vorfälle nach Monat“."
        ),
        (
            "Bars: incidents per week from {first} to {last}; {count} in all weeks, most in the week of "
            "{peak}: {most}. The figures are in the table “Incidents by month”."
        ),
    ),
    "report_table_months": ("Vorfälle nach Monat", "Incidents by month"),
    "report_map_title": ("Karte", "Map"),
    "report_map_alt": (
        (
            "Karte der Ortsteile, nach Zahl der Vorfälle getönt. Am meisten: {most}. Die Zahlen stehen "
            "in der Tabelle „Vorfälle nach Ortsteil“."
        ),
        (
            "Map of the districts, shaded by the number of incidents. Most: {most}. The figures are in "
            "the table “Incidents by district”."
        ),
    ),
    "report_map_caption": (
        "Je dunkler, desto mehr. Umrahmt: der Ausschnitt mit den meisten Vorfällen.",
        "The darker, the more. Framed: the part where most incidents lie.",
    ),
    "report_map_caption_exact": (
        (
            "Je dunkler, desto mehr. Umrahmt: der Ausschnitt mit den meisten Vorfällen. Dick umrandet "
            "oder groß gezeichnet: wo in diesem Zeitraum eine Eskalation begann."
        ),
        (
            "The darker, the more. Framed: the part where most incidents lie. Thick outline or large "
            "mark: where an escalation began in this period."
        ),
    ),
    "report_focus_alt": (
        "Der Ausschnitt der Karte, in dem die meisten Vorfälle liegen: {most}.",
        "The part of the map where most incidents lie: {most}.",
    ),
    "report_focus_caption": (
        "Der Ausschnitt, mit Kitas, Schulen und Spielplätzen.",
        "The part, with day-care centres, schools and playgrounds.",
    ),
    "report_moves_title": ("Was gestiegen und gesunken ist", "What rose and what fell"),
    "report_moves_none": (
        "In keinem Ortsteil ist bei einer Art ein Unterschied zu den Tagen davor gesichert.",
        "In no district is a difference of a category from the days before beyond chance.",
    ),
    "report_moves_unknown": (
        "Aus den Tagen davor liegen keine Meldungen vor.",
        "There are no reports from the days before.",
    ),
    "report_table_moves": (
        "Ortsteile, in denen sich eine Art deutlich verändert hat",
        "Districts in which a category changed clearly",
    ),
    "report_neighbours": ("Nachbarn zusammen", "Neighbours together"),
    "report_moved": ("gegenläufig", "the other way"),
    "report_moves_note": (
        (
            "Ob etwas in die Nachbarschaft gewandert ist, kann ein solcher Vergleich nicht beweisen. Wo "
            "die Nachbarn sich deutlich gegenläufig verändert haben, steht „gegenläufig“: dort lohnt die "
            "Frage."
        ),
        (
            "Such a comparison cannot prove that something has moved next door. Where the neighbours "
            "clearly changed the other way, it says so: there the question is worth asking."
        ),
    ),
    "report_moves_no_areas": (
        "Die Grenzen der Ortsteile sind nicht hinterlegt; mit Nachbarn wird deshalb nicht verglichen.",
        "The borders of the districts are not known; so there is no comparison with neighbours.",
    ),
    "report_places_title": ("Besonders sensible Orte", "Sensitive places"),
    "report_table_places": (
        "Meldungen innerhalb des Schutzradius, die häufigsten zuerst",
        "Reports within the radius, the most frequent first",
    ),
    "report_place_kind_kita": ("Kita", "day-care centre"),
    "report_place_kind_school": ("Schule", "school"),
    "report_place_kind_playground": ("Spielplatz", "playground"),
    "report_place_kind_station": ("Bahnhof", "station"),
    "report_place_kind_park": ("Park", "park"),
    "report_place_kind_other": ("anderer Ort", "other place"),
    "report_kind": ("Art des Ortes", "Kind of place"),
    "report_places_none": (
        "Innerhalb der Schutzradien wurde nichts gemeldet.",
        "Nothing was reported within the radius of a sensitive place.",
    ),
    "report_escalations_title": ("Eskalationen und Sitzungen", "Escalations and sessions"),
    "report_table_escalations": (
        "Eskalationen dieses Zeitraums, die neuesten zuerst",
        "Escalations of this period, the newest first",
    ),
    "report_answers": ("Antworten", "Answers"),
    "report_answered": (
        "{noted} zur Kenntnis, {not_needed} nicht nötig, {open} offen",
        "{noted} noted, {not_needed} not needed, {open} open",
    ),
    "report_sessions": ("Sitzung", "Session"),
    "report_met": ("Sitzungen des Gremiums: {days}.", "Sessions of the body: {days}."),
    "report_met_none": (
        "Das Gremium hat in diesem Zeitraum nicht getagt.",
        "The body did not meet in this period.",
    ),
    "report_method_title": ("Wie verglichen wird", "How it is compared"),
    "report_method": (
        (
            "„Gestiegen“ und „gesunken“ steht nur, wo der Unterschied über den Zufall hinausgeht; in "
            "Klammern, wie groß er mit 95 % Sicherheit ist. Verglichen wird mit dem bedingten Test "
            "zweier Anzahlen (Przyborowski und Wilenski 1940; Intervall nach Clopper und Pearson 1934). "
            "Dass Meldungen in Schüben kommen, ist aus den Schwankungen der Wochen geschätzt und "
            "berücksichtigt (hier für alle Vorfälle: das {scatter}-Fache des Zufalls). „Zu wenige“ "
            "heißt: selbst eine Halbierung oder Verdopplung fiele meist nicht auf. In Tabellen mit "
            "vielen Ortsteilen und Orten ist berücksichtigt, dass bei vielen Vergleichen einige nur "
            "zufällig deutlich sind (Benjamini und Hochberg 1995). Gezählt wird, was gemeldet wurde: "
            "Wird mehr hingesehen, wird mehr gemeldet."
        ),
        (
            "“Up” and “down” are said only where the difference goes beyond chance; in brackets how "
            "large it is with 95 % certainty. Compared is by the conditional test of two counts "
            "(Przyborowski and Wilenski 1940; interval after Clopper and Pearson 1934). That reports "
            "come in bursts is estimated from how weeks scatter and allowed for (here for all incidents: "
            "{scatter} times chance). “Too few” means: even half or double as many would mostly go "
            "unnoticed. Tables with many districts and places allow for some of many comparisons being "
            "clear by chance alone (Benjamini and Hochberg 1995). Counted is what was reported: where "
            "people look more, more is reported."
        ),
    ),
    "report_page": ("Seite", "Page"),
    "account_title": ("Jahresrechenschaft", "Yearly account"),
    "account_of": ("Jahresrechenschaft {year}", "Account of {year}"),
    "account_lead": (
        (
            "Was in einem Jahr gemeldet wurde, wann Schwellenwerte erreicht waren, was die "
            "Verantwortlichen dazu entschieden haben und wie oft sie zusammenkamen. Nur Zahlen: Angaben "
            "zu Orten und Personen enthält diese Seite nicht. Zahlen unter 5 sind nicht ausgewiesen (•), "
            "ebenso solche, aus denen sie sich errechnen ließen."
        ),
        (
            "What was reported in a year, when thresholds were reached, what those in charge decided and "
            "how often they met. Figures alone: this page says nothing of places and persons. Numbers "
            "below 5 are not shown (•), nor those from which they could be worked out."
        ),
    ),
    "account_running": ("Dieses Jahr ist noch nicht zu Ende.", "This year is not over yet."),
    "account_incidents": ("Gemeldete Vorfälle", "Incidents reported"),
    "account_escalations": ("Eskalationen", "Escalations"),
    "account_escalations_lead": (
        "Erreichte Schwellenwerte, und was daraus wurde.",
        "Thresholds that were reached, and what became of them.",
    ),
    "account_what": ("Was daraus wurde", "What became of it"),
    "account_count": ("Anzahl", "Number"),
    "account_followed": ("verfolgt", "followed"),
    "account_called_off": ("abgelehnt: durch die Moderation", "declined: by moderation"),
    "account_all_declined": ("abgelehnt: durch die gesamte Leitung", "declined: by all of leadership"),
    "account_withdrawn": (
        "aufgehoben: Meldungen berichtigt oder zurückgezogen",
        "lifted: reports corrected or withdrawn",
    ),
    "account_late": ("erst nach dem Ende erkannt", "recognised only after it was over"),
    "account_waiting": ("noch nicht entschieden", "not decided yet"),
    "account_confirmed": ("Von der Moderation bestätigt", "Confirmed by moderation"),
    "account_unconfirmed": ("Ohne eigene Bestätigung", "Without a confirmation of their own"),
    "account_confirmation": ("Bestätigung", "Confirmation"),
    "account_meetings": ("Sitzungen", "Sessions"),
    "account_regular": ("regelmäßig", "regular"),
    "account_special": ("aus besonderem Anlass", "for a special reason"),
    "account_met_none": ("Es gab keine Sitzung.", "There was no session."),
    "account_none": ("Es gab keine.", "There were none."),
    "report_before_one": ("Tag davor", "Day before"),
    "report_before_month": ("Monat davor", "Month before"),
    "report_before_quarter": ("Quartal davor", "Quarter before"),
    "report_line_raised_over": (
        "{count} Eskalationen wurden ausgelöst; keine davon läuft noch.",
        "{count} escalations were raised; none of them is ongoing.",
    ),
    "report_meeting_open": ("Zur Sitzung", "To the session"),
    "report_table_agreements": (
        "In diesem Zeitraum vereinbart, oder davor und noch zu erledigen",
        "Agreed in this period, or before and still to be done",
    ),
}
