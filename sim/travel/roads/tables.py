"""Road networks from two tables, of nodes and of arcs, in CSV or Parquet."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.columns import LENGTH, Chunk, Headings, chunks
from sim.model.distributions import FloatArray
from sim.model.earth import LatLon, project
from sim.sheets import NO, YES, Fault, FileError
from sim.travel.roads.lengths import doubtful, wrong
from sim.travel.roads.roads import Ints
from sim.travel.roads.segments import NEAR, Nodes, Segments, far, surveyed
from sim.travel.roads.survey import Survey

NODES = Headings(
    known=("id", "x", "y", "lat", "lon", "access"),
    needed=("id",),
    units={"x": LENGTH, "y": LENGTH},
    pairs=(("x", "y"), ("lat", "lon")),
)
ARCS = Headings(
    known=("from", "to", "length", "class", "oneway", "name"),
    needed=("from", "to"),
    units={"length": LENGTH},
    times=True,
)
"""The columns of the two tables."""

Columns = Mapping[str, NDArray[Any]]


def read_tables(nodes: Path, arcs: Path, origin: LatLon | None) -> Survey:
    """Return the network of two tables.

    Nodes have columns ``id``; ``x`` and ``y`` in metres, or ``lat`` and ``lon`` around the place's
    ``origin``; and ``access``: whether one may leave the road there (yes). Arcs have ``from`` and ``to``,
    ids of nodes; ``length`` in metres, or in the unit that its heading says (the straight distance);
    ``class`` (none); ``oneway``: yes, no or -1, against the direction of the row (no); ``name``, by which
    the road can be closed, several with ``;`` between them; and ``<mode>_s``, seconds for a mode of
    travel, empty where it may not go. In brackets is what an empty cell or an absent column means. Arcs
    from a node to itself are left out. Raises FileError with everything that is wrong with both files.
    """
    faults: list[Fault] = []
    where = _joined(_parts(nodes, NODES, lambda chunk: _spots(chunk, origin), faults))
    known = where.get("id", np.empty(0, object))
    faults += _twice(nodes.name, where)
    sound = not faults
    roads = _joined(_parts(arcs, ARCS, lambda chunk: _roads(chunk, known, nodes.name), faults))
    if not faults and not (roads and (roads["start"] != roads["end"]).any()):
        faults.append(Fault(arcs.name, "no arcs", "at least one, between two nodes"))
    spots = Nodes(tuple(known.tolist()), *(where.get(name, np.empty(0)) for name in ("x_m", "y_m", "access")))
    if not (roads and sound):
        raise FileError(faults)
    pieces, rows = _pieces(roads)
    if faults := [*wrong(arcs.name, pieces, spots, rows), *faults]:
        raise FileError(faults)
    return replace(surveyed(spots, pieces), doubts=tuple(doubtful(arcs.name, pieces, spots, rows)))


def _pieces(roads: Columns) -> tuple[Segments, Ints]:
    """Return the pieces of road both of whose nodes are there, and the rows that they stand in."""
    there = (roads["start"] >= 0) & (roads["end"] >= 0)
    columns = {name: column[there] for name, column in roads.items()}
    rows = columns.pop("row")
    seconds = {name.removesuffix("_s"): column for name, column in columns.items() if name.endswith("_s")}
    plain = {name: column for name, column in columns.items() if not name.endswith("_s")}
    return Segments(**plain, seconds=seconds), rows


def _parts(
    file: Path, wanted: Headings, read: Callable[[Chunk], Columns], faults: list[Fault]
) -> list[Columns]:
    """Return the columns of the chunks of a file, and add what is wrong with them to ``faults``."""
    parts = []
    try:
        for chunk in chunks(file, wanted):
            parts.append(read(chunk))
            faults += chunk.faults
    except FileError as error:
        faults += error.faults
    return parts


def _joined(parts: list[Columns]) -> Columns:
    return {name: np.concatenate([part[name] for part in parts]) for name in (parts[0] if parts else ())}


def _spots(chunk: Chunk, origin: LatLon | None) -> Columns:
    """Return ids, coordinates in metres, access, and the rows that they stand in."""
    x_m, y_m = _metres(chunk, origin)
    access = np.ones(len(chunk), np.bool_)
    if "access" in chunk.columns:
        access = chunk.answers("access") != 0
    chunk.require("id")
    ids = chunk.texts("id").to_numpy(object)
    return {"id": ids, "x_m": x_m, "y_m": y_m, "access": access, "row": np.array(chunk.rows)}


def _metres(chunk: Chunk, origin: LatLon | None) -> tuple[FloatArray, FloatArray]:
    nowhere = np.full(len(chunk), np.nan)
    if ("x" in chunk.columns) == ("lat" in chunk.columns):
        found = "x, y, lat and lon" if "x" in chunk.columns else "no coordinates"
        chunk.tell(found, "x and y in metres, or lat and lon")
        return nowhere, nowhere
    if "x" in chunk.columns:
        chunk.require("x", "y")
        x_m, y_m = chunk.numbers("x"), chunk.numbers("y")
        if origin is not None:
            chunk.fault(far(x_m, y_m), "x", "metres from the place's origin, or columns lat and lon")
            if _degrees(x_m, y_m, origin):
                chunk.tell("x and y in degrees", "metres, or columns lon and lat")
        return x_m, y_m
    chunk.require("lat", "lon")
    lat, lon = chunk.numbers("lat", -90, 90), chunk.numbers("lon", -180, 180)
    if origin is None:
        chunk.tell("lat and lon", "x and y, because the place is in metres")
        return lat, lon
    x_m, y_m = project(lat, lon, origin)
    chunk.fault(far(x_m, y_m), "lat", NEAR)
    return x_m, y_m


def _degrees(x_m: FloatArray, y_m: FloatArray, origin: LatLon) -> bool:
    """Whether coordinates that should be metres are longitudes and latitudes."""
    lat, lon = origin
    return bool(len(x_m) and (np.hypot(x_m - lon, y_m - lat) < 5).all())


def _twice(file: str, nodes: Columns) -> list[Fault]:
    """Return the faults of ids that stand in several rows of nodes."""
    import pandas as pd

    if not nodes:
        return []
    ids = pd.Series(nodes["id"])
    again = np.flatnonzero((ids.duplicated() & (ids != "")).to_numpy())
    first = dict(zip(nodes["id"][::-1], nodes["row"][::-1], strict=True)) if len(again) else {}
    return [
        Fault(f"{file}, row {nodes['row'][i]}, column id", repr(ids[i]), f"an id not in row {first[ids[i]]}")
        for i in again.tolist()
    ]


def _roads(chunk: Chunk, known: NDArray[Any], file: str) -> Columns:
    """Return pieces of road: the columns of Segments, times as ``<mode>_s``."""
    n = len(chunk)
    found: dict[str, NDArray[Any]] = {}
    for end, name in (("start", "from"), ("end", "to")):
        found[end] = _indices(chunk, name, known, file)
    length_m, way = np.full(n, np.nan), np.zeros(n, np.int64)
    if "length" in chunk.columns:
        length_m = chunk.numbers("length")
        chunk.fault(length_m <= 0, "length", "a number above 0")
    if "oneway" in chunk.columns:
        way = chunk.choices("oneway", (NO, YES, ("-1", "reverse")), "yes, no or -1")
    for column, name in (("classes", "class"), ("labels", "name")):
        told = name in chunk.columns
        found[column] = chunk.texts(name).to_numpy(object) if told else np.full(n, "", object)
    times = [name for name in chunk.columns if name not in ARCS.known]
    found |= {name: chunk.numbers(name, least=0.0) for name in times}
    found["row"] = np.array(chunk.rows)
    return found | {"length_m": length_m, "forward": way != 2, "backward": way != 1}


def _indices(chunk: Chunk, name: str, known: NDArray[Any], file: str) -> Ints:
    """Return a column of ids as indices of nodes; tell those that are none."""
    import pandas as pd

    texts = chunk.texts(name)
    if not len(known):  # what is wrong with the nodes is told already
        return np.arange(len(chunk)) * 2 + (name == "to")
    nodes = pd.Index(known)
    found = nodes[~nodes.duplicated()].get_indexer(pd.Index(texts.to_numpy(object)))
    chunk.fault((found < 0) | (texts == "").to_numpy(), name, f"the id of a node in {file}")
    return np.asarray(found, np.int64)
