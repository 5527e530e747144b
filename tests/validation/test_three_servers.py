"""The three-server city of Larson & Odoni, Urban Operations Research, 5.4.3 to 5.5.3, through lists.

Each zone has a fixed list of stations; the map does not help, since from all zones station 3 is nearest and
1 farthest. Travel takes no time to speak of.
"""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from replicated import HOUR, agree, replicate, settled
from validation.hypercube import correction, workloads
from worlds import call, stations, world

import sim

ZONES = {"A": (0.50, "123"), "B": (0.25, "132"), "C": (0.35, "213"), "D": (0.40, "312")}
"""Calls per hour, and stations in order of preference."""

LISTS = {
    "use": "sim.dispatch.preference.Preference",
    "zones": {zone: list(order) for zone, (_, order) in ZONES.items()},
}


def city(hours: float, **changes: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "place__zones": {
            zone: {"x": "0 m", "y": f"{i} m", "people": rate}
            for i, (zone, (rate, _)) in enumerate(ZONES.items())
        },
        "place__sites": stations({"1": (30, 0), "2": (20, 0), "3": (10, 0)}),
        "fleet__units": {name: {"unit": 1} for name in "123"},
        "incident": {"call": call("1.5 per hour")},
        "dispatch": LISTS,
    }
    return world(horizon=f"{hours} h", **usual | changes)


def busy(responses: pd.DataFrame, hours: float) -> np.ndarray:
    """The share of its time that each unit is busy."""
    ends = responses.in_quarters_s.fillna(hours * HOUR)
    spent = (ends - responses.assigned_s).groupby(responses.base.astype(str)).sum()
    return spent.reindex(list("123")).to_numpy() / (hours * HOUR)


@pytest.mark.parametrize(
    ("replications", "hours"), [(16, 2000), pytest.param(24, 5000, marks=pytest.mark.slow)]
)
def test_case_1_with_a_queue(replications: int, hours: float) -> None:
    delayed, waits, outside, loads = [], [], [], []
    own = {zone: order[0] for zone, (_, order) in ZONES.items()}
    for incidents, responses in replicate(city(hours), replications):
        counted = settled(incidents)
        wait = counted.assigned_s - counted.reported_s
        delayed.append((wait > 0).mean())
        waits.append(wait.mean() / HOUR)
        zone = incidents.zone.iloc[responses.incident].astype(str).map(own).to_numpy()
        outside.append((zone != responses.base.astype(str).to_numpy()).mean())
        loads.append(busy(responses, hours))
    agree(delayed, 0.23684)
    agree(waits, 0.157895)
    agree(outside, 0.4353)
    for i, truth in enumerate((0.5574, 0.4734, 0.4693)):
        agree([load[i] for load in loads], truth)


def test_lists_that_go_by_distance_send_whom_the_closest_rule_sends() -> None:
    """Stations and zones on a line, so that the lists are those of the nearest: the same to the bit."""
    line = zip(ZONES.items(), (2, -2, 8, -8), strict=True)
    there: dict[str, Any] = {
        "place__zones": {zone: {"x": f"{x} m", "y": "0 m", "people": rate} for (zone, (rate, _)), x in line},
        "place__sites": stations({"1": (0, 0), "2": (10, 0), "3": (-10, 0)}),
    }
    closest = {"use": "sim.dispatch.closest.Closest"}
    scenarios = (sim.build(city(1000, **there, dispatch=rule)).scenario for rule in (LISTS, closest))
    ours, theirs = (sim.simulate(scenario).missions for scenario in scenarios)
    assert ours.tobytes() == theirs.tobytes()
    assert len(ours) > 1000


@pytest.mark.slow
@pytest.mark.parametrize(
    "service",
    [
        {"dist": "exponential", "mean": "1 h"},
        "1 h",
        {"dist": "lognormal", "median": f"{3600 / 5**0.5} s", "sigma": float(np.sqrt(np.log(5)))},
        {"dist": "weibull", "mean": "1 h", "shape": 0.5},
    ],
    ids=["exponential", "deterministic", "lognormal, cv 2", "weibull, k 1/2"],
)
def test_case_2_the_loss_does_not_depend_on_the_service_distribution(service: Any) -> None:
    lossy = city(5000, centre__queue_limit=0, incident={"call": call("1.5 per hour", service)})
    runs = replicate(lossy, 12)
    agree([settled(incidents).units_turned_away.mean() for incidents, _ in runs], 0.134328)
    if isinstance(service, dict) and service["dist"] == "exponential":
        loads = [busy(responses, 5000) for _, responses in runs]
        for i, truth in enumerate((0.49791, 0.40263, 0.39797)):
            agree([load[i] for load in loads], truth)


def test_case_5_the_hypercube_approximation_and_how_near_to_it_the_city_is() -> None:
    """It is right to 1 % here: the exact workloads are those of case 1."""
    assert [correction(3, 0.5, j) for j in range(3)] == pytest.approx([1, 0.73684, 0.63158], abs=1e-5)
    lists = [(rate, [int(name) - 1 for name in order]) for rate, order in ZONES.values()]
    approximate = workloads(lists, 3, delayed=0.236842)
    assert approximate == pytest.approx([0.5627, 0.4716, 0.4657], abs=2e-4)
    assert approximate == pytest.approx([0.5574, 0.4734, 0.4693], rel=0.01)
    loads = [busy(responses, 1500) for _, responses in replicate(city(1500), 9)]
    mean, error = np.mean(loads, axis=0), np.std(loads, axis=0, ddof=1) / 3
    assert (abs(mean - approximate) <= 0.01 * approximate + 4 * error).all()
    assert (error < 0.02).all()
