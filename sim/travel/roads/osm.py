"""Road networks from OpenStreetMap, as its extracts come: .osm, .osm.gz, .osm.bz2 and .pbf.

Read by pyosmium, which comes with the extra ``osm`` and is imported here and nowhere else.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.model.distributions import FloatArray
from sim.model.earth import LatLon
from sim.sheets import Fault, FileError
from sim.travel.roads.highways import ON_FOOT, VEHICLES, allows_leaving, class_of, directions, label_of
from sim.travel.roads.roads import Ints
from sim.travel.roads.segments import Nodes, Segments, projected, surveyed, told
from sim.travel.roads.survey import Survey

SUFFIXES = (".osm", ".osm.gz", ".osm.bz2", ".pbf")


class _Way(NamedTuple):
    nodes: list[int]
    kind: str
    label: str
    forward: bool
    backward: bool
    leave: bool


def read_osm(file: Path, origin: LatLon | None) -> Survey:
    """Return the roads of a file, with the nodes that they use, in metres around the place's ``origin``.

    See `highways` for the classes of road, what is closed, and what is one-way; that holds on foot too. A
    road may be closed by its name, its number, or as ``way/123``. Lengths are those between nodes. Speed
    limits are passed over: emergency vehicles have speeds by class of road, which the config states. Roads
    that the edge of an extract cuts end there. Raises FileError for what cannot be read, also without the
    extra.
    """
    osmium = _osmium(file)
    try:
        ways = list(_ways(osmium, file))
        if not ways:
            raise FileError([Fault(file.name, "no roads", "ways with a highway tag")])
        ids, lat, lon = _places(osmium, file, ways)
    except (RuntimeError, OSError) as error:
        expected = f"OpenStreetMap data ({', '.join(SUFFIXES)})"
        raise FileError([Fault(file.name, told(error), expected)]) from None
    names = tuple(map(str, ids.tolist()))
    x_m, y_m, faults = projected(file.name, names, lat, lon, origin)
    roads, access = _segments(ways, ids)
    if not len(roads.start):
        faults.append(Fault(file.name, "no nodes of roads", "the nodes that its ways use"))
    if faults:
        raise FileError(faults)
    had = set(ids.tolist())
    cut = sum(not had.issuperset(way.nodes) for way in ways)
    return replace(surveyed(Nodes(names, x_m, y_m, access), roads), cut=cut)


def _osmium(file: Path) -> ModuleType:
    try:
        import osmium
        import osmium.filter
    except ImportError:
        expected = "the extra osm: pip install 'tocsin[osm]'"
        raise FileError([Fault(file.name, "a file of OpenStreetMap", expected)]) from None
    return osmium


def _ways(osmium: Any, file: Path) -> Iterator[_Way]:
    """Yield the ways that are roads."""
    wanted = osmium.filter.TagFilter(*(("highway", kind) for kind in (*VEHICLES, *ON_FOOT)))
    for way in osmium.FileProcessor(str(file), osmium.osm.WAY).with_filter(wanted):
        tags = {tag.k: tag.v for tag in way.tags}
        kind = class_of(tags)
        if kind is not None:
            label = label_of((tags.get("name"), tags.get("ref")), (way.id,))
            yield _Way([node.ref for node in way.nodes], kind, label, *directions(tags), allows_leaving(tags))


def _places(osmium: Any, file: Path, ways: list[_Way]) -> tuple[Ints, FloatArray, FloatArray]:
    """Return the nodes of ways that the file has, sorted by their numbers, and their degrees."""
    used = {node for way in ways for node in way.nodes}
    found = {}
    only = osmium.filter.IdFilter(used)
    for node in osmium.FileProcessor(str(file), osmium.osm.NODE).with_filter(only):
        place = node.location
        found[node.id] = (place.lat_without_check(), place.lon_without_check())
    ids = np.array(sorted(found), np.int64)
    degrees = np.array([found[node] for node in ids.tolist()], float).reshape(-1, 2)
    return ids, degrees[:, 0], degrees[:, 1]


def _segments(ways: list[_Way], ids: Ints) -> tuple[Segments, NDArray[np.bool_]]:
    """Return the pieces of ways between nodes that the file has, and where one may leave them."""
    counts = np.array([len(way.nodes) for way in ways])
    refs = np.array([node for way in ways for node in way.nodes], np.int64)
    at, there = np.searchsorted(ids, refs), np.isin(refs, ids)
    of = np.repeat(np.arange(len(ways)), counts)
    joined = (of[1:] == of[:-1]) & there[1:] & there[:-1]
    way, start, end = of[:-1][joined], at[:-1][joined], at[1:][joined]
    access = np.zeros(len(ids), np.bool_)
    leave = np.array([way.leave for way in ways])[of] & there
    access[at[leave]] = True
    return Segments(
        start=start,
        end=end,
        length_m=np.full(len(way), np.nan),
        classes=np.array([each.kind for each in ways], object)[way],
        labels=np.array([each.label for each in ways], object)[way],
        forward=np.array([each.forward for each in ways])[way],
        backward=np.array([each.backward for each in ways])[way],
    ), access
