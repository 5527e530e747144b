"""Calls to several numbers, callers who hang up, duplicates and nuisances: worked out on paper."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from centre import calls, clock, taken
from worlds import call, world

import sim
from sim.demand.callers import DUPLICATE, FIRST, NUISANCE, Callers, callers
from sim.engine.exchange import Exchange
from sim.engine.run import draw
from sim.model.calendar import Calendar
from sim.model.log import CALL_FIELDS
from sim.rng import Streams

TYPES = {"fire": call("0 per hour", "1 min"), "medical": call("0 per hour", "1 min")}
POLICE_AND_FIRE: dict[str, Any] = {
    "separate": {
        "police": {"call_takers": 1, "pick_up": "1 min"},
        "fire": {"call_takers": 1, "pick_up": "3 min", "types": ["fire"], "misdialled": {"police": "100 %"}},
    },
    "transfer": "2 min",
}
HANG_UP = {"patience": "5 min", "redial": "2 min"}


def test_a_call_to_the_wrong_number_is_answered_and_passed_on_and_waits_again() -> None:
    """Police pick up after a minute and take two to pass a call on; fire pick up after three.

    The second caller waits for the police until 9:03, and from 9:06 on for fire, who are busy until 9:16.
    """
    tables = taken(calls("09:00", "09:01", kind="fire"), TYPES, **POLICE_AND_FIRE)
    x = tables.incidents
    assert clock(x["answered_s"]) == ["09:01", "09:04"]
    assert clock(x["classified_s"]) == ["09:16", "09:29"]
    assert x["transfers"].tolist() == [1, 1]
    told = tables.calls
    assert clock(told["came_s"]) == ["09:00", "09:01", "09:03", "09:06"]
    assert clock(told["answered_s"]) == ["09:01", "09:04", "09:06", "09:19"]
    assert clock(told["ended_s"]) == ["09:03", "09:06", "09:16", "09:29"]
    assert told["centre"].codes.tolist() == [0, 0, 1, 1]
    assert told["fate"].codes.tolist() == [1, 1, 0, 0]


def test_each_number_has_call_takers_and_a_ring_time_of_its_own() -> None:
    both = {"police": {"call_takers": 1}, "fire": {"call_takers": 2, "types": ["fire"], "pick_up": "1 min"}}
    injects = [*calls(*["09:00"] * 3, kind="fire"), *calls(*["09:00"] * 2, kind="medical")]
    tables = taken(injects, TYPES, separate=both)
    assert clock(tables.incidents["answered_s"]) == ["09:01", "09:01", "09:12", "09:00", "09:10"]
    assert not any(tables.incidents["transfers"])


def test_who_hangs_up_dials_again_and_stands_behind_those_who_came_meanwhile() -> None:
    """The second hangs up at 9:06 and dials at 9:08, again at 9:13 and 9:15; the third came at 9:07.

    At 9:20, just at the end of the patience, somebody turns to the call.
    """
    tables = taken(calls("09:00", "09:01", "09:07"), call_takers=1, hang_up=HANG_UP)
    x = tables.incidents
    assert clock(x["answered_s"]) == ["09:00", "09:20", "09:10"]
    assert clock(x["classified_s"]) == ["09:10", "09:30", "09:20"]
    assert x["hang_ups"].tolist() == [0, 2, 0]
    told = tables.calls
    assert told["wait"].tolist() == [1, 1, 1, 2, 3]
    assert clock(told["came_s"]) == ["09:00", "09:01", "09:07", "09:08", "09:15"]
    assert clock(told["ended_s"]) == ["09:10", "09:06", "09:20", "09:13", "09:30"]


def test_a_call_that_is_passed_on_may_be_hung_up_too_and_then_dials_the_right_number() -> None:
    """Both are with fire at 9:03 and 9:06; fire are busy until 9:16, and the second hangs up at 9:11."""
    tables = taken(calls("09:00", "09:01", kind="fire"), TYPES, **POLICE_AND_FIRE, hang_up=HANG_UP)
    assert clock(tables.incidents["classified_s"]) == ["09:16", "09:29"]
    assert tables.incidents["hang_ups"].tolist() == [0, 1]
    assert tables.incidents["transfers"].tolist() == [1, 1]
    assert clock(tables.calls["came_s"])[-1] == "09:13"


def by_hand(*who: tuple[int, int, float, float], **centre: Any) -> tuple[Exchange, np.ndarray]:
    """Callers (kind, incident, minute of coming, minutes of handling) at one number with one call-taker.

    Each incident takes ten minutes to classify.
    """
    mapping = world(centre={"call_takers": 1, "nuisance": {"rate": "0 per hour", "handling": "0 s"}} | centre)
    made = sim.build(mapping).scenario.centre
    kind, incident, came, handling = (np.array(each) for each in zip(*who, strict=True))
    n, at = len(who), np.zeros(len(who), np.int64)
    incidents = draw(sim.build(world(horizon="40 h")).scenario, 1, 0)
    incidents = replace(incidents, handling_s=np.full(len(incidents), 600.0))
    exchange = Exchange(incidents, made, Calendar(date(2022, 1, 3)), Streams(1, 0), 86400.0)
    told = exchange.take(
        Callers(kind, np.arange(n), incident, came * 60.0, at, at, np.zeros(n), handling * 60.0)
    )
    return exchange, told


def column(told: np.ndarray, name: str) -> list[float]:
    return told[:, CALL_FIELDS.index(name)].tolist()


def test_duplicates_and_nuisances_keep_the_taker_busy_for_their_own_time() -> None:
    exchange, told = by_hand((FIRST, 0, 0, 2), (DUPLICATE, 0, 1, 2), (NUISANCE, -1, 2, 1), (FIRST, 1, 3, 2))
    assert [at / 60 for at in column(told, "answered_s")] == [0, 10, 12, 13]
    assert [at / 60 for at in column(told, "ended_s")] == [10, 12, 13, 23]
    assert [at / 60 for at in exchange.classified_s[:2]] == [10, 23]
    assert np.isnan(column(told, "incident")[2])


def test_whoever_is_heard_first_about_an_incident_has_it_classified() -> None:
    """Who reports the second incident hangs up at 9 and dials at 11; the duplicate of 10 is heard before."""
    exchange, told = by_hand((FIRST, 0, 0, 2), (FIRST, 1, 4, 2), (DUPLICATE, 1, 10, 3), hang_up=HANG_UP)
    assert [at / 60 for at in exchange.answered_s[:2]] == [0, 10]
    assert [at / 60 for at in exchange.classified_s[:2]] == [10, 20]
    assert [at / 60 for at in column(told, "came_s")] == [0, 4, 10, 11, 18]
    assert [at / 60 for at in column(told, "ended_s")][2:] == [20, 16, 22]


def test_duplicates_and_nuisances_who_hang_up_leave_it_at_that() -> None:
    _, told = by_hand((FIRST, 0, 0, 2), (DUPLICATE, 0, 1, 2), (NUISANCE, -1, 1, 2), hang_up=HANG_UP)
    assert column(told, "fate") == [0, 2, 2]
    assert len(told) == 3


def test_what_is_not_answered_by_the_horizon_waits() -> None:
    tables = taken(calls("2022-01-09 23:55", "2022-01-09 23:58"), call_takers=1, hang_up=HANG_UP)
    assert clock(tables.incidents["answered_s"]) == ["23:55", ""]
    assert clock(tables.incidents["classified_s"]) == ["", ""]
    assert tables.calls["fate"].codes.tolist() == [0, 3]
    assert clock(tables.calls["ended_s"]) == ["", ""]
    assert tables.incidents["hang_ups"].tolist() == [0, 0]


def busy(**centre: Any) -> sim.Scenario:
    handling = {"dist": "exponential", "mean": "10 min"}
    types = {name: call("6 per hour", "1 s", handling=handling) for name in ("fire", "medical")}
    return sim.build(world(horizon="300 h", incident=types, centre=centre)).scenario


DUPLICATES = {
    "mean": 0.5, "by_type": {"fire": 2}, "delay": {"dist": "exponential", "mean": "5 min"}, "handling": "30 s"
}  # fmt: skip


def test_duplicates_come_in_their_number_and_after_the_report() -> None:
    scenario = busy(duplicates=DUPLICATES)
    tables = sim.tabulate(sim.simulate(scenario), scenario)
    x = tables.frames()[0]
    means = x.groupby("type", observed=True).duplicates.mean()
    assert means["fire"] == pytest.approx(2, abs=4 * (2 / 1800) ** 0.5)
    assert means["medical"] == pytest.approx(0.5, abs=4 * (0.5 / 1800) ** 0.5)
    again = sim.tabulate(sim.simulate(scenario), scenario).calls
    told = tables.calls["caller"].codes == DUPLICATE
    about = tables.calls["incident"][told].astype(int)
    assert (tables.calls["came_s"][told] >= x.reported_s.to_numpy()[about]).all()
    assert np.array_equal(tables.calls["came_s"], again["came_s"])


def test_another_staff_hears_the_same_callers_at_the_same_incidents() -> None:
    more: dict[str, Any] = {"duplicates": DUPLICATES, "hang_up": HANG_UP}
    more["nuisance"] = {"rate": "5 per hour", "handling": "1 min"}
    ours, theirs = busy(call_takers=6, **more), busy(call_takers={"all": {"count": 9}}, **more)
    heard = []
    for scenario in (ours, theirs):
        x = draw(scenario, 3, 0)
        heard.append(callers(x, scenario.centre, scenario.types, Streams(3, 0).below("centre"), 1e6))
    for name in ("kind", "incident", "came_s", "handling_s", "dialled"):
        assert np.array_equal(getattr(heard[0], name), getattr(heard[1], name)), name


def test_without_any_of_it_the_answer_is_that_of_the_quick_way_to_the_bit() -> None:
    """A nuisance that never calls has each call taken one by one."""
    never = {"rate": "0 per hour", "handling": "1 min"}
    for staff in (2, 3, None):
        quick, slow = (
            busy(call_takers=staff, pick_up="7 s"),
            busy(call_takers=staff, pick_up="7 s", nuisance=never),
        )
        ours, theirs = sim.simulate(quick), sim.simulate(slow)
        assert ours.missions.tobytes() == theirs.missions.tobytes()
        assert np.array_equal(ours.classified_s, theirs.classified_s, equal_nan=True)
        assert len(ours.calls) == 0 < len(theirs.calls)
