"""Who is within reach when every unit stands at its base."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sim.model.distributions import FloatArray
from sim.model.place import Zone
from sim.model.targets import CoverageTarget, RadiusTarget
from sim.scenario import Scenario

SAMPLE_M = 50.0
"""A square zone is sampled on a grid of about this step."""


def reach_s(scenario: Scenario, kind: str, points: FloatArray, at_s: float) -> FloatArray:
    """Return expected travel seconds from the nearest base of a unit kind to points (n, 2), shape (n,).

    As to what is urgent. Units of forces that only come to larger incidents, or do not come straight, do not
    count.
    """
    fleet = scenario.fleet
    index = [k.name for k in fleet.kinds].index(kind)
    sites = scenario.place.sites
    bases = sorted({unit.base for unit in fleet.units if unit.kind == index and unit.force.at_once})
    if not bases:
        return np.full(len(points), np.inf)
    origins = np.array([(sites[base].x_m, sites[base].y_m) for base in bases])
    times = scenario.travel.seconds(origins, points, at_s=at_s, mode=fleet.kinds[index].modes.urgent)
    return np.asarray(times.min(axis=0))


def covered_share(scenario: Scenario, target: CoverageTarget) -> tuple[float, int]:
    """Return the share of people or land in reach, and over how many zones; people are even in a zone."""

    def reached(points: FloatArray) -> NDArray[np.bool_]:
        return np.asarray(
            target.turnout_s + reach_s(scenario, target.kind, points, target.at_s) <= target.limit_s
        )

    return _share(scenario, target, reached)


def share_within(scenario: Scenario, target: RadiusTarget) -> tuple[float, int]:
    """Return the share of people or land within a straight distance of sites, and over how many zones."""
    sites = [s for s in scenario.place.sites if s.name in target.sites or s.kind in target.sites]
    at = np.array([(site.x_m, site.y_m) for site in sites])

    def near(points: FloatArray) -> NDArray[np.bool_]:
        gaps = [np.hypot(points[:, 0] - x, points[:, 1] - y) <= target.radius_m for x, y in at]
        return np.asarray(np.any(gaps, axis=0))

    return _share(scenario, target, near)


def _share(
    scenario: Scenario,
    target: CoverageTarget | RadiusTarget,
    inside: Callable[[FloatArray], NDArray[np.bool_]],
) -> tuple[float, int]:
    """Return the share of a target's people or land that is inside, and over how many zones."""
    place = scenario.place
    counted = [z for z in place.zones if not target.zone_kinds or z.kind in target.zone_kinds]
    weights = np.array([zone.people if target.of == "people" else zone.side_m**2 for zone in counted])
    if weights.sum() == 0:
        return float("nan"), 0
    samples = [_sample(zone) for zone in counted]
    ends = np.cumsum([len(sample) for sample in samples])
    shares = np.array([part.mean() for part in np.split(inside(np.concatenate(samples)), ends[:-1])])
    return float(weights @ shares / weights.sum()), len(counted)


def _sample(zone: Zone) -> FloatArray:
    """Return points spread evenly over a zone, shape (n, 2)."""
    n = max(1, round(zone.side_m / SAMPLE_M))
    offsets = ((np.arange(n) + 0.5) / n - 0.5) * zone.side_m
    grid = np.stack(np.meshgrid(offsets, offsets, indexing="ij"), axis=-1).reshape(-1, 2)
    return np.asarray(grid + np.array([zone.x_m, zone.y_m]))
