"""Words of the pages of partners, in German and in English."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "partners": ("Partner", "Partners"),
    "partners_text": (
        "Welche Partner brauchen wir, welche haben wir, welche schließen wir aus – und warum?",
        "Which partners do we need, which do we have, which do we exclude – and why?",
    ),
    "column_of_needed": ("Wir brauchen", "We need"),
    "column_of_present": ("Wir haben", "We have"),
    "column_of_excluded": ("Wir schließen aus", "We exclude"),
    "partners_none": ("Niemand eingetragen.", "Nobody is noted."),
    "partner_since": ("seit {day}", "since {day}"),
    "partner_by": ("vertreten durch: {seat}", "represented by: {seat}"),
    "partner_by_nobody": ("Niemand spricht für diesen Partner.", "Nobody speaks for this partner."),
    "partner_by_vacant": (
        "{seat} ist unbesetzt: Niemand spricht für diesen Partner.",
        "{seat} is vacant: nobody speaks for this partner.",
    ),
    "partner_change": ("Ändern", "Change"),
    "partner_add": ("Partner hinzufügen", "Add a partner"),
    "partner_new": ("Neuer Partner", "A new partner"),
    "partner_name": ("Name der Organisation", "Name of the organisation"),
    "partner_standing": ("Stand", "Standing"),
    "partner_reason": ("Grund", "Reason"),
    "partner_reason_hint": (
        "Warum brauchen wir ihn, oder warum nicht? Ohne Namen von Personen.",
        "Why do we need it, or why not? Without names of people.",
    ),
    "partner_since_label": ("Seit", "Since"),
    "partner_function": ("Vertreten durch die Funktion", "Represented by the function"),
    "partner_function_none": ("– keine –", "– none –"),
    "partner_remove": ("Entfernen …", "Remove …"),
    "partner_remove_text": (
        (
            "Der Partner steht dann nicht mehr auf der Karte; in den Änderungen bleibt er genannt. Soll er "
            "nicht mehr mitwirken, wählen Sie besser „ausgeschlossen“ mit einem Grund."
        ),
        (
            "The partner is then gone from the map; the changes still name it. If it is no longer to "
            "take part, better choose “excluded” with a reason."
        ),
    ),
    "partner_remove_do": ("Ja, entfernen", "Yes, remove it"),
    "done_partner": ("Der Partner ist eingetragen.", "The partner is noted."),
    "done_partner_removed": ("Der Partner ist entfernt.", "The partner is removed."),
    "done_partners": ("Die Liste ist übernommen.", "The list is taken in."),
    "partners_csv": ("Als Tabelle herunterladen (CSV)", "Download as a table (CSV)"),
    "list_in": ("Liste übernehmen", "Take in a list"),
    "list_text": (
        (
            "CSV mit den Spalten Name, Stand, Grund, Seit und Funktion (nur Name ist nötig), oder "
            "Visitenkarten (vCard). Von Visitenkarten werden nur Organisation und Notiz gelesen, keine "
            "Personen, Adressen oder Telefonnummern. Höchstens {most} Zeilen und 1 MB."
        ),
        (
            "CSV with the columns name, standing, reason, since and function (only name is needed), or cards "
            "(vCard). Of cards the organisation and the note are read, no people, addresses or telephone "
            "numbers. At most {most} rows and 1 MB."
        ),
    ),
    "list_file": ("Datei", "File"),
    "list_look": ("Ansehen, was geschähe", "See what would be done"),
    "list_look_hint": ("Zunächst wird nichts geändert.", "Nothing is changed at first."),
    "list_other": ("Andere Datei wählen", "Choose another file"),
    "list_result": ("Was geschähe", "What would be done"),
    "list_line": ("Zeile", "Line"),
    "list_take_in": ("{count} Partner übernehmen", "Take in {count} partners"),
    "list_take_in_one": ("Einen Partner übernehmen", "Take in one partner"),
    "list_nothing": ("Es gibt nichts zu übernehmen.", "There is nothing to take in."),
    "verdict_new": ("neu", "new"),
    "verdict_changed": ("wird geändert", "is changed"),
    "verdict_same": ("unverändert", "unchanged"),
    "verdict_repeated": ("steht weiter oben schon", "stands further above already"),
    "verdict_refused": ("wird nicht übernommen", "is not taken in"),
    "list_missing": ("Bitte wählen Sie eine Datei.", "Please choose a file."),
    "list_unreadable": (
        "Die Datei kam nicht vollständig an. Bitte wählen Sie sie noch einmal.",
        "The file did not arrive whole. Please choose it again.",
    ),
    "list_too_large": ("Die Datei ist größer als 1 MB.", "The file is larger than 1 MB."),
    "list_too_many": (
        "Die Liste hat mehr als {most} Zeilen. Bitte teilen Sie sie auf.",
        "The list has more than {most} rows. Please divide it.",
    ),
    "column_name": ("Name", "name"),
    "column_standing": ("Stand", "standing"),
    "column_reason": ("Grund", "reason"),
    "column_since": ("Seit", "since"),
    "column_function": ("Funktion", "function"),
    "wrong_standing": (
        "Bitte wählen Sie: wird gebraucht, ist dabei oder ist ausgeschlossen.",
        "Please choose: is needed, takes part, or is excluded.",
    ),
    "partner_wrong_reason": (
        "Bitte fassen Sie den Grund in höchstens 500 Zeichen, ohne E-Mail-Adressen.",
        "Please give the reason in 500 characters at most, without mail addresses.",
    ),
    "wrong_since": ("Bitte geben Sie einen Tag an.", "Please give a day."),
    "wrong_function": (
        "Diese Funktion gibt es im Gremium nicht.",
        "The body has no such function.",
    ),
}
