"""Words of the pages of seats, in German and in English."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "seat_deputy_of": ("Vertretung für {seat}", "Deputy of {seat}"),
    "seat_holder": ("Wer die Funktion innehat", "Who holds the function"),
    "seat_now": ("Derzeit: {who}", "At present: {who}"),
    "seat_is_vacant": ("Die Funktion ist unbesetzt.", "The function is vacant."),
    "seat_away": ("Abwesenheit", "Absence"),
    "seat_away_text": (
        (
            "Gilt für alle Funktionen derselben Person in allen Gremien. In diesen Tagen gehen Alarme und "
            "Einladungen an die Vertretung."
        ),
        (
            "Holds for all functions of the same person in all bodies. On these days alerts and invitations "
            "go to the deputy."
        ),
    ),
    "seat_away_no_deputy": (
        "Es gibt keine Vertretung: Nachrichten gehen weiter an die Funktion selbst.",
        "There is no deputy: messages still go to the function itself.",
    ),
    "seat_away_none": ("Keine Abwesenheit eingetragen.", "No absence is noted."),
    "seat_away_remove": ("Entfernen", "Remove"),
    "seat_away_first": ("Erster Tag", "First day"),
    "seat_away_last": ("Letzter Tag", "Last day"),
    "seat_away_add": ("Eintragen", "Note it"),
    "seat_hold": ("Besetzen", "Fill it"),
    "seat_hand_over": ("Neu besetzen", "Hand it over"),
    "seat_hand_over_text": (
        (
            "Wer neu besetzt, nimmt der bisherigen Person Zugang und Termine; die neue erhält die kommenden "
            "Einladungen. Wessen Adresse schon bekannt ist, behält Name und Sprache."
        ),
        (
            "Handing it over takes access and sessions from who holds it now; the new person gets the "
            "invitations to come. Whose address is known keeps name and language."
        ),
    ),
    "seat_hold_text": (
        (
            "Die Person erhält Zugang und die kommenden Einladungen. Wessen Adresse schon bekannt ist, "
            "behält Name und Sprache."
        ),
        (
            "The person gets access and the invitations to come. Whose address is known keeps name and "
            "language."
        ),
    ),
    "seat_mail": ("Dienstliche E-Mail-Adresse", "Official mail address"),
    "seat_person": ("Name", "Name"),
    "seat_language": ("Sprache der Nachrichten", "Language of messages"),
    "seat_vacate": ("Unbesetzt lassen", "Leave it vacant"),
    "seat_vacate_text": (
        (
            "Die Person verliert sofort Zugang und Termine dieser Funktion. Sie können es rückgängig machen, "
            "solange sie im Verzeichnis steht."
        ),
        (
            "The person loses access and sessions of this function at once. You can undo it as long as the "
            "directory knows them."
        ),
    ),
    "seat_former": ("Zuletzt: {who}", "Before: {who}"),
    "seat_again": ("Wieder einsetzen", "Let them hold it again"),
    "seat_deputy": ("Vertretung", "Deputy"),
    "seat_deputy_add": ("Vertretung ergänzen", "Add a deputy"),
    "seat_deputy_none": ("Die Funktion hat keine Vertretung.", "The function has no deputy."),
    "seat_remove": ("Funktion streichen", "Take the function out"),
    "seat_remove_sure": ("{seat} streichen?", "Take out {seat}?"),
    "seat_remove_text": (
        (
            "Die Funktion gehört dann nicht mehr zum Gremium. Wer sie innehat, verliert Zugang und Termine; "
            "offene Links gelten nicht mehr. Frühere Antworten und Sitzungen bleiben stehen."
        ),
        (
            "The function then no longer belongs to the body. Who holds it loses access and sessions; open "
            "links are void. Earlier answers and sessions stay."
        ),
    ),
    "seat_remove_deputy": (
        "Ihre Vertretung „{deputy}“ wird mit gestrichen.",
        "Its deputy “{deputy}” goes, too.",
    ),
    "seat_remove_undo": (
        "Rückgängig machen heißt: die Funktion neu hinzufügen und neu besetzen.",
        "Undoing it means: to add the function anew, and to fill it anew.",
    ),
    "seat_remove_do": ("Ja, streichen", "Yes, take it out"),
    "seat_new": ("Funktion hinzufügen", "Add a function"),
    "seat_new_deputy": ("Vertretung für {seat}", "Deputy of {seat}"),
    "seat_new_text": (
        "Sie ist zunächst unbesetzt; auf der nächsten Seite tragen Sie ein, wer sie innehat.",
        "It is vacant at first; on the next page you enter who holds it.",
    ),
    "seat_name_de": ("Bezeichnung auf Deutsch", "Name in German"),
    "seat_name_en": ("Bezeichnung auf Englisch", "Name in English"),
    "seat_name_hint": ("Die Funktion, nicht die Person.", "The function, not the person."),
    "seat_role_text": (
        (
            "Leitung wird bei Eskalationen benachrichtigt und antwortet; Moderation ändert das Gremium und "
            "entscheidet."
        ),
        "Leadership is alerted of escalations and answers; moderation changes the body and decides.",
    ),
    "seat_add": ("Hinzufügen", "Add it"),
    "seat_done_hold": ("Die Funktion ist besetzt.", "The function is filled."),
    "seat_done_vacate": ("Die Funktion ist jetzt unbesetzt.", "The function is vacant now."),
    "seat_done_again": ("Die Funktion ist wieder besetzt wie zuvor.", "The function is held as before."),
    "seat_done_away": ("Die Abwesenheit ist eingetragen.", "The absence is noted."),
    "seat_done_back": ("Die Abwesenheit ist entfernt.", "The absence is removed."),
    "wrong_mail": (
        "Bitte geben Sie eine einzelne E-Mail-Adresse an, etwa amt@stadt.example.",
        "Please give one mail address, such as office@city.example.",
    ),
    "wrong_name": (
        "Bitte geben Sie einen Namen an (höchstens 120 Zeichen, ohne E-Mail-Adresse).",
        "Please give a name (120 characters at most, without a mail address).",
    ),
    "wrong_language": ("Bitte wählen Sie Deutsch oder Englisch.", "Please choose German or English."),
    "wrong_first": ("Bitte geben Sie den ersten Tag an.", "Please give the first day."),
    "wrong_last": (
        "Bitte geben Sie den letzten Tag an; er liegt nicht vor dem ersten.",
        "Please give the last day; it does not lie before the first.",
    ),
    "wrong_de": ("Bitte füllen Sie die deutsche Fassung aus.", "Please fill in the German version."),
    "wrong_en": ("Bitte füllen Sie die englische Fassung aus.", "Please fill in the English version."),
    "wrong_role": ("Bitte wählen Sie eine der Rollen.", "Please choose one of the roles."),
    "wrong_deputy_of": (
        "Diese Funktion hat schon eine Vertretung, oder es gibt sie nicht mehr.",
        "This function has a deputy already, or it is gone.",
    ),
    "language_de": ("Deutsch", "German"),
    "language_en": ("Englisch", "English"),
    "A body needs somebody who moderates it": (
        "Ein Gremium braucht mindestens eine Funktion, die es moderiert.",
        "A body needs at least one function that moderates it.",
    ),
    "This function has rights in a body that somebody else moderates": (
        (
            "Diese Funktion hat auch Rechte in einem Gremium, das Sie nicht moderieren. Wer sie innehat, "
            "bestimmt dessen Moderation."
        ),
        (
            "This function also has rights in a body that you do not moderate. Its moderation says who holds "
            "the function."
        ),
    ),
    "Nobody is known who held this function before": (
        "Es ist niemand mehr bekannt, der diese Funktion vorher innehatte.",
        "Nobody is known any more who held this function before.",
    ),
    "Nobody holds this function": (
        "Die Funktion ist unbesetzt; wer sie innehat, kann erst danach abwesend sein.",
        "The function is vacant; whoever holds it can be away only then.",
    ),
}
