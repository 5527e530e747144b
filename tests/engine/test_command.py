"""The level of command decides after a call is classified: a stage of its own, between clocks."""

from typing import Any

import numpy as np
import pytest
from centre import calls, clock, taken
from worlds import call, world

import sim
from sim.measure.breakdown import stages_between
from sim.measure.tallies import tally
from sim.model.targets import Population, ResponseTarget

ALL = Population()
DELAYS = {"I": "20 min", "II": "10 min"}


def by_level() -> dict[str, Any]:
    level = {"probability": "25 %", "priority": 1, "needs": {"unit": 1}}
    return {"call": call("0 per hour", "1 min", levels=dict.fromkeys(("I", "II", "III", "IV"), level))}


def levels(*words: str) -> list[dict[str, str]]:
    return [calls("09:00", handling="1 min")[0] | {"level": word} for word in words]


def test_units_are_sent_once_the_level_of_command_has_decided() -> None:
    tables = taken(levels("I", "II", "III", "IV"), by_level(), command=DELAYS, alerting="2 min")
    x = tables.incidents
    assert clock(x["classified_s"]) == ["09:01"] * 4
    assert clock(x["decided_s"]) == clock(x["assigned_s"]) == ["09:21", "09:11", "09:01", "09:01"]
    assert clock(x["notified_s"]) == ["09:23", "09:13", "09:03", "09:03"]


@pytest.mark.parametrize("start", ["reported", "decided", "assigned"])
def test_the_breakdown_tells_the_decision_apart_from_the_wait_for_a_unit(start: str) -> None:
    """Two incidents at once for one unit that is away for 50 min: the second waits in the queue."""
    injects = calls("09:00", "09:00", handling="1 min")
    mapping = world(
        horizon="7 d",
        incident={"call": call("0 per hour", "50 min")},
        centre={"command": {"IV": "10 min"}},
        demand={"drill": {"use": "sim.demand.timeline.Timeline", "injects": injects}},
    )
    scenario = sim.build(mapping).scenario
    tables = sim.tabulate(sim.simulate(scenario), scenario)
    aim = ResponseTarget("t", "t", "", start, "arrived", "first", ALL, 60.0, 0.9, 0.95)
    found = tally(tables, scenario, aim)
    stages = dict(zip(stages_between("reported", "arrived"), found.stage_s / found.timed, strict=True))
    seconds = [stages[name] for name in ("answering", "handling", "command", "queue")]
    assert seconds == pytest.approx([0, 60, 600, 1500], abs=1)


def test_what_is_not_decided_by_the_horizon_is_open() -> None:
    tables = taken([calls("2022-01-09 23:50", handling="1 min")[0]], command={"IV": "10 min"})
    x = tables.incidents
    assert clock(x["classified_s"]) == ["23:51"]
    assert np.isnan(x["decided_s"]).all()
    assert np.isnan(x["assembled_s"]).all()
    assert np.isnan(x["cleared_s"]).all()


def test_a_command_that_takes_no_time_changes_nothing_and_a_law_of_its_own_draws_nothing_else() -> None:
    laws = [{}, {"IV": "0 s"}, {"IV": {"dist": "exponential", "mean": "10 min"}}]
    runs = []
    for law in laws:
        scenario = sim.build(world(centre={"command": law, "call_takers": 1})).scenario
        runs.append(sim.simulate(scenario))
    assert runs[0].missions.tobytes() == runs[1].missions.tobytes()
    assert np.array_equal(runs[0].classified_s, runs[2].classified_s, equal_nan=True)
    waits = runs[2].decided_s - runs[2].classified_s
    assert waits[~np.isnan(waits)].mean() == pytest.approx(600, rel=0.4)
