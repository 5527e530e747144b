"""Roads that close and open again while units are under way, by hand.

The network, in minutes; the way by the bridge takes 30 from the station to the scene, the other 80::

    base --10-- west --10-- east --10-- scene --10-- clinic
                  \\                      /
                   30 ----- south ----- 40
"""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from worlds import call, world

import sim
from sim.measure.breakdown import CAUSES
from sim.measure.tallies import tally_all

NODES = """id,x,y
base,0,0
west,10000,0
east,20000,0
scene,30000,0
clinic,40000,0
south,15000,-20000
"""
ARCS = """from,to,name,unit_s
base,west,high street,600
west,east,bridge,600
east,scene,hill road,600
scene,clinic,clinic road,600
west,south,valley,1800
south,scene,ford,2400
"""
BRIDGE, VALLEY = {"roads": ["bridge"]}, {"roads": ["valley"]}


@pytest.fixture
def answered(tmp_path: Path) -> Any:
    """Run one incident at minute 0 of work for 60 min, with closures, for a day."""
    (tmp_path / "nodes.csv").write_text(NODES)
    (tmp_path / "arcs.csv").write_text(ARCS)

    def responses(*closures: dict[str, Any], **changes: Any) -> pd.DataFrame:
        usual: dict[str, Any] = {
            "horizon": "24 h",
            "place__zones": {"z": {"x": "20 km", "y": "0 m", "side": "40 km", "people": 1}},
            "place__sites": {
                "s": {"kind": "fire_station", "x": "0 m", "y": "0 m"},
                "h": {"kind": "hospital", "x": "40 km", "y": "0 m"},
            },
            "incident__call": call(scene="60 min"),
            "fleet__available": "clearing",
            "travel": {
                "use": "sim.travel.network.Network",
                "nodes": "nodes.csv",
                "arcs": "arcs.csv",
                "speeds": {"unit": {"speeds": {}, "off_road": "5 km/h"}},
                "cache": False,
            },
            "demand": {
                "drill": {
                    "use": "sim.demand.timeline.Timeline",
                    "known": True,
                    "injects": [{"at": "0 min", "type": "call", "x": "30 km", "y": "0 m"}],
                }
            },
            "closures": {f"c{i}": each for i, each in enumerate(closures)},
        }
        responses.study = sim.build(world(**usual | changes), folders=[tmp_path])
        scenario = responses.study.scenario
        return sim.tabulate(sim.simulate(scenario), scenario).frames()[1]

    return responses


def minutes(column: Any) -> Any:
    return pytest.approx(np.array(column, float) * 60, abs=0.01, nan_ok=True)


@pytest.mark.parametrize(
    ("closures", "arrives"),
    [
        ([], 30),
        ([{"at": "0 min", **BRIDGE}], 80),
        ([{"at": "5 min", **BRIDGE}], 80),
        ([{"at": "15 min", **BRIDGE}], 30),
        ([{"at": "25 min", **BRIDGE}], 30),
        ([{"at": "1 min", "lasting": "4 min", **BRIDGE}], 30),
        # On its way south at minute 20 the unit goes on to the next node: back from there takes 30 + 20.
        ([{"at": "5 min", "until": "20 min", **BRIDGE}], 80),
        # The ford closes too, when it is in the valley: from south it must go back.
        ([{"at": "5 min", "until": "20 min", **BRIDGE}, {"at": "20 min", "roads": ["ford"]}], 90),
        ([{"at": "5 min", **VALLEY}], 30),
        ([{"at": "5 min", "nodes": ["east"]}], 80),
        ([{"at": "5 min", "x": "15 km", "y": "0 m", "within": "1 km"}], 80),
    ],
)
def test_a_unit_on_its_way_goes_the_best_way_that_is_left(
    answered: Any, closures: list[dict[str, Any]], arrives: int
) -> None:
    found = answered(*closures)
    assert found.arrived_s.to_numpy() == minutes([arrives])
    assert found.left_scene_s.to_numpy() == minutes([arrives + 60])


def test_a_unit_that_is_cut_off_goes_home_and_is_sent_again(answered: Any) -> None:
    found = answered(
        {"at": "5 min", "until": "100 min", **BRIDGE}, {"at": "5 min", "until": "200 min", **VALLEY}
    )
    assert found.assigned_s.to_numpy() == minutes([0, 100])
    assert found.arrived_s.to_numpy() == minutes([np.nan, 130])
    assert found.cleared_s.to_numpy()[:1] == minutes([5])
    assert found.in_quarters_s.to_numpy()[:1] == minutes([20])
    assert found.cause.astype(object).where(found.cause.notna(), None).tolist() == ["cut off", None]
    assert found.unit.nunique() == 1


def test_a_unit_that_can_go_nowhere_stands_and_is_sent_from_there(answered: Any) -> None:
    lasting = {"at": "5 min", "until": "200 min"}
    found = answered(
        {**lasting, "until": "100 min", **BRIDGE},
        {**lasting, **VALLEY},
        {**lasting, "roads": ["high street"]},
    )
    assert found.arrived_s.to_numpy() == minutes([np.nan, 120])
    assert found.from_base.tolist() == [True, False]


