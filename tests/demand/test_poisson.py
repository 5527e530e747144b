"""Arrivals against the intensity they were drawn from."""

from datetime import date

import numpy as np
import pytest
from scipy import stats
from worlds import call, squares, stations, world

import sim
from sim.engine.run import draw
from sim.model.calendar import Calendar
from sim.model.incidents import Incidents
from sim.model.types import Profile

PROFILE = {"peak": "15 h", "swing": "60 %", "weekly": [1, 1, 1, 1, 1, 2, 0.5]}


@pytest.fixture(scope="module")
def drawn() -> tuple[sim.Scenario, Incidents]:
    """About 100,000 incidents over a year in 16 zones, half of them without this type."""
    zones = squares(4, 1.0)
    for i, zone in enumerate(zones.values()):
        zone["people"] = 100 + 50 * i
        zone["kind"] = "rural" if i % 2 else "built_up"
    mapping = world(
        horizon="364 d",
        place__zones=zones,
        place__sites=stations({"s": (0, 0)}),
        incident={
            "call": call("11.5 per hour", profile=PROFILE, where={"zones": ["rural"], "by": "people"}),
            "other": call("1 per hour"),
        },
    )
    mapping["travel"]["speeds"]["unit"]["rural"] = {"day": "10 km/h", "night": "10 km/h"}
    scenario = sim.build(mapping).scenario
    return scenario, draw(scenario, 5, 0)


def fits(counts: np.ndarray, expected: np.ndarray) -> None:
    assert stats.chisquare(counts, expected / expected.sum() * counts.sum()).pvalue > 1e-4


def test_the_number_is_poisson_with_the_stated_mean(drawn: tuple[sim.Scenario, Incidents]) -> None:
    _, incidents = drawn
    mean = 11.5 * 24 * 364
    assert abs((incidents.type == 0).sum() - mean) <= 4 * np.sqrt(mean)


def test_arrivals_follow_the_day_and_the_week(drawn: tuple[sim.Scenario, Incidents]) -> None:
    _, incidents = drawn
    at = incidents.occurred_s[incidents.type == 0]
    hours = np.arange(24 * 7)
    middle = (hours % 24) + 0.5
    daily = 1 + 0.6 * np.cos(2 * np.pi * (middle - 15) / 24) * np.sin(np.pi / 24) / (np.pi / 24)
    weekly = np.array(PROFILE["weekly"])[hours // 24]  # the start, 2022-01-03, is a Monday
    fits(np.bincount((at // 3600 % 168).astype(int), minlength=168), daily * weekly)


def test_hourly_counts_are_dispersed_as_poisson(drawn: tuple[sim.Scenario, Incidents]) -> None:
    _, incidents = drawn
    at = incidents.occurred_s[incidents.type == 1]
    counts = np.bincount((at // 3600).astype(int), minlength=364 * 24)
    ratio = counts.var(ddof=1) / counts.mean()
    assert abs(ratio - 1) <= 4 * np.sqrt(2 / len(counts))


def test_zones_share_incidents_by_people_and_only_where_they_belong(
    drawn: tuple[sim.Scenario, Incidents],
) -> None:
    scenario, incidents = drawn
    zone = incidents.zone[incidents.type == 0]
    rural = np.array([z.kind == "rural" for z in scenario.place.zones])
    assert rural[zone].all()
    fits(np.bincount(zone, minlength=16)[rural], scenario.place.people[rural])
    x = (incidents.x_m - scenario.place.centres[incidents.zone, 0]) / 1000 + 0.5
    assert stats.kstest(x, "uniform").pvalue > 1e-4


def test_incidents_come_in_order_of_report_with_their_own_slots(
    drawn: tuple[sim.Scenario, Incidents],
) -> None:
    _, incidents = drawn
    assert (np.diff(incidents.reported_s) >= 0).all()
    assert incidents.first_slot[-1] == len(incidents.kind) == len(incidents)
    assert (incidents.occurred_s <= incidents.detected_s).all()


def test_the_profile_is_one_on_average_and_never_above_its_bound() -> None:
    profile = Profile(peak_s=54000, swing=0.7, weekly=(1, 1, 1, 1, 1, 1.1, 1.3))
    factor = profile.factor(
        np.linspace(0, 7 * 86400, 7 * 24 * 60, endpoint=False), Calendar(date(2022, 1, 1))
    )
    assert factor.mean() == pytest.approx(1, abs=1e-3)
    assert factor.max() <= profile.most
    assert factor.argmax() // 1440 == 1  # a Sunday, the day after a Saturday start
