"""Formats, words, languages, periods, classes and sums: all pure."""

import ast
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, pairwise
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, box

from services.portal.charts.city_map import drawn, placed_names
from services.portal.charts.classes import MOST_FOCUS, class_bounds, class_of
from services.portal.charts.course import Course, CourseWords, course_chart, sliding_sum
from services.portal.charts.districts import CityMap, MapWords, Share, focus, focus_map, whole_map
from services.portal.charts.drawing import Drawings
from services.portal.charts.theme import ACCENT, ALERT, HALF, INK, MUTED, NARROW, PALETTE, STEPS, WIDE
from services.portal.charts.weeks import Weeks, by_week, monday, weeks_chart
from services.portal.pages.frame import html
from services.portal.pages.frame.formats import Formats
from services.portal.pages.frame.language import preferred
from services.portal.pages.frame.period import chosen, periods
from services.portal.pages.words import WORDS, Words
from services.portal.read_model.domain import Span
from shared.city.city import load_city
from tests.unit.portal import town

BERLIN = ZoneInfo("Europe/Berlin")
DE, EN = Formats("de", BERLIN), Formats("en", BERLIN)
SUMMER = datetime(2018, 7, 10, 8, 0, tzinfo=UTC)


BUSY = {"20": 1039, "00": 711, "01": 178, "21": 117, "62": 103, "22": 67, "23": 62, "10": 0}


def city_of() -> CityMap:
    """The map of Leipzig with many incidents in some districts, none in one, and few elsewhere."""
    leipzig = load_city("leipzig", town.CITIES, Path("var/none"))
    shares = [
        Share(code, district.name, BUSY.get(code, 5 + number % 30))
        for number, (code, district) in enumerate(leipzig.districts.items())
    ]
    about = focus(shares)
    bounds = class_bounds([s.count for s in shares], [s.count for s in shares if s.code in about])
    kinds = {kind: kind for kind in ("kita", "school", "playground")}
    words = MapWords("Vorfälle", "Orte", kinds, ["0", *map(str, bounds)])
    return CityMap(leipzig.areas, shares, [], bounds, words)


def test_numbers_and_times_are_written_as_each_language_does():
    assert (DE.number(1_234_567), EN.number(1_234_567)) == ("1.234.567", "1,234,567")
    assert DE.at(SUMMER) == "Di, 10. Juli 2018, 10:00 Uhr"
    assert EN.at(SUMMER) == "Tue, 10 July 2018, 10:00"
    assert (DE.short(SUMMER), EN.short(SUMMER)) == ("10.07.2018, 10:00", "10 Jul 2018, 10:00")
    assert DE.between(SUMMER, SUMMER + timedelta(minutes=90)) == "10:00–11:30 Uhr"
    assert "11 July" in EN.between(SUMMER, SUMMER + timedelta(days=1))
    assert (DE.span(timedelta(hours=1)), EN.span(timedelta(hours=1))) == ("1 Stunde", "1 hour")
    assert (DE.span(timedelta(days=14)), EN.span(timedelta(hours=36))) == ("14 Tage", "36 hours")


@pytest.mark.parametrize("name", WORDS)
def test_every_word_has_both_languages_with_the_same_blanks(name):
    german, english = WORDS[name]
    assert german.strip()
    assert english.strip()
    blanks = [{part[1] for part in Formatter().parse(text) if part[1]} for text in (german, english)]
    assert blanks[0] == blanks[1]


def test_every_word_is_used_and_every_used_word_is_there():
    templates = "".join(path.read_text("utf-8") for path in (html.FOLDER / "pages").rglob("*.j2"))
    code = "".join(path.read_text("utf-8") for path in html.FOLDER.rglob("*.py") if path.name != "words.py")
    used = set(re.findall(r"""\bt\(\s*["'](\w+)["']""", templates + code))
    prefixes = (
        *(
            "state_",
            "did_",
            "standing_",
            "why_",
            "because_",
            "role_",
            "language_",
            "who_",
            "kind_",
            "about_",
            "reply_decided_",
            "say_",
            "mail_",
            "wrong_",
            "done_",
            "waits_",
            "request_",
            "unusual_",
            "agreement_",
            "agreement_done_",
            "done_meeting_",
        ),
        *("status_", "note_", "off_", "answer_", "say_", "reply_decided_"),
        *("open_", "do_", "done_", "seat_done_", "sharing_", "by_", "change_", "partner_", "wrong_"),
        *("verdict_", "column_of_", "column_", "list_"),
        *("via_", "about_", "action_", "key_", "attend_", "attends_", "attend_done_", "report_", "account_"),
    )
    named = set(re.findall(r"""["'](\w+)["']""", templates + code))
    assert used <= set(WORDS) | set(prefixes)
    several = {name.removesuffix("_one") for name in WORDS}
    sentences = {name for name in several if " " in name}
    assert {name for name in several - sentences if not name.startswith(prefixes)} <= named
    assert several <= set(WORDS)


