"""A replay reports on every body."""

import pytest

from rapport.replay.replay import readers_of
from shared.access.permissions import READERS, bodies_of
from shared.city.city import load_city
from shared.system.settings import ROOT
from tests.unit.scheduler.conftest import with_body

CITIES = ROOT / "deploy" / "cities"


@pytest.mark.parametrize("name", sorted(path.name for path in CITIES.iterdir()))
def test_the_readers_of_a_replay_see_every_body_between_them(name: str):
    city = load_city(name, CITIES, ROOT / "var" / "none")
    seen = [bodies_of(holder, READERS, city.bodies) for holder in readers_of(city)]
    assert set().union(*seen) == set(city.bodies)
    assert len(seen) == 1


def test_a_body_with_a_leadership_of_its_own_has_a_reader_of_its_own():
    city = load_city("leipzig", CITIES, ROOT / "var" / "none")
    members = city.bodies["extended_rapport"].members
    apart = with_body(city, "extended_rapport", members=members[1:])
    assert readers_of(apart) == [
        "neighbourhood_alliance/addiction_commissioner",
        "extended_rapport/police_president",
    ]


def test_a_body_that_nobody_leads_has_no_reader():
    city = load_city("leipzig", CITIES, ROOT / "var" / "none")
    assert readers_of(with_body(city, "rapport", members=())) == readers_of(city)
