"""Words of the pages of escalations, in German and in English."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "state": ("Status", "Status"),
    "state_proposed": ("vorgeschlagen", "proposed"),
    "state_open": ("offen", "open"),
    "state_acknowledged": ("zur Kenntnis genommen", "acknowledged"),
    "state_declined": ("abgelehnt", "declined"),
    "state_part": ("Teil einer größeren Lage", "part of a bigger situation"),
    "state_discussed": ("im Rapport behandelt", "dealt with at a meeting"),
    "state_resolved": ("beendet", "ended"),
    "part_of": ("Gehört zu", "Part of"),
    "parts": ("Was dazugehört", "What belongs to it"),
    "parts_lead": (
        "Kleinere Eskalationen dieses Gebiets; beantwortet und behandelt werden sie mit dieser.",
        "Smaller escalations of this area; they are answered and dealt with together with this one.",
    ),
    "counts_from": ("Gezählt ab", "Counted from"),
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
    "area": ("Wo", "Where"),
    "area_alt": (
        "Kleine Karte: {place} mit der Umgebung und den sensiblen Orten darin.",
        "Small map: {place} with its surroundings and the sensitive places there.",
    ),
    "finds": ("Gemeldet, nach Tag und Stelle", "Reported, by day and agency"),
    "finds_day": ("Tag", "Day"),
    "finds_agency": ("Stelle", "Agency"),
    "finds_reports": ("Meldungen", "Reports"),
    "finds_quantity": ("Anzahl", "Number"),
    "finds_older": ("Weitere {count} ältere Zeilen", "{count} further, older rows"),
    "finds_older_one": ("Eine weitere ältere Zeile", "One further, older row"),
    "no_agency": ("nicht festgehalten", "not recorded"),
    "course": ("Verlauf", "Course"),
    "course_lead": (
        "Was hier gezählt wurde, verglichen mit der Schwelle.",
        "What was counted here, compared with the threshold.",
    ),
    "course_sliding": (
        "zu jedem Zeitpunkt die Summe der {window} davor, nach heutigem Stand der Meldungen",
        "at each moment the sum of the {window} before, as reported by now",
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
    "did_proposed_until": (
        "Regel erfüllt, der Moderation vorgeschlagen; ohne Entscheidung Alarm {day}",
        "Rule met, proposed to moderation; without a decision leadership is alerted {day}",
    ),
    "did_decided_confirm": ("Moderation bestätigt", "Moderation confirms"),
    "did_reminded": (
        "Frist verstrichen: wer nicht geantwortet hat, wurde erinnert, mit Vertretung",
        "Deadline passed: those who had not answered were reminded, with their deputies",
    ),
    "did_unanswered": (
        "Frist erneut verstrichen: Moderation informiert, wer nicht geantwortet hat",
        "Deadline passed again: moderation was told who had not answered",
    ),
    "did_raised": ("Regel erfüllt, Eskalation ausgelöst", "Rule met, escalation raised"),
    "did_raised_as_part": (
        "Regel erfüllt, gehört zu einer größeren Eskalation",
        "Rule met, part of a bigger escalation",
    ),
    "did_joined": ("Eine weitere Eskalation gehört dazu", "Another escalation belongs to it"),
    "did_joined_times": (
        "{count} weitere Eskalationen gehören dazu",
        "{count} more escalations belong to it",
    ),
    "did_taken_in": ("Gehört nun zu einer größeren Eskalation", "Now part of a bigger escalation"),
    "did_stands_alone": ("Steht wieder für sich", "Stands by itself again"),
    "did_discussed": ("Im Rapport behandelt", "Dealt with at a meeting"),
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
    "did_reopened_refusal_ended": (
        "Frist der Ablehnung abgelaufen, Regel weiterhin erfüllt",
        "Declined period ended, rule still met",
    ),
    "did_reopened_taken_back": ("Ablehnung zurückgenommen", "No longer declined"),
    "did_reopened_not_followed": (
        "Zur Kenntnis genommen, aber in keiner Sitzung behandelt: erneut mitgeteilt",
        "Noted, but dealt with in no session: told again",
    ),
    "did_reopened_continued": (
        "Nachträgliche Meldungen zeigen, dass die Lage andauert",
        "Later reports show that the situation goes on",
    ),
    "did_answered_noted": ("Zur Kenntnis genommen", "Acknowledged"),
    "did_answered_not_needed": ("Sitzung für unnötig gehalten", "Meeting held for not needed"),
    "did_answered_not_needed_until": (
        "Sitzung bis {day} für unnötig gehalten",
        "Meeting held for not needed until {day}",
    ),
    "did_answered_deputy": ("An die Vertretung übergeben", "Left to the deputy"),
    "did_decided_keep": ("Moderation entscheidet: wird weiter verfolgt", "Moderation decides: is followed"),
    "did_decided_call_off_until": (
        "Moderation entscheidet: bis {day} nicht verfolgt",
        "Moderation decides: not followed until {day}",
    ),
    "did_held_until": ("Zurückgestellt bis {day}", "Held back until {day}"),
    "did_lifted": ("Zurückstellung beendet", "Hold ended"),
    "did_hold_ending_until": ("Zurückstellung endet {day}", "The hold ends {day}"),
    "did_all_declined_until": (
        "Alle halten eine Sitzung für unnötig: abgelehnt bis {day}",
        "All hold a meeting for not needed: declined until {day}",
    ),
    "carried": ("übernommen aus einer Eskalation derselben Lage", "from an escalation of the same situation"),
    "did_acknowledged": ("Zur Kenntnis genommen", "Acknowledged"),
    "did_declined_until": ("Abgelehnt bis {day}", "Declined until {day}"),
    "did_resolved_calm": ("Beendet: seither ruhig", "Ended: calm since"),
    "did_resolved_evidence_withdrawn": (
        "Aufgehoben: Meldungen berichtigt oder zurückgezogen",
        "Lifted: reports corrected or withdrawn",
    ),
    "did_resolved_merged": ("In eine frühere Eskalation aufgegangen", "Merged into an earlier escalation"),
    "did_resolved": ("Beendet", "Ended"),
    "in_name": ("im Namen von {who}, eingetragen durch {by}", "in the name of {who}, entered by {by}"),
    "reason": ("Grund: {reason}", "Reason: {reason}"),
    "answers_of_seats": ("Antworten der Leitungsebene", "Answers of leadership"),
    "answers_lead": (
        (
            "{count} von {all} haben geantwortet. Jede Funktion antwortet für sich; "
            "bei Widerspruch entscheidet die Moderation."
        ),
        (
            "{count} of {all} have answered. Each function answers for itself; "
            "where one objects, moderation decides."
        ),
    ),
    "called": ("Einberufene Sitzungen", "Meetings called"),
    "called_none": ("Diese Eskalation hat keine Sitzung einberufen.", "This escalation called no meeting."),
    "mails_about": ("Nachrichten dazu", "Messages about it"),
    "mails_none": ("Dazu wurde keine Nachricht versandt.", "No message was sent about this."),
}
