"""Closures that concern nobody change nothing, however one travels; patients, daybreak and ties, by hand."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from worlds import call, stations, world

import sim

ACCELERATING = {
    "use": "sim.travel.planar.Planar",
    "speeds": {"unit": {"built_up": {"day": "41 km/h", "night": "46 km/h"}}},
    "acceleration": "0.4 m/s2",
}
STEADY = {
    "use": "sim.travel.planar.Planar",
    "speeds": {"unit": {"built_up": {"day": "60 km/h", "night": "60 km/h"}}},
}
HELI = {
    "cruise": "200 km/h",
    "take_off_and_landing": "4 min",
    "daylight": {"from": "7 h", "until": "17 h"},
}
AIR = {"use": "sim.travel.air.Air", "modes": {"heli": HELI}}
KIND = {"mode": "unit", "turnout": "0 s", "access": "0 s"}
CARRIES = KIND | {"transports": True, "handover": "20 min"}
FAR = {"x": "0 km", "y": "60 km", "within": "100 m"}


def at(minutes: float, x_km: float = 10, **more: Any) -> dict[str, Any]:
    return {"at": f"{minutes} min", "type": "call", "x": f"{x_km} km", "y": "0 m", **more}


def county(*injects: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A base at x = 0; an hour of work."""
    usual: dict[str, Any] = {
        "horizon": "72 h",
        "place__zones": {
            "z": {"x": "0 m", "y": "0 m", "side": "2 km", "people": 1},
            "t": {"x": "10 km", "y": "0 m", "side": "2 km", "people": 1},
            "far": {"x": "0 m", "y": "60 km", "side": "1 km", "people": 1},
        },
        "incident__call": call(scene="60 min"),
        "travel": STEADY,
        "demand": {"drill": {"use": "sim.demand.timeline.Timeline", "known": True, "injects": list(injects)}},
    }
    return world(**usual | changes)


