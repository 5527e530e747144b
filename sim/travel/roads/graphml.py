"""Road networks from GraphML, as OSMnx and NetworkX write it.

Read by NetworkX, which comes with the extra ``osm`` and is imported here and nowhere else.
"""

from ast import literal_eval
from collections.abc import Iterator, Mapping, Sequence
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
    edges = [_Edge(a, b, data) for a, b, data in graph.edges(data=True)]
    nodes, faults = _nodes(file, graph, edges, origin)
    if faults := faults + list(_faults(file, edges)):
        raise FileError(faults)
    return surveyed(nodes, _segments(nodes, edges, one_way=graph.is_directed()))


class _Edge:
    """What a file says of an edge: its ends, what is told, and tags, the first value of each."""

    def __init__(self, start: str, end: str, told: Mapping[str, Any]) -> None:
        self.start, self.end, self.told = start, end, told
        values = {key: _values(told.get(key)) for key in ("highway", "bridge", "tunnel")}
        self.tags = {key: several[0] for key, several in values.items() if several}

    @property
    def label(self) -> str:
        """Names, numbers and ways, as `label_of` puts them."""
        names = (name for key in ("name", "ref") for name in _values(self.told.get(key)))
        return label_of(names, _values(self.told.get("osmid")))

    @property
    def length_m(self) -> float:
        """Its length, NaN for none."""
        return _number(self.told.get("length"))


def _nodes(
    file: Path, graph: Any, edges: Sequence[_Edge], origin: LatLon | None
) -> tuple[Nodes, list[Fault]]:
    """Return the nodes in metres, and what is wrong with their degrees."""
    names = tuple(graph.nodes)
    numbers = [(_number(data.get("y")), _number(data.get("x"))) for _, data in graph.nodes(data=True)]
    lat, lon = np.array(numbers, float).reshape(-1, 2).T
    x_m, y_m, faults = projected(file.name, names, lat, lon, origin)
    left = {end for edge in edges if allows_leaving(edge.tags) for end in (edge.start, edge.end)}
    return Nodes(names, x_m, y_m, np.array([name in left for name in names], np.bool_)), faults


def _faults(file: Path, edges: Sequence[_Edge]) -> Iterator[Fault]:
    """Yield what is wrong with edges."""
    for edge in edges:
        length = edge.told.get("length")
        if length is not None and not 0 < edge.length_m < np.inf:
            where = f"{file.name}, edge {edge.start} to {edge.end}"
            yield Fault(where, f"length {length!r}", "a number above 0")
    if not any(edge.start != edge.end for edge in edges):
        yield Fault(file.name, "no edges", "at least one, between two nodes")


def _segments(nodes: Nodes, edges: Sequence[_Edge], *, one_way: bool) -> Segments:
    at = {name: i for i, name in enumerate(nodes.names)}
    return Segments(
        start=np.array([at[edge.start] for edge in edges]),
        end=np.array([at[edge.end] for edge in edges]),
        length_m=np.array([edge.length_m for edge in edges]),
        classes=np.array([edge.tags.get("highway", "") for edge in edges], object),
        labels=np.array([edge.label for edge in edges], object),
        forward=np.ones(len(edges), np.bool_),
        backward=np.full(len(edges), not one_way),
    )


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
