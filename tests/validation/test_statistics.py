"""Validation case 11: a 95 % interval covers the truth in 95 % of repeated studies, by the product itself."""

import numpy as np
import pytest
from worlds import call, world

import sim
from sim.measure.tallies import tally_all
from sim.measure.targets import verdicts

STUDIES, REPLICATIONS = 400, 10


@pytest.mark.slow
def test_95_percent_intervals_of_400_studies_cover_the_truth_in_93_to_97_percent() -> None:
    """M/M/1 at a load of one half: half of the calls need not wait. They wait together."""
    target = {
        "measure": "response",
        "clock": {"start": "reported", "stop": "arrived"},
        "limit": "1 s",
        "share": "50 %",
        "confidence_level": "95 %",
    }
    told = world(horizon="130 h", warmup="30 h", targets={"at_once": target})
    scenario = sim.build({**told, "incident": {"call": call("0.5 per hour")}}).scenario
    covered, widths = 0, []
    for study in range(STUDIES):
        tables = [
            sim.tabulate(sim.simulate(scenario, seed=study + 1, replication=r), scenario)
            for r in range(REPLICATIONS)
        ]
        (verdict,) = verdicts(scenario, [tally_all(each, scenario) for each in tables])
        covered += verdict.lower <= 0.5 <= verdict.upper
        widths.append(verdict.upper - verdict.lower)
    assert 0.93 <= covered / STUDIES <= 0.97
    assert np.mean(widths) < 0.3
