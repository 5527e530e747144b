"""Closures that name what is not there, or that do nothing: what a user is told."""

from pathlib import Path
from typing import Any

import pytest
from worlds import NO_TRAVEL, world

import sim
from sim.measure.notes import notes_on

NODES = "id,x,y\na,0,0\nb,1000,0\nc,2000,0\nd,3000,0\ne,2000,900\nf,2400,900\n"
ARCS = """from,to,class,name
a,b,primary,A 9
b,c,primary,Straße
c,d,primary,Hill Road
b,d,footway,Steps
e,f,primary,Island
"""
ROADS = {
    "use": "sim.travel.network.Network",
    "nodes": "nodes.csv",
    "arcs": "arcs.csv",
    "speeds": {"unit": {"speeds": {"primary": "36 km/h"}, "off_road": "4 km/h"}},
    "cache": False,
}


def build(folder: Path, travel: Any = ROADS, **closed: Any) -> sim.Study:
    (folder / "nodes.csv").write_text(NODES)
    (folder / "arcs.csv").write_text(ARCS)
    closures = {name: {"at": "1 h"} | each for name, each in closed.items()}
    zones = {"z": {"x": "1 km", "y": "0 m", "side": "6 km", "people": 7}}
    mapping = world(place__zones=zones, travel=travel, closures=closures)
    return sim.build(mapping, folders=[folder])


def told(folder: Path, travel: Any = ROADS, **closed: Any) -> list[tuple[str, str, str]]:
    with pytest.raises(sim.ConfigError) as error:
        build(folder, travel, **closed)
    return [(".".join(p.path), p.found, p.expected) for p in error.value.problems]


def test_what_is_not_there_is_told_by_itself_with_what_may_be_meant(tmp_path: Path) -> None:
    roads = [("A9", "A 9"), ("Strasse", "Straße"), ("hill road", "Hill Road"), ("Hil Road", "Hill Road")]
    found = told(tmp_path, x={"roads": [name for name, _ in roads], "nodes": ["B", 500]}, y={"roads": "Q"})
    assert found == [
        *(
            ("closures.x.roads", repr(name), f'a road in arcs.csv; did you mean "{meant}"?')
            for name, meant in roads
        ),
        ("closures.x.nodes", "'B'", 'a node in arcs.csv; did you mean "b"?'),
        ("closures.x.nodes", "'500'", "a node in arcs.csv (known: a, b, c, d, e, f)"),
        ("closures.y.roads", "'Q'", "a road in arcs.csv (known: A 9, Hill Road, Island, Steps, Straße)"),
    ]


def test_one_name_needs_no_list_and_numbers_no_quotes(tmp_path: Path) -> None:
    (closure,) = build(tmp_path, x={"roads": "A 9", "nodes": "a"}).scenario.closures
    assert (closure.arcs, closure.nodes) == (("A 9",), ("a",))


@pytest.mark.parametrize(
    ("closed", "expected"),
    [
        ({"roads": []}, ("closures.x.roads", "a list: []", "at least one name")),
        ({"roads": [1.5]}, ("closures.x.roads.0", "1.5", "a text; numbers go in quotes, such as '500'")),
        (
            {"x": "5000 km", "y": "0 m", "within": "1 km"},
            ("closures.x", "a point 4,993.8 km from any zone", "a point in the area"),
        ),
    ],
)
def test_what_is_wrong_is_told_in_words(tmp_path: Path, closed: Any, expected: tuple[str, ...]) -> None:
    assert told(tmp_path, x=closed) == [expected]


def test_what_travel_cannot_close_is_told_with_the_value_and_no_name_of_a_class(tmp_path: Path) -> None:
    expected = ("closures.x.roads", "a list: ['A 9']", "what travel can close: zones, within")
    assert told(tmp_path, NO_TRAVEL, x={"roads": ["A 9"]}) == [expected]


