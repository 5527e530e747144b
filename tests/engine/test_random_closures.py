"""Whatever roads close and open, and when: facts stay possible, and nothing is lost."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from streets import write_streets
from worlds import call, squares, stations, world

import sim
from sim.model.targets import UNIT_CLOCKS

WHERE = st.one_of(
    st.builds(lambda i: {"roads": [f"row {i}"]}, st.integers(1, 4)),
    st.builds(lambda i: {"roads": [f"column {i}", "row 2"]}, st.integers(1, 4)),
    st.builds(lambda i, j: {"nodes": [f"{i}-{j}"]}, st.integers(0, 5), st.integers(0, 5)),
    st.builds(lambda i, j: {"zones": [f"z{i}-{j}"]}, st.integers(0, 3), st.integers(0, 3)),
    st.builds(
        lambda x, y, r: {"x": f"{x} m", "y": f"{y} m", "within": f"{r} m"},
        st.integers(0, 4000), st.integers(0, 4000), st.integers(100, 1500),
    ),
)  # fmt: skip
CLOSURES = st.lists(
    st.builds(
        lambda where, at, lasting: {**where, "at": f"{at} min", "lasting": f"{lasting} min"},
        WHERE, st.integers(0, 1400), st.integers(1, 900),
    ),
    max_size=6,
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The streets, every 1 km over 4 x 4 km."""
    found = tmp_path_factory.mktemp("streets")
    write_streets(found, sim.build(town()).scenario.place, shape=1)
    return found


def town(**changes: Any) -> dict[str, Any]:
    """Two stations, a hospital, calls of one or two units, half of them with a patient; two days."""
    kind = {
        "mode": "engine",
        "turnout": {"dist": "lognormal", "median": "74 s", "sigma": 0.4},
        "access": "30 s",
        "trip_sigma": 0.3,
        "transports": True,
        "handover": "12 min",
    }
    levels = {
        "IV": {"probability": "70 %", "priority": 2, "needs": {"unit": 1}},
        "III": {"probability": "30 %", "priority": 1, "needs": {"unit": 2}},
    }
    sites = stations({"a": (300, 200), "b": (3500, 3600)})
    usual = {
        "horizon": "24 h",
        "place__zones": squares(4, 1.0),
        "place__sites": sites | {"h": {"kind": "hospital", "x": "2 km", "y": "2.1 km"}},
        "fleet__kinds": {"unit": kind},
        "fleet__units": {"a": {"unit": 2}, "b": {"unit": 2}},
        "travel": {
            "use": "sim.travel.planar.Planar",
            "speeds": {"engine": {"built_up": {"day": "40 km/h", "night": "40 km/h"}}},
        },
        "incident__call": call("1.5 per hour", "25 min", transport="50 %", levels=levels),
    }
    return world(**usual | changes)


ROADS = {
    "use": "sim.travel.network.Network",
    "nodes": "nodes.csv",
    "arcs": "arcs.csv",
    "speeds": {
        "engine": {"speeds": {"secondary": "50 km/h", "residential": "30 km/h"}, "off_road": "10 km/h"}
    },
    "cache": False,
}


def run(folder: Path, closures: list[dict[str, Any]], **changes: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    named = {f"c{i}": each for i, each in enumerate(closures)}
    scenario = sim.build(town(travel=ROADS, closures=named, **changes), folders=[folder]).scenario
    return sim.tabulate(sim.simulate(scenario), scenario).frames()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CLOSURES, st.sampled_from(["clearing", "in_quarters"]))
def test_facts_stay_possible(folder: Path, closures: list[dict[str, Any]], available: str) -> None:
    incidents, responses = run(folder, closures, fleet__available=available)
    moments = responses[[f"{clock}_s" for clock in UNIT_CLOCKS]].to_numpy()
    for row in moments:
        told = row[~np.isnan(row)]
        assert (np.diff(told) >= 0).all()
    came = responses[responses.cause.isna()]
    for _, mine in responses.sort_values("assigned_s").groupby("unit", observed=True):
        free_s = mine.cleared_s.to_numpy()[:-1]
        assert not np.isnan(free_s).any()  # nobody is sent again who is not free
        assert (mine.assigned_s.to_numpy()[1:] >= free_s).all()
    reported = incidents[incidents.classified_s.notna()]
    sent = came.groupby("incident").size().reindex(reported.incident, fill_value=0)
    assert (sent.to_numpy() == reported.units_sent).all()
    assert (reported.units_sent + reported.units_waiting == reported.units_needed).all()
    assert set(responses[responses.cause.notna()].incident) <= set(incidents[incidents.cut_off].incident)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CLOSURES)
def test_what_opens_within_a_second_changes_nothing(folder: Path, closures: list[dict[str, Any]]) -> None:
    brief = [each | {"lasting": "0.001 s"} for each in closures]
    _, plain = run(folder, [])
    _, closed = run(folder, brief)
    if not closed.cause.notna().any():
        pd.testing.assert_frame_equal(plain, closed, rtol=0, atol=1e-5)
