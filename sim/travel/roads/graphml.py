"""Road networks from GraphML, as OSMnx and NetworkX write it.

Read by NetworkX, which comes with the extra ``osm`` and is imported here and nowhere else.
"""

from ast import literal_eval
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zlib import error as ZlibError  # noqa: N812

import numpy as np

from sim.model.earth import LatLon
from sim.sheets import Fault, FileError
from sim.travel.roads.highways import allows_leaving, label_of
from sim.travel.roads.segments import Nodes, Segments, projected, surveyed, told
from sim.travel.roads.survey import Survey

SUFFIXES = (".graphml", ".graphml.gz")

DEGREES = ("", "epsg:4326", "urn:ogc:def:crs:ogc:1.3:crs84", "ogc:crs84")
"""What a graph's ``crs`` may say, in small letters."""


def read_graphml(file: Path, origin: LatLon | None) -> Survey:
    """Return the network of a file, in metres around the place's ``origin``.

    Nodes have ``x`` (longitude) and ``y`` (latitude). Edges may have ``length`` in metres (else the
    straight distance), ``highway``, ``name``, ``ref`` and ``osmid``; where an edge stands for several
    roads, its class is the first's, and it can be closed by any of their names, numbers, or as
    ``way/123``. Edges of a directed graph lead one way: ``oneway`` has been used already. Nodes whose
    edges are all motorways, bridges or tunnels give no access. Raises FileError with everything that is
    wrong with the file, also without the extra.
    """
    graph = _graph(file)
    names = tuple(graph.nodes)
    at = {name: i for i, name in enumerate(names)}
    edges = [(at[a], at[b], _Edge(data)) for a, b, data in graph.edges(data=True)]
    numbers = [(_number(data.get("y")), _number(data.get("x"))) for _, data in graph.nodes(data=True)]
    lat, lon = np.array(numbers, float).reshape(-1, 2).T
    x_m, y_m, faults = projected(file.name, names, lat, lon, origin)
    for a, b, edge in edges:
        if (length := edge.told.get("length")) is not None and not 0 < _number(length) < np.inf:
            where = f"{file.name}, edge {names[a]} to {names[b]}"
            faults.append(Fault(where, f"length {length!r}", "a number above 0"))
    if not any(a != b for a, b, _ in edges):
        faults.append(Fault(file.name, "no edges", "at least one, between two nodes"))
    if faults:
        raise FileError(faults)
    access = np.zeros(len(names), np.bool_)
    for a, b, edge in edges:
        if allows_leaving(edge.tags):
            access[[a, b]] = True
    one_way = graph.is_directed()
    return surveyed(
        Nodes(names, x_m, y_m, access),
        Segments(
            start=np.array([a for a, _, _ in edges]),
            end=np.array([b for _, b, _ in edges]),
            length_m=np.array([_number(edge.told.get("length")) for _, _, edge in edges]),
            classes=np.array([edge.tags.get("highway", "") for _, _, edge in edges], object),
            labels=np.array([edge.label for _, _, edge in edges], object),
            forward=np.ones(len(edges), np.bool_),
            backward=np.full(len(edges), not one_way),
        ),
    )


class _Edge:
    """What a file says of an edge: as told, and as tags, the first value of each."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self.told = told
        values = {key: _values(told.get(key)) for key in ("highway", "bridge", "tunnel")}
        self.tags = {key: several[0] for key, several in values.items() if several}

    @property
    def label(self) -> str:
        """Names, numbers and ways, as `label_of` puts them."""
        names = (name for key in ("name", "ref") for name in _values(self.told.get(key)))
        return label_of(names, _values(self.told.get("osmid")))


@lru_cache(maxsize=10_000)
def _values(told: object) -> tuple[str, ...]:
    """Return an attribute as texts; OSMnx writes several as ``['a', 'b']``."""
    if told is None or told == "":
        return ()
    if isinstance(told, str) and told.startswith("["):
        try:
            return tuple(map(str, literal_eval(told)))
        except (ValueError, SyntaxError):
            return (told,)
    return (str(told),)


def _number(told: object) -> float:
    """Return an attribute as a number, NaN for what is none."""
    try:
        return float(str(told))
    except ValueError:
        return np.nan


def _graph(file: Path) -> Any:
    try:
        import networkx as nx
    except ImportError:
        expected = "the extra osm: pip install 'tocsin[osm]'"
        raise FileError([Fault(file.name, "a GraphML file", expected)]) from None
    broken = (ParseError, nx.NetworkXException, ZlibError, ValueError, KeyError, OSError, EOFError)
    try:
        graph = nx.read_graphml(file, edge_key_type=str)
    except broken as error:
        expected = "GraphML, as OSMnx or NetworkX writes it"
        raise FileError([Fault(file.name, told(error), expected)]) from None
    crs = str(graph.graph.get("crs", ""))
    if crs.casefold() not in DEGREES:
        raise FileError([Fault(f"{file.name}, crs", crs, "EPSG:4326, which is degrees of WGS 84")])
    return graph
