"""Road networks of OpenStreetMap and of GraphML: by hand, a real one, and what is wrong with some."""

import bz2
import gzip
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

import networkx as nx
import numpy as np
import osmium
import pytest
from worlds import SHARED

from sim.model.earth import project
from sim.sheets import FileError
from sim.travel.roads.graphml import read_graphml
from sim.travel.roads.highways import class_of, directions
from sim.travel.roads.osm import read_osm
from sim.travel.roads.survey import Survey

ORIGIN = (36.8, 117.86)
EAST_M, NORTH_M = project(ORIGIN[0] + 0.01, ORIGIN[1] + 0.01, ORIGIN)

Way = tuple[int, list[int], dict[str, str]]


def osm(ways: Iterable[Way], nodes: int = 9) -> bytes:
    """OSM XML of ways after nodes 1, 2, 3, ..., of which node i is i hundredths of a degree north-east."""
    spots = [f'<node id="{i}" lat="{36.8 + i / 100}" lon="{117.86 + i / 100}"/>' for i in range(1, nodes + 1)]
    lines = []
    for number, refs, tags in ways:
        inside = [f'<nd ref="{ref}"/>' for ref in refs] + [f'<tag k="{k}" v="{v}"/>' for k, v in tags.items()]
        lines.append(f'<way id="{number}">{"".join(inside)}</way>')
    return f'<osm version="0.6">{"".join(spots + lines)}</osm>'.encode()


def arcs(survey: Survey) -> set[str]:
    ends = zip(survey.start, survey.end, strict=True)
    return {f"{survey.names[a]}>{survey.names[b]}" for a, b in ends}


def drawn(folder: Path, *ways: Way, nodes: int = 9) -> Survey:
    file = folder / "map.osm"
    file.write_bytes(osm(ways, nodes))
    return read_osm(file, ORIGIN)


def test_ways_become_arcs_between_the_nodes_that_they_use(tmp_path) -> None:
    survey = drawn(
        tmp_path,
        (7, [1, 2, 4], {"highway": "primary", "name": "Ring", "ref": "B 2;B 85"}),
        (8, [4, 5], {"highway": "track", "maxspeed": "5"}),
        (9, [5, 6], {"waterway": "river"}),
        (10, [6, 7], {"highway": "proposed"}),
    )
    assert survey.names == ("1", "2", "4", "5")
    assert arcs(survey) == {"1>2", "2>1", "2>4", "4>2", "4>5", "5>4"}
    assert survey.x_m == pytest.approx(EAST_M * np.array([1, 2, 4, 5]))
    assert survey.y_m == pytest.approx(NORTH_M * np.array([1, 2, 4, 5]))
    assert Counter(survey.classes.tolist()) == {"primary": 4, "track": 2}
    assert set(survey.labels) == {"Ring;B 2;B 85;way/7", "way/8"}
    step_m = np.hypot(EAST_M, NORTH_M)
    assert sorted(survey.length_m) == pytest.approx(np.array([1, 1, 1, 1, 2, 2]) * step_m)
    assert survey.seconds == {}


@pytest.mark.parametrize(
    ("tags", "ways"),
    [
        ({"highway": "residential"}, (True, True)),
        ({"highway": "residential", "oneway": "yes"}, (True, False)),
        ({"highway": "residential", "oneway": "-1"}, (False, True)),
        ({"highway": "primary", "junction": "roundabout"}, (True, False)),
        ({"highway": "motorway"}, (True, False)),
        ({"highway": "motorway", "oneway": "no"}, (True, True)),
        ({"highway": "motorway_link"}, (True, True)),
        ({"highway": "cycleway", "oneway": "yes"}, (True, True)),
    ],
)
def test_one_way_roads(tmp_path, tags: dict[str, str], ways: tuple[bool, bool]) -> None:
    assert directions(tags) == ways
    expected = {arc for arc, there in zip(("1>2", "2>1"), ways, strict=True) if there}
    assert arcs(drawn(tmp_path, (1, [1, 2], tags))) == expected


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"highway": "service", "access": "private"}, "service"),
        ({"highway": "track", "motor_vehicle": "agricultural"}, "track"),
        ({"highway": "service", "access": "no"}, None),
        ({"highway": "service", "access": "no", "motor_vehicle": "yes"}, "service"),
        ({"highway": "service", "access": "no", "foot": "yes"}, "footway"),
        ({"highway": "service", "access": "no", "emergency": "yes"}, "service"),
        ({"highway": "residential", "motor_vehicle": "no"}, "footway"),
        ({"highway": "residential", "vehicle": "no"}, "footway"),
        ({"highway": "residential", "vehicle": "no", "motor_vehicle": "private"}, "residential"),
        ({"highway": "pedestrian", "motor_vehicle": "no", "emergency": "yes"}, "pedestrian"),
        ({"highway": "path", "motor_vehicle": "no"}, "path"),
        ({"highway": "construction"}, None),
        ({"highway": "bus_stop"}, None),
        ({"railway": "rail"}, None),
    ],
)
def test_closed_roads(tags: dict[str, str], kind: str | None) -> None:
    assert class_of(tags) == kind