def circle(x_km: float, y_km: float, metres: int) -> dict[str, str]:
    return {"x": f"{x_km} km", "y": f"{y_km} km", "within": f"{metres} m"}


IDLE = {
    "too late": ({"roads": ["A 9"], "at": "100 h"}, "it begins after the horizon (4.17 d)"),
    "an empty circle": (circle(1, 0.5, 400), "no road is in it"),
    "on foot": ({"roads": ["Steps"]}, "nobody drives on the roads in it"),
    "an island": ({"roads": ["Island"]}, "no road joins those in it to the rest"),
}


@pytest.mark.parametrize("name", IDLE)
def test_closures_that_do_nothing_are_noted(tmp_path: Path, name: str) -> None:
    closed, why = IDLE[name]
    assert notes_on(build(tmp_path, x=closed)) == [f"the closure x does nothing: {why}"]


def test_closures_that_do_something_are_not(tmp_path: Path) -> None:
    several = {"roads": ["Steps", "A 9"]}, circle(1, 0.5, 600), {"zones": ["z"]}, {"nodes": ["d"]}
    assert notes_on(build(tmp_path, **{f"x{i}": each for i, each in enumerate(several)})) == []


def test_a_circle_on_a_plane_needs_a_zone(tmp_path: Path) -> None:
    assert notes_on(build(tmp_path, NO_TRAVEL, x=circle(-2.5, 0, 600))) == []
    (note,) = notes_on(build(tmp_path, NO_TRAVEL, x=circle(-2.5, 0, 400)))
    assert note == "the closure x does nothing: no zone is in it"


def test_all_is_told_at_once_whatever_is_wrong_elsewhere(tmp_path: Path) -> None:
    """A misspelt key, a faulty type of incident, an unknown mode, a table, a closure."""
    (tmp_path / "bad.csv").write_text("id,x,y\na,zero,0\n")
    mapping = world(
        place__zones={"z": {"x": "1 km", "y": "0 m", "side": "6 km", "people": 7}},
        travel=ROADS,
        closures={"x": {"at": "1 h", "roads": ["Hil Road"]}},
        replicatons=3,
        centre={"pick_up": "-1 s"},
        fleet__kinds__unit={"mode": "unti", "turnout": "0 s", "access": "0 s"},
    )
    mapping["incident"]["other"] = {"rate": "often"}
    for name, text in (("nodes.csv", NODES), ("arcs.csv", ARCS)):
        (tmp_path / name).write_text(text)
    with pytest.raises(sim.ConfigError) as error:
        sim.build(mapping, folders=[tmp_path])
    found = {".".join(problem.path) for problem in error.value.problems}
    assert found >= {"replicatons", "centre.pick_up", "fleet.kinds.unit.mode", "closures.x.roads"}
    mapping["travel"] = ROADS | {"nodes": "bad.csv"}
    with pytest.raises(sim.ConfigError) as error:
        sim.build(mapping, folders=[tmp_path])
    found = {".".join(problem.path) for problem in error.value.problems}
    assert found >= {"replicatons", "travel.nodes", "travel.arcs", "incident.other.rate"}


def test_a_table_of_closures_in_chinese_and_in_utf_16(tmp_path: Path) -> None:
    text = "名称\t道路\t开始\t持续(小时)\t结束\n断桥\tA 9\t2022-01-03 06:00\t3\t\n"
    (tmp_path / "c.csv").write_text(text, "utf-16")
    (tmp_path / "nodes.csv").write_text(NODES)
    (tmp_path / "arcs.csv").write_text(ARCS)
    zones = {"z": {"x": "1 km", "y": "0 m", "side": "6 km", "people": 7}}
    mapping = world(place__zones=zones, travel=ROADS, closures={"file": "c.csv"})
    (closure,) = sim.build(mapping, folders=[tmp_path]).scenario.closures
    assert (closure.name, closure.arcs) == ("断桥", ("A 9",))
    assert (closure.from_s, closure.until_s) == (6 * 3600, 9 * 3600)
