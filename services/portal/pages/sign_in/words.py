"""Words of the pages of sign-in, in German and in English."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "sign_in": ("Anmelden", "Sign in"),
    "sign_in_text": (
        (
            "Rapport ist den Mitgliedern der Gremien vorbehalten. Sie erhalten einen Link per E-Mail; "
            "ein Kennwort brauchen Sie nicht."
        ),
        "Rapport is for the members of its bodies. You get a link by mail; you need no password.",
    ),
    "sign_in_provider": ("Mit dem Dienstkonto anmelden", "Sign in with your office account"),
    "sign_in_or": ("Oder ohne Dienstkonto:", "Or without an office account:"),
    "provider_away": (
        "Die Anmeldung mit dem Dienstkonto antwortet nicht",
        "The office account does not answer",
    ),
    "provider_away_text": (
        "Bitte melden Sie sich mit einem Link per E-Mail an, oder versuchen Sie es später noch einmal.",
        "Please sign in with a mailed link, or try again later.",
    ),
    "identity_refused": ("Die Anmeldung ist nicht gelungen", "Signing in did not work"),
    "identity_refused_text": (
        "Der Anmeldedienst hat Ihre Anmeldung nicht bestätigt. Bitte beginnen Sie noch einmal.",
        "The sign-in service did not confirm who you are. Please begin anew.",
    ),
    "identity_other_browser": (
        "Diese Anmeldung gehört nicht zu diesem Browser",
        "This sign-in is of another browser",
    ),
    "identity_other_browser_text": (
        "Sie hat in einem anderen Browser oder vor zu langer Zeit begonnen. Bitte beginnen Sie neu.",
        "It began in another browser, or too long ago. Please begin anew.",
    ),
    "identity_unknown": ("Sie haben hier keine Funktion", "You hold no function here"),
    "identity_unknown_text": (
        "Ihr Dienstkonto ist bestätigt, gehört aber zu keinem Gremium. Die Moderation hilft Ihnen weiter.",
        "Your office account is confirmed, but no body has it. Please turn to the moderation.",
    ),
    "identity_unverified": (
        "Ihre E-Mail-Adresse ist beim Anmeldedienst nicht bestätigt",
        "Your mail address is not verified at the sign-in service",
    ),
    "identity_unverified_text": (
        "Beim ersten Mal werden Sie an ihr erkannt. Bitte melden Sie sich mit einem Link per E-Mail an.",
        "The first time you are known by it. Please sign in with a mailed link.",
    ),
    "sign_in_members": (
        "Rapport ist den Mitgliedern der Gremien vorbehalten.",
        "Rapport is for the members of its bodies.",
    ),
    "sign_in_mail": ("Ihre dienstliche E-Mail-Adresse", "Your official mail address"),
    "sign_in_send": ("Link anfordern", "Send me a link"),
    "sign_in_sent": ("Bitte sehen Sie in Ihr Postfach", "Please look into your mailbox"),
    "sign_in_sent_text": (
        (
            "Wenn die Adresse zu einem Mitglied gehört, ist eine E-Mail mit einem Link unterwegs. "
            "Er gilt 15 Minuten."
        ),
        "If the address belongs to a member, a mail with a link is on its way. It holds for 15 minutes.",
    ),
    "sign_in_code": ("Code: {code}", "Code: {code}"),
    "sign_in_code_text": (
        "nur nötig, wenn Sie den Link auf einem anderen Gerät öffnen",
        "only needed if you open the link on another device",
    ),
    "sign_in_again": ("Andere Adresse oder neuer Link", "Another address, or a new link"),
    "sign_in_press": ("Bei Rapport anmelden", "Sign in to Rapport"),
    "sign_in_press_text": (
        "Mit einem Klick melden Sie sich in diesem Browser an.",
        "One click signs you in at this browser.",
    ),
    "code_label": ("Code mit sechs Ziffern", "Code of six digits"),
    "code_needed": (
        "Der Link wurde in einem anderen Browser angefordert. Bitte geben Sie den Code ein, der dort steht.",
        "Another browser asked for this link. Please enter the code that it shows.",
    ),
    "code_wrong": (
        "Dieser Code ist nicht richtig. Nach fünf falschen Eingaben gilt der Link nicht mehr.",
        "This code is not right. After five wrong ones the link is void.",
    ),
    "sign_in_gone": ("Dieser Link gilt nicht mehr", "This link is void"),
    "sign_in_gone_text": (
        "Er ist älter als 15 Minuten oder wurde schon benutzt. Bitte fordern Sie einen neuen an.",
        "It is older than 15 minutes, or was used already. Please ask for a new one.",
    ),
    "sign_in_often": ("Zu viele Anmeldeversuche", "Too many attempts to sign in"),
    "sign_in_often_text": (
        "Aus Ihrem Netz kamen zu viele Versuche. Bitte warten Sie einige Minuten.",
        "Too many attempts came from your network. Please wait for some minutes.",
    ),
    "foreign": ("Das wurde nicht ausgeführt", "This was not done"),
    "foreign_text": (
        (
            "Die Anfrage kam nicht von einer Seite von Rapport. Bitte öffnen Sie Rapport neu "
            "und versuchen Sie es dort."
        ),
        "The request did not come from a page of Rapport. Please open Rapport anew and try it there.",
    ),
    "directory_away": ("Zurzeit ist keine Anmeldung möglich", "Sign-in is not possible just now"),
    "directory_away_text": (
        "Bitte versuchen Sie es in einigen Minuten noch einmal.",
        "Please try again in a few minutes.",
    ),
    "demonstration": ("Vorführung", "Demonstration"),
    "demonstration_text": (
        (
            "Nur auf diesem Rechner und nur in der Vorführung: Wählen Sie, in wessen Funktion Sie "
            "die Seiten sehen."
        ),
        "On this machine and in the demonstration alone: choose in whose function you see the pages.",
    ),
    "signed_in_as": ("Angemeldet: {seat}", "Signed in: {seat}"),
    "sign_out": ("Abmelden", "Sign out"),
    "sign_out_everywhere": ("Überall abmelden", "Sign out everywhere"),
    "account": ("Anmeldung", "Sign-in"),
}
