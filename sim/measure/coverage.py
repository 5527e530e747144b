"""Who is within reach when every unit stands at its base."""

import numpy as np

from sim.model.distributions import FloatArray
from sim.model.place import Zone
from sim.model.targets import CoverageTarget
from sim.scenario import Scenario

SAMPLE_M = 50.0
"""A square zone is sampled on a grid of about this step."""


def reach_s(scenario: Scenario, kind: str, points: FloatArray, at_s: float) -> FloatArray:
    """Return expected travel seconds from the nearest base of a unit kind to points (n, 2), shape (n,)."""
    fleet = scenario.fleet
    index = [k.name for k in fleet.kinds].index(kind)
    sites = scenario.place.sites
    bases = sorted({unit.base for unit in fleet.units if unit.kind == index})
    if not bases:
        return np.full(len(points), np.inf)
    origins = np.array([(sites[base].x_m, sites[base].y_m) for base in bases])
    times = scenario.travel.seconds(origins, points, at_s=at_s, mode=fleet.kinds[index].mode)
    return np.asarray(times.min(axis=0))


def covered_share(scenario: Scenario, target: CoverageTarget) -> tuple[float, int]:
    """Return the share of people or land in reach, and over how many zones; people are even in a zone."""
    place = scenario.place
    counted = [z for z in place.zones if not target.zone_kinds or z.kind in target.zone_kinds]
    weights = np.array([zone.people if target.of == "people" else zone.side_m**2 for zone in counted])
    if weights.sum() == 0:
        return float("nan"), 0
    samples = [_sample(zone) for zone in counted]
    times = reach_s(scenario, target.kind, np.concatenate(samples), target.at_s)
    in_time = target.turnout_s + times <= target.limit_s
    ends = np.cumsum([len(sample) for sample in samples])
    inside = np.array([part.mean() for part in np.split(in_time, ends[:-1])])
    return float(weights @ inside / weights.sum()), len(counted)


def _sample(zone: Zone) -> FloatArray:
    """Return points spread evenly over a zone, shape (n, 2)."""
    n = max(1, round(zone.side_m / SAMPLE_M))
    offsets = ((np.arange(n) + 0.5) / n - 0.5) * zone.side_m
    grid = np.stack(np.meshgrid(offsets, offsets, indexing="ij"), axis=-1).reshape(-1, 2)
    return np.asarray(grid + np.array([zone.x_m, zone.y_m]))
