"""Case 7: aftershocks by Reasenberg and Jones, and a process that excites itself."""

from math import sqrt
from typing import Any

import numpy as np
import pytest
from worlds import call, world

import sim
from sim.engine.run import draw

GENERIC = {"law": "omori", "a": -1.67, "b": 0.91, "p": 1.08, "c": "0.05 d"}
POISSON = {"use": "sim.demand.poisson.Poisson"}
CASCADE = {"use": "sim.demand.cascade.Cascade"}


def quake(spawns: dict[str, Any]) -> dict[str, Any]:
    """A type with magnitudes, without a rate of its own."""
    kind = call(magnitude={"b": 0.91, "least": 4.0}, spawns=spawns)
    del kind["rate"]
    kind["levels"] = {"IV": {"magnitude": 4.0, "priority": 1, "needs": {}}}
    return kind


def sequence(lasting: str) -> sim.Scenario:
    """One main shock of magnitude 6.5 at time 0, and what follows from it."""
    main_shock = {"at": "0 s", "type": "main_shock", "magnitude": 6.5, "zone": "z"}
    return sim.build(
        world(
            horizon="366 d",
            incident={
                "main_shock": quake({"aftershock": {**GENERIC, "least": 4.0, "lasting": lasting}}),
                "aftershock": quake({}),
            },
            demand={
                "drill": {"use": "sim.demand.timeline.Timeline", "known": True, "injects": [main_shock]},
                "cascade": CASCADE,
            },
        )
    ).scenario


def test_aftershocks_number_as_the_generic_law_says() -> None:
    scenario = sequence("365 d")
    above_4, above_5 = [], []
    for replication in range(400):
        incidents = draw(scenario, 3, replication)
        after = incidents.type == 1
        above_4.append(after.sum())
        strong = incidents.occurred_s[after & (incidents.magnitude >= 5)] / 86400
        above_5.append([(strong <= days).sum() for days in (1, 7, 30)])
    for counts, truth in zip(
        [above_4, *np.transpose(above_5)], (32.573, 1.7013, 2.5730, 3.1531), strict=True
    ):
        assert abs(np.mean(counts) - truth) <= 4 * sqrt(truth / 400), truth


def test_the_mean_number_is_exact() -> None:
    (law,) = (law for _, law in sequence("365 d").types[0].spawns)
    assert law.expected(6.5) == pytest.approx(32.573, abs=5e-4)  # type: ignore[attr-defined]


@pytest.mark.slow
def test_a_process_that_excites_itself_has_the_rate_and_dispersion_of_theory() -> None:
    """Rate 0.5, branching 0.6: mean 0.5 / 0.4 = 1.25, variance to mean 1 / 0.4² = 6.25 in the long run."""
    child = {"law": "count", "mean": 0.6, "delay": {"dist": "exponential", "mean": "1 h"}}
    scenario = sim.build(
        world(
            horizon="200000 h",
            incident={"call": call("0.5 per hour", scene="0 s", spawns={"call": child})},
            demand={"poisson": POISSON, "cascade": CASCADE},
        )
    ).scenario
    at_s = np.concatenate([draw(scenario, 1, i).occurred_s for i in range(2)])
    counts = np.bincount((at_s // (200 * 3600)).astype(int), minlength=1000)[5:] / 2
    n, window = len(counts), 200.0
    pooled = counts * 2  # two replications in each window: variances add
    rate = counts.mean() / window
    assert abs(rate - 1.25) <= 4 * sqrt(1.25 * 6.25 / (2 * n * window))
    ratio = pooled.var(ddof=1) / pooled.mean()
    assert abs(ratio - 6.25) <= 4 * 6.25 * sqrt(2 / n) + 0.1  # windows of 200 h cut a few families
