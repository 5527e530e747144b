"""Case 6: servers without limit under a rate that goes up and down, M_t/G/infinity."""

from math import pi, sqrt
from typing import Any

import numpy as np
import pytest
from worlds import call, world

import sim

HOUR = 3600.0
DAYS = 1500

EXPONENTIAL = {"dist": "exponential", "mean": "1 h"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("service", "amplitude", "lag_h"),
    [(EXPONENTIAL, 4.836986, 0.978050), ("1 h", 4.985733, 0.5)],
    ids=["exponential", "deterministic"],
)
def test_units_at_work_follow_the_rate_with_the_lag_of_theory(
    service: Any, amplitude: float, lag_h: float
) -> None:
    """lambda(t) = 10 + 5 sin(2 pi t / 24) an hour, mean service 1 h: mean 10 busy, this amplitude and lag."""
    scenario = sim.build(
        world(
            horizon=f"{DAYS} d",
            fleet__units={"s": {"unit": 60}},
            incident={"call": call("10 per hour", service, profile={"peak": "6 h", "swing": "50 %"})},
        )
    ).scenario
    _, responses = sim.tabulate(sim.simulate(scenario, seed=2), scenario).frames()
    assert (responses.assigned_s.diff().dropna() >= 0).all()
    grid = np.arange(24, DAYS * 24, 0.25) * HOUR
    begun = np.searchsorted(np.sort(responses.assigned_s.to_numpy()), grid, side="right")
    ended = np.searchsorted(np.sort(responses.cleared_s.dropna().to_numpy()), grid, side="right")
    busy = (begun - ended).reshape(-1, 96)  # a row a day
    angle = 2 * pi * grid[:96] / (24 * HOUR)
    by_day = np.stack([busy.mean(axis=1), 2 * busy @ np.sin(angle) / 96, 2 * busy @ np.cos(angle) / 96])
    (mean, sine, cosine), errors = by_day.mean(axis=1), by_day.std(axis=1, ddof=1) / sqrt(DAYS - 1)
    shift = 2 * pi * lag_h / 24
    truth = np.array([10.0, amplitude * np.cos(shift), -amplitude * np.sin(shift)])
    assert (np.abs([mean, sine, cosine] - truth) <= 4 * errors).all(), (mean, sine, cosine, truth, errors)
    assert (errors < 0.06).all()