def test_one_leaves_no_motorway_and_no_bridge(tmp_path) -> None:
    survey = drawn(
        tmp_path,
        (1, [1, 2, 3], {"highway": "motorway"}),
        (2, [3, 4, 5], {"highway": "motorway_link"}),
        (3, [5, 6], {"highway": "primary"}),
        (4, [6, 7, 8], {"highway": "primary", "bridge": "yes"}),
        (5, [8, 9], {"highway": "primary", "tunnel": "no"}),
    )
    assert [name for name, leave in zip(survey.names, survey.access, strict=True) if leave] == [
        "5",
        "6",
        "8",
        "9",
    ]


def test_roads_cut_by_the_edge_end_there(tmp_path) -> None:
    road = (1, [1, 2, 77, 3, 4, 4], {"highway": "primary", "oneway": "yes"})
    assert arcs(drawn(tmp_path, road)) == {"1>2", "3>4"}


@pytest.mark.parametrize("suffix", [".osm.gz", ".osm.bz2", ".pbf", ".osm.pbf"])
def test_other_forms_say_the_same(tmp_path, suffix: str) -> None:
    ways = [(7, [1, 2, 4], {"highway": "primary", "name": "张周路"})]
    plain, file = drawn(tmp_path, *ways), tmp_path / f"other{suffix}"
    pack = {".osm.gz": gzip.compress, ".osm.bz2": bz2.compress}
    if suffix in pack:
        file.write_bytes(pack[suffix](osm(ways)))
    else:
        with osmium.SimpleWriter(str(file)) as writer:
            for each in osmium.FileProcessor(str(tmp_path / "map.osm")):
                writer.add(each)
    other = read_osm(file, ORIGIN)
    assert other.names == plain.names
    for name in ("x_m", "y_m", "start", "end", "length_m", "classes", "labels", "access"):
        np.testing.assert_array_equal(getattr(other, name), getattr(plain, name), name)


ROAD: Way = (1, [1, 2], {"highway": "primary"})
OK = osm([ROAD])

