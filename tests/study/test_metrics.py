"""Further numbers of a study, by answers known beforehand."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from worlds import call, points, stations, world

import sim


def ran(folder: Path, **changes: Any) -> sim.Results:
    told = {"horizon": "2000 h", "warmup": "20 h", "replications": 10, "workers": 1, **changes}
    return sim.run(sim.build(world(**told)), results=folder)


@pytest.fixture(scope="module")
def lossy(tmp_path_factory: pytest.TempPathFactory) -> sim.Results:
    """M/M/1/1 at a load of 1: busy half of the time."""
    return ran(tmp_path_factory.mktemp("lossy"), centre__queue_limit=0)


@pytest.fixture(scope="module")
def queued(tmp_path_factory: pytest.TempPathFactory) -> sim.Results:
    """M/M/1 at a load of one half: Lq = 1/2, Wq = 1 h, and half wait."""
    return ran(tmp_path_factory.mktemp("queued"), incident__call=call("0.5 per hour"))


def test_workload_of_a_loss_system(lossy: sim.Results) -> None:
    (row,) = sim.workload(lossy).itertuples()
    assert (row.Index, row.kind) == ("s/unit-1", "unit")
    assert row.lower < row.busy < row.upper
    assert abs(row.busy - 0.5) < 2 * (row.upper - row.lower)
    assert row.missions_per_year == pytest.approx(0.5 * 8760, rel=0.03)


def test_waits_and_queues_of_a_single_server(queued: sim.Results) -> None:
    (row,) = sim.queues(queued).itertuples()
    assert row.Index == "call"
    assert row.waited == pytest.approx(0.5, abs=0.02)
    assert row.mean_s / 3600 == pytest.approx(1.0, abs=0.12)
    assert row.length == pytest.approx(0.5, abs=0.06)
    assert row.p90_s / 3600 == pytest.approx(np.log(0.5 / 0.1) / 0.5, abs=0.4)  # P(W > t) = .5 e^(-t/2)


def test_percentiles_are_those_of_the_table_with_bounds_that_hold_them(queued: sim.Results) -> None:
    found = sim.percentiles(queued, 0.9, by=["type", "zone"])
    incidents = queued.incidents[queued.incidents.occurred_s >= 72000]
    seconds = (incidents.arrived_s - incidents.reported_s).dropna()
    row = found.loc[("call", "z")]
    assert row.value_s == pytest.approx(np.quantile(seconds, 0.9))
    assert row.n == len(seconds)
    assert row.lower_s < row.value_s < row.upper_s
    exact = 3600 * np.log(5) / 0.5
    assert row.lower_s - 600 < exact < row.upper_s + 600


def test_bounds_cover_the_quantile_as_promised() -> None:
    """The 90th percentile of an exponential is ln 10."""
    rng, covered, studies = np.random.default_rng(6), 0, 200
    outcome = type("Outcome", (), {})
    results: Any = type("Results", (), {})
    results.outcomes = [outcome() for _ in range(20)]
    for i, each in enumerate(results.outcomes):
        each.replication = i
    from sim.study.metrics import _quantile

    for _ in range(studies):
        n = rng.poisson(50, 20)
        group = pd.DataFrame(
            {"replication": np.repeat(np.arange(20), n), "seconds": rng.exponential(1, n.sum())}
        )
        row = _quantile(group, results, 0.9, 0.95)
        covered += row.lower_s <= np.log(10) <= row.upper_s
    assert 0.92 <= covered / studies <= 0.985


def test_gini_by_hand() -> None:
    assert sim.gini([5, 5, 5]) == 0
    assert sim.gini([1, 2, 3]) == pytest.approx(2 / 9)
    assert sim.gini([0, 0, 0, 1]) == pytest.approx(3 / 4)
    assert sim.gini([1, 3], [3, 1]) == pytest.approx(sim.gini([1, 1, 1, 3]))


def test_equity_coverage_and_costs_of_two_zones(tmp_path: Path) -> None:
    """Zones 1 km and 3 km from the station at 10 m/s: 100 s and 300 s, 300 and 100 people."""
    zones = points({"near": (1000, 0), "far": (3000, 0)})
    zones["near"]["people"], zones["far"]["people"] = 300, 100
    found = ran(
        tmp_path,
        place__zones=zones,
        place__sites=stations({"s": (0, 0)}),
        fleet__units={"s": {"unit": 3}},
        travel__speeds={"unit": {"built_up": {"day": "10 m/s", "night": "10 m/s"}}},
        incident__call=call("0.5 per hour", "1 min"),
        horizon="500 h",
        replications=3,
    )
    told = sim.equity(found)
    assert (told.zones, told.worst) == (2, "far")
    assert told.worst_s / told.mean_s == pytest.approx(300 / 150, rel=0.02)
    assert told.gini == pytest.approx(sim.gini([100, 300], [300, 100]), rel=0.02)
    limits = sorted({told.worst_s - 10, told.worst_s + 10})
    shares = sim.coverage(found, "unit", limits, turnout_s=0.0)
    assert shares.people.tolist() == [0.75, 1.0]
    paid = sim.costs(found, {"unit": 100.0})
    assert paid.loc["unit", ["units", "cost_per_year"]].tolist() == [3, 300.0]
    assert paid.loc["unit", "cost_per_mission"] == pytest.approx(300 / (0.5 * 8760), rel=0.1)
    with pytest.raises(KeyError, match=r"no kind of unit engine \(known: unit\)"):
        sim.costs(found, {"engine": 1.0})


def test_names_that_are_not_there_are_told_in_words(queued: sim.Results) -> None:
    for told, ask in (
        ("no column zon; did you mean .zone.", lambda: sim.percentiles(queued, by=["type", "zon"])),
        ("no moment arived; did you mean .arrived.", lambda: sim.percentiles(queued, stop="arived")),
        ("no moment start", lambda: sim.equity(queued, start="start")),
        ("no column kind", lambda: sim.queues(queued, by="kind")),
        ("no kind of unit engine", lambda: sim.coverage(queued, "engine", [60.0])),
    ):
        with pytest.raises(KeyError, match=told):
            ask()
