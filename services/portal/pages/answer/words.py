"""Words of the page on which the reader of a message answers, in German and in English."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "reply_as": (
        "Antwort als {seat}",
        "Answer as {seat}",
    ),
    "reply_for": (
        "Antwort in Vertretung für {seat}",
        "Answer standing in for {seat}",
    ),
    "decide_as": (
        "Entscheidung als {seat}",
        "Decision as {seat}",
    ),
    "reply_since": (
        "Seit {day}",
        "Since {day}",
    ),
    "reply_session": (
        "Sitzung {at}",
        "Session {at}",
    ),
    "reply_session_none": (
        "noch keine Sitzung angesetzt",
        "no session called yet",
    ),
    "reply_so_far": (
        "Bisher geantwortet: {count} von {all}",
        "Answered so far: {count} of {all}",
    ),
    "reply_rule": (
        "Ob die Sitzung bleibt, entscheidet die Moderation, solange nicht alle ablehnen.",
        "Moderation decides whether the session stays, unless all decline.",
    ),
    "reply_decided_keep": (
        "Die Moderation hat entschieden: Die Sitzung bleibt.",
        "Moderation has decided: the session stays.",
    ),
    "reply_decided_call_off": (
        "Die Moderation hat abgesagt.",
        "Moderation has called it off.",
    ),
    "say_noted": (
        "Zur Kenntnis genommen",
        "Noted",
    ),
    "say_not_needed": (
        "Nicht nötig, weil …",
        "Not needed, because …",
    ),
    "say_deputy": (
        "{deputy} vertritt mich",
        "{deputy} acts for me",
    ),
    "say_keep": (
        "Sitzung bleibt",
        "The session stays",
    ),
    "say_call_off": (
        "Absagen, weil …",
        "Call off, because …",
    ),
    "say_send": (
        "So antworten",
        "Answer like this",
    ),
    "say_send_decision": (
        "So entscheiden",
        "Decide like this",
    ),
    "say_reason": (
        "Grund, für Moderation und Gremium",
        "Reason, for moderation and body",
    ),
    "say_until": (
        "Gilt bis einschließlich",
        "Holds until and including",
    ),
    "say_in_days": (
        "{day} ({weeks})",
        "{day} ({weeks})",
    ),
    "weeks": (
        "{count} Wochen",
        "{count} weeks",
    ),
    "weeks_one": (
        "eine Woche",
        "one week",
    ),
    "reply_taken": (
        "Ihre Antwort ist gespeichert.",
        "Your answer is stored.",
    ),
    "reply_undo": (
        "Falls das nicht gewollt war: Wählen Sie einfach eine andere Antwort, die neueste zählt.",
        "If that was not meant: simply choose another answer, the newest counts.",
    ),
    "reply_yours": (
        "Ihre Antwort: {answer}, {at}",
        "Your answer: {answer}, {at}",
    ),
    "reply_yours_by": (
        "Antwort dieser Funktion: {answer}, {at}, eingetragen durch {by}",
        "Answer of this function: {answer}, {at}, entered by {by}",
    ),
    "reply_note": (
        (
            "Öffnen allein ändert nichts. Jede Antwort lässt sich ändern, bis die Eskalation beendet "
            "ist. Der Link gilt bis {day}, nur für diese Funktion und diese Sache."
        ),
        (
            "Opening this page changes nothing. Each answer can be changed until the escalation is "
            "over. The link holds until {day}, for this function and this matter alone."
        ),
    ),
    "reply_over": (
        "Die Eskalation ist beendet; es ist nichts mehr zu antworten.",
        "The escalation is over; there is nothing left to answer.",
    ),
    "reply_wrong_reason": (
        "Bitte nennen Sie einen Grund (3 bis 500 Zeichen, ohne E-Mail-Adressen).",
        "Please give a reason (3 to 500 characters, without mail addresses).",
    ),
    "reply_wrong": (
        "Das wurde nicht gespeichert: {why}",
        "This was not stored: {why}",
    ),
    "reply_wrong_say": (
        "Bitte wählen Sie eine der Antworten.",
        "Please choose one of the answers.",
    ),
    "link_ended": (
        "Dieser Link gilt nicht mehr",
        "This link no longer holds",
    ),
    "link_ended_text": (
        (
            "Er ist abgelaufen, unvollständig oder verändert, oder diese Funktion hat jetzt jemand "
            "anderes. Öffnen Sie die neueste Nachricht zu dieser Sache, oder wenden Sie sich an die "
            "Moderation."
        ),
        (
            "It has ended, is incomplete or was changed, or somebody else holds this function now. Open "
            "the newest message on this matter, or ask the moderator."
        ),
    ),
    "quoted": (
        "„{text}“",
        "“{text}”",
    ),
    "link_away": (
        "Gerade nicht erreichbar",
        "Not available just now",
    ),
    "link_away_text": (
        (
            "Ein Teil des Systems antwortet nicht. Es wurde nichts gespeichert; bitte versuchen Sie "
            "es in einigen Minuten noch einmal."
        ),
        ("A part of the system does not answer. Nothing was stored; please try again in a few minutes."),
    ),
}