def test_another_unit_that_can_get_there_is_sent_instead(answered: Any) -> None:
    found = answered(
        {"at": "5 min", "roads": ["clinic road"]},
        fleet__units={"s": {"unit": 1}, "h": {"unit": 1}},
        place__sites={
            "s": {"kind": "fire_station", "x": "0 m", "y": "0 m"},
            "h": {"kind": "fire_station", "x": "40 km", "y": "0 m"},
        },
        fleet__kinds={"unit": {"mode": "unit", "turnout": "7 min", "access": "0 s"}},
        demand={
            "drill": {
                "use": "sim.demand.timeline.Timeline",
                "injects": [{"at": "0 min", "type": "call", "x": "30 km", "y": "0 m"}],
            }
        },
    )
    assert found.base.tolist() == ["h", "s"]  # the nearer one had not left yet
    assert found.cause.astype(object).where(found.cause.notna(), None).tolist() == ["cut off", None]
    assert found.arrived_s.to_numpy() == minutes([np.nan, 5 + 7 + 30])


def test_an_incident_that_nobody_reaches_waits_and_says_so(answered: Any) -> None:
    found = answered({"at": "0 min", **BRIDGE}, {"at": "0 min", "until": "3 h", **VALLEY})
    assert found.assigned_s.to_numpy() == minutes([180])
    assert found.arrived_s.to_numpy() == minutes([260])


def test_the_way_home_is_closed_too(answered: Any) -> None:
    found = answered({"at": "100 min", **BRIDGE})  # it left the scene at 90 and is at east at 100
    assert found.in_quarters_s.to_numpy() == minutes([100 + 10 + 40 + 30 + 10])


CARRIES: dict[str, Any] = {
    "fleet__kinds": {
        "unit": {
            "mode": "unit",
            "turnout": "0 s",
            "access": "0 s",
            "transports": True,
            "handover": "20 min",
        }
    },
    "incident__call": call(scene="60 min", transport="100 %"),
}


def test_a_patient_waits_on_the_road_until_it_opens(answered: Any) -> None:
    # From 90 to 100 the unit drives to the clinic; at 95 it is past the middle, and goes on to the end.
    going = answered({"at": "95 min", "roads": ["clinic road"]}, **CARRIES)
    assert going.at_destination_s.to_numpy() == minutes([100])
    waiting = answered({"at": "80 min", "until": "150 min", "roads": ["clinic road"]}, **CARRIES)
    assert waiting.left_scene_s.to_numpy() == minutes([90])
    assert waiting.at_destination_s.to_numpy() == minutes([160])
    assert waiting.cleared_s.to_numpy() == minutes([180])
    never = answered({"at": "80 min", "roads": ["clinic road"]}, **CARRIES)
    assert never[["at_destination_s", "cleared_s"]].isna().all(axis=None)


def test_what_nobody_uses_or_opens_at_once_changes_nothing_to_the_last_bit(answered: Any) -> None:
    plain = answered(**CARRIES)
    unused = answered({"at": "7 min", "until": "50 min", **VALLEY}, **CARRIES)
    at_once = answered({"at": "5 min", "lasting": "1 s", **BRIDGE}, **CARRIES)
    pd.testing.assert_frame_equal(plain, unused, check_exact=True)
    pd.testing.assert_frame_equal(plain, at_once, check_exact=True)


def test_measures_count_the_unit_that_came(answered: Any) -> None:
    target = {
        "measure": "response",
        "clock": {"start": "notified", "stop": "arrived"},
        "of": "all",
        "limit": "131 min",
        "share": "90 %",
        "confidence_level": "95 %",
    }
    cut = [{"at": "5 min", "until": "100 min", **BRIDGE}, {"at": "5 min", "until": "200 min", **VALLEY}]
    answered(*cut, targets={"whole": target, "first": target | {"of": "first", "limit": "129 min"}})
    study = answered.study
    tables = sim.tabulate(sim.simulate(study.scenario), study.scenario)
    incidents, _ = tables.frames()
    assert incidents.assembled_s.to_numpy() == minutes([130])
    assert incidents.units_sent.tolist() == incidents.units_needed.tolist() == [1]
    tallies = tally_all(tables, study.scenario)
    assert [(tallies[name].n, tallies[name].hits) for name in ("whole", "first")] == [(1, 1), (1, 0)]
    assert incidents.cut_off.tolist() == [True]
    assert dict(zip(CAUSES, tallies["first"].causes.tolist(), strict=True))["cut off"] == 1


def test_a_wait_for_roads_goes_before_a_base_that_is_too_far_anyway(answered: Any) -> None:
    target = {
        "measure": "response",
        "clock": {"start": "reported", "stop": "arrived"},
        "limit": "20 min",
        "share": "90 %",
        "confidence_level": "95 %",
    }
    for cut, cause in (([{"at": "0 min", "until": "3 h", **VALLEY}], "cut off"), ([], "too far")):
        answered({"at": "0 min", **BRIDGE}, *cut, targets={"first": target})
        study = answered.study
        tables = sim.tabulate(sim.simulate(study.scenario), study.scenario)
        causes = dict(zip(CAUSES, tally_all(tables, study.scenario)["first"].causes.tolist(), strict=True))
        assert {name for name, n in causes.items() if n} == {cause}