def test_no_word_is_said_in_two_places():
    written = [ast.parse(path.read_text("utf-8")) for path in (html.FOLDER / "pages").glob("*/words.py")]
    tables = [node.value for tree in written for node in tree.body if isinstance(node, ast.AnnAssign)]
    names = [key.value for table in tables for key in table.keys]
    assert [name for name, count in Counter(names).items() if count > 1] == []


def test_an_unknown_word_is_a_mistake_of_ours():
    with pytest.raises(KeyError):
        Words("de")("unknown")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("de", "de"),
        ("en-US,en;q=0.8", "en"),
        ("fr,de;q=0.3,en;q=0.5", "en"),
        ("en;q=0,de;q=0.1", "de"),
        ("*", "de"),
        ("en;q=high", "de"),
        (";;,,", "de"),
    ],
)
def test_the_language_that_is_wanted_most_and_offered_wins(header, language):
    assert preferred(header, ("de", "en"), "de") == language


def test_periods_follow_the_data_and_not_the_clock():
    known = Span(date(2015, 3, 1), date(2018, 12, 31))
    options = periods(known, date(2026, 5, 5))
    assert [option.key for option in options] == ["", "2018", "2017", "2016", "2015"]
    assert options[0].span == Span(date(2018, 1, 1), date(2018, 12, 31))
    assert chosen(options, "1999") == options[0]
    start, end = chosen(options, "2017").bounds(BERLIN)
    assert (start.isoformat(), end.isoformat()) == ("2017-01-01T00:00:00+01:00", "2018-01-01T00:00:00+01:00")


def test_without_incidents_the_last_twelve_months_are_shown():
    [only] = periods(None, date(2018, 6, 30))
    assert only.span == Span(date(2017, 7, 1), date(2018, 6, 30))


@given(st.lists(st.integers(0, 5_000), max_size=80), st.integers(1, 8))
@settings(deadline=None)
def test_classes_grow_and_hold_every_count(counts, size):
    bounds = class_bounds(counts, sorted(counts)[-size:])
    assert bounds == sorted(set(bounds))
    assert len(bounds) <= len(STEPS)
    assert all((class_of(count, bounds) > 0) == (count > 0) for count in counts)


@pytest.mark.parametrize(
    ("focus", "others"),
    [
        ((1039, 711, 178, 117), (103, 67, 62, 58, *range(4, 50))),
        ((60, 40), (12, 9, 3, 1)),
        ((9000, 4000, 2000, 800, 300), (40, 8)),
        ((3,), (1, 1, 1)),
    ],
)
def test_classes_tell_the_focus_districts_apart_and_from_most_others(focus, others):
    bounds = class_bounds([*focus, *others], focus)
    classes = [class_of(count, bounds) for count in focus]
    assert classes == sorted(classes, reverse=True)
    assert len(set(classes)) == min(len(focus), MOST_FOCUS)
    assert sum(class_of(count, bounds) >= min(classes) for count in others) <= 1


@pytest.mark.parametrize("size", [HALF, NARROW])
async def test_each_class_has_a_colour_of_its_own(size):
    spec = whole_map(city_of(), size)
    scale = spec["layer"][0]["encoding"]["color"]["scale"]
    assert len(set(scale["range"])) == len(scale["domain"]) == 8


instants = st.integers(0, 2_000).map(lambda minutes: SUMMER + timedelta(minutes=minutes))


@given(st.lists(st.tuples(instants, st.integers(1, 9)), max_size=30), st.integers(1, 900))
@settings(deadline=None)
def test_a_sliding_sum_is_what_counting_anew_at_each_instant_gives(found, minutes):
    within, since = timedelta(minutes=minutes), SUMMER + timedelta(minutes=700)
    points = sliding_sum(found, within, since, SUMMER + timedelta(minutes=2_000))
    for at, total in points:
        assert total == sum(weight for when, weight in found if at - within < when <= at)
    assert (points[0][0], points[-1][0]) == (since, SUMMER + timedelta(minutes=2_000))
    assert [at for at, _ in points] == sorted(at for at, _ in points)


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_a_course_fills_the_axis_it_is_given_and_marks_only_what_lies_on_it(size):
    since, until = SUMMER, SUMMER + timedelta(days=40)
    points = [(since, 0), (since + timedelta(days=20), 4), (until, 1)]
    course = Course(points, since, until, 3, until + timedelta(days=400), since + timedelta(days=30))
    spec = course_chart(
        course, CourseWords("Vorfälle", "%-d. %b", "Schwelle 3", "ausgelöst", "beendet"), size
    )
    svg = await Drawings().draw(spec, "de")
    assert spec["layer"][0]["encoding"]["x"]["scale"]["domain"] == ["2018-07-10T08:00Z", "2018-08-19T08:00Z"]
    assert "beendet" in svg
    assert "ausgelöst" not in svg
    assert "NaN" not in svg
    assert "2019" not in svg


