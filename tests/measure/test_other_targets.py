"""Targets on the end of tasks, on burnt land and on distance; and who is counted."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from worlds import call, squares, stations, world

import sim
from sim.measure.intervals import mean_interval
from sim.measure.tallies import Tally, tally_all
from sim.measure.targets import FEWEST_FIRES, NOT_MODELLED, judge_most, verdicts

OUT_IN_A_DAY = {
    "measure": "response", "clock": {"start": "reported", "stop": "out"}, "limit": "24 h",
    "share": "95 %", "confidence_level": "95 %",
}  # fmt: skip
HOUR = 3600
BURNT = {"measure": "burnt_area", "types": ["call"], "share": "0.45 ‰", "confidence_level": "95 %"}
FIRE = {"law": "wildland", "speed": "1 m/min", "length_to_width": 1.0, "rates": {"unit": "60 m/min"}}


def forest(task: dict[str, Any], at: list[str], **targets: Any) -> sim.Scenario:
    """Fires at given times in a forest of 100 km², a unit that needs 10 min to get to work."""
    zones = squares(5, 2.0)
    for zone in zones.values():
        zone["kind"] = "forest"
    mapping = world(
        horizon="365 d",
        place__zones=zones,
        place__sites={"s": {"kind": "fire_station", "x": "5 km", "y": "5 km"}},
        demand={
            "drill": {
                "use": "sim.demand.timeline.Timeline",
                "known": True,
                "injects": [{"at": moment, "type": "call"} for moment in at],
            }
        },
        targets=targets,
    )
    mapping["fleet"]["kinds"]["unit"]["access"] = "10 min"
    mapping["travel"]["speeds"]["unit"]["forest"] = mapping["travel"]["speeds"]["unit"].pop("built_up")
    mapping["incident"]["call"]["work"] = {"task": task}
    return sim.build(mapping).scenario


def judged(scenario: sim.Scenario, replications: int = 2) -> dict[str, Any]:
    tables = [sim.tabulate(sim.simulate(scenario, replication=i), scenario) for i in range(replications)]
    found = verdicts(scenario, [tally_all(each, scenario) for each in tables])
    return {verdict.target.name: verdict for verdict in found}


def test_fires_out_within_a_day_and_the_stages_up_to_it() -> None:
    """One of two fires is out in time; the other escapes at once and burns for 40 h."""
    quick = forest({**FIRE, "burn_out": "40 h", "mop_up": "2 h"}, ["1 d"], out=OUT_IN_A_DAY)
    verdict = judged(quick)["out"]
    assert (verdict.share, verdict.n) == (1.0, 2)
    assert verdict.breakdown.stages[-3:] == ("access", "control", "mop-up")
    seconds = dict(zip(verdict.breakdown.stages, verdict.breakdown.mean_s, strict=True))
    assert seconds["access"] == 600
    edge = 2 * np.pi  # metres that it grows in a minute
    assert seconds["control"] == pytest.approx(600 * edge / (60 - edge), rel=1e-3)
    assert seconds["mop-up"] == 7200
    slow = forest({**FIRE, "escape": "10 m2", "burn_out": "40 h"}, ["1 d"], out=OUT_IN_A_DAY)
    assert judged(slow)["out"].share == 0


def test_what_is_over_before_its_clock_begins_is_in_time() -> None:
    target = {**OUT_IN_A_DAY, "clock": {"start": "arrived", "stop": "controlled"}}
    mapping = forest({**FIRE, "burn_out": "1 min"}, ["1 d"], t=target)
    assert judged(mapping)["t"].share == 1.0


@pytest.mark.parametrize(("stop", "horizon"), [("out", "365 d"), ("controlled", "365 d"), ("out", "40 h")])
def test_a_fire_that_nobody_came_to_and_that_burns_out_was_not_put_out(stop: str, horizon: str) -> None:
    """Each burns for 10 h, at one place. The only engine is at the first, and then the second is out.

    An ambulance comes to both, and cannot fight fires. The second is over and missed, however early the end.
    """
    target = {**OUT_IN_A_DAY, "clock": {"start": "reported", "stop": stop}}
    tables, scenario = two_fires(target, horizon)
    incidents, responses = tables.frames()
    assert incidents.out_s.tolist() == [34 * HOUR, 34 * HOUR]
    assert responses.kind.tolist() == ["unit", "ambulance", "ambulance"]
    found = tally_all(tables, scenario)["t"]
    assert isinstance(found, Tally)
    assert (found.n, found.hits, found.timed) == (2, 1, 1)


def two_fires(target: dict[str, Any], horizon: str) -> tuple[sim.Tables, sim.Scenario]:
    """Two fires at 24 h, for one engine and two ambulances; neither is ever under control."""
    task = {**FIRE, "rates": {"unit": "0.1 m/min"}, "burn_out": "10 h"}
    inject = {"at": "24 h", "type": "call", "zone": "z"}
    kind = call(work={"task": task, "times": {"ambulance": "1 h"}})
    kind["levels"]["IV"]["needs"] = {"unit": 1, "ambulance": 1}
    mapping = world(
        horizon=horizon,
        fleet__units={"s": {"unit": 1, "ambulance": 2}},
        incident__call=kind,
        demand={"drill": {"use": "sim.demand.timeline.Timeline", "known": True, "injects": [inject] * 2}},
        targets={"t": target},
    )
    mapping["fleet"]["kinds"]["ambulance"] = dict(mapping["fleet"]["kinds"]["unit"])
    mapping["fleet"]["kinds"]["unit"]["access"] = "10 min"
    scenario = sim.build(mapping).scenario
    return sim.tabulate(sim.simulate(scenario), scenario), scenario


def test_burnt_land_is_that_of_a_year_also_of_fires_that_still_burn() -> None:
    """A circle of 1 m/min for 10 h is pi 600² m² = 1.131 km², 11.31 per thousand of 100 km²."""
    task = {**FIRE, "escape": "10 m2", "burn_out": "10 h"}
    assert judged(forest(task, ["1 d"], burnt=BURNT))["burnt"].share == pytest.approx(np.pi * 0.36 / 100)
    late = forest({**FIRE, "escape": "10 m2", "burn_out": "100 h"}, ["8750 h"], burnt=BURNT)
    assert judged(late)["burnt"].share == pytest.approx(np.pi * 0.36 / 100)  # 10 h before the end


def test_few_fires_decide_nothing_and_many_do() -> None:
    task = {**FIRE, "burn_out": "10 h"}
    few = judged(forest(task, ["1 d"], burnt=BURNT))["burnt"]
    assert few.n < FEWEST_FIRES
    assert few.verdict == "undecided"
    many = judged(forest(task, [f"{i} d" for i in range(1, 40)], burnt=BURNT))["burnt"]
    assert many.n >= FEWEST_FIRES
    assert many.verdict == "met"
    assert judge_most(mean_interval(np.array([0.20, 0.21, 0.19]), 0.95), 0.1) == "missed"


def test_the_mean_of_replications_has_its_t_interval() -> None:
    found = mean_interval(np.array([0.1, 0.2, 0.3]), 0.95)
    assert found.share == pytest.approx(0.2)
    assert found.upper - found.share == pytest.approx(4.302653 * 0.1 / np.sqrt(3), rel=1e-6)
    assert mean_interval(np.array([0.1]), 0.95)[1:] == (0.0, 1.0)


def test_a_radius_covers_the_share_of_land_within_it() -> None:
    """A circle of 1 km in the middle of a square of 4 km holds pi / 16 of it."""
    target = {"measure": "radius", "sites": ["helipad"], "of": "area", "radius": "1 km", "share": "50 %"}
    scenario = sim.build(
        world(
            place__zones={"z": {"x": "0 m", "y": "0 m", "side": "4 km", "people": 1}},
            place__sites={
                **stations({"s": (0, 0)}),
                "h": {"kind": "helipad", "x": "0 m", "y": "0 m"},
            },
            targets={"t": target},
        )
    ).scenario
    verdict = judged(scenario)["t"]
    assert verdict.share == pytest.approx(np.pi / 16, abs=0.003)
    assert verdict.verdict == "missed"


def test_what_is_only_declared_is_never_judged() -> None:
    target = {"measure": "declared", "waits_for": "relief", "states": {"people": 5000}}
    verdict = judged(sim.build(world(targets={"t": target})).scenario)["t"]
    assert verdict.verdict == NOT_MODELLED
    assert verdict.summary() == {
        "name": "t", "share": None, "lower": None, "upper": None, "required": None,
        "verdict": NOT_MODELLED, "n": 0,
    }  # fmt: skip


def test_an_incident_is_counted_by_its_own_card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of the calls ask for the other kind only: they say nothing about units of this one."""
    monkeypatch.chdir(tmp_path)
    rows = (f"{i * 7200},call,z,{'unit' if i % 2 else 'other'}:1" for i in range(1, 21))
    Path("calls.csv").write_text("at,type,zone,needs\n" + "\n".join(rows) + "\n")
    target = {
        "measure": "response", "clock": {"start": "reported", "stop": "arrived"}, "units": ["unit"],
        "limit": "10 min", "share": "90 %", "confidence_level": "95 %",
    }  # fmt: skip
    mapping = world(
        demand={"history": {"use": "sim.demand.trace.Trace", "file": "calls.csv"}},
        targets={"t": target},
        incident={"call": call(work={"times": {"unit": "5 min", "other": "5 min"}})},
    )
    mapping["fleet"]["kinds"]["other"] = mapping["fleet"]["kinds"]["unit"]
    mapping["fleet"]["units"]["s"]["other"] = 1
    verdict = judged(sim.build(mapping).scenario, 1)["t"]
    assert (verdict.n, verdict.share) == (10, 1.0)


