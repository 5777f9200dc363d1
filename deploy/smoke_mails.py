"""Count who was invited to a meeting, from the mail catcher's own records; runs inside a service's container.

Arguments: city, body, UID of the meeting. Prints: mails in all, members of the body, members invited,
members invited twice (by another Message-ID; the same one is a repeated attempt of one mail).
"""

# ruff: noqa: INP001 - a script beside the compose file, no package

import email
import email.policy
import sys
from collections import defaultdict

import httpx
from icalendar import Calendar

from shared.city.city import load_city
from shared.system.settings import Settings

settings = Settings()
city, body, uid = sys.argv[1:]
members = load_city(city, settings.cities_dir, settings.var_dir).bodies[body].members
guests = {member.mail for member in members}


def invites(raw: bytes) -> bool:
    """Say whether a mail asks to come to the meeting."""
    for part in email.message_from_bytes(raw, policy=email.policy.default).walk():
        if part.get_content_type() == "text/calendar":
            calendar = Calendar.from_ical(part.get_payload(decode=True))
            return calendar["METHOD"] == "REQUEST" and any(e["UID"] == uid for e in calendar.walk("VEVENT"))
    return False


with httpx.Client(base_url="http://mailpit:8025/api/v1", timeout=30) as catcher:
    found = catcher.get("/messages", params={"limit": 10_000}).raise_for_status().json()["messages"]
    invited: dict[str, set[str]] = defaultdict(set)
    for message in found:
        if invites(catcher.get(f"/message/{message['ID']}/raw").raise_for_status().content):
            for to in message["To"]:
                invited[to["Address"]].add(message["MessageID"])

twice = [address for address, ids in invited.items() if len(ids) > 1]
strangers = set(invited) - guests
figures = (len(found), len(guests), len(guests & set(invited)), len(twice) + len(strangers))
sys.stdout.write(" ".join(map(str, figures)) + "\n")
