"""Answers of queueing theory, reproduced by the product: its config, its engine, its measures.

Sources: Larson & Odoni, Urban Operations Research, 5.4.3 to 5.5.3 (the three-server city); Erlang's
B and C formulas. Tolerances are four standard errors of the mean over replications.
"""

from math import exp
from typing import Any

import numpy as np
import pytest
from worlds import call, stations, world

import sim

HOUR = 3600.0


def replicate(mapping: dict[str, Any], replications: int) -> list[Any]:
    scenario = sim.build(mapping).scenario
    logs = (sim.simulate(scenario, seed=11, replication=i) for i in range(replications))
    return [sim.tabulate(log, scenario).frames() for log in logs]


def agree(values: list[float], truth: float) -> None:
    mean, error = np.mean(values), np.std(values, ddof=1) / np.sqrt(len(values))
    assert abs(mean - truth) <= 4 * error, f"{mean:.5f} +- {error:.5f} against {truth}"
    assert error < 0.05 * truth, f"too few runs to tell: {error:.5f} of {truth}"


def settled(frame: Any, after: float = 200 * HOUR) -> Any:
    """The incidents after the start-up."""
    return frame[frame.reported_s >= after]


ZONES = {"A": (2, 0.50), "B": (-2, 0.25), "C": (8, 0.35), "D": (-8, 0.40)}
"""Position on a line, in metres, and calls per hour. Stations: 1 at 0, 2 at 10, 3 at -10."""


def three_server_city(**changes: Any) -> dict[str, Any]:
    """The preference lists A 123, B 132, C 213, D 312 are those of the nearest station on the line."""
    zones = {name: {"x": f"{x} m", "y": "0 m", "people": rate} for name, (x, rate) in ZONES.items()}
    return world(
        horizon="5000 h",
        place__zones=zones,
        place__sites=stations({"1": (0, 0), "2": (10, 0), "3": (-10, 0)}),
        fleet__units={name: {"unit": 1} for name in "123"},
        incident={"call": call("1.5 per hour")},
        **changes,
    )


def workloads(responses: Any, horizon_s: float) -> np.ndarray:
    busy = responses.in_quarters_s.fillna(horizon_s) - responses.assigned_s
    return np.array([busy[responses.base == name].sum() / horizon_s for name in "123"])


@pytest.mark.slow
def test_case_1_the_three_server_city_with_a_queue() -> None:
    runs = replicate(three_server_city(), 24)
    delayed, waits, outside, loads = [], [], [], []
    own = dict(zip("ABCD", "1123", strict=True))
    for incidents, responses in runs:
        counted = settled(incidents)
        wait = counted.assigned_s - counted.reported_s
        delayed.append((wait > 0).mean())
        waits.append(wait.mean() / HOUR)
        zone = incidents.zone.iloc[responses.incident].astype(str).map(own).to_numpy()
        outside.append((zone != responses.base.astype(str).to_numpy()).mean())
        loads.append(workloads(responses, 5000 * HOUR))
    agree(delayed, 0.23684)
    agree(waits, 0.157895)
    agree(outside, 0.4353)
    for i, truth in enumerate((0.5574, 0.4734, 0.4693)):
        agree([load[i] for load in loads], truth)


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
    city = three_server_city(centre__queue_limit=0)
    city["incident"] = {"call": call("1.5 per hour", service)}
    runs = replicate(city, 12)
    agree([settled(incidents).units_turned_away.mean() for incidents, _ in runs], 0.134328)
    if isinstance(service, dict) and service["dist"] == "exponential":
        loads = [workloads(responses, 5000 * HOUR) for _, responses in runs]
        for i, truth in enumerate((0.49791, 0.40263, 0.39797)):
            agree([load[i] for load in loads], truth)


ERLANG = [  # servers, offered load, B, C, mean wait in services
    (3, 1.5, 0.134328, 0.236842, 0.157895),
    (5, 3.0, 0.110054, 0.236152, 0.118076),
    (10, 8.0, 0.121661, 0.409180, 0.204590),
    (20, 15.0, 0.045593, 0.160429, 0.160429 / 5),
]


def one_station(servers: int, load: float, hours: float, **changes: Any) -> dict[str, Any]:
    return world(
        horizon=f"{hours} h",
        fleet__units={"s": {"unit": servers}},
        incident={"call": call(f"{load} per hour")},
        **changes,
    )


@pytest.mark.slow
@pytest.mark.parametrize(("servers", "load", "blocked"), [(c, a, b) for c, a, b, _, _ in ERLANG])
def test_case_3_erlang_b(servers: int, load: float, blocked: float) -> None:
    runs = replicate(one_station(servers, load, 12_000 / load, centre__queue_limit=0), 12)
    agree([settled(incidents).units_turned_away.mean() for incidents, _ in runs], blocked)


@pytest.mark.slow
@pytest.mark.parametrize(("servers", "load", "delayed", "wait_h"), [(c, a, d, w) for c, a, _, d, w in ERLANG])
def test_case_3_erlang_c_and_the_tail_of_the_wait(
    servers: int, load: float, delayed: float, wait_h: float
) -> None:
    runs = replicate(one_station(servers, load, 24_000 / load), 16)
    waits = [((i := settled(incidents)).assigned_s - i.reported_s) / HOUR for incidents, _ in runs]
    agree([(wait > 0).mean() for wait in waits], delayed)
    agree([wait.mean() for wait in waits], wait_h)
    t = 0.5 / (servers - load)
    agree([(wait > t).mean() for wait in waits], delayed * exp(-0.5))


@pytest.mark.slow
def test_call_takers_are_an_erlang_c_queue_too() -> None:
    """Three call-takers, 1.5 calls an hour, an exponential hour of handling each."""
    runs = replicate(
        world(
            horizon="8000 h",
            centre={"call_takers": 3},
            fleet__units={"s": {"unit": 50}},
            incident={"call": call("1.5 per hour", "1 s", handling={"dist": "exponential", "mean": "1 h"})},
        ),
        16,
    )
    waits = [((i := settled(incidents)).answered_s - i.reported_s) / HOUR for incidents, _ in runs]
    agree([(wait > 0).mean() for wait in waits], 0.236842)
    agree([wait.mean() for wait in waits], 0.157895)