def answer(mapping: dict[str, Any], *folders: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    scenario = sim.build(mapping, folders=list(folders)).scenario
    return sim.tabulate(sim.simulate(scenario), scenario).frames()


@pytest.mark.parametrize(
    ("leaves", "closes", "changes"),
    [
        (0, 3, {"travel": ACCELERATING}),
        (358, 363, {"travel": {key: value for key, value in ACCELERATING.items() if key != "acceleration"}}),
        (600, 605, {"air": AIR, "fleet__kinds": {"unit": KIND | {"mode": "heli"}}}),
        (1012.9, 1016, {"air": AIR, "fleet__kinds": {"unit": KIND | {"mode": "heli"}}}),
        (475, 485, {"traffic": {"modes": {"unit": {"weekdays": ["100 %"] * 8 + ["50 %"] * 16}}}}),
    ],
    ids=["acceleration", "night to day", "in the air", "landing at dusk", "traffic"],
)
def test_a_closure_far_away_changes_nothing_to_the_last_bit(
    leaves: float, closes: float, changes: dict[str, Any]
) -> None:
    for minute in (closes, closes + 70):
        closed = {"c": FAR | {"at": f"{minute} min", "lasting": "5 min"}}
        plain, with_it = (
            answer(county(at(leaves), at(leaves + 240), closures=closures, **changes))[1]
            for closures in ({}, closed)
        )
        assert plain.in_quarters_s.notna().all()
        pd.testing.assert_frame_equal(plain, with_it, check_exact=True)


def test_nor_does_that_of_a_node_of_a_table_far_away(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(",z,t,far\nz,0,300,900\nt,300,0,900\nfar,900,900,0\n")
    matrix = {"use": "sim.travel.matrix.Matrix", "modes": {"unit": {"file": "t.csv", "unit": "s"}}}
    plain, with_it = (
        answer(county(at(0), travel=matrix, closures=closures), tmp_path)[1]
        for closures in ({}, {"c": {"at": "2 min", "nodes": ["far"]}})
    )
    pd.testing.assert_frame_equal(plain, with_it, check_exact=True)


def test_of_two_ways_as_short_the_one_that_is_open_is_driven(tmp_path: Path) -> None:
    """The way by b closes ahead of the unit and it goes by c; when c closes too, it is cut off."""
    nodes = "id,x,y\nbase,0,0\na,10000,0\nb,20000,5000\nc,20000,-5000\nscene,30000,0\n"
    (tmp_path / "nodes.csv").write_text(nodes)
    roads = "base,a,r0,600\na,b,ab,600\na,c,ac,600\nb,scene,bs,600\nc,scene,cs,600\n"
    (tmp_path / "arcs.csv").write_text("from,to,name,unit_s\n" + roads)
    for first, second in (("ab", "cs"), ("ac", "bs")):
        closures = {
            "one": {"at": "5 min", "roads": [first]},
            "other": {"at": "15 min", "roads": [second]},
        }
        mapping = county(
            at(0, 30),
            place__zones={"z": {"x": "15 km", "y": "0 m", "side": "40 km", "people": 1}},
            travel={
                "use": "sim.travel.network.Network",
                "nodes": "nodes.csv",
                "arcs": "arcs.csv",
                "speeds": {"unit": {"speeds": {}, "off_road": "5 km/h"}},
                "cache": False,
            },
            closures=closures,
        )
        _, found = answer(mapping, tmp_path)
        assert found.cause.tolist() == ["cut off"]
        assert found.cleared_s.tolist() == [15 * 60]
        del closures["other"]
        assert answer(mapping, tmp_path)[1].arrived_s.tolist() == pytest.approx([30 * 60], abs=0.01)


HOSPITALS: dict[str, Any] = {
    "place__zones": {"z": {"x": "0 m", "y": "0 m", "side": "300 km", "people": 1}},
    "place__sites": stations({"s": (0, 0)})
    | {name: {"kind": "hospital", "x": x, "y": "0 m"} for name, x in (("afar", "90 km"), ("near", "20 km"))},
    "incident__call": call(scene="60 min", transport="100 %"),
    "fleet__kinds": {"unit": CARRIES},
}


@pytest.mark.parametrize("closes", [30, 75])
@pytest.mark.parametrize(("opens", "arrives"), [(76, 81), (120, 125)])
def test_a_patient_whom_no_hospital_can_take_goes_to_the_nearest_once_one_can(
    closes: int, opens: int, arrives: int
) -> None:
    """At the scene (km 10) until minute 70; where both close on the way, the unit stands at km 15 or 16."""
    closures = {
        name: {"at": f"{closes} min", "until": f"{opens} min", "x": x, "y": "0 m", "within": "100 m"}
        for name, x in (("a", "90 km"), ("b", "20 km"))
    }
    _, found = answer(county(at(0), closures=closures, **HOSPITALS))
    assert found.hospital.tolist() == ["near"]
    expected = arrives if closes == 75 else max(70, opens) + 10
    assert found.at_destination_s.tolist() == pytest.approx([60 * expected])
    assert found.in_quarters_s.notna().all()


@pytest.mark.parametrize("closes", [60, 75])
def test_where_the_hospital_of_a_record_cannot_be_reached_another_takes_the_patient(
    closes: int, tmp_path: Path
) -> None:
    record = "id,at,type,x,y,level,scene_s,transport,hospital\n1,0,call,10000,0,IV,3600,yes,near\n"
    (tmp_path / "calls.csv").write_text(record)
    _, found = answer(
        county(
            closures={"c": {"at": f"{closes} min", "x": "20 km", "y": "0 m", "within": "100 m"}},
            **HOSPITALS | {"demand": {"t": {"use": "sim.demand.trace.Trace", "file": "calls.csv"}}},
        ),
        tmp_path,
    )
    assert found.hospital.tolist() == ["afar"]
    assert found.at_destination_s.tolist() == pytest.approx([60 * (70 + 80)])


def test_a_helicopter_with_a_patient_after_dark_waits_for_the_day() -> None:
    """At work until 17:07; the next day breaks at 7, and the flight of 10 km takes 7 min."""
    changes = HOSPITALS | {"air": AIR, "fleet__kinds": {"unit": CARRIES | {"mode": "heli"}}}
    _, found = answer(county(at(960), at(2040), **changes))
    assert found.at_destination_s.tolist() == pytest.approx([60 * (1440 + 427), 60 * (2040 + 67 + 7)])
    assert found.in_quarters_s.notna().all()


def test_an_incident_that_waits_for_a_helicopter_gets_it_at_daybreak() -> None:
    changes = {"air": AIR, "fleet__kinds": {"unit": KIND | {"mode": "heli"}}}
    incidents, found = answer(county(at(120), **changes))
    assert incidents.cut_off.tolist() == [True]
    assert found.assigned_s.tolist() == [7 * 3600]
    assert found.arrived_s.tolist() == [7 * 3600 + 7 * 60]


def test_who_comes_free_first_does_not_depend_on_a_closure_far_away() -> None:
    calls = at(0), at(100), at(100), at(300)
    plain, with_it = (
        answer(county(*calls, fleet__units={"s": {"unit": 2}}, closures=closures))[1]
        for closures in ({}, {"c": FAR | {"at": "120 min"}})
    )
    pd.testing.assert_frame_equal(plain, with_it, check_exact=True)


def test_what_closes_in_the_moment_of_a_call_has_closed_before_it() -> None:
    cut, far = {"at": "5 min", "until": "60 min", "zones": ["t"]}, FAR | {"at": "1 min"}
    for closures in ({"cut": cut}, {"far": far, "cut": cut}):
        incidents, found = answer(county(at(0, 0), at(5), fleet__units={"s": {"unit": 2}}, closures=closures))
        assert found.assigned_s.tolist() == [0, 3600]
        assert incidents.cut_off.tolist() == [False, True]


def test_an_incident_that_waited_already_says_that_it_is_cut_off() -> None:
    incidents, _ = answer(county(at(0, 0), at(5), closures={"c": {"at": "20 min", "zones": ["t"]}}))
    assert incidents.cut_off.tolist() == [False, True]
    assert incidents.units_waiting.tolist() == [0, 1]


def test_a_unit_whose_base_is_closed_as_it_leaves_comes_free_again(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(",a,b\na,0,600\nb,600,0\n")
    (tmp_path / "n.csv").write_text("name,x,y\na,0,0\nb,10000,0\n")
    modes = {"unit": {"file": "t.csv", "unit": "s"}}
    mapping = county(
        at(0),
        at(600),
        travel={"use": "sim.travel.matrix.Matrix", "modes": modes, "nodes": "n.csv"},
        closures={"c": {"at": "1 min", "until": "11 min", "nodes": ["a"]}},
    )
    del mapping["place"]["zones"]["far"]
    _, found = answer(mapping, tmp_path)
    assert found.in_quarters_s.tolist() == [80 * 60, 680 * 60]
