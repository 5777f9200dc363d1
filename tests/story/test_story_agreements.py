"""What a rapport has agreed is kept, reported on by who owns it, and reminded of until it is done."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from shared.access.caller import Caller, Via
from tests.story.city import KITA_SCOPE, MODERATION, PRESIDENT, Story, start_with

ALLIANCE = "neighbourhood_alliance/neighbourhood_management"
RENEWAL, PARKS = "neighbourhood_alliance/urban_renewal", "neighbourhood_alliance/parks_office"
RENEWAL_AT, MODERATION_AT = "stadterneuerung@example.org", "suchtbeauftragte@example.org"
FIELD, FIELD_DEPUTY = "rapport/public_order_field_lead", "rapport/public_order_field_deputy"
WALL = "Mauer der Kita höher und oben angeschrägt"
AGREED = {
    "body": "rapport",
    "measure": "building_work",
    "title": WALL,
    "owner": {"seat": RENEWAL},
    "scope": KITA_SCOPE,
    "due_on": "2018-06-15",
}


async def sent(
    story: Story, who: str, method: str, path: str, body: Any = None, via: Via = Via.SESSION
) -> httpx.Response:
    """Ask the service of agreements as somebody who is signed in at the portal, or has a link."""
    token = story.process.runtimes["portal"].assertions.write(
        Caller(via, who, (who,)), "agreements", story.now
    )
    headers = {"Authorization": f"Bearer {token}"}
    answer = await story.replay.client.request(method, path, json=body, headers=headers)
    await story.settle()
    return answer


async def agree(story: Story, **changes: Any) -> dict[str, Any]:
    answer = await sent(story, MODERATION, "POST", "/v1/agreements", AGREED | changes)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def path_of(agreement: dict[str, Any], way: str = "") -> str:
    return f"/v1/agreements/{agreement['agreement_id']}{way}"


async def report(story: Story, agreement: dict[str, Any], who: str = RENEWAL, **said: Any) -> httpx.Response:
    body = {"revision": agreement["revision"], "report": "done"} | said
    return await sent(story, who, "POST", path_of(agreement, "/reports"), body)


def at(day: str, hour: int = 6) -> datetime:
    """Return an instant in summer; eight o'clock in Leipzig unless told otherwise."""
    return datetime.fromisoformat(f"{day}T{hour:02}:01").replace(tzinfo=UTC)


async def test_who_owns_it_is_told_and_reminded_until_it_is_done(leipzig: Story) -> None:
    made = await agree(leipzig)
    [mail] = leipzig.mails("agreed")
    assert (mail.to, mail.subject) == (RENEWAL_AT, f"Vereinbart: {WALL} – bis Fr, 15.06.2018")
    assert "/a/" in mail.text
    await leipzig.until(at("2018-06-08"))
    [week] = leipzig.mails("agreement_due")
    assert (week.to, week.subject) == (RENEWAL_AT, f"Erinnerung: {WALL} – fällig Fr, 15.06.2018")
    await leipzig.until(at("2018-06-15"))
    await leipzig.until(at("2018-06-22"))
    *_, late = leipzig.mails("agreement_due")
    assert late.subject.startswith("Überfällig")
    assert "seit 7 Tagen überfällig" in late.text
    assert leipzig.mails("agreement_late") == []
    assert (await report(leipzig, made)).status_code == 200
    await leipzig.until(at("2018-08-15"))
    assert len(leipzig.mails("agreement_due")) == 3
    assert leipzig.mails("agreement_late") == []
    assert await leipzig.dead() == []


async def test_what_stays_undone_is_told_to_the_superior_or_to_moderation(leipzig: Story) -> None:
    await agree(leipzig)
    await agree(leipzig, title="Hecken am Rabet schneiden", owner={"seat": PARKS}, measure="greenery")
    await leipzig.until(at("2018-06-29"))
    late = {mail.to: mail for mail in leipzig.mails("agreement_late")}
    assert set(late) == {MODERATION_AT, "stadtgruen-leitung@example.org"}
    assert "Bitte klären Sie, wie es weitergeht" in late[MODERATION_AT].text
    assert "vorgesetzt" in late["stadtgruen-leitung@example.org"].text
    await leipzig.until(at("2018-07-30"))
    assert len(leipzig.mails("agreement_late")) == 2
    head = "extended_rapport/head_parks_office"
    [seen] = (await sent(leipzig, head, "GET", "/v1/agreements")).json()["agreements"]
    assert seen["title"] == "Hecken am Rabet schneiden", "a superior sees what those below own"


