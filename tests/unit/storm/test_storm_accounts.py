"""What the accounts after a storm excuse, and what they do not."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from storm.copies import Blame, unexplained
from storm.plan import AGENCIES, parcels
from storm.postbox import Copy, Fate

NOBODY = Blame((), ())
FIRST = Copy("<one@example.org>", "bytes", 100.0, Fate.CONFIRMED)


@pytest.mark.parametrize(
    ("fate", "after", "blame", "wrong"),
    [
        (Fate.CUT_BEFORE_REPLY, 60, NOBODY, False),
        (Fate.CONFIRMED, 60, NOBODY, True),
        (Fate.CUT_AFTER_REPLY, 60, NOBODY, True),
        (Fate.CONFIRMED, 70, Blame((101.0,), ()), False),
        (Fate.CONFIRMED, 70, Blame((99.0,), ()), True),
        (Fate.CONFIRMED, 70, Blame((171.0,), ()), True),
        (Fate.CONFIRMED, 400, Blame((300.0,), ()), True),
        (Fate.CONFIRMED, 70, Blame((), ((95.0, 105.0),)), False),
        (Fate.CONFIRMED, 70, Blame((), ((50.0, 99.0),)), True),
    ],
)
def test_a_second_copy_needs_a_cut_between_acceptance_and_commit(
    fate: Fate, after: float, blame: Blame, wrong: bool
):
    copies: Sequence[Copy] = [replace(FIRST, fate=fate), replace(FIRST, at=FIRST.at + after)]
    assert bool(unexplained([copies], blame)) is wrong


def test_a_mail_that_came_once_needs_no_excuse():
    assert unexplained([[FIRST]], NOBODY) == []


def test_the_same_seed_gives_the_same_plan():
    def drawn() -> list[object]:
        return [
            (parcel.agency, parcel.doubled, [(d.report["external_id"], d.withdrawn) for d in parcel.deeds])
            for parcel in parcels(900, 5)
        ]

    assert drawn() == drawn()


def test_a_plan_has_reports_corrections_and_withdrawals_of_every_agency():
    planned = list(parcels(3_000, 5))
    deeds = [deed for parcel in planned for deed in parcel.deeds]
    assert len({deed.report["external_id"] for deed in deeds}) == 3_000
    assert {parcel.agency for parcel in planned} == set(AGENCIES)
    assert any(deed.correction and deed.withdrawn for deed in deeds)
    assert all(deed.final["external_id"] == deed.report["external_id"] for deed in deeds)
