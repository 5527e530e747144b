"""Common tasks, with answers worked out by hand: control, escape, burnt area, and who leaves when."""

from typing import Any

import numpy as np
import pytest
from worlds import ONE_CALL, stations, world

import sim
from sim.measure.tables import frame
from sim.measure.tallies import Tally, tally_all

MIN = 60.0


def county(task: dict[str, Any], arrivals_min: list[float], **more: Any) -> dict[str, Any]:
    """One incident at time 0, known at once; unit i is at work from ``arrivals_min[i]`` on."""
    kinds = {f"unit{i}": {"mode": "unit", "turnout": "0 s", "access": f"{m} min", "capabilities": ["crew"]}
             for i, m in enumerate(arrivals_min)}  # fmt: skip
    mapping = world(
        horizon="60 h",
        place__sites=stations({"s": (0, 0)}),
        fleet__kinds=kinds,
        fleet__units={"s": dict.fromkeys(kinds, 1)},
        demand=ONE_CALL,
    )
    call = mapping["incident"]["call"]
    call["work"] = {"task": {"burn_out": "50 h", **task}}
    call["levels"]["IV"]["needs"] = {"crew": len(kinds)} | more.pop("needs", {})
    return mapping


def outcome(mapping: dict[str, Any]) -> tuple[Any, Any]:
    scenario = sim.build(mapping).scenario
    incidents, responses = sim.tabulate(sim.simulate(scenario), scenario).frames()
    return incidents.iloc[0], responses


CIRCLE = {"law": "wildland", "speed": "2 m/min", "length_to_width": 1.0, "rates": {"crew": "30 m/min"}}


def test_case_10_a_circular_fire_is_contained_when_the_line_is_as_long_as_its_edge() -> None:
    fire, responses = outcome(county({**CIRCLE, "mop_up": "1 h"}, [30]))
    assert fire.controlled_s / MIN == pytest.approx(51.624, abs=5e-4)
    assert fire.burnt_m2 / 1e4 == pytest.approx(3.349, abs=5e-4)
    assert fire.out_s == pytest.approx(fire.controlled_s + 3600)
    assert responses.left_scene_s[0] == fire.out_s
    assert not fire.escaped


@pytest.mark.parametrize(("rate", "contained"), [(12.566, False), (12.6, True)])
def test_case_10_it_is_never_contained_by_a_line_that_grows_slower_than_its_edge(
    rate: float, contained: bool
) -> None:
    """The edge of a circle that grows by 2 m/min is 2 pi 2 m = 12.566 m longer each minute."""
    fire, _ = outcome(county({**CIRCLE, "rates": {"crew": f"{rate} m/min"}, "burn_out": "10000 h"}, [0.01]))
    assert (fire.controlled_s < 60 * 3600) == contained


def test_an_ellipse_has_the_area_and_perimeter_of_its_axes() -> None:
    """Twice as long as wide: half axes a and a/2, lit at a focus c = a sqrt(3) / 2 off the middle."""
    a = 2 * 100 / (1 + 3**0.5 / 2) / 2  # the front has run 2 m/min for 50 min; c = a sqrt(3) / 2
    fire, _ = outcome(
        county({**CIRCLE, "length_to_width": 2.0, "escape": f"{3.14159265 * a * a / 2} m2"}, [3000])
    )
    assert fire.escaped
    # Ramanujan's second formula for a = 2, b = 1 gives a perimeter of 9.68845
    per_min = 2 / (1 + 3**0.5 / 2) * 9.68845 / 2
    law = {**CIRCLE, "length_to_width": 2.0, "rates": {"crew": "100 m/min"}}
    fire, _ = outcome(county(law, [30]))
    assert fire.controlled_s / MIN == pytest.approx(30 * 100 / (100 - per_min), rel=1e-5)


def test_what_escapes_burns_out_by_itself_and_then_lets_all_go() -> None:
    """It reaches 1 ha when 2 t = sqrt(10,000 / pi), after 28.2 min; the unit is there at 40."""
    fire, responses = outcome(county({**CIRCLE, "escape": "1 ha", "most": "20 ha"}, [40]))
    assert fire.escaped
    assert fire.controlled_s == fire.out_s == responses.left_scene_s[0] == 50 * 3600
    assert fire.burnt_m2 == 20e4


