"""Who keeps whose keys: people who are signed in and moderate all that they open."""

from pathlib import Path

import pytest

from rapport.commands import MEMBERS_USE
from rapport.composition import declare
from rapport.docs.documents import ask_nobody
from services.portal.pages.keys.keeping import AGENCIES_USE, FUNCTIONS_USE
from shared.access.caller import Caller, Via
from shared.access.permissions import keeps_keys_of, may_issue_to
from shared.city.city import City, load_city
from shared.system.settings import ROOT, Settings

COMMISSIONER = "extended_rapport/addiction_commissioner"
QUARTER = "neighbourhood_alliance/neighbourhood_management"
PRESIDENT = "extended_rapport/police_president"


@pytest.fixture(scope="module")
def leipzig(tmp_path_factory: pytest.TempPathFactory) -> City:
    return load_city("leipzig", ROOT / "deploy" / "cities", Path(tmp_path_factory.mktemp("var")))


@pytest.mark.parametrize(
    ("seat", "holder", "keeps", "issues"),
    [
        (COMMISSIONER, "police", True, True),
        (COMMISSIONER, "agency_that_is_gone", True, False),
        (COMMISSIONER, PRESIDENT, True, True),
        (COMMISSIONER, QUARTER, True, True),
        (COMMISSIONER, "extended_rapport/function_that_is_gone", True, False),
        (COMMISSIONER, "extended_rapport/drug_help_coordination", True, False),
        (COMMISSIONER, "council/police_president", False, False),
        (f"{COMMISSIONER}_deputy", PRESIDENT, True, True),
        (QUARTER, "police", False, False),
        (QUARTER, PRESIDENT, False, False),
        (QUARTER, QUARTER, True, True),
        (QUARTER, "neighbourhood_alliance/addiction_commissioner", False, False),
        (PRESIDENT, PRESIDENT, False, False),
        (PRESIDENT, "police", False, False),
    ],
)
def test_keys_are_kept_by_who_moderates_what_they_open(
    leipzig: City, seat: str, holder: str, keeps: bool, issues: bool
) -> None:
    caller = Caller(Via.SESSION, seat, (seat,))
    assert keeps_keys_of(caller, holder, leipzig) is keeps
    assert may_issue_to(caller, holder, leipzig) is issues


@pytest.mark.parametrize("via", sorted(set(Via) - {Via.SESSION}))
def test_no_key_and_no_link_issues_keys(leipzig: City, via: Via) -> None:
    assert not keeps_keys_of(Caller(via, COMMISSIONER, (COMMISSIONER,)), "police", leipzig)


def test_page_and_command_and_services_mean_the_same_services() -> None:
    services = declare(Settings(), ask_nobody).values()
    by_kind = {
        kind: tuple(each.name for each in services if each.keys_for == kind)
        for kind in ("agencies", "functions")
    }
    assert by_kind["agencies"] == AGENCIES_USE
    assert set(by_kind["functions"]) == set(FUNCTIONS_USE) == set(MEMBERS_USE)
