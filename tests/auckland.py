"""Auckland as JEMSS has it: its road network as our two tables, its sites, and the calls of a trace.

JEMSS gives degrees, kilometres and days. Here are metres east and north of the middle of its map, by the
map's own scales, and seconds. Nodes, stations, hospitals and ambulances keep their numbers, from 1.
"""

import gzip
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from worlds import SHARED

FOLDER = SHARED / "data" / "auckland"
DAY_S = 86400.0

MODES = ("siren", "regular")
"""With lights and sirens, and without: JEMSS's travel modes 1 and 2."""

OFF_ROAD_MPS = {"siren": 47 / 3.6, "regular": 33 / 3.6}
"""Its speeds off the road (inputs/travel/travel/travel_1.csv, in km a day there)."""


def file(name: str) -> Path:
    """Return a file of the data; skips the test where there is none."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"the Auckland data {name} is not beside this checkout")
    return path


def section(name: str, title: str) -> pd.DataFrame:
    """Return one table of a file, which begins at a row with its title and ends at an empty row."""
    path = file(name)
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    lines = text.decode().splitlines()
    first = next(i for i, line in enumerate(lines) if line.split(",")[0] == title) + 1
    rest = lines[first:]
    last = next((i for i, line in enumerate(rest) if not line.strip(",")), len(rest))
    frame = pd.read_csv(StringIO("\n".join(rest[:last])))
    return frame.loc[:, [not name.startswith("Unnamed") for name in frame.columns]]


@cache
def scales() -> tuple[float, float, float, float]:
    """Return the middle of the map in degrees, and the metres in a degree east and north."""
    west, east, south, north, x, y = pd.read_csv(file("inputs/maps/map_1.csv"), skiprows=1).iloc[0]
    return (west + east) / 2, (south + north) / 2, x * 1000, y * 1000


def in_metres(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table with its ``x`` and ``y`` in metres."""
    lon, lat, east, north = scales()
    return frame.assign(x=(frame.x - lon) * east, y=(frame.y - lat) * north)


def stations() -> pd.DataFrame:
    """Return the stations: index, x, y (m), capacity, NAME and more."""
    return in_metres(section("inputs/stations/stations_1.csv", "stations"))


def hospitals() -> pd.DataFrame:
    """Return the hospitals: index, x, y (m), name."""
    return in_metres(section("inputs/hospitals/hospitals_1.csv", "hospitals"))


def ambulances() -> pd.DataFrame:
    """Return the ambulances: index, stationIndex."""
    return section("inputs/ambulances/ambulances_1.csv", "ambulances")


def calls(name: str) -> pd.DataFrame:
    """Return the calls of a trace and what JEMSS did with each, in metres and seconds.

    ``hospitalArrivalTime`` and ``chosenHospital`` are -1 where nobody was taken to hospital.
    """
    found = in_metres(pd.read_csv(file(name)))
    for column in found.columns:
        if column.endswith(("Time", "Delay", "Duration")):
            found[column] = (found[column] * DAY_S).where(found[column] != -1, -1.0)
    return found


def write_auckland(folder: Path) -> tuple[Path, Path]:
    """Write the network as tables that `read_tables` takes, nodes and arcs, and return their files.

    Arcs are one-way, with their length in metres, and ``siren_s`` and ``regular_s``.
    """
    nodes, arcs = folder / "nodes.csv", folder / "arcs.csv"
    points = in_metres(section("auckland_nodes.csv.gz", "nodes"))
    leave = points.offRoadAccess.map({1.0: "yes", 0.0: "no"})
    _write(nodes, id=points["index"].astype(int), x=points.x, y=points.y, access=leave)
    roads = section("auckland_arcs.csv.gz", "arcs")
    times = {f"{mode}_s": roads[f"mode_{i}"] * DAY_S for i, mode in enumerate(MODES, 1)}
    ends = {"from": roads.fromNode.astype(int), "to": roads.toNode.astype(int)}
    _write(arcs, **ends, length=roads.distance * 1000, oneway="yes", **times)
    return nodes, arcs


def _write(path: Path, **columns: Any) -> None:
    pd.DataFrame(columns).to_csv(path, index=False)
