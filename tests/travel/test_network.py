"""A road network as a provider: its promises, and what is wrong with networks and with places on them."""

import pickle
from math import inf
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from auckland import OFF_ROAD_MPS, in_metres, section, write_auckland
from console import tocsin
from worlds import SHARED, world

import sim
from sim.measure.notes import notes
from sim.model.closures import Closure
from sim.rng import Streams
from sim.seams import TravelTimes
from sim.travel.network import Network
from sim.travel.roads import trips
from sim.travel.roads.closing import arcs_of

NODES = """id,x,y,access
a,0,0,yes
b,1000,0,no
c,2000,0,yes
d,3000,0,yes
far,0,9000,yes
further,1000,9000,yes
"""
ARCS = """from,to,class,name,oneway
a,b,primary,High Street,no
b,c,primary,High Street,no
c,d,primary,Bridge,no
far,further,primary,Island Road,no
"""
SPEEDS = {"unit": {"speeds": {"primary": "36 km/h"}, "off_road": "3.6 km/h"}}


def config(folder: Path, nodes: str = NODES, arcs: str = ARCS, **changes: Any) -> dict[str, Any]:
    (folder / "nodes.csv").write_text(nodes)
    (folder / "arcs.csv").write_text(arcs)
    usual = {
        "place__zones": {"z": {"x": "1 km", "y": "4 km", "side": "20 km", "people": 1}},
        "travel": {
            "use": "sim.travel.network.Network",
            "nodes": "nodes.csv",
            "arcs": "arcs.csv",
            "speeds": SPEEDS,
            "cache": False,
        },
    }
    return world(**usual | changes)


def network(folder: Path, **changes: Any) -> TravelTimes:
    return sim.build(config(folder, **changes), folders=[folder]).scenario.travel


def problems(folder: Path, **changes: Any) -> str:
    with pytest.raises(sim.ConfigError) as told:
        sim.build(config(folder, **changes), folders=[folder])
    return str(told.value)


def test_times_by_hand(tmp_path: Path) -> None:
    """At 10 m/s on the road and 1 m/s off it; nobody leaves the road at b."""
    travel = network(tmp_path)
    for (origin, destination), seconds in {
        ((0, 0), (3000, 0)): 300,
        ((0, 0), (3000, 40)): 340,
        ((0, 30), (3000, 40)): 370,
        ((0, 0), (1400, 0)): 200 + 600,
        ((0, 0), (400, 0)): 400,
        ((0, 0), (0, 9000)): 9000,  # the island is not kept: it is reached on foot
    }.items():
        assert travel.between(origin, destination, at_s=0.0, mode="unit") == pytest.approx(seconds, abs=1e-3)


def test_a_unit_is_on_its_path_and_turns_at_the_next_node(tmp_path: Path) -> None:
    route = network(tmp_path).route((0, 100), (3000, 0), at_s=0.0, mode="unit")  # 100 s to a, 300 s to d
    assert route.at(0.0) == pytest.approx((0, 100))
    assert route.at(50 / 400) == pytest.approx((0, 50))
    assert route.at(250 / 400) == pytest.approx((1500, 0))
    assert route.at(1.0) == pytest.approx((3000, 0))
    for share, turn, until_s in ((0.125, (0, 0), 50), (250 / 400, (2000, 0), 50), (1.0, (3000, 0), 0)):
        point, seconds = route.turn(share)
        assert point == pytest.approx(turn)
        assert seconds == pytest.approx(until_s, abs=1e-3)


def test_it_keeps_the_promises_of_its_seam(tmp_path: Path) -> None:
    points = [(0.0, 0.0), (500.0, 200.0), (1000.0, 0.0), (2500.0, -300.0), (3000.0, 0.0)]
    for memory in ("1 GB", "0.00001 MB"):
        mapping = config(tmp_path)
        mapping["travel"]["memory"] = memory
        travel = sim.build(mapping, folders=[tmp_path]).scenario.travel
        sim.check_travel(
            travel,
            points,
            shortest=True,
            itself=False,
            again_s=2100.0,  # off the road, at walking pace, it turns at the node behind
            closures=[Closure("bridge", arcs=("Bridge",))],
        )


def test_with_little_memory_times_are_the_same(tmp_path: Path) -> None:
    points = np.random.default_rng(1).uniform(-500, 3500, (40, 2))
    plenty, little = (config(tmp_path) for _ in range(2))
    little["travel"]["memory"] = "0.00001 MB"
    one, other = (sim.build(m, folders=[tmp_path]).scenario.travel for m in (plenty, little))
    for travel in (other, pickle.loads(pickle.dumps(one))):
        assert np.array_equal(
            one.seconds(points, points, at_s=0.0, mode="unit"),
            travel.seconds(points, points, at_s=0.0, mode="unit"),
        )


