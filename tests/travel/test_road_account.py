"""What was read of roads, and what looks unintended about them, as a user is told it."""

from pathlib import Path
from typing import Any

import pytest
from worlds import world

import sim
from sim.measure.notes import notes_on, read

NODES = "id,x,y\na,0,0\nb,1000,0\nc,2000,0\nd,3000,0\ne,9000,0\nf,9000,500\n"
ARCS = "from,to,class,name\na,b,primary,High Street\nb,c,primary,Bridge\nc,d,primary,Hill Road\n"
ISLAND = "e,f,primary,Island\n"


def told(folder: Path, arcs: str = ARCS, nodes: str = NODES, **travel: Any) -> tuple[list[str], list[str]]:
    """Return what was read, and the notes."""
    (folder / "nodes.csv").write_text(nodes)
    (folder / "arcs.csv").write_text(arcs)
    mapping = world(
        place__zones={"z": {"x": "1 km", "y": "0 m", "side": "2 km", "people": 700}},
        travel={
            "use": "sim.travel.network.Network",
            "nodes": "nodes.csv",
            "arcs": "arcs.csv",
            "speeds": {"unit": {"speeds": {"primary": "36 km/h"}, "off_road": "4 km/h"}},
            "cache": False,
        }
        | travel,
    )
    study = sim.build(mapping, folders=[folder])
    return read(study.scenario), notes_on(study)


def test_roads_as_they_should_be(tmp_path: Path) -> None:
    assert told(tmp_path) == (["arcs.csv: 6 nodes, 3.0 km of road (primary 3.0)"], [])


def test_a_misspelt_class_is_noted_and_so_is_none(tmp_path: Path) -> None:
    summary, notes = told(tmp_path, ARCS.replace("b,c,primary", "a,c,primry") + "b,d,primary,X\nb,c,,Y\n")
    assert summary == [
        "arcs.csv: 6 nodes, 7.0 km of road (primary 4.0, primry 2.0, no class 1.0); "
        "3.0 km that nobody drives on (primry 2.0, no class 1.0)"
    ]
    assert notes == [
        "what has no class has no speed for unit: 1 arc, 1.0 km, not driven",
        "class 'primry' has no speed for unit: 1 arc, 2.0 km, not driven; did you mean \"primary\"?",
    ]


def test_a_speed_for_a_class_that_no_road_has_is_noted(tmp_path: Path) -> None:
    speeds = {"primary": "36 km/h", "primry": "9 km/h", "motorway": "90 km/h"}
    _, notes = told(tmp_path, speeds={"unit": {"speeds": speeds, "off_road": "4 km/h"}})
    expected = "class 'primry' has a speed for unit, but no road is of it; did you mean \"primary\"?"
    assert notes == [expected]


@pytest.mark.parametrize(
    "speeds", [{"default": "9 km/h"}, {"speeds": {"primary": "9 km/h", "path": "9 km/h"}}]
)
def test_a_default_speed_holds_for_all_and_paths_need_none(tmp_path: Path, speeds: dict[str, Any]) -> None:
    arcs = ARCS.replace("b,c,primary", "a,c,path") + "b,c,primary,X\n"
    assert told(tmp_path, arcs, speeds={"unit": {"off_road": "4 km/h"} | speeds})[1] == []


def test_what_no_road_joins_to_the_rest_is_told(tmp_path: Path) -> None:
    assert told(tmp_path, ARCS + ISLAND)[0] == [
        "arcs.csv: 6 nodes, 3.5 km of road (primary 3.5); "
        "0.5 km left out, as no road joins them to the rest for unit (see keep)"
    ]
    assert "left out" not in told(tmp_path, ARCS + ISLAND, keep="all")[0][0]


def test_zones_far_from_roads_are_noted_with_their_people(tmp_path: Path) -> None:
    arcs = "from,to,class\na,b,primary\nb,c,primary\n"
    nodes = "id,x,y\na,0,0\nb,-1000,0\nc,-2000,0\n"
    assert told(tmp_path, arcs, nodes, farthest="500 m")[1] == [
        "700 people in 1 of 1 zones are more than 0.5 km from the nearest road that unit takes, "
        "z 1.0 km (see farthest and off_road)"
    ]
