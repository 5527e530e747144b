"""The work that the engine is measured on: a square district with 12 stations of 2 units.

40 x 40 km in 400 zones of 2 km, people alike everywhere, Poisson incidents at about 40 % utilisation,
the closest unit at its base, lognormal turnout, travel noise and time on scene, back to base.
"""

from typing import Any

from sim.config import build
from sim.scenario import Study

SIDE_KM, ZONES, STATIONS_X, STATIONS_Y = 40, 20, 4, 3
SPEED_KMH, SCENE_MEDIAN_MIN, SCENE_SIGMA = 50, 20, 0.5
TURNOUT_MEDIAN_S, TURNOUT_SIGMA, NOISE_SIGMA = 74, 0.42, 0.3
RATE_PER_HOUR = 15.5


def zones() -> list[tuple[float, float]]:
    """Zone centres in km."""
    side = SIDE_KM / ZONES
    return [((i + 0.5) * side, (j + 0.5) * side) for i in range(ZONES) for j in range(ZONES)]


def stations() -> list[tuple[float, float]]:
    """Station sites in km."""
    dx, dy = SIDE_KM / STATIONS_X, SIDE_KM / STATIONS_Y
    return [((i + 0.5) * dx, (j + 0.5) * dy) for i in range(STATIONS_X) for j in range(STATIONS_Y)]


def config(incidents: int) -> dict[str, Any]:
    """The config of the district, with a horizon that sees about so many incidents."""
    return {
        "replications": 1,
        "seed": 1,
        "horizon": f"{incidents / RATE_PER_HOUR} h",
        "start": "2022-01-01",
        "place": {
            "name": "district",
            "zones": {
                f"z{i}": {"x": f"{x} km", "y": f"{y} km", "people": 1000} for i, (x, y) in enumerate(zones())
            },
            "sites": {
                f"s{i}": {"kind": "fire_station", "x": f"{x} km", "y": f"{y} km"}
                for i, (x, y) in enumerate(stations())
            },
        },
        "fleet": {
            "kinds": {
                "engine": {
                    "mode": "engine",
                    "turnout": {
                        "dist": "lognormal",
                        "median": f"{TURNOUT_MEDIAN_S} s",
                        "sigma": TURNOUT_SIGMA,
                    },
                    "access": "0 s",
                    "trip_sigma": NOISE_SIGMA,
                }
            },
            "units": {f"s{i}": {"engine": 2} for i in range(STATIONS_X * STATIONS_Y)},
            "available": "in_quarters",
        },
        "incident": {
            "call": {
                "rate": f"{RATE_PER_HOUR} per hour",
                "detection": "0 s",
                "reporting": "0 s",
                "handling": "0 s",
                "work": {
                    "times": {
                        "engine": {
                            "dist": "lognormal",
                            "median": f"{SCENE_MEDIAN_MIN} min",
                            "sigma": SCENE_SIGMA,
                        }
                    }
                },
                "levels": {"IV": {"probability": "100 %", "priority": 1, "needs": {"engine": 1}}},
            }
        },
        "centre": {},
        "travel": {
            "use": "sim.travel.planar.Planar",
            "speeds": {"engine": {"built_up": {"day": f"{SPEED_KMH} km/h", "night": f"{SPEED_KMH} km/h"}}},
        },
        "dispatch": {"use": "sim.dispatch.closest.Closest"},
        "demand": {"poisson": {"use": "sim.demand.poisson.Poisson"}},
    }


def study(incidents: int) -> Study:
    """The district as a study of one replication."""
    return build(config(incidents))
