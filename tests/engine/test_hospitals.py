"""Which hospital a patient goes to, by hand, where an incident's level changes: on a line at 10 m/s.

The scene is at 1 km, a unit's base at 0. ``near`` at 3 km takes level IV only, ``far`` at 11 km only III. The
unit is there at 100 s, has sized the incident up at 160 s, and leaves with a patient at 1,100 s.
"""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from worlds import call, stations, world

import sim

HOSPITALS = {
    name: {"kind": "hospital", "x": f"{x_m} m", "y": "0 m", "accepts": levels}
    for name, x_m, levels in (("near", 3000, ["IV"]), ("far", 11_000, ["III"]))
}
BECOMES_GRAVE = {"found": {"III": "100 %"}}


def answer(becomes: dict[str, Any], n: int = 1, **changes: Any) -> pd.DataFrame:
    """Return the responses to n calls of level IV at the start; both levels take one unit."""
    kind = call(scene="1000 s", size_up="60 s", transport="100 %")
    level = {"priority": 1, "needs": {"unit": 1}}
    kind["levels"] = {
        "III": level | {"probability": "0 %"},
        "IV": level | {"probability": "100 %", "becomes": becomes},
    }
    inject = {"at": "0 s", "type": "call", "x": "1000 m", "y": "0 m", "level": "IV"}
    usual: dict[str, Any] = {
        "horizon": "24 h",
        "place__zones": {"z": {"x": "0 m", "y": "0 m", "side": "100 km", "people": 1}},
        "place__sites": stations({"s": (0, 0)}) | HOSPITALS,
        "fleet__kinds__unit__transports": True,
        "fleet__kinds__unit__handover": "300 s",
        "fleet__available": "clearing",
        "incident__call": kind,
        "travel__speeds": {"unit": {"built_up": {"day": "10 m/s", "night": "10 m/s"}}},
        "demand": {"drill": {"use": "sim.demand.timeline.Timeline", "known": True, "injects": [inject] * n}},
    }
    scenario = sim.build(world(**usual | changes)).scenario
    return sim.tabulate(sim.simulate(scenario), scenario).frames()[1]


def test_a_patient_still_at_the_scene_goes_to_a_hospital_for_the_level_that_is_found() -> None:
    """10 km from the scene to far and 300 s of handing over: free at 2,400 s, and sent on from there."""
    first, second = answer(BECOMES_GRAVE, n=2).itertuples()
    assert (first.hospital, first.left_scene_s) == ("far", 1100)
    assert (first.at_destination_s, first.cleared_s) == (2100, 2400)
    assert (second.assigned_s, second.arrived_s) == (2400, 3400)


def test_who_has_left_the_scene_goes_on_to_where_it_was_to_go() -> None:
    """It left for near at 1,100 s; there is no second unit, so that at 1,200 s the incident is raised."""
    late = {"late": {"after": "1200 s", "level": "III"}}
    first, *_ = answer(late, incident__call__levels__IV__needs={"unit": 2}).itertuples()
    assert (first.hospital, first.at_destination_s) == ("near", 1300)


@pytest.mark.parametrize("given", ["near", ""])
def test_the_hospital_of_a_record_stays(tmp_path: Path, given: str) -> None:
    record = f"id,at,type,x,y,level,transport,hospital\n1,0,call,1000,0,IV,yes,{given}\n"
    (tmp_path / "calls.csv").write_text(record)
    trace = {"use": "sim.demand.trace.Trace", "file": str(tmp_path / "calls.csv")}
    (found,) = answer(BECOMES_GRAVE, demand={"trace": trace}).itertuples()
    assert found.hospital == (given or "far")
