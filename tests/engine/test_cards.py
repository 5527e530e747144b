"""Response cards: by capability, people and equipment; what is lacking waits, or is told as unmet."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import ONE_CALL, stations, world

import sim
from sim.measure.tables import frame


def kind(**more: Any) -> dict[str, Any]:
    return {"mode": "unit", "turnout": "0 s", "access": "0 s", **more}


def county(asks: dict[str, Any], units: dict[str, dict[str, Any]], horizon: str = "10 h") -> dict[str, Any]:
    """One incident at (0, 0) at time 0; stations 1 km and 2 km away, 10 m/s."""
    mapping = world(
        horizon=horizon,
        place__sites=stations({"near": (1000, 0), "far": (0, 2000)}),
        travel__speeds={"unit": {"built_up": {"day": "10 m/s", "night": "10 m/s"}}},
        fleet__kinds={
            "engine": kind(capabilities=["fire"], crew=6, equipment={"pump": 1}),
            "tender": kind(capabilities=["fire"], crew=2, equipment={"pump": 3}),
            "team": kind(crew=20),
        },
        fleet__units=units,
        demand=ONE_CALL,
    )
    call = mapping["incident"]["call"]
    call["work"] = {"times": {"fire": "1 h", "team": "1 h"}}
    call["levels"]["IV"] = {"probability": "100 %", "priority": 1, **asks}
    return mapping


def sent(mapping: dict[str, Any]) -> tuple[list[tuple[str, float]], sim.Tables]:
    scenario = sim.build(mapping).scenario
    tables = sim.tabulate(sim.simulate(scenario), scenario)
    responses = tables.frames()[1]
    return list(zip(responses.unit.astype(str), responses.arrived_s, strict=True)), tables


BOTH = {"near": {"engine": 1, "team": 1}, "far": {"tender": 1, "engine": 1}}


def test_a_capability_is_brought_by_any_kind_that_has_it_the_nearest_first() -> None:
    units, _ = sent(county({"needs": {"fire": 2}}, BOTH))
    assert sorted(units) == [("far/engine-1", 200.0), ("near/engine-1", 100.0)]
    units, _ = sent(county({"needs": {"fire": 3}}, BOTH))
    assert {name for name, _ in units} == {"near/engine-1", "far/engine-1", "far/tender-1"}


def test_a_unit_answers_every_line_that_it_can() -> None:
    """One engine is an engine, brings fire, six people and a pump: nothing else is sent."""
    units, tables = sent(
        county({"needs": {"engine": 1, "fire": 1}, "crew": {"engine": 6}, "equipment": {"pump": 1}}, BOTH)
    )
    assert units == [("near/engine-1", 100.0)]
    assert len(tables.unmet["incident"]) == 0


def test_people_are_counted_not_units() -> None:
    """Eight people with fire: the near engine brings six, one of the far units the others."""
    units, _ = sent(county({"crew": {"fire": 8}}, BOTH))
    assert len(units) == 2
    crowded = {"near": {"engine": {"count": 1, "crew": 9}}, "far": {"tender": 1}}
    units, _ = sent(county({"crew": {"fire": 9}}, crowded))
    assert units == [("near/engine-1", 100.0)]


def test_a_unit_that_has_left_goes_again_for_what_is_still_lacking() -> None:
    """Sixty people are asked for and a team of thirty is there: an hour on scene, 100 s home, 100 s out."""
    alone = {"near": {"team": {"count": 1, "crew": 30}}}
    units, tables = sent(county({"crew": {"team": 60}}, alone))
    assert units == [("near/team-1", 100.0), ("near/team-1", 3900.0)]
    assert len(tables.unmet["incident"]) == 0
    assert tables.frames()[0].assembled_s[0] == 3900


@pytest.mark.parametrize(("task_h", "times"), [(0.5, 1), (2, 2), (20, 2)])
def test_it_goes_again_for_as_long_as_the_task_goes_on(task_h: float, times: int) -> None:
    """The engine works for ``task_h``; the team, which cannot, leaves after its hour."""
    units = {"near": {"team": {"count": 1, "crew": 30}, "engine": 1}}
    mapping = county({"needs": {"engine": 1}, "crew": {"team": 60}}, units, "30 h")
    task = {"law": "amount", "amount": f"{task_h} h", "rates": {"engine": 1.0}, "burn_out": "50 h"}
    mapping["incident"]["call"]["work"]["task"] = task
    missions, tables = sent(mapping)
    assert [name for name, _ in missions].count("near/team-1") == times
    assert frame(tables.unmet).fate.tolist() == ["withdrawn"] * (times == 1)


def test_equipment_is_counted_by_the_piece() -> None:
    units, _ = sent(county({"equipment": {"pump": 4}}, BOTH))
    total = sum({"engine": 1, "tender": 3}[name.split("/")[1][:-2]] for name, _ in units)
    assert total >= 4


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize(
    ("pumps", "go"),
    [
        (1, ["near/engine-1"]),
        (3, ["far/tender-1"]),
        (4, ["far/tender-1", "near/engine-1"]),
        (5, ["far/engine-1", "far/tender-1", "near/engine-1"]),
    ],
)
def test_nobody_goes_whom_the_others_make_needless(pumps: int, go: list[str], whole: bool) -> None:
    """A tender carries three pumps and an engine one: one tender or three engines, if these are closer."""
    mapping = county({"equipment": {"pump": pumps}}, BOTH)
    mapping["dispatch"] = {"use": "sim.dispatch.closest.Closest", "whole": whole}
    assert sorted(name for name, _ in sent(mapping)[0]) == go
    mapping["fleet"]["units"] = {"near": {"engine": 3}, "far": {"tender": 1}}
    if pumps == 3:
        assert sorted(name for name, _ in sent(mapping)[0]) == [f"near/engine-{i}" for i in (1, 2, 3)]


def test_of_those_who_are_too_few_nobody_goes_in_vain_either() -> None:
    """Ten pumps are asked for, and twenty people: the near engine's six and pump add to both."""
    units = {"near": {"engine": 1, "team": 1}, "far": {"tender": 1}}
    found, tables = sent(county({"equipment": {"pump": 10}, "crew": {"team": 20}}, units, "30 min"))
    assert sorted(name for name, _ in found) == ["far/tender-1", "near/engine-1", "near/team-1"]
    assert frame(tables.unmet).amount.tolist() == [6.0]


