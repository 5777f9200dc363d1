"""Words of the pages of keys, in German and in English."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "keys": ("Schlüssel", "Keys"),
    "keys_text": (
        (
            "Mit einem Schlüssel meldet ein Fachverfahren Vorfälle, oder ein Programm handelt für eine "
            "Funktion. Wer einen hat, kann alles, was er öffnet."
        ),
        (
            "With a key an agency’s system reports incidents, or a program acts for a function. Who has one "
            "can do all that it opens."
        ),
    ),
    "keys_valid": ("Gültige Schlüssel", "Valid keys"),
    "keys_over": ("Abgelaufen oder gesperrt", "Expired or revoked"),
    "keys_none": ("Es gibt keine gültigen Schlüssel.", "There are no valid keys."),
    "keys_away": (
        "Diese Dienste antworten gerade nicht, die Liste ist unvollständig: {names}.",
        "These services do not answer just now, the list is incomplete: {names}.",
    ),
    "key_holder": ("Für wen", "For whom"),
    "key_id": ("Kennung", "Id"),
    "key_opens": ("Öffnet", "Opens"),
    "key_opens_agency": (
        "Vorfälle melden, berichtigen und zurückziehen",
        "reporting, correcting and withdrawing incidents",
    ),
    "key_opens_function": (
        "was die Funktion in ihren Gremien sieht und tut",
        "what the function sees and does in its bodies",
    ),
    "key_issued": ("Ausgestellt", "Issued"),
    "key_until": ("Gültig bis", "Valid until"),
    "key_used": ("Zuletzt benutzt", "Last used"),
    "key_never": ("noch nie", "never yet"),
    "key_valid": ("gültig", "valid"),
    "key_ending": ("läuft bald ab", "ends soon"),
    "key_expired": ("abgelaufen", "expired"),
    "key_revoked": ("gesperrt", "revoked"),
    "key_issue": ("Schlüssel ausstellen", "Issue a key"),
    "key_issue_text": (
        (
            "Der Schlüssel steht nur ein einziges Mal auf der nächsten Seite; gespeichert wird nur eine "
            "Prüfsumme. Bitte halten Sie einen sicheren Weg bereit, ihn zu übergeben."
        ),
        (
            "The key stands on the next page this once; only a checksum is stored. Please have a safe way "
            "ready to hand it over."
        ),
    ),
    "key_issue_do": ("Ausstellen", "Issue it"),
    "key_change": ("Ersetzen oder sperren", "Replace or revoke"),
    "key_new": ("Der neue Schlüssel", "The new key"),
    "key_new_text": (
        "Für {holder}. Er wird kein zweites Mal gezeigt: Bitte übergeben Sie ihn jetzt.",
        "For {holder}. It is not shown again: please hand it over now.",
    ),
    "key_new_replaces": (
        "Der bisherige Schlüssel {old} gilt noch sieben Tage.",
        "The key before, {old}, holds for seven more days.",
    ),
    "key_new_stays": (
        "Der bisherige Schlüssel {old} gilt noch; bitte sperren Sie ihn, sobald der neue eingetragen ist.",
        "The key before, {old}, still holds; please revoke it as soon as the new one is set.",
    ),
    "key_new_how": (
        "Im Programm als „Authorization: Bearer“ eintragen. Nicht per unverschlüsselter E-Mail versenden.",
        "To be set in the program as “Authorization: Bearer”. Not to be sent by plain mail.",
    ),
    "key_replace": ("Ersetzen", "Replace"),
    "key_replace_text": (
        "Ein neuer Schlüssel wird ausgestellt; dieser gilt noch sieben Tage, damit nichts stillsteht.",
        "A new key is issued; this one holds for seven more days, so that nothing stands still.",
    ),
    "key_revoke": ("Sperren", "Revoke"),
    "key_revoke_text": (
        "Der Schlüssel öffnet sofort nichts mehr. Das lässt sich nicht rückgängig machen.",
        "The key opens nothing at once. This cannot be undone.",
    ),
    "done_key_revoked": ("Der Schlüssel ist gesperrt.", "The key is revoked."),
    "wrong_holder": (
        "Bitte wählen Sie, für wen der Schlüssel ist.",
        "Please choose for whom the key is.",
    ),
}
