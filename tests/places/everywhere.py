"""A scratch county with a site of every kind, every line, forest, and units of every shipped kind."""

from collections.abc import Mapping
from typing import Any

from worlds import squares

from sim.compose import compose

SITES = {
    "chemical_firm": 6,
    "major_hazard_source": 2,
    "tank_farm": 1,
    "petrol_station": 4,
    "ammonia_plant": 3,
    "mine": 2,
    "coal_mine": 2,
    "low_spot": 5,
    "reservoir": 2,
    "small_reservoir": 4,
    "slope": 5,
    "port": 1,
    "key_fire_unit": 10,
}
"""How many of each kind."""

LINES = {"highway": 12, "road": 4, "river": 20, "pipeline": 8, "coast": 39, "seawall": 36}
"""How far north each runs from the western edge to the eastern, in km; 40 km long."""

LENGTH_KM = 40.0

TEAMS = (
    "medical_team",
    "forest_team",
    "part_time_forest_team",
    "militia_team",
    "rescue_team",
    "hazmat_team",
    "flood_team",
    "mine_team",
    "road_team",
    "utility_team",
    "traffic_team",
    "disease_team",
    "sea_team",
    "spill_team",
    "volunteer_team",
)


def place() -> dict[str, Any]:
    """40 x 40 km with 400,000 people: a town of 4 x 4 km, forest in the south-west, farmland."""
    zones = squares(20, 2.0)
    for name, zone in zones.items():
        i, j = (int(part) for part in name[1:].split("-"))
        if i in (9, 10) and j in (9, 10):
            zone |= {"kind": "built_up", "people": 50_000}
        elif i < 8 and j < 5:
            zone |= {"kind": "forest", "people": 5}
        else:
            zone |= {"kind": "rural", "people": 561}
    sites: dict[str, Any] = {
        f"station{n}": {"kind": "fire_station", "x": f"{x} km", "y": f"{y} km"}
        for n, (x, y) in enumerate([(20, 20), (18, 21), (8, 8), (30, 32), (32, 10)])
    }
    sites |= {
        "hospital": {"kind": "hospital", "x": "20.5 km", "y": "19.5 km"},
        "clinic": {"kind": "hospital", "x": "9 km", "y": "9 km", "accepts": ["III", "IV"]},
        "harbour": {"kind": "team_base", "x": "20 km", "y": "38.5 km"},
    }
    for k, (kind, count) in enumerate(SITES.items()):
        for n in range(count):
            x, y = 2 + (7 * n + 3 * k) % 36, 2 + (11 * n + 5 * k) % 36
            sites[f"{kind}{n}"] = {"kind": kind, "x": f"{x} km", "y": f"{y} km"}
    lines = {
        kind: {
            "kind": kind,
            "points": [{"x": "0 km", "y": f"{y} km"}, {"x": f"{LENGTH_KM} km", "y": f"{y} km"}],
        }
        for kind, y in LINES.items()
    }
    return {
        "name": "everywhere",
        "title": "Everywhere County",
        "zones": zones,
        "sites": sites,
        "lines": lines,
    }


def units() -> dict[str, Any]:
    """Engines and ambulances spread, two teams of each kind in the town, boats in the harbour."""
    boats = ("sea_team", "spill_team")
    return {
        "station0": {"engine": 6, **{team: 2 for team in TEAMS if team not in boats}},
        "station1": {"engine": 4},
        "station2": {"engine": 2, "township_engine": 2, "forest_team": 2},
        "station3": {"engine": 2, "township_engine": 2},
        "station4": {"engine": 2, "township_engine": 2},
        "hospital": {"ambulance": 8},
        "clinic": {"ambulance": 4},
        "harbour": dict.fromkeys(boats, 2),
    }


def everywhere(*overrides: str, rates: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the shipped config with this county in place of Zhoucun; ``rates`` are the place's own."""
    mapping = compose(*overrides).mapping
    mapping["place"] = {**place(), "rates": dict(rates or {})}
    mapping["fleet"] = {**mapping["fleet"], "units": units(), "engines_per_station": None}
    mapping["targets"] = {}
    return mapping