async def test_all_of_one_owner_on_one_day_is_one_mail_also_after_an_outage(leipzig: Story) -> None:
    await agree(leipzig)
    await agree(leipzig, title="Tor der Kita erneuern")
    await agree(leipzig, title="Zaun am Spielplatz", due_on="2018-06-12")
    leipzig.clock.move_to(at("2018-07-02", 13))
    await leipzig.process.tick()
    await leipzig.settle()
    [only] = leipzig.mails("agreement_due")
    assert only.subject == "Überfällig: 3 Vereinbarungen in Ihrer Zuständigkeit"
    assert only.text.count("überfällig;") == 3
    await leipzig.until(at("2018-07-02", 20))
    assert len(leipzig.mails("agreement_due")) == 1


async def test_a_process_that_dies_between_tick_and_mail_reminds_once(leipzig: Story) -> None:
    await agree(leipzig)
    leipzig.clock.move_to(at("2018-06-08"))
    await leipzig.process.tick()
    await leipzig.die()
    await leipzig.reopened()
    leipzig.clock.advance(timedelta(minutes=2))
    await leipzig.process.tick()
    await leipzig.settle()
    assert len(leipzig.mails("agreement_due")) == 1


async def test_every_change_is_kept_with_who_when_for_whom_and_what(leipzig: Story) -> None:
    made = await agree(leipzig)
    moved = AGREED | {"due_on": "2018-06-29", "revision": 1, "reason": "Die Firma kann erst später"}
    del moved["body"]
    edited = (await sent(leipzig, MODERATION, "PUT", path_of(made), moved)).json()
    begun = (await report(leipzig, edited, report="progress", note="Der Auftrag ist vergeben")).json()
    done = (await report(leipzig, begun, MODERATION)).json()
    assert done["state"] == "done"
    lines = [
        (e["change"], e["by"], (e["in_name_of"] or {}).get("seat"), e["reason"]) for e in done["history"]
    ]
    assert lines == [
        ("made", MODERATION, None, ""),
        ("edited", MODERATION, None, "Die Firma kann erst später"),
        ("progress", RENEWAL, None, "Der Auftrag ist vergeben"),
        ("done", MODERATION, RENEWAL, ""),
    ]
    assert done["history"][1]["fields"] == [
        {"field": "due_on", "before": "2018-06-15", "after": "2018-06-29"}
    ]
    told = leipzig.mails("agreement_change")
    assert [mail.to for mail in told] == [RENEWAL_AT, RENEWAL_AT]
    texts = {mail.subject.partition(":")[0]: mail.text for mail in told}
    assert "Neuer Termin: Fr, 29.06.2018 (bisher: Fr, 15.06.2018)" in texts["Vereinbarung geändert"]
    assert "in Ihrem Namen" in texts["Vereinbarung erledigt"]
    entries = (await leipzig.get(f"/v1/audit?about={made['agreement_id']}"))["entries"]
    assert [e["action"] for e in entries][::-1] == [f"agreement.{change}" for change, *_ in lines]
    again = {"revision": 4, "reason": "Die Mauer ist zu niedrig"}
    assert (await sent(leipzig, MODERATION, "POST", path_of(made, "/reopen"), again)).json()[
        "state"
    ] == "open"
    told = leipzig.mails("agreement_change")
    assert any("doch noch zu erledigen" in mail.text for mail in told)
    drop = {"revision": 5, "reason": "Der Haushalt gibt es nicht her"}
    assert (await sent(leipzig, MODERATION, "POST", path_of(made, "/drop"), drop)).json()[
        "state"
    ] == "dropped"
    assert any("Der Haushalt gibt es nicht her" in mail.text for mail in leipzig.mails("agreement_change"))