def test_an_amount_of_work_is_shared_from_the_moment_that_each_unit_joins() -> None:
    """10 h of work: one unit from 1 h, a second from 3 h; at 3 h are 8 left, which two do in 4 h."""
    fire, responses = outcome(county({"law": "amount", "amount": "10 h", "rates": {"crew": 1.0}}, [60, 180]))
    assert fire.controlled_s == pytest.approx(7 * 3600)
    assert responses.left_scene_s.tolist() == [fire.out_s, fire.out_s]


def test_a_unit_that_comes_too_late_leaves_as_it_comes() -> None:
    task = {"law": "amount", "amount": "1 h", "rates": {"crew": 1.0}}
    fire, responses = outcome(county(task, [0, 180]))
    assert fire.out_s == 3600
    assert responses.left_scene_s.tolist() == [3600, 180 * MIN]


def test_people_count_where_rates_are_per_person() -> None:
    """Five people do 10 h of work in two."""
    mapping = county({"law": "amount", "amount": "10 h", "rates": {"crew": 1.0}, "per": "person"}, [0])
    mapping["fleet"]["units"]["s"] = {"unit0": {"count": 1, "crew": 5}}
    assert outcome(mapping)[0].controlled_s == 2 * 3600


def test_a_task_that_grows_needs_more_than_its_growth() -> None:
    """2 h of work and half an hour more each hour: from 1 h on a unit gains half an hour an hour on 2.5 h."""
    task = {"law": "linear", "amount": "2 h", "growth": 0.5, "rates": {"crew": 1.0}}
    assert outcome(county(task, [60]))[0].controlled_s == pytest.approx(6 * 3600)
    slow = {**task, "rates": {"crew": 0.25}, "escape": "3 h"}
    fire, _ = outcome(county(slow, [60]))
    assert fire.escaped  # 2.5 h at 1 h, a quarter of an hour more each hour: 3 h left at 3 h
    assert fire.controlled_s == 50 * 3600


def test_a_squared_fire_is_controlled_by_as_much_cooling_as_it_burns() -> None:
    """Fast: 46.9 W/s² gives 4,221 kW at 300 s (case 10); 4.3 MW of cooling there at 300 s are enough."""
    task = {
        "law": "t_squared", "growth": "fast", "peak": "20 MW", "rates": {"crew": "4.3 MW"},
        "heat_per_area": "500 kW/m2", "mop_up": "30 min",
    }  # fmt: skip
    fire, _ = outcome(county(task, [5]))
    assert fire.controlled_s == 300
    assert fire.burnt_m2 * 500 == pytest.approx(4221)
    assert fire.out_s == 300 + 1800
    weak = {**task, "rates": {"crew": "4.2 MW"}}
    assert outcome(county(weak, [5]))[0].controlled_s == 50 * 3600
    together = outcome(county({**weak, "rates": {"crew": "10 MW"}}, [8, 9]))[0]
    assert together.controlled_s == 9 * MIN  # 10.8 MW at 8 min; 20 MW, all that can burn, are cooled by two


def test_when_all_is_over_nobody_is_waited_for() -> None:
    """Two are needed and one is there: it does the work alone, and the second is not called for any more."""
    mapping = county({"law": "amount", "amount": "1 h", "rates": {"crew": 1.0}}, [0], needs={"unit0": 2})
    scenario = sim.build(mapping).scenario
    tables = sim.tabulate(sim.simulate(scenario), scenario)
    assert frame(tables.unmet).fate.tolist() == ["withdrawn"]
    incident = tables.frames()[0].iloc[0]
    assert incident.out_s == 3600
    assert incident.units_waiting == 0
    assert np.isnan(incident.assembled_s)  # it never had all that its card asks for
    assert len(tables.frames()[1]) == 1


def test_a_unit_without_a_rate_leaves_after_its_own_time() -> None:
    mapping = county({"law": "amount", "amount": "5 h", "rates": {"unit0": 1.0}}, [0, 0])
    mapping["incident"]["call"]["work"]["times"] = {"unit1": "20 min"}
    _, responses = outcome(mapping)
    assert responses.set_index("kind").left_scene_s.to_dict() == {"unit0": 5 * 3600, "unit1": 20 * MIN}