def test_what_a_closure_closes_is_looked_for_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[Closure] = []
    monkeypatch.setattr(trips, "arcs_of", lambda *args: looked.append(args[0]) or arcs_of(*args))
    travel, bridge = network(tmp_path), Closure("bridge", arcs=("Bridge",))
    for replication in range(3):
        run = travel.begin(Streams(1, replication), horizon_s=1.0)
        for _ in range(2):
            run.close(bridge)
            assert run.between((0.0, 0.0), (3000.0, 0.0), at_s=0.0, mode="unit") == inf
            run.reopen(bridge)
    assert looked == [bridge]
    with pytest.raises(ValueError, match="bridge is not closed"):
        run.reopen(bridge)


def test_what_closes_nothing_and_times_that_no_mode_takes_are_noted(tmp_path: Path) -> None:
    arcs = ARCS.replace("oneway", "oneway,units_s").replace(",no\n", ",no,60\n")
    mapping = config(
        tmp_path,
        arcs=arcs,
        closures={
            "slide": {"at": "1 h", "x": "1 km", "y": "1 km", "within": "100 m"},
            "flood": {"at": "1 h", "x": "1 km", "y": "0 m", "within": "100 m"},
        },
    )
    noted = notes(sim.build(mapping, folders=[tmp_path]).scenario)
    assert [note for note in noted if "clos" in note] == ["the closure slide does nothing: no road is in it"]
    told = 'the times units_s in arcs.csv are of no mode of travel; did you mean "unit"?'
    assert told in noted


def test_it_says_in_short_what_it_is(tmp_path: Path) -> None:
    assert repr(network(tmp_path)) == "Network(arcs.csv, unit)"


def test_other_processes_need_no_files(tmp_path: Path) -> None:
    sent = pickle.dumps(network(tmp_path))
    assert len(sent) < 10_000
    (tmp_path / "arcs.csv").unlink()
    assert pickle.loads(sent).between((0.0, 0.0), (3000.0, 0.0), at_s=0.0, mode="unit") == 300.0


def test_what_is_wrong_is_told(tmp_path: Path) -> None:
    island = {"s": {"kind": "fire_station", "x": "0 m", "y": "9 km"}}
    told = problems(tmp_path, place__sites=island)
    assert "s, 9.0 km from the nearest road that unit takes" in told
    told = problems(tmp_path, fleet__kinds={"unit": {"mode": "uint", "turnout": "0 s", "access": "0 s"}})
    assert "fleet.kinds.unit.mode" in told
    assert 'did you mean "unit"?' in told


def test_sites_that_no_road_joins_are_named(tmp_path: Path) -> None:
    mapping = config(
        tmp_path,
        place__sites={
            "town": {"kind": "fire_station", "x": "0 m", "y": "0 m"},
            "east": {"kind": "fire_station", "x": "3 km", "y": "0 m"},
            "island": {"kind": "fire_station", "x": "0 m", "y": "9 km"},
        },
        fleet__units={name: {"unit": 1} for name in ("town", "east", "island")},
    )
    mapping["travel"]["keep"] = "all"
    with pytest.raises(sim.ConfigError) as told:
        sim.build(mapping, folders=[tmp_path])
    assert "no way for unit between island and town, east" in str(told.value)
    assert "between town" not in str(told.value)


@pytest.mark.parametrize(
    ("closure", "words"),
    [
        ({"roads": ["Brigde"]}, ["closures.cut.roads", "'Brigde'", 'did you mean "Bridge"?']),
        ({"nodes": ["e"]}, ["closures.cut.nodes", "'e'", "a node in arcs.csv"]),
        ({"zones": ["y"]}, ["closures.cut.zones", "'y'", "a zone or town of the place"]),
        ({"roads": ["Bridge"], "at": "noon"}, ["closures.cut.at", "'noon'"]),
        ({"roads": ["Bridge"], "until": "30 min"}, ["closures.cut.until", "a moment after at"]),
        ({"roads": ["Bridge"], "until": "2 h", "lasting": "1 h"}, ["until or lasting, not both"]),
        ({"within": "1 km"}, ["a point beside within"]),
        ({"lat": 1.0, "lon": 2.0, "within": "1 km"}, ["x and y, because the place is in metres"]),
        ({}, ["what is closed: roads, nodes, zones, or within of a point"]),
    ],
)
def test_closures_that_cannot_be_are_told(tmp_path: Path, closure: dict[str, Any], words: list[str]) -> None:
    told = problems(tmp_path, closures={"cut": {"at": "1 h", **closure}})
    for word in words:
        assert word in told


def test_on_a_plane_roads_cannot_be_closed() -> None:
    with pytest.raises(sim.ConfigError, match="what travel can close: zones, within"):
        sim.build(world(closures={"cut": {"at": "1 h", "roads": ["Bridge"]}}))


