"""Words of the pages on which one joins and leaves an open body, in German and in English."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "join_list": ("Offene Gremien", "Open bodies"),
    "join_list_text": (
        "In diesen Gremien können Organisationen um Aufnahme bitten. Ein Konto brauchen Sie dafür nicht.",
        "Organisations may ask to join these bodies. You need no account for that.",
    ),
    "join_list_none": ("Zurzeit ist kein Gremium offen.", "No body is open at present."),
    "join_bodies": ("Offene Gremien und wie man mitmacht", "Open bodies, and how to join"),
    "join_meets": ("Nächste reguläre Sitzungen", "Next regular sessions"),
    "join_meets_called": ("nach Einladung", "when it is called"),
    "join_how": ("Mitmachen", "Joining"),
    "join_step_ask": (
        "Sie nennen Ihre Organisation und eine E-Mail-Adresse.",
        "You name your organisation and a mail address.",
    ),
    "join_step_mail": (
        "Sie bestätigen die Adresse über einen Link, den wir Ihnen senden.",
        "You confirm the address by a link that we send you.",
    ),
    "join_step_answer": (
        "Die Moderation entscheidet und antwortet Ihnen per E-Mail mit Begründung.",
        "The moderation decides, and answers you by mail with its reason.",
    ),
    "join_organisation": ("Organisation", "Organisation"),
    "join_mail": ("E-Mail-Adresse", "Mail address"),
    "join_mail_hint": (
        "An diese Adresse gehen auch die Einladungen.",
        "Invitations go to this address, too.",
    ),
    "join_reason": ("Warum möchten Sie mitmachen?", "Why do you want to join?"),
    "join_send": ("Um Aufnahme bitten", "Ask to join"),
    "join_privacy": (
        (
            "Ihre Angaben sieht nur die Moderation. Unbestätigt werden sie nach zwei Tagen gelöscht, nach "
            "einer Ablehnung nach zwei Wochen."
        ),
        (
            "The moderation alone sees what you enter. It is deleted after two days where it is not "
            "confirmed, and two weeks after a refusal."
        ),
    ),
    "join_sent": ("Bitte sehen Sie in Ihr Postfach", "Please look into your mailbox"),
    "join_sent_text": (
        (
            "Eine E-Mail mit einem Link ist unterwegs; er gilt zwei Tage. Kommt keine an, prüfen Sie die "
            "Adresse und versuchen Sie es morgen noch einmal."
        ),
        (
            "A mail with a link is on its way; it holds for two days. If none arrives check the address and "
            "try again tomorrow."
        ),
    ),
    "join_again": ("Andere Angaben", "Enter something else"),
    "join_confirm": ("Adresse bestätigen", "Confirm the address"),
    "join_confirm_text": (
        "„{organisation}“ bittet um Aufnahme: {body}. Bestätigen Sie, dass diese Adresse Ihre ist.",
        "“{organisation}” asks to join: {body}. Confirm that this address is yours.",
    ),
    "join_confirm_send": ("Bestätigen", "Confirm"),
    "join_confirmed": ("Ihre Anfrage ist bei der Moderation", "Your request is with the moderation"),
    "join_confirmed_text": (
        "„{organisation}“ bittet um Aufnahme: {body}. Die Antwort kommt per E-Mail.",
        "“{organisation}” asks to join: {body}. The answer comes by mail.",
    ),
    "join_gone": ("Dieser Link gilt nicht mehr", "This link is void"),
    "join_gone_text": (
        "Er ist älter als zwei Tage, oder die Anfrage ist beantwortet.",
        "It is older than two days, or the request is answered.",
    ),
    "join_closed": ("Dieses Gremium nimmt zurzeit niemanden auf", "This body admits nobody at present"),
    "join_closed_text": (
        "Es ist seit Ihrer Anfrage geschlossen worden. Ihre Angaben werden gelöscht.",
        "It was closed since you asked. What you entered is deleted.",
    ),
    "join_often": ("Zu viele Anfragen", "Too many requests"),
    "join_often_text": (
        "Aus Ihrem Netz kamen zu viele Anfragen. Bitte versuchen Sie es in einer Stunde noch einmal.",
        "Too many requests came from your network. Please try again in an hour.",
    ),
    "leave": ("Gremium verlassen: {body}", "Leave the body: {body}"),
    "leave_text": (
        (
            "Ihr Sitz und Ihr Zugang enden sofort, kommende Sitzungen werden in Ihrem Kalender abgesagt. "
            "Die Moderation sieht, dass Sie gegangen sind."
        ),
        (
            "Your seat and your access end at once, coming sessions are cancelled in your calendar. The "
            "moderation sees that you have left."
        ),
    ),
    "leave_send": ("Gremium verlassen", "Leave the body"),
    "left": ("Sie haben das Gremium verlassen: {body}", "You have left the body: {body}"),
    "left_text": (
        "War das ein Versehen? 24 Stunden lang können Sie es hier rückgängig machen.",
        "Was it a mistake? For 24 hours you can undo it here.",
    ),
    "left_return": ("Doch bleiben", "Stay after all"),
    "leave_gone": ("Dieser Link gilt nicht mehr", "This link is void"),
    "leave_gone_text": (
        "Sie haben das Gremium verlassen, oder jemand anderes hat die Funktion inne.",
        "You have left the body, or somebody else holds the function.",
    ),
    "join_request": ("Bittet um Aufnahme: {organisation}", "Asks to join: {organisation}"),
    "join_who": ("Wer fragt", "Who asks"),
    "join_asked_at": ("Bestätigt", "Confirmed"),
    "join_standing": (
        "In der Partnerkarte: {standing}, seit {since}.",
        "On the map of partners: {standing}, since {since}.",
    ),
    "join_holds": ("Die Adresse hat hier schon:", "The address holds here already:"),
    "join_approve": ("Aufnehmen", "Admit"),
    "join_approve_text": (
        "Wer fragt, erhält einen Sitz als Mitglied, den Zugang und die Einladungen.",
        "Who asks gets a seat as a member, access and the invitations.",
    ),
    "join_sees": ("Sichtbar werden: {what}.", "They will see: {what}."),
    "join_sees_change": ("Angaben ändern", "Change this"),
    "join_function": ("In welcher Funktion", "In which function"),
    "join_function_new": ("neue Funktion", "a new function"),
    "join_name_hint": ("Nur für eine neue Funktion.", "For a new function alone."),
    "join_welcome": ("Ein Satz zur Begrüßung", "A sentence of welcome"),
    "join_approve_send": ("Aufnehmen", "Admit"),
    "join_refuse": ("Nicht aufnehmen …", "Do not admit …"),
    "join_why_not": ("Warum nicht?", "Why not?"),
    "join_why_not_hint": ("Steht so in der Antwort.", "Stands like this in the answer."),
    "join_refuse_send": ("Ablehnung senden", "Send the refusal"),
    "join_waiting": ("Bitten um Aufnahme", "Ask to join"),
    "join_decide": ("Ansehen und entscheiden", "Look and decide"),
    "waits_join": ("„{organisation}“ bittet um Aufnahme", "“{organisation}” asks to join"),
    "done_joined": ("Die Organisation ist aufgenommen.", "The organisation is admitted."),
    "done_join_refused": ("Die Ablehnung ist unterwegs.", "The refusal is on its way."),
    "wrong_organisation": (
        "Bitte nennen Sie die Organisation (2 bis 120 Zeichen, ohne E-Mail-Adresse).",
        "Please name the organisation (2 to 120 characters, without a mail address).",
    ),
    "is not a member's function that nobody holds": (
        "Diese Funktion ist nicht mehr frei. Bitte wählen Sie eine andere.",
        "This function is no longer free. Please choose another one.",
    ),
    "who_applicant": ("Wer um Aufnahme bittet", "Who asks to join"),
    "who_guest": ("Gast einer Sitzung", "Guest of a session"),
    "mail_join_requested": ("Anfrage auf Beitritt", "Request to join"),
    "mail_join_answered": ("Antwort auf eine Anfrage", "Answer to a request to join"),
    "body_is_open": ("Beitritt", "Joining"),
    "body_open_yes": (
        "offen: Organisationen können um Aufnahme bitten",
        "open: organisations may ask to join",
    ),
    "body_open_no": ("geschlossen", "closed"),
    "body_open_page": ("Öffentliche Seite ansehen", "See the public page"),
    "body_open_hint": (
        "Name, Zweck und reguläre Termine stehen dann auf einer Seite, die alle lesen können.",
        "Name, purpose and regular dates then stand on a page that everybody can read.",
    ),
    "wrong_purpose": (
        "Ein offenes Gremium braucht einen Zweck auf Deutsch und auf Englisch.",
        "An open body needs a purpose in German and in English.",
    ),
    "change_open_yes": ("Das Gremium ist offen für Beitritte.", "The body is open to join."),
    "change_open_no": ("Das Gremium ist für Beitritte geschlossen.", "The body is closed to join."),
    "change_joined": ("„{which}“ wurde aufgenommen.", "“{which}” was admitted."),
    "change_left": ("{which} hat das Gremium verlassen.", "{which} has left the body."),
    "change_rejoined": ("{which} ist zurückgekehrt.", "{which} has come back."),
}
