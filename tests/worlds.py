"""Small worlds for tests, as plain mappings that sim.build takes."""

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import sim

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"

NO_TRAVEL = {
    "use": "sim.travel.planar.Planar",
    "speeds": {"unit": {"built_up": {"day": "36000 km/h", "night": "36000 km/h"}}},
}
"""So fast that metres take no time to speak of beside a service of an hour."""

ONE_CALL = {
    "drill": {
        "use": "sim.demand.timeline.Timeline",
        "known": True,
        "injects": [{"at": "0 s", "type": "call", "zone": "z"}],
    }
}
"""Demand that is a single call at the start."""

ZONING = {
    "built_up_density": "8900 people/km2",
    "cell": "500 m",
    "coarse_cell": "2 km",
    "built_up_scale": "2 km",
    "rural_scale": "1.5 km",
    "jitter": 0.3,
}
"""How towns become zones, but for the area."""


def world(**changes: Any) -> dict[str, Any]:
    """One zone, one station with one unit, calls at 1 an hour, an exponential hour of service.

    Keyword arguments replace values; a double underscore goes down a level, as in
    ``centre__queue_limit=0``.
    """
    mapping: dict[str, Any] = {
        "replications": 1,
        "seed": 1,
        "horizon": "100 h",
        "start": "2022-01-03",
        "place": {
            "name": "test",
            "zones": {"z": {"x": "0 m", "y": "0 m", "people": 1}},
            "sites": {"s": {"kind": "fire_station", "x": "0 m", "y": "0 m"}},
        },
        "fleet": {
            "kinds": {"unit": {"mode": "unit", "turnout": "0 s", "access": "0 s"}},
            "units": {"s": {"unit": 1}},
            "available": "in_quarters",
        },
        "incident": {"call": call()},
        "centre": {},
        "travel": deepcopy(NO_TRAVEL),
        "dispatch": {"use": "sim.dispatch.closest.Closest"},
        "demand": {"poisson": {"use": "sim.demand.poisson.Poisson"}},
        "targets": {},
    }
    for path, value in changes.items():
        *above, last = path.split("__")
        node = mapping
        for part in above:
            node = node[part]
        node[last] = value
    return mapping


def call(rate: str = "1 per hour", scene: Any = None, **changes: Any) -> dict[str, Any]:
    """A type of incident that takes one unit for ``scene``, by default an exponential hour."""
    return {
        "rate": rate,
        "detection": "0 s",
        "reporting": "0 s",
        "handling": "0 s",
        "work": {"times": {"unit": scene or {"dist": "exponential", "mean": "1 h"}}},
        "levels": {"IV": {"probability": "100 %", "priority": 1, "needs": {"unit": 1}}},
        **changes,
    }


def squares(n: int, side_km: float, **more: Any) -> dict[str, Any]:
    """n x n square zones with the same people, from (0, 0)."""
    return {
        f"z{i}-{j}": {
            "x": f"{(i + 0.5) * side_km} km",
            "y": f"{(j + 0.5) * side_km} km",
            "side": f"{side_km} km",
            "people": 100,
            **more,
        }
        for i in range(n)
        for j in range(n)
    }


def points(sites: Mapping[str, tuple[float, float]]) -> dict[str, Any]:
    """Stations or zones at points in metres."""
    return {name: {"x": f"{x} m", "y": f"{y} m"} for name, (x, y) in sites.items()}


def stations(sites: Mapping[str, tuple[float, float]]) -> dict[str, Any]:
    """Fire stations at points in metres."""
    return {name: {"kind": "fire_station", **spot} for name, spot in points(sites).items()}


SPEED = {"unit": {"built_up": {"day": "10 m/s", "night": "10 m/s"}}}


def by_hand(at: list[float], **changes: Any) -> tuple[sim.Scenario, sim.Tables]:
    """Incidents at 2 km from station near and 4 km from station far, 600 s on scene, 10 m/s."""
    mapping = world(
        horizon="2 h",
        place__zones={"z": {"x": "0 m", "y": "0 m", "people": 1, "side": "1 km"}},
        place__sites=stations({"near": (2000, 0), "far": (-2400, 0)}),
        fleet__units={"near": {"unit": 1}, "far": {"unit": 1}},
        travel__speeds=SPEED,
        demand={"fixed": {"use": "plugins.ByHand", "at": at}},
        **changes,
    )
    scenario = sim.build(mapping).scenario
    return scenario, sim.tabulate(sim.simulate(scenario), scenario)
