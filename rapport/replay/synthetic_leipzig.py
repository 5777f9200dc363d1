"""What the synthetic Leipzig year is drawn after: published figures, named places, planted episodes.

Figures: 1,209 syringes collected by the Ordnungsamt in 2018 and the focus areas (City of Leipzig,
“Sucht sucht Verbündete”, 26 November 2019); cases of bodily harm per Ortsteil in 2018 (police crime
statistics in the city's open data, Datenlizenz Deutschland; the sixteen Ortsteile with 150 or more).
All other volumes, every single incident and every planted episode are invented.
"""

from dataclasses import dataclass, field

SYRINGES_OF_THE_YEAR = 1_209
BODILY_HARM_OF_THE_CITY = 6_698
BODILY_HARM = {
    "Zentrum": 407,
    "Neustadt-Neuschönefeld": 282,
    "Zentrum-Ost": 276,
    "Paunsdorf": 273,
    "Volkmarsdorf": 264,
    "Zentrum-Nord": 244,
    "Möckern": 226,
    "Schönefeld-Abtnaundorf": 224,
    "Grünau-Mitte": 212,
    "Reudnitz-Thonberg": 208,
    "Altlindenau": 207,
    "Zentrum-Südost": 200,
    "Eutritzsch": 177,
    "Südvorstadt": 167,
    "Plagwitz": 157,
    "Anger-Crottendorf": 156,
}
"""Cases in 2018; the Ortsteile not named share what is left of the city's total."""

SCENE_SHARE_OF_BODILY_HARM = 0.1
"""Assumed: one case in ten belongs to the drug scene."""

MONTHS = (0.75, 0.75, 0.9, 1.0, 1.15, 1.25, 1.25, 1.2, 1.1, 1.0, 0.85, 0.8)
"""How busy each month is, relative to the others."""

LATE_SHARE = 0.03
DUPLICATES = 40
FAULTS = {"outside": 9, "quantity": 9, "category": 8, "future": 9}
"""Rows that intake must refuse: how many of which mistake."""


@dataclass(frozen=True)
class Area:
    """A stretch from one (latitude, longitude) to another, with how far incidents lie off it in metres."""

    start: tuple[float, float]
    end: tuple[float, float]
    spread_m: float


def _spot(latitude: float, longitude: float, spread_m: float) -> Area:
    return Area((latitude, longitude), (latitude, longitude), spread_m)


KOEHLERPLATZ = _spot(51.3397, 12.4031, 60)
RABET_WEST = _spot(51.3440, 12.4012, 60)
RABET_PLAYGROUND = _spot(51.3434, 12.4028, 60)
EISENBAHNSTRASSE = Area((51.3455, 12.3970), (51.3457, 12.4100), 40)
GRUENAU_MITTE = _spot(51.3170, 12.2800, 120)
FOCUS: tuple[tuple[Area, float], ...] = (
    (_spot(51.3412, 12.3818, 90), 0.24),  # Schwanenteich
    (_spot(51.3447, 12.3972, 70), 0.22),  # Rosengarten
    (_spot(51.3435, 12.3815, 100), 0.22),  # Bahnhofsvorplatz
    (EISENBAHNSTRASSE, 0.18),
    (RABET_WEST, 0.11),
    (KOEHLERPLATZ, 0.03),
)
"""The named focus areas with their share of what happens at focus areas."""


@dataclass(frozen=True)
class Stream:
    """The ordinary course of one category: how much, where, by whom reported, at which time of day."""

    category: str
    count: int
    focus_share: float
    agencies: dict[str, float]
    hours: tuple[float, float, float]
    """Earliest, latest and most frequent hour; past 24 is the early morning."""
    weekend: float = 1.0


FINDS = Stream("syringe_find", 0, 0.75, {"public_order_office": 1}, (6, 19, 9), 0.3)
"""Their number follows from the syringes of the year."""

STREAMS = (
    Stream("syringe_find", 70, 0.5, {"citizen_line": 6, "street_work": 1}, (6, 22, 11)),
    Stream("complaint", 850, 0.5, {"citizen_line": 5, "public_order_office": 1}, (7, 23, 17), 0.7),
    Stream("dealing", 520, 0.65, {"police": 5, "public_order_office": 1}, (10, 26, 18), 1.1),
    Stream("open_use", 560, 0.7, {"street_work": 2, "public_order_office": 2, "police": 1}, (8, 24, 15), 0.8),
    Stream("new_scene", 12, 0.0, {"street_work": 1}, (9, 18, 13), 0.3),
    Stream("other", 40, 0.5, {"city_cleaning": 2, "parks_office": 1}, (6, 16, 9), 0.2),
)
VIOLENCE = Stream("violence", 0, 0.15, {"police": 1}, (13, 29, 22), 1.5)
"""Its number follows from bodily harm."""


@dataclass(frozen=True)
class Burst:
    """More of one category at one place for a time."""

    category: str
    agency: str
    count: int
    area: Area


@dataclass(frozen=True)
class Planted:
    """An episode put into the year on purpose, and the escalation that it should raise."""

    id: str
    rule: str
    scope: tuple[str, str]
    """Kind and key of the scope, as in `shared.facts.Scope`."""
    first: tuple[int, int]
    """Month and day on which it begins."""
    last: tuple[int, int]
    bursts: tuple[Burst, ...] = field(repr=False)


PLANTED = (
    Planted(
        "rabet_before_the_hedges_were_cut",
        "syringes_near_sensitive_place",
        ("place", "spielplatz-rabet"),
        (1, 22),
        (5, 13),
        (Burst("syringe_find", "public_order_office", 34, RABET_PLAYGROUND),),
    ),
    Planted(
        "finds_at_the_kita_in_spring",
        "syringes_near_sensitive_place",
        ("place", "kita-koehlerstrasse"),
        (4, 3),
        (4, 20),
        (Burst("syringe_find", "public_order_office", 8, KOEHLERPLATZ),),
    ),
    Planted(
        "displaced_from_rabet_to_koehlerplatz",
        "syringes_near_sensitive_place",
        ("place", "kita-koehlerstrasse"),
        (5, 28),
        (7, 22),
        (Burst("syringe_find", "public_order_office", 36, KOEHLERPLATZ),),
    ),
    Planted(
        "complaints_about_koehlerplatz",
        "special_problem_situation",
        ("district", "20"),
        (6, 4),
        (7, 15),
        (
            Burst("complaint", "citizen_line", 44, KOEHLERPLATZ),
            Burst("open_use", "street_work", 20, KOEHLERPLATZ),
        ),
    ),
    Planted(
        "violence_at_eisenbahnstrasse_in_late_summer",
        "violence_wave",
        ("district", "20"),
        (8, 20),
        (9, 12),
        (Burst("violence", "police", 26, Area((51.3455, 12.3990), (51.3456, 12.4055), 40)),),
    ),
    Planted(
        "new_scene_in_gruenau_in_autumn",
        "new_scene_established",
        ("district", "62"),
        (10, 8),
        (11, 18),
        (
            Burst("new_scene", "street_work", 8, GRUENAU_MITTE),
            Burst("open_use", "street_work", 22, GRUENAU_MITTE),
            Burst("dealing", "police", 14, GRUENAU_MITTE),
            Burst("complaint", "citizen_line", 12, GRUENAU_MITTE),
        ),
    ),
)
"""The planted episodes in the order in which they begin."""
