"""Replications of a config, and means over them held against what is known beforehand."""

from typing import Any

import numpy as np
import pandas as pd

import sim

HOUR = 3600.0


def replicate(mapping: dict[str, Any], replications: int) -> list[tuple[pd.DataFrame, pd.DataFrame]]:
    """Return incidents and responses of each replication."""
    scenario = sim.build(mapping).scenario
    logs = (sim.simulate(scenario, seed=11, replication=i) for i in range(replications))
    return [sim.tabulate(log, scenario).frames()[:2] for log in logs]


def agree(values: list[float], truth: float) -> None:
    """Hold the mean of replications to four standard errors, and to so many that these tell something."""
    mean, error = np.mean(values), np.std(values, ddof=1) / np.sqrt(len(values))
    assert abs(mean - truth) <= 4 * error, f"{mean:.5f} +- {error:.5f} against {truth}"
    assert error < 0.05 * truth, f"too few runs to tell: {error:.5f} of {truth}"


def settled(incidents: pd.DataFrame, after: float = 200 * HOUR) -> pd.DataFrame:
    """The incidents after the start-up."""
    return incidents[incidents.reported_s >= after]