async def test_two_people_do_not_overwrite_each_other(leipzig: Story) -> None:
    made = await agree(leipzig)
    assert (await report(leipzig, made, report="progress")).status_code == 200
    stale = await sent(leipzig, MODERATION, "POST", path_of(made, "/drop"), {"revision": 1, "reason": "Egal"})
    assert (stale.status_code, stale.json()["title"]) == (409, "Somebody has changed the agreement meanwhile")
    assert (await report(leipzig, made)).status_code == 409
    assert (await report(leipzig, made, report="progress")).status_code == 200, "said twice is said once"
    assert len((await leipzig.get(path_of(made)))["history"]) == 2


async def test_an_agreement_that_is_sent_twice_is_made_once(leipzig: Story) -> None:
    own = str(UUID(int=7))
    first = await agree(leipzig, agreement_id=own)
    again = await sent(leipzig, MODERATION, "POST", "/v1/agreements", AGREED | {"agreement_id": own})
    assert (again.status_code, again.json()["agreement_id"]) == (200, first["agreement_id"])
    assert len(leipzig.mails("agreed")) == 1
    other = AGREED | {"agreement_id": own, "body": "extended_rapport"}
    assert (await sent(leipzig, MODERATION, "POST", "/v1/agreements", other)).status_code == 409


async def test_who_may_see_change_and_report(leipzig: Story) -> None:
    made = await agree(leipzig, owner={"seat": FIELD})
    for who, see, change, say in (
        (MODERATION, 200, 200, 200),
        (FIELD, 200, 403, 200),
        (FIELD_DEPUTY, 200, 403, 200),
        ("rapport/youth_protection", 200, 403, 403),
        ("extended_rapport/head_public_order_office", 200, 403, 403),
        (PRESIDENT, 403, 403, 403),
        (ALLIANCE, 403, 403, 403),
    ):
        known = await leipzig.get(path_of(made))
        assert (await sent(leipzig, who, "GET", path_of(made))).status_code == see, who
        note = {"revision": known["revision"], "report": "progress", "note": "Es geht voran"}
        assert (await sent(leipzig, who, "POST", path_of(made, "/reports"), note)).status_code == say, who
        edit = {**AGREED, "owner": {"seat": FIELD}, "revision": known["revision"] + (say == 200)}
        del edit["body"]
        assert (await sent(leipzig, who, "PUT", path_of(made), edit)).status_code == change, who
    for who in (FIELD, ALLIANCE):
        assert (await sent(leipzig, who, "POST", "/v1/agreements", AGREED)).status_code == 403
    drop = {"revision": 99, "reason": "Egal"}
    by_link = await sent(leipzig, MODERATION, "POST", path_of(made, "/drop"), drop, via=Via.LINK)
    assert by_link.status_code == 403, "a link is there for reports alone"
    assert (await leipzig.ask("police", "GET", "/v1/agreements")).status_code == 401


@pytest.mark.parametrize(
    ("sharing", "shown"),
    [
        ("exact", KITA_SCOPE),
        ("district", {"kind": "district", "key": "22"}),
        ("figures", None),
    ],
)
async def test_where_it_is_is_said_as_exactly_as_the_body_shares(
    city: Story, sharing: str, shown: dict[str, str] | None
) -> None:
    await start_with(city, lambda body: body.update(sharing=sharing))
    made = await agree(city)
    seen = (await sent(city, "rapport/youth_protection", "GET", path_of(made))).json()
    assert (seen["scope"] or {}).get("kind") == (shown or {}).get("kind")
    for who in (RENEWAL, MODERATION):
        assert (await sent(city, who, "GET", path_of(made))).json()["scope"] == KITA_SCOPE


