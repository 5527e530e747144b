"""Auckland's ambulances as JEMSS ran them (case 12): the nearest nodes, the hospitals, and all travel times.

The trace holds 4,220 calls with all their marks and what JEMSS did with each. Given these, the product must
find the same nearest node and the same hospital for every call, and the same time to hospital within 1 ms.
Which ambulance goes where is not compared: JEMSS diverts some on their way to calls that are more urgent,
which tocsin does not do yet.
"""

from pathlib import Path
from typing import Any

import auckland
import numpy as np
import pandas as pd
import pytest
from worlds import world

import sim
from sim.travel.network import Network

SAME_S = 1e-3


def config(folder: Path, trace: str) -> dict[str, Any]:
    """JEMSS's Auckland as a config, its files written to a folder."""
    nodes, arcs = auckland.write_auckland(folder)
    calls, stations, hospitals = auckland.calls(trace), auckland.stations(), auckland.hospitals()
    levels = {"highPriority": "I", "medPriority": "II", "lowPriority": "III"}
    pd.DataFrame(
        {
            "id": calls["index"],
            "at": calls.arrivalTime,
            "type": "call",
            "x": calls.x,
            "y": calls.y,
            "level": calls.priority.map(levels),
            "call_handling_s": calls.dispatchDelay,
            "scene_s": calls.onSceneDuration,
            "transport": calls.transport.map({True: "yes", False: "no"}),
            "handover_s": calls.handoverDuration.clip(lower=0),
        }
    ).to_csv(folder / "calls.csv", index=False)
    sites = {f"s{row['index']}": ("fire_station", row.x, row.y) for _, row in stations.iterrows()}
    sites |= {f"h{row['index']}": ("hospital", row.x, row.y) for _, row in hospitals.iterrows()}
    based = auckland.ambulances().stationIndex.value_counts(sort=False).sort_index()
    ambulance = {
        "mode": {"urgent": "siren", "routine": "regular", "hospital": "regular"},
        "turnout": "0 s",
        "access": "0 s",
        "transports": True,
        "handover": "0 s",
    }
    level = {"needs": {"ambulance": 1}, "transport": "80 %"}
    return world(
        horizon=f"{calls.arrivalTime.max() + 86400} s",
        place__zones={"city": {"x": "0 m", "y": "0 m", "side": "120 km", "people": 1}},
        place__sites={name: {"kind": k, "x": f"{x} m", "y": f"{y} m"} for name, (k, x, y) in sites.items()},
        fleet={
            "kinds": {"ambulance": ambulance},
            "units": {f"s{station}": {"ambulance": int(n)} for station, n in based.items()},
            "available": "clearing",
        },
        incident={
            "call": {
                "detection": "0 s",
                "reporting": "0 s",
                "handling": "50 s",
                "work": {"times": {"ambulance": {"dist": "exponential", "mean": "12 min"}}},
                "levels": {
                    "I": {**level, "probability": "57 %", "priority": 1},
                    "II": {**level, "probability": "24.5 %", "priority": 2},
                    "III": {**level, "probability": "18.5 %", "priority": 3, "urgency": "routine"},
                },
            }
        },
        travel={
            "use": "sim.travel.network.Network",
            "nodes": nodes.name,
            "arcs": arcs.name,
            "speeds": {mode: {"off_road": f"{mps} m/s"} for mode, mps in auckland.OFF_ROAD_MPS.items()},
            "keep": "all",
        },
        demand={"trace": {"use": "sim.demand.trace.Trace", "file": "calls.csv"}},
    )


@pytest.fixture(scope="module")
def ran(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[sim.Scenario, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The scenario, its incidents and responses, and JEMSS's calls."""
    folder = tmp_path_factory.mktemp("auckland")
    scenario = sim.build(config(folder, "trace_rep1.csv"), folders=[folder]).scenario
    incidents, responses = sim.tabulate(sim.simulate(scenario), scenario).frames()
    return scenario, incidents, responses, auckland.calls("trace_rep1.csv")


@pytest.mark.slow
def test_every_call_has_the_nearest_node_of_jemss(ran: Any) -> None:
    scenario, _, _, calls = ran
    assert isinstance(scenario.travel, Network)
    nearest = scenario.travel.nearest_nodes(calls[["x", "y"]].to_numpy(), "siren")
    assert nearest == [str(node) for node in calls.nearestNode]


@pytest.mark.slow
def test_every_patient_goes_to_the_hospital_of_jemss_in_its_time(ran: Any) -> None:
    _, incidents, responses, calls = ran
    found = responses.merge(incidents[["incident", "id"]], on="incident").set_index("id")
    theirs = calls.assign(id=calls["index"].astype(str)).set_index("id")
    taken = theirs[theirs.transport]
    mine = found.loc[taken.index]
    assert len(taken) > 3000
    assert (mine.hospital.astype(str) == "h" + taken.chosenHospital.astype(str)).all()
    drive_s = taken.hospitalArrivalTime - taken.ambArrivalTime - taken.onSceneDuration
    assert (mine.at_destination_s - mine.left_scene_s).to_numpy() == pytest.approx(drive_s, abs=SAME_S)
    assert (mine.left_scene_s - mine.at_work_s).to_numpy() == pytest.approx(taken.onSceneDuration, abs=1e-6)


@pytest.mark.slow
def test_ambulances_at_their_station_are_as_far_as_jemss_says(ran: Any) -> None:
    """JEMSS says which ambulance it sent and how long it drove, not from where; those at base agree."""
    scenario, _, _, calls = ran
    points = auckland.stations().set_index("index")[["x", "y"]]
    bases = points.loc[auckland.ambulances().stationIndex].to_numpy()
    scenes = calls[["x", "y"]].to_numpy()
    sent, drive_s = calls.ambIndex.to_numpy() - 1, (calls.ambArrivalTime - calls.dispatchTime).to_numpy()
    agree = {}
    for mode, priorities in {"siren": ("highPriority", "medPriority"), "regular": ("lowPriority",)}.items():
        rows = np.flatnonzero(calls.priority.isin(priorities))
        times = scenario.travel.seconds(bases, scenes[rows], at_s=0.0, mode=mode)
        agree[mode] = abs(times[sent[rows], np.arange(len(rows))] - drive_s[rows]) < SAME_S
    for shares in agree.values():
        assert 0.55 < shares.mean() < 0.75  # the others were on the road
