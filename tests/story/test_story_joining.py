"""An organisation joins an open body by a form and mails, is invited to its sessions, and leaves by a link."""

import re
from datetime import timedelta
from typing import Any

import httpx

from services.directory.entering import step_in
from shared.city.profile import Role
from tests.story.city import Story, addresses

BODY = "neighbourhood_alliance"
MANAGEMENT = f"{BODY}/neighbourhood_management"
MAIL = "vorstand@buergerverein.example"
NEW = {
    "organisation": "Bürgerverein Neustadt",
    "name": "Ada Lotte",
    "mail": MAIL,
    "language": "de",
    "reason": "Wir wohnen hier.",
}
OURS = {"Sec-Fetch-Site": "same-origin"}


async def visit(story: Story, method: str, path: str, **how: Any) -> httpx.Response:
    """Ask for a page as somebody who is not signed in, and let everything follow from it."""
    story.replay.client.cookies.clear()
    answer = await story.replay.client.request(method, path, headers=OURS, **how)
    await story.settle()
    return answer


def link_of(story: Story, kind: str, what: str, mail: str = MAIL) -> str:
    """Return the path of the newest link of a kind in somebody's mailbox."""
    found = re.findall(rf"http://[^/]+(/(?:de|en)/{what}/[\w-]+)", story.mailbox(mail, kind)[-1].text)
    return str(found[0])


async def asked(story: Story, **changes: str) -> str:
    """Ask to join as somebody does in a browser; return the path of the link that confirms it."""
    await story.until(story.now + timedelta(minutes=1))
    answer = await visit(story, "POST", f"/de/join/{BODY}", data=NEW | changes)
    assert answer.status_code == 303, answer.text
    return link_of(story, "join_confirm", "join/confirm", (NEW | changes)["mail"])


async def confirmed(story: Story, **changes: str) -> str:
    """Ask and confirm; return the path of the page on which moderation answers."""
    assert (await visit(story, "POST", await asked(story, **changes))).status_code == 303
    day = await story.ask(MANAGEMENT, "GET", "/de/today")
    found = re.findall(rf'"(/de/bodies/{BODY}/join-requests/[0-9a-f-]+)"', day.text)
    return str(found[-1])


async def admitted(story: Story, **given: str) -> httpx.Response:
    """Ask, confirm and be admitted by moderation."""
    page = await confirmed(story)
    named = {"do": "approve", "name.de": "Bürgerverein", "name.en": "Residents", "reason": "Willkommen."}
    return await story.ask(MANAGEMENT, "POST", page, headers=OURS, data=named | given)


async def test_an_organisation_joins_is_invited_and_leaves(leipzig: Story) -> None:
    page = (await visit(leipzig, "GET", f"/de/join/{BODY}")).text
    assert "ein gutes Miteinander" in page
    assert "Stadtteilladen" not in page, "where it meets is for members"
    link = await asked(leipzig)
    shown = await visit(leipzig, "GET", link)
    assert "Adresse bestätigen" in shown.text
    assert leipzig.mails("join_requested") == [], "who only opens a link has confirmed nothing"
    assert (await visit(leipzig, "POST", link)).status_code == 303
    assert "bei der Moderation" in (await visit(leipzig, "GET", link)).text
    told = leipzig.mails("join_requested")
    assert addresses(told) == leipzig.people(BODY, Role.MODERATION)
    assert "Bürgerverein" not in told[0].text

    day = await leipzig.ask(MANAGEMENT, "GET", "/de/today")
    assert "„Bürgerverein Neustadt“ bittet um Aufnahme" in day.text
    [page] = set(re.findall(rf'"(/de/bodies/{BODY}/join-requests/[0-9a-f-]+)"', day.text))
    request = await leipzig.ask(MANAGEMENT, "GET", page)
    assert MAIL in request.text
    assert "genaue Orte und einzelne Meldungen" in request.text, "what they will see stands beside"
    named = {"do": "approve", "function": "", "name.de": "Bürgerverein", "name.en": "Residents"}
    answer = await leipzig.ask(
        MANAGEMENT, "POST", page, headers=OURS, data=named | {"reason": "Willkommen im Bündnis."}
    )
    assert answer.status_code == 303, answer.text
    [welcome] = leipzig.mailbox(MAIL, "join_answered")
    assert "Willkommen im Bündnis." in welcome.text
    assert welcome.message["List-Unsubscribe"]
    invitations = leipzig.mailbox(MAIL, "invitation")
    assert invitations
    assert len({str(mail.invite["UID"]) for mail in invitations}) == len(invitations)
    leave = link_of(leipzig, "invitation", "leave")
    assert leave == link_of(leipzig, "join_answered", "leave")
    partners = await leipzig.get(f"/v1/directory/bodies/{BODY}/partners", MANAGEMENT)
    assert [(p["name"], p["standing"]) for p in partners] == [("Bürgerverein Neustadt", "present")]

    async with leipzig.process.runtimes["directory"].transaction() as tx:
        cookie = {"Cookie": f"rapport={await step_in(f'{BODY}/buergerverein', tx)}"}
    signed_in = await leipzig.replay.client.get("/de/today", headers=cookie)
    assert signed_in.status_code == 200
    assert "Gremium verlassen" in (await visit(leipzig, "GET", leave)).text
    assert leipzig.mailbox(MAIL, "cancelled") == [], "who only opens a link has not left"
    assert (await visit(leipzig, "POST", leave, data={"do": "leave"})).status_code == 303
    assert (await leipzig.replay.client.get("/de/today", headers=cookie)).status_code == 303
    assert len(leipzig.mailbox(MAIL, "cancelled")) == len(invitations)
    history = await leipzig.ask(MANAGEMENT, "GET", f"/de/bodies/{BODY}/changes")
    assert "Bürgerverein hat das Gremium verlassen." in history.text

    await visit(leipzig, "POST", leave, data={"do": "stay"})
    assert len(leipzig.mailbox(MAIL, "invitation")) == 2 * len(invitations)
    await visit(leipzig, "POST", leave, data={"do": "leave"})
    await leipzig.days(1.1)
    assert (await visit(leipzig, "GET", leave)).status_code == 410
    assert (await visit(leipzig, "POST", leave, data={"do": "stay"})).status_code == 303
    assert len(leipzig.mailbox(MAIL, "invitation")) == 2 * len(invitations)
    assert await leipzig.dead() == []


async def test_who_is_refused_reads_why(leipzig: Story) -> None:
    page = await confirmed(leipzig, language="en")
    short = await leipzig.ask(MANAGEMENT, "POST", page, headers=OURS, data={"do": "refuse", "because": ""})
    assert short.status_code == 422
    given = {"do": "refuse", "because": "Das Bündnis ist vorerst vollzählig."}
    assert (await leipzig.ask(MANAGEMENT, "POST", page, headers=OURS, data=given)).status_code == 303
    [mail] = leipzig.mailbox(MAIL, "join_answered")
    assert mail.subject.startswith("Not admitted")
    assert "Das Bündnis ist vorerst vollzählig." in mail.text
    assert mail.message["List-Unsubscribe"] is None
    again = await leipzig.ask(MANAGEMENT, "POST", page, headers=OURS, data={"do": "approve"})
    assert again.status_code == 404
    assert leipzig.mailbox(MAIL, "invitation") == []
