"""Roads that close and open again while a force is on its way by its staging point, by hand.

The network, in minutes; the staging point is at east, where units stay for 5 minutes::

    base --10-- west --10-- east --10-- scene
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

NODES = "id,x,y\nbase,0,0\nwest,10000,0\neast,20000,0\nscene,30000,0\nsouth,15000,-20000\n"
ARCS = """from,to,name,unit_s
base,west,high street,600
west,east,bridge,600
east,scene,hill road,600
west,south,valley,1800
south,scene,ford,2400
"""
BRIDGE, HILL, FORD = ({"roads": [name]} for name in ("bridge", "hill road", "ford"))


@pytest.fixture
def answered(tmp_path: Path) -> Any:
    """Run one incident at minute 0, of work for 60 min, with closures, for a day."""
    (tmp_path / "nodes.csv").write_text(NODES)
    (tmp_path / "arcs.csv").write_text(ARCS)

    def responses(*closures: dict[str, Any], mobilisation: str = "0 min", **changes: Any) -> pd.DataFrame:
        force = {"bases": ["s"], "staging": {"x": "20 km", "y": "0 m"}, "marshalling": "5 min"}
        usual: dict[str, Any] = {
            "horizon": "24 h",
            "place__zones": {"z": {"x": "20 km", "y": "0 m", "side": "40 km", "people": 1}},
            "incident__call": call(scene="60 min"),
            "fleet__available": "clearing",
            "fleet__forces": {"city": force | {"mobilisation": mobilisation}},
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
        scenario = sim.build(world(**usual | changes), folders=[tmp_path]).scenario
        return sim.tabulate(sim.simulate(scenario), scenario).frames()[1].sort_values("assigned_s")

    return responses


def minutes(*values: float) -> Any:
    return pytest.approx(np.array(values) * 60, abs=0.01, nan_ok=True)


def at(minute: float, closure: dict[str, Any], **more: str) -> dict[str, Any]:
    return {"at": f"{minute} min", **closure, **more}


@pytest.mark.parametrize(
    ("closures", "staged", "arrives"),
    [
        ([], 20, 35),
        # On the high street: by west, valley, ford and hill road to east, and back over the hill.
        ([at(5, BRIDGE)], 90, 105),
        # On the bridge: on to east; from there only back over the bridge, and by valley and ford.
        ([at(15, HILL)], 20, 25 + 80),
        ([at(22, HILL)], 20, 25 + 80),
        ([at(22, HILL, until="24 min")], 20, 35),
        ([at(22, HILL, until="45 min")], 20, 25 + 80),
        # The hill opens while it is on the bridge: on to west at 35 min, and back.
        ([at(22, HILL, until="28 min")], 20, 35 + 10 + 10),
        # On the hill road: on to its end.
        ([at(30, HILL)], 20, 35),
        ([at(5, BRIDGE, until="8 min")], 20, 35),
    ],
)
def test_a_force_goes_the_best_way_that_is_left_to_its_staging_point_and_on(
    answered: Any, closures: list[dict[str, Any]], staged: float, arrives: float
) -> None:
    found = answered(*closures)
    assert found.staged_s.to_numpy() == minutes(staged)
    assert found.arrived_s.to_numpy() == minutes(arrives)
    assert found.left_scene_s.to_numpy() == minutes(arrives + 60)


def test_a_road_that_closes_while_it_mobilises_is_not_gone_by(answered: Any) -> None:
    found = answered(at(5, BRIDGE), mobilisation="12 min")
    assert found.enroute_s.to_numpy() == minutes(12)
    assert found.staged_s.to_numpy() == minutes(12 + 90)


@pytest.mark.parametrize(("minute", "staged", "home"), [(15, np.nan, 15 + 25), (22, 20, 22 + 20)])
def test_who_cannot_get_to_the_incident_any_more_gives_up_before_and_at_the_staging_point(
    answered: Any, minute: float, staged: float, home: float
) -> None:
    """Hill road and ford are closed until minute 60; at 15 it is on the bridge, and turns at east."""
    found = answered(at(minute, HILL, until="60 min"), at(minute, FORD, until="60 min"))
    assert found.cause.astype(object).tolist()[0] == "cut off"
    assert found.staged_s.to_numpy() == minutes(staged, 60 + 20)
    assert found.cleared_s.to_numpy()[0] == minute * 60
    assert found.in_quarters_s.to_numpy()[0] == pytest.approx(home * 60)
    assert found.assigned_s.to_numpy() == minutes(0, 60)
    assert found.arrived_s.to_numpy() == minutes(np.nan, 60 + 35)
