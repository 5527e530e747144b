import re
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model import units
from sim.sheets.words import UNITS


def parse(hint: object, text: object) -> float:
    return get_args(hint)[1].parse(text)


@pytest.mark.parametrize(
    ("hint", "text", "value"),
    [
        (units.Seconds, "5 min", 300.0),
        (units.Seconds, "0 s", 0.0),
        (units.Seconds, "365 d", 365 * 86400.0),
        (units.Seconds, "1.5e1 s", 15.0),
        (units.Metres, "2 km", 2000.0),
        (units.Coordinate, "-1.2 km", -1200.0),
        (units.SquareMetres, "307.29 km2", 307.29e6),
        (units.Speed, "36 km/h", 10.0),
        (units.Share, "95 %", 0.95),
        (units.Share, "0.45%", 0.0045),
        (units.Density, "8,900 people/km2", 0.0089),
        (units.PerTime, "1.5 per hour", 1.5 / 3600),
    ],
)
def test_quantities_become_si(hint: object, text: str, value: float) -> None:
    assert parse(hint, text) == value


@pytest.mark.parametrize(
    ("hint", "text", "expected"),
    [
        (units.Seconds, 300, "a time with its unit (s, min, h, d, year), such as '5 min'"),
        (units.Seconds, "300", "with its unit"),
        (units.Seconds, "5 minutes", "with its unit"),
        (units.Seconds, "1,5 h", "with its unit"),
        (units.Seconds, "-5 min", "at least 0 s"),
        (units.Seconds, "nan s", "with its unit"),
        (units.Seconds, "1e999 d", "of a finite size"),
        (units.PositiveSeconds, "0 s", "above 0 s"),
        (units.Share, "101 %", "at least 0 % and at most 100 %"),
        (units.Speed, "0 km/h", "above 0 m/s"),
        (units.Seconds, None, "with its unit"),
        (units.Seconds, ["5 min"], "with its unit"),
    ],
)
def test_anything_else_is_refused_with_what_was_expected(hint: object, text: object, expected: str) -> None:
    with pytest.raises(ValueError, match=re.escape(expected)):
        parse(hint, text)


@given(st.integers(0, 10**9), st.sampled_from(["s", "min", "h", "d"]))
def test_whole_times_are_exact(number: int, unit: str) -> None:
    size = {"s": 1, "min": 60, "h": 3600, "d": 86400}[unit]
    assert parse(units.Seconds, f"{number} {unit}") == number * size


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "0 s"),
        (4.97, "5 s"),
        (60, "1 min"),
        (82.4, "82 s"),
        (119, "119 s"),
        (269.4, "4.5 min"),
        (300, "5 min"),
        (315, "5.25 min"),
        (3600, "1 h"),
        (7100, "118.3 min"),
        (7500, "2 h 05 min"),
        (2 * 3600 + 59.9 * 60, "3 h"),
        (86400, "1 d"),
        (30 * 3600, "30 h"),
        (3.5 * 86400, "3.5 d"),
        (365 * 86400, "365 d"),
        (200 * 365 * 86400, "200 years"),
        (float("nan"), "-"),
    ],
)
def test_durations_as_people_say_them(seconds: float, told: str) -> None:
    assert units.duration(seconds) == told


def test_every_unit_that_a_sheet_may_say_is_one_of_the_programs() -> None:
    area = get_args(units.SquareMetres)[1].scales
    scales = (*units.TIME, *units.LENGTH, *area, *units.PER_PERSON)
    assert set(UNITS.values()) <= {unit for unit, _ in scales}
