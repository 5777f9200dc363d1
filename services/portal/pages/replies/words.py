"""Words of what may be said to an escalation, and of what was, in German and in English."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "reply_part": (
        "Gehört inzwischen zu einer größeren Lage. Gefragt ist Ihre Antwort auf die Nachricht dazu.",
        "Part of a bigger situation by now. What is asked for is your answer to the message about that.",
    ),
    "say_noted": ("Zur Kenntnis genommen", "Noted"),
    "say_not_needed": ("Nicht nötig, weil …", "Not needed, because …"),
    "say_deputy": ("{deputy} vertritt mich", "{deputy} acts for me"),
    "say_confirm": ("Bestätigen: Leitung informieren", "Confirm: tell leadership"),
    "say_keep": ("Sitzung bleibt", "The session stays"),
    "say_call_off": ("Absagen, weil …", "Call off, because …"),
    "say_hold": ("Nicht jetzt …", "Not now …"),
    "say_end_hold": ("Zurückstellung beenden", "End the hold"),
    "enter": ("Antwort einer anderen Funktion", "Answer of another function"),
    "enter_for": ("Für eine andere Funktion eintragen …", "Enter it for another function …"),
    "enter_text": (
        (
            "Wenn jemand anruft oder schreibt: Die Antwort gilt als die dieser Funktion, mit dem Zusatz, wer "
            "sie eingetragen hat. Wer die Funktion hat, erfährt es per E-Mail."
        ),
        (
            "Where somebody telephones or writes: the answer counts as that of the function, with the note "
            "who has entered it. Who holds the function is told by mail."
        ),
    ),
    "enter_seat": ("Funktion", "Function"),
    "enter_answer": ("Antwort", "Answer"),
    "enter_reason": ("Grund, oder wie Sie davon wissen", "Reason, or how you know of it"),
    "enter_until": (
        "Nur bei „nicht nötig“: gilt bis einschließlich",
        "Only for “not needed”: holds until and including",
    ),
    "enter_send": ("Antwort eintragen", "Enter the answer"),
    "done_enter": (
        "Die Antwort ist eingetragen. Wer die Funktion hat, erhält eine E-Mail.",
        "The answer is entered. Who holds the function gets a mail.",
    ),
    "say_send": ("So antworten", "Answer like this"),
    "say_send_decision": ("So entscheiden", "Decide like this"),
    "say_reason": ("Grund, für Moderation und Gremium", "Reason, for moderation and body"),
    "say_until": ("Gilt bis einschließlich", "Holds until and including"),
    "say_in_days": ("{day} ({span})", "{day} ({span})"),
    "weeks": ("{count} Wochen", "{count} weeks"),
    "weeks_one": ("eine Woche", "one week"),
    "days": ("{count} Tage", "{count} days"),
    "days_one": ("morgen", "tomorrow"),
    "reply_taken": ("Ihre Antwort ist gespeichert.", "Your answer is stored."),
    "decision_taken": ("Ihre Entscheidung ist gespeichert.", "Your decision is stored."),
    "reply_undo": (
        "Falls das nicht gewollt war: Wählen Sie einfach anders, das Neueste zählt.",
        "If that was not meant: simply choose otherwise, the newest counts.",
    ),
    "reply_yours": ("Ihre Antwort: {answer}, {at}", "Your answer: {answer}, {at}"),
    "reply_yours_by": (
        "Antwort dieser Funktion: {answer}, {at}, eingetragen durch {by}",
        "Answer of this function: {answer}, {at}, entered by {by}",
    ),
    "reply_as": ("Antwort als {seat}", "Answer as {seat}"),
    "reply_for": ("Antwort in Vertretung für {seat}", "Answer standing in for {seat}"),
    "decide_as": ("Entscheidung als {seat}", "Decision as {seat}"),
    "moderation": ("Moderation", "Moderation"),
    "reply_moderation": ("Entscheidung der Moderation", "Decision of the moderation"),
    "reply_against": ("Widerspruch von {seats}", "Objection of {seats}"),
    "replies_away": (
        "Der zuständige Dienst antwortet gerade nicht; antworten können Sie in einigen Minuten wieder.",
        "The service in charge does not answer at present; you can answer again in a few minutes.",
    ),
    "reply_so_far": ("Bisher geantwortet: {count} von {all}", "Answered so far: {count} of {all}"),
    "reply_rule": (
        "Ob die Sitzung bleibt, entscheidet die Moderation, solange nicht alle ablehnen.",
        "Moderation decides whether the session stays, unless all decline.",
    ),
    "reply_decided_confirm": (
        "Die Moderation hat bestätigt: Die Leitung wird informiert.",
        "Moderation has confirmed: leadership is told.",
    ),
    "reply_decided_keep": (
        "Die Moderation hat entschieden: Die Sitzung bleibt.",
        "Moderation has decided: the session stays.",
    ),
    "reply_decided_call_off": ("Die Moderation hat abgesagt.", "Moderation has called it off."),
    "reply_proposed": (
        "Die Leitung ist noch nicht informiert. Ohne Entscheidung geschieht das am {at}.",
        "Leadership is not told yet. Without a decision that happens on {at}.",
    ),
    "reply_held": (
        "Zurückgestellt bis {day} durch {by}: „{reason}“. Die Leitung wird bis dahin nicht informiert.",
        "Held back until {day} by {by}: “{reason}”. Leadership is not told until then.",
    ),
    "reply_by": ("Antwort erbeten bis {at}", "An answer is asked for by {at}"),
    "reply_over": (
        "Die Eskalation ist beendet; es ist nichts mehr zu antworten.",
        "The escalation is over; there is nothing left to answer.",
    ),
    "reply_mend": (
        "Das wurde noch nicht gespeichert. Bitte berichtigen Sie die markierten Angaben.",
        "This was not stored yet. Please mend what is marked.",
    ),
    "reply_wrong_say": ("Bitte wählen Sie eine der Antworten.", "Please choose one of the answers."),
    "wrong_reason": (
        "Bitte nennen Sie einen Grund (3 bis 500 Zeichen, ohne E-Mail-Adressen).",
        "Please give a reason (3 to 500 characters, without mail addresses).",
    ),
    "wrong_until": (
        "Bitte wählen Sie einen Tag, der in der Zukunft liegt, höchstens 180 Tage entfernt.",
        "Please choose a day in the future, at most 180 days away.",
    ),
    "wrong_answer": ("Diese Funktion hat keine Vertretung.", "This function has no deputy."),
    "wrong_decision": ("Die Leitung ist bereits informiert.", "Leadership was told already."),
    "quoted": ("„{text}“", "“{text}”"),
    "until_day": ("bis {day}", "until {day}"),
    "by": ("durch {who}", "by {who}"),
    "answer_noted": ("zur Kenntnis genommen", "acknowledged"),
    "answer_not_needed": ("nicht nötig", "not needed"),
    "answer_deputy": ("Vertretung übernimmt", "deputy acts"),
    "answer_none": ("noch keine Antwort", "no answer yet"),
}
