"""Words of the page on which the reader of a message answers, in German and in English."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
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
    "situation_not_shared": (
        (
            "Karte, Verlauf und einzelne Meldungen zeigt diese Seite Gremien, die Orte genau austauschen; "
            "eben erst Gemeldetes erscheint nach kurzer Zeit."
        ),
        (
            "This page shows map, course and single reports to bodies that share places exactly; what was "
            "reported just now appears after a moment."
        ),
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