def test_what_changes_within_a_minute_is_one_step_and_where_it_stands_is_marked():
    since, until = SUMMER, SUMMER + timedelta(days=1)
    second = timedelta(seconds=1)
    points = [(since, 0), (until - 3 * second, 4), (until - 2 * second, 5), (until, 6), (until, 6)]
    words = CourseWords("Vorfälle", "%-d. %b", "Schwelle 3", "ausgelöst", "beendet")
    spec = course_chart(Course(points, since, until, 3, until, None), words, WIDE)
    values = spec["layer"][0]["data"]["values"]
    assert [value["sum"] for value in values] == [0, 5, 6]
    assert len({value["at"] for value in values}) == len(values)
    assert {"data": {"values": values[-1:]}} in [{"data": layer["data"]} for layer in spec["layer"]]


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)))
@settings(deadline=None)
def test_weeks_begin_on_monday(day):
    assert monday(day).weekday() == 0
    assert timedelta(0) <= day - monday(day) < timedelta(days=7)
    assert by_week([day, day]) == {monday(day): 2}


def test_the_detail_shows_the_districts_that_hold_most():
    shares = [Share(str(n), str(n), count) for n, count in enumerate((5, 50, 1, 44))]
    assert focus(shares) == ["1", "3"]
    assert focus([Share("a", "a", 0)]) == ["a"]


def test_names_on_a_map_never_cover_each_other():
    shape = box(0, 0, 100, 100)
    placed = list(placed_names([("First", shape)] * 20, (0, 0, 400, 400), 1.0, []))
    assert 1 <= len(placed) < 20
    assert not any(a.room.intersects(b.room) for a, b in combinations(placed, 2))


def test_an_important_name_stands_in_its_area_though_marks_cover_it():
    areas = [("Full", box(0, 0, 100, 100)), ("Too", box(100, 0, 200, 100)), ("Free", box(200, 0, 300, 100))]
    placed = list(placed_names(areas, (0, 0, 400, 400), 1.0, [(0, 0, 200, 100)], important=1))
    assert [label.text for label in placed] == ["Full", "Free"]
    assert all(dict(areas)[label.text].contains(label.room) for label in placed)


def test_a_long_name_is_broken_where_that_keeps_it_inside_its_area():
    [label] = placed_names([("Neustadt-Neuschönefeld", box(0, 0, 100, 300))], (0, 0, 400, 400), 1.0, [])
    assert (label.text, label.outside) == ("Neustadt-\nNeuschönefeld", 0)


@pytest.mark.parametrize("size", [HALF, NARROW])
@pytest.mark.parametrize("draw", [whole_map, focus_map])
def test_names_on_the_map_of_leipzig_stand_inside_their_districts(draw, size):
    city = city_of()
    shapes = {share.name: drawn(city.areas).shapes[share.code] for share in city.shares}
    named = [
        value for layer in draw(city, size)["layer"] for value in layer["data"]["values"] if "name" in value
    ]
    assert named or (draw is whole_map and size is NARROW)
    for value in named:
        name = value["name"].replace("-\n", "-").replace("\n", " ")
        assert shapes[name].contains(Point(value["x"], value["y"])), name


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_a_drawing_is_made_once_for_the_same_figures(size, monkeypatch):
    weeks = Weeks(date(2014, 1, 1), date(2018, 12, 31), {(date(2018, 7, 9), "dealing"): 3}, {})
    spec = weeks_chart(weeks, {"dealing": "Handel"}, "Vorfälle", size)
    drawings = Drawings()
    first = await drawings.draw(spec, "de")
    monkeypatch.setattr("services.portal.charts.drawing._draw", lambda *_: pytest.fail("drawn again"))
    assert await drawings.draw(spec, "de") is first


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("paper", ["#fbfaf7", "#ffffff"])
@pytest.mark.parametrize("colour", [INK, MUTED, ALERT, ACCENT])
def test_text_has_the_contrast_of_wcag_aa(colour, paper):
    assert (_luminance(paper) + 0.05) / (_luminance(colour) + 0.05) >= 4.5


def test_categories_that_lie_on_each_other_differ_in_print_without_colour():
    for one, other in pairwise(PALETTE):
        darker, lighter = sorted((_luminance(one), _luminance(other)))
        assert (lighter + 0.05) / (darker + 0.05) >= 1.25, (one, other)


def test_pages_and_charts_use_the_same_colours():
    css = Path(html.FOLDER / "static" / "portal.css").read_text("utf-8")
    for name, colour in {"ink": INK, "muted": MUTED, "accent": ACCENT, "alert": ALERT}.items():
        assert f"--{name}: {colour};" in css


@pytest.mark.parametrize(
    ("end", "german"),
    [
        (datetime(2018, 7, 9, 22, 0, tzinfo=UTC), "09.07.2018"),
        (datetime(2018, 7, 10, 10, 0, tzinfo=UTC), "10.07.2018, 12:00"),
    ],
)
def test_an_end_at_midnight_includes_the_day_before_it(end, german):
    assert DE.until(end) == german