WRONG = {
    "nothing": ("a.osm", b"", ORIGIN, "a.osm: XML parsing error"),
    "a table": ("a.osm", b"from,to\n1,2\n", ORIGIN, "expected OpenStreetMap data (.osm, .osm.gz"),
    "other XML": ("a.osm", b"<html></html>", ORIGIN, "Unknown top-level element: html"),
    "cut XML": ("a.osm", OK[:-20], ORIGIN, "XML parsing error"),
    "cut gzip": ("a.osm.gz", gzip.compress(OK)[:-20], ORIGIN, "gzip error"),
    "no gzip": ("a.osm.bz2", b"hello", ORIGIN, "bzip2 error"),
    "no PBF": ("a.pbf", OK, ORIGIN, "PBF error"),
    "another ending": ("a.map", OK, ORIGIN, "Could not detect file format"),
    "another encoding": (
        "a.osm",
        OK.replace(b"primary", "张".encode("gb18030")),
        ORIGIN,
        "XML parsing error",
    ),
    "a place in metres": ("a.osm", OK, None, "nodes in degrees, expected a place with an origin in degrees"),
    "another continent": (
        "a.osm",
        OK,
        (52.0, 13.4),
        "a.osm, node 1: lat 36.81, lon 117.87, expected a node within",
    ),
    "swapped": (
        "a.osm",
        OK.replace(b"lat", b"l").replace(b"lon", b"lat").replace(b"l=", b"lon="),
        ORIGIN,
        "node 1",
    ),
    "no roads": ("a.osm", osm([(1, [1, 2], {"railway": "rail"})]), ORIGIN, "a.osm: no roads, expected ways"),
    "no nodes": (
        "a.osm",
        osm([ROAD], nodes=0),
        ORIGIN,
        "a.osm: no nodes of roads, expected the nodes that its ways use",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_map_is_told(tmp_path, name: str) -> None:
    file, content, origin, text = WRONG[name]
    (tmp_path / file).write_bytes(content)
    with pytest.raises(FileError) as error:
        read_osm(tmp_path / file, origin)
    assert text in str(error.value)


def test_a_map_that_is_not_there(tmp_path) -> None:
    for read in (read_osm, read_graphml):
        with pytest.raises(FileError, match=r"none\.osm"):
            read(tmp_path / "none.osm", ORIGIN)


def test_north_bayreuth() -> None:
    """Of the 58,631 nodes those on roads, and the pieces of these, as the file's XML has them."""
    file = SHARED / "data" / "osm" / "north-bayreuth.osm.gz"
    if not file.exists():
        pytest.skip("the map north-bayreuth.osm.gz is not beside this checkout")
    survey = read_osm(file, (50.0, 11.55))
    with gzip.open(file) as text:
        root = ElementTree.parse(text).getroot()
    assert len(root.findall("node")) == 58_631
    used: set[str] = set()
    pieces: Counter[str] = Counter()
    for way in root.findall("way"):
        kind = class_of({tag.get("k", ""): tag.get("v", "") for tag in way.findall("tag")})
        if kind:
            refs = [node.get("ref", "") for node in way.findall("nd")]
            used.update(refs)
            pieces[kind] += len(refs) - 1
    assert set(survey.names) == used
    found = Counter(survey.classes.tolist())
    assert found["motorway"] == pieces["motorway"]
    for kind in ("residential", "track", "path", "secondary"):
        assert pieces[kind] <= found[kind] <= 2 * pieces[kind]
    at = survey.names.index("2385454")
    assert (survey.x_m[at], survey.y_m[at]) == pytest.approx(project(50.0194508, 11.6042983, (50.0, 11.55)))
    assert set(pieces) == set(found)


def graph(folder: Path, **changes: dict[str, object]) -> Path:
    """Write a graph as OSMnx does: all attributes as text."""
    found = nx.MultiDiGraph(crs="epsg:4326")
    for i in (1, 2, 3):
        found.add_node(i, x=str(117.86 + i / 100), y=str(36.8 + i / 100), **({} if i > 1 else {"ref": "12"}))
    edges = {
        "a": (
            1,
            2,
            {"osmid": "7", "highway": "primary", "oneway": "False", "name": "Ring", "length": "1500.5"},
        ),
        "b": (
            2,
            1,
            {"osmid": "7", "highway": "primary", "oneway": "False", "name": "Ring", "length": "1500.5"},
        ),
        "c": (2, 3, {"osmid": "[8, 9]", "highway": "['motorway', 'trunk']", "ref": "['A 9', 'B 2']"}),
        "d": (3, 3, {"osmid": "10", "length": "60.0"}),
    }
    for name, (start, end, told) in edges.items():
        found.add_edge(start, end, **told, **changes.get(name, {}))
    for name, value in changes.get("graph", {}).items():
        found.graph[name] = value
    for name, value in changes.get("node", {}).items():
        found.nodes[1][name] = value
    nx.write_graphml(found, folder / "g.graphml")
    return folder / "g.graphml"


def test_graphs_of_osmnx(tmp_path) -> None:
    survey = read_graphml(graph(tmp_path), ORIGIN)
    assert survey.names == ("1", "2", "3")
    assert survey.x_m == pytest.approx(EAST_M * np.array([1, 2, 3]))
    assert survey.y_m == pytest.approx(NORTH_M * np.array([1, 2, 3]))
    ends = zip(survey.start, survey.end, strict=True)
    by_ends = {f"{survey.names[a]}>{survey.names[b]}": i for i, (a, b) in enumerate(ends)}
    assert set(by_ends) == {"1>2", "2>1", "2>3"}
    there, on = by_ends["1>2"], by_ends["2>3"]
    assert survey.length_m[[there, on]] == pytest.approx([1500.5, np.hypot(EAST_M, NORTH_M)])
    assert survey.classes[[there, on]].tolist() == ["primary", "motorway"]
    assert survey.labels[[there, on]].tolist() == ["Ring;way/7", "A 9;B 2;way/8;way/9"]
    assert survey.access.tolist() == [True, True, True]


def test_graphs_without_direction_lead_both_ways(tmp_path) -> None:
    found = nx.Graph()
    found.add_node("p", x=117.86, y=36.8)
    found.add_node("q", x=117.87, y=36.8)
    found.add_edge("p", "q", length=900)
    nx.write_graphml(found, tmp_path / "g.graphml")
    survey = read_graphml(tmp_path / "g.graphml", ORIGIN)
    assert arcs(survey) == {"p>q", "q>p"}
    assert survey.length_m.tolist() == [900, 900]
    assert set(survey.classes) == set(survey.labels) == {""}


WRONG_GRAPHS = {
    "a length of 0": (
        {"c": {"length": "0"}},
        ORIGIN,
        "g.graphml, edge 2 to 3: length '0', expected a number above 0",
    ),
    "no length": (
        {"c": {"length": "long"}},
        ORIGIN,
        "g.graphml, edge 2 to 3: length 'long', expected a number",
    ),
    "no latitude": ({"node": {"y": "north"}}, ORIGIN, "g.graphml, node 1: lat nan"),
    "swapped": ({"node": {"y": "117.87", "x": "36.81"}}, ORIGIN, "g.graphml, node 1: lat 117.87, lon 36.81"),
    "projected": ({"graph": {"crs": "epsg:32650"}}, ORIGIN, "g.graphml, crs: epsg:32650, expected EPSG:4326"),
    "a place in metres": ({}, None, "nodes in degrees, expected a place with an origin"),
}


@pytest.mark.parametrize("name", WRONG_GRAPHS)
def test_what_is_wrong_in_a_graph_is_told(tmp_path, name: str) -> None:
    changes, origin, text = WRONG_GRAPHS[name]
    with pytest.raises(FileError) as error:
        read_graphml(graph(tmp_path, **changes), origin)
    assert text in str(error.value)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("g.graphml", b""),
        ("g.graphml", b"<html></html>"),
        ("g.graphml", b"from,to\n"),
        ("g.graphml", b"\xff\xfe\x00\x01"),
        ("g.graphml.gz", gzip.compress(b"<graphml/>" * 99, mtime=0)[:-12]),
        ("g.graphml.gz", b"<graphml/>"),
    ],
)
def test_what_is_no_graph_is_told(tmp_path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FileError, match="expected GraphML, as OSMnx or NetworkX writes it"):
        read_graphml(tmp_path / name, ORIGIN)


def test_a_graph_without_edges(tmp_path) -> None:
    nx.write_graphml(nx.DiGraph(), tmp_path / "g.graphml")
    with pytest.raises(FileError, match=r"g\.graphml: no edges, expected at least one"):
        read_graphml(tmp_path / "g.graphml", ORIGIN)


@pytest.mark.parametrize("name", ["osm", "graphml"])
def test_without_the_extra_the_reader_says_what_to_install(tmp_path, name: str) -> None:
    code = f"""
import sys
from pathlib import Path
sys.modules["osmium"] = sys.modules["networkx"] = None
from sim.travel.roads.{name} import read_{name}
read_{name}(Path("map.{name}"), (36.8, 117.86))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "expected the extra osm: pip install 'tocsin[osm]'" in done.stderr


def test_ways_that_the_edge_of_an_extract_cuts_are_counted(tmp_path) -> None:
    survey = drawn(
        tmp_path, (1, [1, 2, 77], {"highway": "primary"}), (2, [2, 3], {"highway": "primary"}), nodes=3
    )
    assert (survey.cut, len(survey.start)) == (1, 4)
