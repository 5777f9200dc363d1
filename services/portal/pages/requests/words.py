"""Words of the pages on which a session is asked for, answered and called, in German and in English."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "requests": ("Anträge", "Requests"),
    "requests_text": (
        (
            "Wer in einem Gremium sitzt, kann beantragen, dass eines zusammenkommt. Antrag und Antwort sehen "
            "beide Gremien."
        ),
        "Who sits in a body can ask that one meets. Both bodies see the request and its answer.",
    ),
    "requests_none": ("Es ist kein Antrag offen.", "No request is open."),
    "requests_answered": ("Erledigt ({count})", "Settled ({count})"),
    "request_new": ("Rapport beantragen", "Ask for a rapport"),
    "request_new_text": (
        "Die Moderation des Gremiums antwortet innerhalb von {count} Arbeitstagen, mit einem Grund.",
        "The moderation of the body answers within {count} working days, with a reason.",
    ),
    "request_seat": ("In welcher Funktion?", "In which function?"),
    "request_which": ("Welches Gremium soll zusammenkommen?", "Which body is to meet?"),
    "request_reason": ("Warum?", "Why?"),
    "request_reason_hint": (
        "Ein Satz für Moderation und Gremium, ohne Namen und Adressen.",
        "One sentence for moderation and body, without names and addresses.",
    ),
    "request_send": ("Antrag stellen", "Send the request"),
    "request_title": ("Antrag: {body}", "Request: {body}"),
    "request_by": ("Von", "By"),
    "request_made": ("Gestellt", "Made"),
    "request_answer_by": ("Antwort bis", "Answer by"),
    "request_your_answer": ("Ihre Antwort als Moderation", "Your answer as moderation"),
    "request_grant": ("Ja, jetzt einberufen", "Yes, call it now"),
    "request_refuse": ("Nein, weil …", "No, because …"),
    "request_why_not": ("Grund, für wen gefragt hat und das Gremium", "Reason, for who asked and the body"),
    "request_answer": ("Antwort der Moderation", "Answer of the moderation"),
    "request_open": ("offen", "open"),
    "request_withdrawn": ("zurückgezogen", "withdrawn"),
    "request_withdrawn_text": ("Zurückgezogen durch {who}, {at}.", "Withdrawn by {who}, {at}."),
    "request_withdraw": ("Antrag zurückziehen", "Withdraw the request"),
    "request_withdraw_text": (
        "Solange er nicht beantwortet ist. Die Moderation erhält eine E-Mail.",
        "As long as it is not answered. The moderation gets a mail.",
    ),
    "request_called": (
        "Für denselben Ort ist das Gremium inzwischen einberufen.",
        "The body is called for the same place meanwhile.",
    ),
    "done_withdrawn": (
        "Ihr Antrag ist zurückgezogen. Die Moderation erhält eine E-Mail.",
        "Your request is withdrawn. The moderation gets a mail.",
    ),
    "The request was withdrawn": (
        "Der Antrag ist bereits zurückgezogen.",
        "The request was withdrawn already.",
    ),
    "request_granted": ("einberufen", "called"),
    "request_refused": ("nicht einberufen", "not called"),
    "request_granted_text": ("Das Gremium wird einberufen.", "The body is called together."),
    "request_refused_text": ("Das Gremium wird nicht einberufen.", "The body is not called together."),
    "places_where": ("Worum geht es?", "Which place is it about?"),
    "places_choose": ("Bitte wählen", "Please choose"),
    "places_sensitive": ("Besonders sensible Orte", "Especially sensitive places"),
    "places_districts": ("Ortsteile", "Districts"),
    "places_all": ("Stadt", "City"),
    "call": ("Trotzdem einberufen", "Call it anyway"),
    "call_text": (
        (
            "Das Gremium kommt zusammen, obwohl keine Regel es einberuft: Leitung und Moderation werden "
            "sofort informiert, die Sitzung wird angesetzt, die Einladung folgt."
        ),
        (
            "The body meets although no rule calls it: leadership and moderation are told at once, the "
            "session is set up, and invitations go out."
        ),
    ),
    "call_reason": ("Grund", "Reason"),
    "call_reason_hint": (
        "Ein Satz, den die Leitung in der Nachricht liest.",
        "One sentence that leadership reads in the message.",
    ),
    "call_send": ("Jetzt einberufen", "Call it now"),
    "wrong_scope": ("Bitte wählen Sie einen Ort der Liste.", "Please choose a place of the list."),
    "wrong_body": ("Bitte wählen Sie ein Gremium der Liste.", "Please choose a body of the list."),
    "wrong_seat": ("Diese Funktion haben Sie nicht mehr.", "You no longer hold this function."),
    "done_called": (
        "Das Gremium ist einberufen. Die Leitung wird informiert, die Einladung folgt.",
        "The body is called. Leadership is told, the invitation follows.",
    ),
    "done_asked": (
        "Ihr Antrag ist gestellt. Die Antwort erhalten Sie per E-Mail.",
        "Your request is made. You get the answer by mail.",
    ),
    "done_granted": (
        "Das Gremium ist einberufen. Wer gefragt hat, erhält eine E-Mail.",
        "The body is called. Who asked gets a mail.",
    ),
    "done_refused": (
        "Ihre Antwort ist gespeichert. Wer gefragt hat, erhält eine E-Mail.",
        "Your answer is stored. Who asked gets a mail.",
    ),
    "The body is called for this already, and that is not over": (
        "Das Gremium ist dafür bereits einberufen, und das ist noch nicht beendet.",
        "The body is called for this already, and that is not over.",
    ),
    "This function has asked for the same, and the answer is open": (
        "Diese Funktion hat dasselbe schon beantragt; die Antwort steht noch aus.",
        "This function has asked for the same already; the answer is open.",
    ),
    "Too many requests of this function wait for an answer": (
        "Es warten bereits zehn Anträge dieser Funktion auf eine Antwort.",
        "Ten requests of this function wait for an answer already.",
    ),
    "The request was answered": ("Der Antrag ist bereits beantwortet.", "The request was answered already."),
}