def far(work: dict[str, Any], needs: dict[str, int] | None = None) -> tuple[sim.Scenario, Any]:
    """One unit is at the scene and at work at once; another drives there for 50 km at 10 m/s."""
    mapping = county({}, [0, 0])
    mapping["place"]["zones"]["z"]["side"] = "200 km"
    mapping["place"]["sites"] = stations({"s": (0, 0), "t": (50_000, 0)})
    mapping["fleet"] |= {"units": {"s": {"unit0": 1}, "t": {"unit1": 1}}, "available": "clearing"}
    mapping["travel"]["speeds"] = {"unit": {"built_up": {"day": "10 m/s", "night": "10 m/s"}}}
    call = {"at": "0 s", "type": "call", "x": "0 m", "y": "0 m"}
    mapping["demand"] = {"drill": {"use": "sim.demand.timeline.Timeline", "known": True, "injects": [call]}}
    mapping["incident"]["call"]["work"] = work
    mapping["incident"]["call"]["levels"]["IV"]["needs"] = needs or {"crew": 2}
    usual = {"measure": "response", "share": "90 %", "confidence_level": "95 %"}
    mapping["targets"] = {
        f"{of} {limit}": usual | {"clock": {"start": "notified", "stop": "arrived"}, "of": of, "limit": limit}
        for of in ("first", "all")
        for limit in ("50 min", "2 h")
    }
    mapping["targets"]["out"] = usual | {"clock": {"start": "occurred", "stop": "out"}, "limit": "2 h"}
    scenario = sim.build(mapping).scenario
    return scenario, sim.tabulate(sim.simulate(scenario), scenario)


HOUR_OF_WORK = {"law": "amount", "amount": "1 h", "burn_out": "50 h"}


def test_who_is_on_the_way_when_it_is_over_turns_back_and_can_be_sent_at_once() -> None:
    """After an hour at 10 m/s it is at km 14 of 50, and back after another hour."""
    _, tables = far({"task": HOUR_OF_WORK | {"rates": {"crew": 1.0}}})
    incidents, responses = tables.frames()
    second = responses[responses.kind == "unit1"].iloc[0]
    assert second.cause == "not needed"
    assert np.isnan(second.arrived_s)
    assert (second.cleared_s, second.in_quarters_s) == (3600, 7200)
    assert incidents.out_s[0] == 3600
    assert len(frame(tables.unmet)) == 0


def counts(scenario: sim.Scenario, tables: sim.Tables) -> dict[str, tuple[int, int]]:
    tallies = tally_all(tables, scenario).items()
    return {name: (each.hits, each.n) for name, each in tallies if isinstance(each, Tally)}


def test_a_target_is_missed_by_who_was_late_already_when_it_was_over() -> None:
    """Over after 60 min, with one of two there: all are late for 50 min, and in time for 2 h.

    What burns out after 60 min, before the only unit that can work on it is there, nobody has put out.
    """
    found = counts(*far({"task": HOUR_OF_WORK | {"rates": {"crew": 1.0}}}))
    assert found.pop("out") == (1, 1)
    assert found == {"first 50 min": (1, 1), "first 2 h": (1, 1), "all 50 min": (0, 1), "all 2 h": (1, 1)}
    burnt = {"law": "amount", "amount": "1 h", "burn_out": "1 h", "rates": {"unit1": 1.0}}
    found = counts(*far({"task": burnt}, needs={"unit1": 1}))
    assert found.pop("out") == (0, 1)
    assert found == {"first 50 min": (0, 1), "first 2 h": (0, 0), "all 50 min": (0, 1), "all 2 h": (0, 0)}


def test_who_has_work_of_its_own_goes_on() -> None:
    _, tables = far({"task": HOUR_OF_WORK | {"rates": {"unit0": 1.0}}, "times": {"unit1": "20 min"}})
    responses = tables.frames()[1]
    assert responses.set_index("kind").arrived_s.to_dict() == {"unit0": 0, "unit1": 5000}