def test_what_nobody_brings_is_told_at_check() -> None:
    nobody = {"near": {"team": {"count": 1, "crew": 0}}}
    mapping = county({"crew": {"team": 5}, "equipment": {"pump": 1}}, nobody)
    with pytest.raises(sim.ConfigError) as told:
        sim.build(mapping)
    text = str(told.value)
    assert "incident.call.levels.IV.crew.team" in text
    assert "a unit with crew in fleet.units that brings it" in text
    assert "incident.call.levels.IV.equipment.pump" in text


def test_what_nobody_brings_is_told_once_with_all_that_ask_for_it() -> None:
    mapping = county(
        {"crew": {"team": 5}, "equipment": {"pump": 1}}, {"near": {"team": {"count": 1, "crew": 0}}}
    )
    call = mapping["incident"]["call"]
    half = {level: call["levels"]["IV"] | {"probability": "50 %"} for level in ("III", "IV")}
    mapping["incident"] |= {"fire": call | {"levels": half}, "crash": call}
    with pytest.raises(sim.ConfigError) as told:
        sim.build(mapping)
    for what in ("crew team", "equipment pump"):
        (problem,) = (p for p in told.value.problems if what in p.found)
        assert problem.path == ("fleet", "units")
        assert problem.found.endswith("asked for by call (IV); fire (III, IV); crash (IV)")


def test_what_is_lacking_at_the_horizon_is_told_in_its_measure() -> None:
    units, tables = sent(county({"needs": {"fire": 5}, "crew": {"team": 50}}, BOTH, horizon="30 min"))
    assert len(units) == 4
    rows = {(row.resource, row.measure): row.amount for row in frame(tables.unmet).itertuples()}
    assert rows == {("fire", "units"): 2.0, ("team", "crew"): 30.0}
    incident = tables.frames()[0].iloc[0]
    assert incident.units_needed - incident.units_sent == 3  # two units, and people as one request


@settings(max_examples=60, deadline=None)
@given(
    asks=st.fixed_dictionaries(
        {
            "needs": st.dictionaries(st.sampled_from(["engine", "fire", "team"]), st.integers(0, 4)),
            "crew": st.dictionaries(st.sampled_from(["fire", "team"]), st.integers(0, 40)),
            "equipment": st.dictionaries(st.just("pump"), st.integers(1, 6)),
        }
    ),
    counts=st.tuples(*[st.integers(1, 3)] * 4),
)
def test_nothing_is_sent_in_vain_and_nothing_is_forgotten(asks: Any, counts: Any) -> None:
    """What was sent, taken in order, always brought something lacking; what is left is told as unmet."""
    engines, teams, tenders, more = counts
    units = {"near": {"engine": engines, "team": teams}, "far": {"tender": tenders, "engine": more}}
    mapping = county(asks, units, horizon="30 min")
    scenario = sim.build(mapping).scenario
    log = sim.simulate(scenario)
    measures = {"units": "needs", "crew": "crew", "equipment": "equipment"}
    left = {
        (measure, name): float(n)
        for measure, amounts in ((measure, asks[key]) for measure, key in measures.items())
        for name, n in amounts.items()
        if n
    }
    for unit in log.mission("unit").astype(int):
        brings = {
            (scenario.fleet.resources[r].measure, scenario.fleet.resources[r].name): amount
            for r, amount in scenario.fleet.offers[unit]
        }
        assert any(left.get(key, 0) > 0 for key in brings), "sent in vain"
        left = {key: amount - brings.get(key, 0) for key, amount in left.items()}
    unmet = {
        (scenario.fleet.resources[int(r)].measure, scenario.fleet.resources[int(r)].name): amount
        for _, r, amount, _ in log.unmet
    }
    assert unmet == {key: amount for key, amount in left.items() if amount > 0}
