"""Words of the pages of escalations, in German and in English."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
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
}