LONG = "x" * 201


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"body": "../x"}, "body"),
    ({"measure": "fence"}, "measure"),
    ({"measure": 5}, "measure"),
    ({"title": "ab"}, "title"),
    ({"title": LONG}, "title"),
    ({"title": "\u202e\u200b\u2066"}, "title"),
    ({"title": "Zeile\nZeile"}, "title"),
    ({"title": "Frau X, x@example.org"}, "title"),
    ({"title": None}, "title"),
    ({"note": "x" * 1001}, "note"),
    ({"note": "\x00"}, "note"),
    ({"cost": LONG}, "cost"),
    ({"owner": {}}, "owner"),
    ({"owner": "rapport/youth_protection"}, "owner"),
    ({"owner": {"seat": RENEWAL, "organisation": "Stadtreinigung"}}, "owner"),
    ({"owner": {"seat": "rapport/nobody"}}, "owner.seat"),
    ({"owner": {"organisation": LONG}}, "owner.organisation"),
    ({"owner": {"organisation": "wer@example.org"}}, "owner.organisation"),
    ({"scope": {"kind": "place", "key": "nowhere"}}, "scope"),
    ({"scope": {"kind": "street", "key": "x"}}, "scope.kind"),
    ({"due_on": "2018-04-08"}, "due_on"),
    ({"due_on": "15.06.2018"}, "due_on"),
    ({"due_on": "2018-06-31"}, "due_on"),
    ({"due_on": 20180615}, "due_on"),
    ({"due_on": "9999-12-31"}, "due_on"),
    ({"agreed_on": "2018-04-10"}, "agreed_on"),
    ({"agreed_on": "0001-01-01"}, "agreed_on"),
    ({"belongs_to": "Stadtreinigung"}, "belongs_to"),
    ({"meeting_id": "x"}, "meeting_id"),
    ({"agreement_id": "x"}, "agreement_id"),
    ({"state": "done"}, "state"),
]
"""What is refused, with the field that is named."""


async def test_what_is_wrong_is_named_by_field(leipzig: Story) -> None:
    for changes, field in WRONG:
        wrong = await sent(leipzig, MODERATION, "POST", "/v1/agreements", AGREED | changes)
        assert wrong.status_code == 422, (changes, wrong.text)
        named = [error["field"] for error in wrong.json()["errors"]]
        assert any(name.startswith(field) for name in named), (changes, named)
    unknown = await sent(leipzig, MODERATION, "POST", "/v1/agreements", AGREED | {"body": "council"})
    assert unknown.status_code == 403
    assert leipzig.mails("agreed") == []


async def test_an_organisation_without_a_seat_is_reached_by_moderation(leipzig: Story) -> None:
    owner = {"organisation": "Wohnungsbaugesellschaft Nord"}
    made = await agree(leipzig, owner=owner)
    [mail] = leipzig.mails("agreed")
    assert mail.to == MODERATION_AT
    assert "Bitte leiten Sie diese Nachricht dorthin weiter" in mail.text
    done = (await report(leipzig, made, MODERATION)).json()
    assert done["history"][-1]["in_name_of"] == {"seat": "", "organisation": owner["organisation"]}


async def test_a_vacant_owner_is_reminded_through_moderation(leipzig: Story) -> None:
    await agree(leipzig)
    caller = Caller(Via.SESSION, MODERATION, (MODERATION, "neighbourhood_alliance/addiction_commissioner"))
    token = leipzig.process.runtimes["portal"].assertions.write(caller, "directory", leipzig.now)
    path = "/v1/directory/bodies/neighbourhood_alliance/seats/urban_renewal/holder"
    gone = await leipzig.replay.client.delete(path, headers={"Authorization": f"Bearer {token}"})
    assert gone.status_code == 200, gone.text
    await leipzig.settle()
    await leipzig.until(at("2018-06-08"))
    assert [mail.to for mail in leipzig.mails("agreement_due")] == [MODERATION_AT]


async def test_what_was_agreed_before_the_system_was_there_can_be_entered(leipzig: Story) -> None:
    made = await agree(leipzig, agreed_on="2017-11-14", due_on="2018-01-31")
    assert made["overdue"]
    await leipzig.days(1)
    assert leipzig.mails("agreement_due") == [], "it has just been said"
    await leipzig.days(7)
    assert len(leipzig.mails("agreement_due")) == 1, "ten weeks after it was due"


async def test_no_address_and_no_name_of_a_person_is_stored(leipzig: Story) -> None:
    await agree(leipzig)
    await leipzig.until(at("2018-06-29"))
    content = (leipzig.settings.data_dir / "agreements.db").read_bytes()
    known = (
        person.encode() for body in leipzig.city.seed.values() for person in [m.mail for m in body.members]
    )
    assert not any(address in content for address in known)
