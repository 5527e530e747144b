"""Rates of every basis, seasons, weather, over-dispersion and places, against the intensity they state."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from worlds import call, squares, world

import sim
from sim.engine.run import draw
from sim.model.calendar import Calendar
from sim.model.types import Profile
from sim.model.weather import Weather

YEAR_H = 365 * 24


def zoned(kind: dict[str, Any], years: int = 1, **changes: Any) -> sim.Scenario:
    """A square of 6 km of four kinds of zone, with sites and lines, and one type of incident."""
    zones = squares(6, 1.0)
    for i, zone in enumerate(zones.values()):
        zone["kind"] = ("built_up", "rural", "forest", "water")[i % 4]
        zone["people"] = 100 * (1 + i % 3)
    mapping = world(
        horizon=f"{365 * years} d",
        place__zones=zones,
        place__sites={
            "s": {"kind": "fire_station", "x": "0 m", "y": "0 m"},
            **{f"p{i}": {"kind": "plant", "x": f"{i} km", "y": "1 km"} for i in range(1, 5)},
        },
        place__lines={
            "road": {
                "kind": "highway",
                "points": [
                    {"x": "0 km", "y": "3 km"},
                    {"x": "4 km", "y": "3 km"},
                    {"x": "4 km", "y": "5 km"},
                ],
            },
            "pipe": {
                "kind": "pipeline",
                "length": "30 km",
                "points": [{"x": "1 km", "y": "1 km"}, {"x": "1 km", "y": "2 km"}],
            },
        },
        incident={"call": {**call(), **kind}},
        **changes,
    )
    speeds = mapping["travel"]["speeds"]["unit"]
    speeds |= dict.fromkeys(("rural", "forest", "water"), speeds["built_up"])
    return sim.build(mapping).scenario


def drawn(kind: dict[str, Any], years: int = 1, **changes: Any) -> tuple[sim.Scenario, Any]:
    scenario = zoned(kind, years, **changes)
    return scenario, draw(scenario, 1, 0)


@pytest.mark.parametrize(
    ("rate", "where", "a_year"),
    [
        ("500 per 1000 people per year", {}, 500 * 5.4),
        ("500 per 1000 people per year", {"zones": ["forest"]}, 500 * 1.8),
        ("40 per km2 per year", {"zones": ["rural", "forest"], "by": "area"}, 40 * 18),
        ("300 per site per year", {"sites": ["plant"]}, 1200),
        ("300 per site per year", {"sites": ["p1", "p2"]}, 600),
        ("200 per km per year", {"along": ["highway"]}, 1200),
        ("2000 per 100 km per year", {"along": ["pipe"]}, 600),
        ("1 per hour", {"at": {"x": "2 km", "y": "2 km"}, "within": "500 m"}, YEAR_H),
    ],
)  # fmt: skip
def test_a_rate_is_multiplied_with_what_it_is_per(rate: str, where: Any, a_year: float) -> None:
    scenario, found = drawn({"rate": rate, "where": where})
    assert scenario.types[0].rate_per_s * 365 * 86400 == pytest.approx(a_year)
    assert abs(len(found) - a_year) <= 4 * np.sqrt(a_year)


def test_zones_of_a_kind_by_area_by_people_and_chi_square_by_zone_and_hour() -> None:
    profile = {"peak": "15 h", "swing": "60 %"}
    scenario, found = drawn(
        {"rate": "5 per hour", "where": {"zones": ["rural", "forest"]}, "profile": profile}
    )
    eligible = np.isin(scenario.place.kinds, [1, 2])
    counts = np.zeros((36, 24))
    np.add.at(counts, (found.zone, (found.occurred_s // 3600 % 24).astype(int)), 1)
    assert counts[~eligible].sum() == 0
    hours = 1 + 0.6 * np.cos(2 * np.pi * (np.arange(24) + 0.5 - 15) / 24) * np.sin(np.pi / 24) / (np.pi / 24)
    expected = np.outer(scenario.place.people[eligible], hours)
    expected *= counts.sum() / expected.sum()
    assert expected.min() > 5
    assert stats.chisquare(counts[eligible].ravel(), expected.ravel()).pvalue > 1e-4


def test_sites_lines_and_points_are_where_they_are() -> None:
    _, found = drawn({"rate": "2 per hour", "where": {"sites": ["plant"]}})
    assert set(zip(found.x_m.tolist(), found.y_m.tolist(), strict=True)) == {
        (1000.0 * i, 1000.0) for i in range(1, 5)
    }
    scenario, found = drawn({"rate": "2 per hour", "where": {"along": ["road"]}})
    along = np.where(found.y_m == 3000, found.x_m, 4000 + found.y_m - 3000)
    assert stats.kstest(along / 6000, "uniform").pvalue > 1e-4
    side = np.abs(scenario.place.centres[found.zone] - np.stack([found.x_m, found.y_m], axis=1))
    assert (side <= 500 + 1e-9).all()  # each is in the zone that covers it
    where = {"at": {"x": "2 km", "y": "2 km"}, "within": "500 m"}
    _, found = drawn({"rate": "2 per hour", "where": where})
    gap = np.hypot(found.x_m - 2000, found.y_m - 2000)
    assert stats.kstest((gap / 500) ** 2, "uniform").pvalue > 1e-4


def test_months_have_their_weights_and_the_year_its_rate() -> None:
    monthly = [3, 3, 3, 2, 1, 0, 0, 0, 0, 1, 2, 3]
    _, found = drawn({"rate": "2 per hour", "profile": {"monthly": monthly}}, start="2023-01-01")
    lengths = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    ends = np.cumsum(lengths) * 86400
    counts = np.bincount(np.searchsorted(ends, found.occurred_s, side="right"), minlength=12)
    expected = 2 * YEAR_H * np.array(monthly) * lengths / (monthly @ lengths)
    assert counts[expected == 0].sum() == 0
    some = expected > 0
    assert (np.abs(counts[some] - expected[some]) <= 4 * np.sqrt(expected[some])).all()


@given(
    monthly=st.lists(st.floats(0, 10), min_size=12, max_size=12).filter(lambda weights: max(weights) > 0.01),
    start=st.dates(date(2021, 1, 1), date(2021, 12, 31)) | st.just(date(2022, 1, 1)),
    factors=st.dictionaries(st.sampled_from(["dry", "wet"]), st.floats(0.1, 10)),
)
def test_months_average_to_one_over_the_days_of_a_year(
    monthly: list[float], start: date, factors: dict[str, float]
) -> None:
    """From any day of 2021 a year has 365 days, counted one by one; with and without weather."""
    profile, noons_s = Profile(monthly=tuple(monthly)), (np.arange(365) + 0.5) * 86400
    found = profile.factor(noons_s, Calendar(start))
    assert found.mean() == pytest.approx(1)
    assert profile.most == pytest.approx(found.max())
    weather = Weather(("dry", "wet"), (tuple(SHARES), tuple(0.1 + s / 2 for s in SHARES)))
    chances = np.array([*weather.shares, 1 - np.sum(weather.shares, axis=0)])
    months = [(start + timedelta(days=i)).month - 1 for i in range(365)]
    expected = weather.factors(factors, np.array(monthly)) @ chances[:, months]
    assert (found * expected).mean() == pytest.approx(1)


SHARES = [0.4, 0.4, 0.3, 0.2, 0.1, 0.0, 0.0, 0.0, 0.1, 0.2, 0.3, 0.4]


def test_weather_raises_the_rate_of_its_days_and_keeps_that_of_the_year() -> None:
    weather = {"kinds": {"dry": [f"{100 * s:g} %" for s in SHARES]}, "persistence": "50 %"}
    kind = {"rate": "2 per hour", "profile": {"weather": {"dry": 5}}}
    scenario = zoned(kind, 10, weather=weather)
    found = draw(scenario, 1, 0)
    n = 2 * YEAR_H * 10
    assert abs(len(found) - n) / n < 0.05  # the days vary, and with them the total
    (source,) = (source for _, source in scenario.sources)
    from sim.rng import Streams

    days = source.weather.days(Streams(1, 0), scenario.calendar, scenario.horizon_s)  # type: ignore[attr-defined]
    months = scenario.calendar.months(np.arange(3650) * 86400.0)
    for month, share in enumerate(SHARES):
        some = days[months == month]
        assert abs((some == 0).mean() - share) <= 4 * np.sqrt(3 * share * (1 - share) / len(some)) + 0.03
    per_day = np.bincount((found.occurred_s // 86400).astype(int), minlength=3650)
    ratio = per_day[days == 0].mean() / per_day[days == 1].mean()
    assert abs(ratio - 5) < 0.15
    again = np.diff(days) == 0
    assert again.mean() > 0.7  # persistent


def test_overdispersed_counts_have_the_stated_dispersion() -> None:
    """Hourly counts of a small county: mean .637, variance to mean 1.13; so deviation² is .13 / .637."""
    deviation = (0.13 / 0.637) ** 0.5
    over = {"block": "1 h", "deviation": deviation}
    _, found = drawn({"rate": "0.637 per hour", "overdispersion": over}, years=12)
    counts = np.bincount((found.occurred_s // 3600).astype(int), minlength=12 * YEAR_H)
    n = len(counts)
    assert abs(counts.mean() - 0.637) <= 4 * np.sqrt(0.637 * 1.13 / n)
    assert abs(counts.var(ddof=1) / counts.mean() - 1.13) <= 4 * np.sqrt(2.6 / n)


def test_a_type_that_finds_no_place_does_not_happen_and_a_note_says_so() -> None:
    from sim.measure.notes import notes

    scenario, found = drawn({"rate": "3 per site per year", "where": {"sites": ["mine"]}})
    assert len(found) == 0
    assert any("has no place for call" in note for note in notes(scenario))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ({"rate": "3 per site per year"}, "some, because the rate is per site"),
        ({"rate": "3 per km per year"}, "some lines, because the rate is per length"),
        ({"where": {"sites": ["plant"], "zones": ["rural"]}}, "one of zones (with by), sites, along and at"),
        ({"where": {"zones": ["rural"], "within": "1 km"}}, "within only with sites, along or at"),
        ({"profile": {"monthly": [0] * 12}}, "at least one above 0 in monthly"),
        ({"profile": {"monthly": [1] * 11}}, "at least 12"),
        ({"rate": "3 per furlong per year"}, "a rate with its unit"),
        ({"profile": {"weather": {"dryy": 2}}}, 'did you mean "dry"?'),
        ({"overdispersion": {"block": "1 h", "deviation": 0}}, "greater than 0"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told(kind: Any, expected: str) -> None:
    with pytest.raises(sim.ConfigError) as told:
        zoned(kind, weather={"kinds": {"dry": ["10 %"] * 12}})
    assert expected in str(told.value)


def test_a_million_incidents_fit_a_year_in_every_block() -> None:
    """Blocks that do not divide the horizon, or one another, lose and repeat nothing."""
    over = {"block": "7 h", "deviation": 0.1}
    weather = {"kinds": {"dry": ["50 %"] * 12}}
    kind = {"rate": "10 per hour", "overdispersion": over, "profile": {"weather": {"dry": 1.0}}}
    _, found = drawn(kind, weather=weather, start="2022-01-01")
    by_hour = np.bincount((found.occurred_s // 3600 % 24).astype(int), minlength=24)
    assert stats.chisquare(by_hour).pvalue > 1e-4
    assert found.occurred_s.max() < 365 * 86400