@pytest.mark.parametrize("name", ["g.graphml", "g.graphml.gz"])
def test_a_graph_may_be_packed(tmp_path: Path, name: str) -> None:
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    graph.add_nodes_from(((node, {"y": 30.0, "x": 100 + i / 100}) for i, node in enumerate("abc")))
    graph.add_edges_from((pair for a, b in ("ab", "bc") for pair in ((a, b), (b, a))), highway="primary")
    nx.write_graphml(graph, tmp_path / name)
    spot = {"lat": 30.0, "lon": 100.0}
    travel = sim.build(
        world(
            place__zones={"z": {**spot, "side": "9 km", "people": 1}},
            place__sites={"s": {"kind": "fire_station", **spot}},
            travel={"use": "sim.travel.network.Network", "file": name, "speeds": SPEEDS, "cache": False},
        ),
        folders=[tmp_path],
    ).scenario.travel
    east_m = 2 * 964.9
    assert travel.between((0.0, 0.0), (east_m, 0.0), at_s=0.0, mode="unit") == pytest.approx(193, abs=0.5)


@pytest.mark.slow
def test_the_command_line_tells_all_of_it_at_once(tmp_path: Path) -> None:
    (tmp_path / "nodes.csv").write_text(NODES.replace("2000,0", "nan,0"))
    (tmp_path / "arcs.csv").write_text(ARCS.replace("c,d", "c,e"))
    found = tocsin(
        "check", "travel=roads", "travel.nodes=nodes.csv", "travel.arcs=arcs.csv",
        "travel.speeds.engine.off_road=900 km/h", "replications=0", cwd=tmp_path,
    )  # fmt: skip
    assert found.returncode == 2
    assert "Traceback" not in found.stderr
    assert found.stdout == ""
    for word in ("replications", "travel.speeds.engine.off_road", "at most 300 km/h"):
        assert word in found.stderr
    found = tocsin("check", "travel=roads", "travel.nodes=nodes.csv", "travel.arcs=arcs.csv", cwd=tmp_path)
    assert found.returncode == 2
    for word in ("nodes.csv, row 4, column x", "arcs.csv, row 4, column to", "'e'"):
        assert word in found.stderr


@pytest.mark.slow
def test_auckland_keeps_the_promises_too(tmp_path: Path) -> None:
    nodes, arcs = write_auckland(tmp_path)
    travel = {
        "use": "sim.travel.network.Network",
        "nodes": nodes.name,
        "arcs": arcs.name,
        "speeds": {mode: {"off_road": f"{mps} m/s"} for mode, mps in OFF_ROAD_MPS.items()},
    }
    sites = in_metres(section("inputs/stations/stations_1.csv", "stations"))[["x", "y"]].to_numpy().tolist()
    mapping = world(
        place__zones={"z": {"x": "0 m", "y": "0 m", "side": "120 km", "people": 1}},
        place__sites={"s": {"kind": "fire_station", "x": f"{sites[0][0]} m", "y": f"{sites[0][1]} m"}},
        fleet__kinds={"unit": {"mode": "siren", "turnout": "0 s", "access": "0 s"}},
        travel=travel,
    )
    found = sim.build(mapping, folders=[tmp_path]).scenario.travel
    assert isinstance(found, Network)
    points = [(x, y) for x, y in sites[:6]]
    sim.check_travel(
        found,
        points,
        at_s=0.0,
        shortest=True,
        itself=False,
        closures=[Closure("c", at=points[1], radius_m=300.0)],
    )


@pytest.mark.slow
def test_a_real_extract_of_openstreetmap_loads_and_routes(tmp_path: Path) -> None:
    file = SHARED / "data" / "osm" / "north-bayreuth.osm.gz"
    if not file.exists():
        pytest.skip("the extract north-bayreuth.osm.gz is not beside this checkout")
    speeds = {
        "unit": {
            "speeds": {
                "residential": "35 km/h",
                "secondary": "50 km/h",
                "tertiary": "45 km/h",
                "primary": "55 km/h",
            },
            "default": "20 km/h",
            "off_road": "10 km/h",
        }
    }
    mapping = world(
        place__zones={"z": {"lat": 50.01, "lon": 11.54, "side": "9 km", "people": 1}},
        place__sites={"s": {"kind": "fire_station", "lat": 50.01, "lon": 11.54}},
        travel={"use": "sim.travel.network.Network", "file": str(file), "speeds": speeds, "cache": False},
    )
    scenario = sim.build(mapping).scenario
    points = np.random.default_rng(1).uniform(-3000, 3000, (50, 2))
    times = scenario.travel.seconds(points, points, at_s=0.0, mode="unit")
    straight = np.hypot(*(points[:, None] - points).transpose(2, 0, 1))
    apart = straight > 500
    assert np.isfinite(times).all()
    assert (times[apart] > straight[apart] / (55 / 3.6)).all()  # no trip is faster than the fastest road
    assert np.median(times[apart] / (straight[apart] / (40 / 3.6))) < 3
    log = sim.simulate(scenario)
    assert len(log.missions) > 50
