"""Words of the pages of agreements, in German and in English."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "agreements": ("Vereinbarungen", "Agreements"),
    "about_agreement": ("Zur Vereinbarung", "To the agreement"),
    "agreements_text": (
        (
            "Was Ihre Gremien vereinbart haben: wer es tut, bis wann, und wie weit es ist. Erinnert wird, "
            "bis es erledigt ist oder entfällt."
        ),
        (
            "What your bodies have agreed: who does it, until when, and how far it has got. Reminders go on "
            "until it is done or dropped."
        ),
    ),
    "agreements_none": ("Keine Vereinbarungen zu dieser Auswahl.", "No agreements for this choice."),
    "agreements_none_here": ("Hierzu ist noch nichts vereinbart.", "Nothing has been agreed on this yet."),
    "agreements_count": ("{count} Vereinbarungen", "{count} agreements"),
    "agreements_count_one": ("Eine Vereinbarung", "One agreement"),
    "agreements_export": ("Diese Auswahl als Tabelle (CSV)", "This choice as a table (CSV)"),
    "agreements_district": ("Ortsteil", "District"),
    "agreements_yours": ("Vereinbarungen in Ihrer Zuständigkeit", "Agreements that you own"),
    "agreements_overdue": (
        "Überfällige Vereinbarungen Ihrer Gremien",
        "Overdue agreements of your bodies",
    ),
    "agreement_new": ("Vereinbarung festhalten", "Enter an agreement"),
    "agreement_new_text": (
        (
            "Wer zuständig ist, erhält eine E-Mail mit einem Link, über den sich der Stand melden lässt. Die "
            "Mitglieder des Gremiums lesen mit: bitte keine Namen von Personen."
        ),
        (
            "Who owns it gets a mail with a link by which they report how it stands. The members of the body "
            "read this: please name no persons."
        ),
    ),
    "agreement_send": ("Vereinbaren", "Agree"),
    "agreement_edit": ("Vereinbarung ändern", "Change the agreement"),
    "agreement_edit_send": ("Änderung speichern", "Store the change"),
    "agreement_title": ("Was", "What"),
    "agreement_title_hint": (
        "In einem Satz, etwa: Mauer der Kita höher und oben angeschrägt",
        "In one sentence, such as: raise and slope the wall of the day-care centre",
    ),
    "agreement_note": ("Anmerkung", "Note"),
    "agreement_measure": ("Art", "Kind"),
    "agreement_body": ("Gremium", "Body"),
    "agreement_owner": ("Zuständig", "Owner"),
    "agreement_owner_choose": ("Bitte wählen", "Please choose"),
    "agreement_partners": ("Partner ohne Sitz", "Partners without a seat"),
    "agreement_organisation": (
        "Oder eine Organisation ohne Sitz",
        "Or an organisation without a seat",
    ),
    "agreement_organisation_hint": (
        "Ihre Nachrichten gehen an die Moderation, die sie weiterleitet.",
        "Its messages go to the moderation, which passes them on.",
    ),
    "agreement_scope": ("Wo", "Where"),
    "agreement_agreed_on": ("Vereinbart am", "Agreed on"),
    "agreement_due_on": ("Fällig am", "Due on"),
    "agreement_cost": ("Kosten", "Cost"),
    "agreement_cost_hint": ("Was darüber bekannt ist", "What is known of it"),
    "agreement_belongs_to": ("Wem der Behälter gehört", "Whose the container is"),
    "agreement_belongs_to_hint": ("Nur bei Entsorgungsbehältern", "Of disposal containers alone"),
    "agreement_why": ("Grund der Änderung", "Reason of the change"),
    "agreement_state": ("Stand", "State"),
    "agreement_standing": ("noch zu erledigen", "still to be done"),
    "agreement_open": ("offen", "open"),
    "agreement_in_progress": ("in Arbeit", "in progress"),
    "agreement_done": ("erledigt", "done"),
    "agreement_dropped": ("entfallen", "dropped"),
    "agreement_overdue": ("überfällig", "overdue"),
    "agreement_place_hidden": (
        "Orte teilt dieses Gremium nicht mit.",
        "This body does not share places.",
    ),
    "agreement_made_by": ("Eingetragen", "Entered by"),
    "agreement_from": ("Herkunft", "Origin"),
    "agreement_history": ("Verlauf", "History"),
    "agreement_did_made": ("vereinbart", "agreed"),
    "agreement_did_edited": ("geändert", "changed"),
    "agreement_did_progress": ("in Arbeit gemeldet", "reported as in progress"),
    "agreement_did_done": ("erledigt gemeldet", "reported as done"),
    "agreement_did_dropped": ("entfallen", "dropped"),
    "agreement_did_reopened": ("wieder geöffnet", "opened again"),
    "agreement_did_taken_back": ("Meldung zurückgenommen", "report taken back"),
    "agreement_for": ("für {who}", "for {who}"),
    "agreement_difference": ("{term}: {before} → {after}", "{term}: {before} → {after}"),
    "agreement_report": ("Stand melden", "Report how it stands"),
    "agreement_report_as": ("Stand melden als {seat}", "Report as {seat}"),
    "agreement_report_for": ("Stand melden für {who}", "Report for {who}"),
    "agreement_report_note": ("Wie weit ist es?", "How far has it got?"),
    "agreement_report_progress": ("In Arbeit", "In progress"),
    "agreement_report_done": ("Erledigt", "Done"),
    "agreement_report_back": ("Meldung zurücknehmen", "Take the report back"),
    "agreement_link_note": (
        (
            "Öffnen allein ändert nichts; jede Meldung lässt sich zurücknehmen. Der Link gilt bis {day}, nur "
            "für diese Vereinbarungen und diese Funktion."
        ),
        (
            "Opening this page changes nothing; each report can be taken back. The link holds until {day}, "
            "for these agreements and this function alone."
        ),
    ),
    "agreement_change": ("Als Moderation", "As moderation"),
    "agreement_drop": ("Entfällt, weil …", "Dropped, because …"),
    "agreement_drop_send": ("Vereinbarung entfallen lassen", "Drop the agreement"),
    "agreement_reopen": ("Doch noch zu erledigen, weil …", "To be done after all, because …"),
    "agreement_reopen_send": ("Wieder öffnen", "Open again"),
    "agreement_reason": ("Grund, den die zuständige Stelle liest", "Reason that the owner reads"),
    "agreement_meanwhile": (
        "Das wurde inzwischen geändert; Ihre Eingaben stehen noch im Formular:",
        "This was changed meanwhile; what you entered is still in the form:",
    ),
    "agreement_done_made": (
        "Die Vereinbarung ist festgehalten. Die zuständige Stelle erhält eine E-Mail.",
        "The agreement is entered. Its owner gets a mail.",
    ),
    "agreement_done_edited": ("Die Änderung ist gespeichert.", "The change is stored."),
    "agreement_done_progress": (
        "Gemeldet: in Arbeit. Das lässt sich zurücknehmen.",
        "Reported: in progress. This can be taken back.",
    ),
    "agreement_done_done": (
        "Gemeldet: erledigt. Das lässt sich zurücknehmen.",
        "Reported: done. This can be taken back.",
    ),
    "agreement_done_taken_back": ("Die Meldung ist zurückgenommen.", "The report is taken back."),
    "agreement_done_dropped": (
        "Die Vereinbarung entfällt. Die zuständige Stelle erhält eine E-Mail.",
        "The agreement is dropped. Its owner gets a mail.",
    ),
    "agreement_done_reopened": (
        "Die Vereinbarung ist wieder offen. Die zuständige Stelle erhält eine E-Mail.",
        "The agreement is open again. Its owner gets a mail.",
    ),
    "wrong_agreement_title": (
        "Bitte in 3 bis 200 Zeichen, ohne E-Mail-Adressen.",
        "Please in 3 to 200 characters, without mail addresses.",
    ),
    "wrong_agreement_note": (
        "Bitte in 3 bis 500 Zeichen, ohne E-Mail-Adressen.",
        "Please in 3 to 500 characters, without mail addresses.",
    ),
    "wrong_agreement_cost": (
        "Bitte in höchstens 200 Zeichen, ohne E-Mail-Adressen.",
        "Please in at most 200 characters, without mail addresses.",
    ),
    "wrong_agreement_measure": ("Bitte wählen Sie eine Art der Liste.", "Please choose a kind of the list."),
    "wrong_agreement_owner": (
        "Bitte wählen Sie eine Funktion, oder nennen Sie eine Organisation.",
        "Please choose a function, or name an organisation.",
    ),
    "wrong_agreement_scope": ("Bitte wählen Sie einen Ort der Liste.", "Please choose a place of the list."),
    "wrong_agreement_due_on": (
        "Bitte geben Sie einen Tag an, der nicht vor der Vereinbarung und innerhalb von zehn Jahren liegt.",
        "Please give a day that is not before the agreement and within ten years.",
    ),
    "wrong_agreement_agreed_on": (
        "Bitte geben Sie einen Tag bis heute an, höchstens zehn Jahre zurück.",
        "Please give a day up to today, at most ten years ago.",
    ),
    "wrong_agreement_belongs_to": (
        "Nur ein Entsorgungsbehälter gehört jemandem; höchstens 200 Zeichen.",
        "Only a disposal container belongs to somebody; at most 200 characters.",
    ),
    "Somebody has changed the agreement meanwhile": (
        "Die Vereinbarung wurde inzwischen geändert. Bitte sehen Sie nach und senden Sie noch einmal.",
        "The agreement was changed meanwhile. Please look, and send it again.",
    ),
    "The agreement is done or dropped": (
        "Die Vereinbarung ist erledigt oder entfallen.",
        "The agreement is done or dropped.",
    ),
    "The agreement is neither done nor dropped": (
        "Die Vereinbarung ist weder erledigt noch entfallen.",
        "The agreement is neither done nor dropped.",
    ),
    "There is no report of the caller's to take back": (
        "Es gibt keine Meldung von Ihnen, die sich zurücknehmen ließe.",
        "There is no report of yours to take back.",
    ),
    "Another agreement has this id": (
        "Diese Vereinbarung gibt es schon in einem anderen Gremium.",
        "Another body has this agreement already.",
    ),
}
