"""In which bodies the function that holds a key has a role."""

from pathlib import Path

import pytest

from shared.access.permissions import MODERATORS, READERS, bodies_of, holders_of
from shared.city.city import City, load_city
from shared.system.settings import ROOT

ALL = {"rapport", "extended_rapport", "neighbourhood_alliance"}
DEPUTY = "extended_rapport/police_vice_president"


@pytest.fixture(scope="module")
def leipzig(tmp_path_factory: pytest.TempPathFactory) -> City:
    return load_city("leipzig", ROOT / "deploy" / "cities", Path(tmp_path_factory.mktemp("var")))


@pytest.mark.parametrize(
    ("holder", "read", "change"),
    [
        ("rapport/addiction_commissioner", ALL, ALL),
        ("extended_rapport/police_president", {"extended_rapport"}, set()),
        ("rapport/police_president", set(), set()),
        ("extended_rapport/drug_help_coordination", set(), set()),
        (
            "neighbourhood_alliance/neighbourhood_management",
            {"neighbourhood_alliance"},
            {"neighbourhood_alliance"},
        ),
        (DEPUTY, set(), set()),
        ("police", set(), set()),
        ("council/addiction_commissioner", set(), set()),
        ("rapport/", set(), set()),
    ],
)
def test_a_function_has_rights_where_it_leads_or_moderates(
    leipzig: City, holder: str, read: set[str], change: set[str]
):
    assert bodies_of(holder, READERS, leipzig.bodies) == read
    assert bodies_of(holder, MODERATORS, leipzig.bodies) == change


@pytest.mark.parametrize(
    ("holder", "read"),
    [
        (DEPUTY, {"extended_rapport"}),
        ("rapport/addiction_commissioner_deputy", ALL),
        ("rapport/police_vice_president", set()),
        ("extended_rapport/street_work_lead", set()),
    ],
)
def test_deputies_have_the_rights_of_their_members_where_they_count(
    leipzig: City, holder: str, read: set[str]
):
    assert bodies_of(holder, READERS, leipzig.bodies, deputies=True) == read


def test_keys_are_for_leadership_moderation_and_their_deputies(leipzig: City):
    holders = holders_of(leipzig)
    assert {"rapport/addiction_commissioner", "rapport/addiction_commissioner_deputy", DEPUTY} <= set(holders)
    assert not {"rapport/police_drug_lead", "rapport/police_precinct_centre"} & set(holders)
