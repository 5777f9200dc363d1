"""Words of the page of one's own sign-ins, in German and in English."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "sign_ins": ("Meine Anmeldungen", "My sign-ins"),
    "sign_ins_text": (
        (
            "In diesen Browsern sind Sie angemeldet. Kommt Ihnen eine Anmeldung fremd vor, beenden Sie sie "
            "und sagen Sie der Moderation Bescheid."
        ),
        (
            "You are signed in at these browsers. If you do not know one of them, end it and tell the "
            "moderation."
        ),
    ),
    "sign_ins_end": (
        "Eine Anmeldung endet nach 12 Stunden ohne Nutzung, spätestens nach 14 Tagen.",
        "A sign-in ends after 12 hours without use, and after 14 days at the latest.",
    ),
    "sign_in_here": ("Dieser Browser", "This browser"),
    "sign_in_other": ("Ein anderer Browser", "Another browser"),
    "sign_in_since": ("angemeldet seit {at}", "signed in since {at}"),
    "sign_in_seen": ("zuletzt genutzt {at}", "last used {at}"),
    "sign_in_none": (
        "Sie sind in keinem anderen Browser angemeldet.",
        "You are signed in at no other browser.",
    ),
    "sign_in_end_there": ("Dort abmelden", "Sign out there"),
    "sign_in_end_others": ("In allen anderen abmelden", "Sign out at all others"),
    "done_signed_out_there": ("Dort sind Sie abgemeldet.", "You are signed out there."),
    "done_signed_out_others": (
        "In allen anderen Browsern sind Sie abgemeldet.",
        "You are signed out at all other browsers.",
    ),
}