def test_a_whole_card_that_never_came_is_not_assembled() -> None:
    """Four units asked for, one in the fleet, and the task over before the others could come."""
    target = {
        "measure": "response", "clock": {"start": "reported", "stop": "arrived"}, "of": "all",
        "limit": "1 h", "share": "90 %", "confidence_level": "95 %",
    }  # fmt: skip
    scenario = forest({**FIRE, "burn_out": "10 h"}, ["1 d"], t=target)
    assert judged(scenario)["t"].share == 1.0
    mapping = forest_with_four(target)
    assert judged(mapping)["t"].share == 0.0


def forest_with_four(target: dict[str, Any]) -> sim.Scenario:
    task = {**FIRE, "burn_out": "10 h"}
    mapping = world(
        horizon="60 h",
        incident={"call": call(work={"task": task})},
        demand={
            "drill": {"use": "sim.demand.timeline.Timeline", "injects": [{"at": "1 h", "type": "call"}]},
        },
        targets={"t": target},
    )
    mapping["incident"]["call"]["levels"]["IV"]["needs"] = {"unit": 4}
    return sim.build(mapping).scenario


def test_supplies_are_used_where_a_unit_has_come() -> None:
    from sim.measure.supplies import used

    mapping = world(horizon="1000 h", incident={"call": call("0.05 per hour", "10 min")})
    mapping["incident"]["call"]["levels"]["IV"]["supplies"] = {"foam_l": 20.0}
    scenario = sim.build(mapping).scenario
    tables = sim.tabulate(sim.simulate(scenario), scenario)
    arrived = tables.frames()[0].arrived_s.notna().sum()
    assert arrived > 20
    assert used(tables, scenario) == {"foam_l": 20.0 * arrived}
