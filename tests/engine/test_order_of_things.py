"""What goes first, by hand: at one moment, among equals, and when units are taken away. See tests/witness."""

from typing import Any

import pandas as pd
import pytest
from worlds import call, stations, world

import sim

Rows = list[tuple[Any, ...]]


def inject(at_s: float, x_m: float, priority: int = 1, **more: Any) -> dict[str, Any]:
    return {"at": f"{at_s} s", "type": "call", "x": f"{x_m} m", "y": "0 m", "priority": priority, **more}


def answer(*injects: dict[str, Any], **changes: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A line from -50 to 50 km at 10 m/s, two units at 0, 1,000 s of work; units stay available."""
    timeline = {"use": "sim.demand.timeline.Timeline", "known": True, "injects": list(injects)}
    usual: dict[str, Any] = {
        "horizon": "24 h",
        "place__zones": {"z": {"x": "0 m", "y": "0 m", "side": "100 km", "people": 1}},
        "place__sites": stations({"s": (0, 0), "t": (40_000, 0)}),
        "fleet__available": "clearing",
        "fleet__units": {"s": {"unit": 2}},
        "incident__call": call(scene="1000 s"),
        "travel__speeds": {"unit": {"built_up": {"day": "10 m/s", "night": "10 m/s"}}},
        "demand": {"drill": timeline},
    }
    scenario = sim.build(world(**usual | changes)).scenario
    return sim.tabulate(sim.simulate(scenario), scenario).frames()


def closest(**rules: Any) -> dict[str, Any]:
    return {"use": "sim.dispatch.closest.Closest", **rules}


def rows(responses: pd.DataFrame, *columns: str) -> Rows:
    table = responses.sort_values(["assigned_s", "incident"], kind="stable")
    table["cause"] = table.cause.astype(object).where(table.cause.notna(), "")
    return list(table[["incident", *columns]].itertuples(index=False, name=None))


def cards(**levels: dict[str, float]) -> dict[str, Any]:
    """A type of incident for each card."""
    found = {"call": call(scene="1000 s")}
    for name, needs in levels.items():
        found[name] = call(scene="1000 s")
        found[name]["levels"]["IV"]["needs"] = needs
    return found


def circle(at_s: float, until_s: float, x_m: float, within_m: float = 500) -> dict[str, Any]:
    return {
        "at": f"{at_s} s",
        "until": f"{until_s} s",
        "x": f"{x_m} m",
        "y": "0 m",
        "within": f"{within_m} m",
    }


@pytest.mark.parametrize("earlier_s", [10, 1100])
def test_a_call_finds_the_unit_that_comes_free_at_its_moment(earlier_s: float) -> None:
    """It is free at 1,150 s, whether a call that concerns nobody here came early or late."""
    handled = call(scene="1000 s", handling="50 s")
    _, found = answer(
        inject(0, 1000, type="handled"),
        inject(earlier_s, -40_000),
        inject(1150, 1000),
        place__sites=stations({"s": (0, 0), "t": (40_000, 0), "u": (-40_000, 0)}),
        fleet__units={"s": {"unit": 1}, "t": {"unit": 1}, "u": {"unit": 1}},
        incident={"call": call(scene="1000 s"), "handled": handled},
        demand__drill__known=False,
    )
    assert rows(found, "unit", "assigned_s")[-1] == (2, "s/unit-1", 1150)


def test_of_units_at_one_base_the_one_goes_that_has_been_there_longest() -> None:
    """Unit 1 comes free at 1,200 s and is back at 1,400 s; unit 2 at 1,210 s and at 1,260 s."""
    _, found = answer(inject(0, 2000), inject(160, -500), inject(5000, 100))
    assert rows(found, "unit")[-1] == (2, "s/unit-2")


def test_who_loses_a_unit_while_another_is_served_is_not_forgotten() -> None:
    """At 1,240 s unit 1 is back: the urgent incident takes unit 2 from the second, which then gets unit 1.

    The urgent one asks for two at once, and has one of them turned away.
    """
    incidents, found = answer(
        inject(0, 1200, 2),
        inject(100, 30_000, 2),
        inject(150, 30_000, 2),
        inject(200, 12_000, 1, type="both"),
        dispatch=closest(preempts={1: [2]}, whole=True),
        centre={"queue_limit": 1},
        incident=cards(both={"able": 2}),
        fleet__kinds__unit__capabilities=["able"],
        fleet__available="in_quarters",
    )
    assert incidents.units_sent.tolist() == [1, 1, 1, 1]
    assert rows(found, "unit", "cause", "assigned_s")[1:4] == [
        (1, "s/unit-2", "pre-empted", 100),
        (1, "s/unit-1", "", 1240),
        (3, "s/unit-2", "", 1240),
    ]


def test_the_most_urgent_of_those_who_lose_units_gets_the_next_one() -> None:
    """At 100 s two units are taken away at once; the one of t goes to the second, which is more urgent."""
    _, found = answer(
        inject(0, 30_000, 3),
        inject(10, 30_000, 2),
        inject(100, 1000, 1, type="both"),
        dispatch=closest(preempts={1: [2, 3]}),
        incident=cards(both={"unit": 2}),
        fleet__units={"s": {"unit": 2}, "t": {"unit": 1}},
        place__sites=stations({"s": (0, 0), "t": (-40_000, 0)}),
    )
    assert (1, "t/unit-1", 100) in rows(found, "unit", "assigned_s")


def test_a_full_queue_turns_away_what_comes_new_and_no_more() -> None:
    """The first incident waits beyond the limit, because it had a unit; the third is turned away, once."""
    incidents, _ = answer(
        inject(0, 10_000, 3),
        inject(100, 1000, 1),
        inject(150, 1000, 1),
        dispatch=closest(preempts={1: [3]}),
        centre={"queue_limit": 0},
        fleet__units={"s": {"unit": 1}},
    )
    assert incidents.units_turned_away.tolist() == [0, 0, 1]
    assert incidents.units_needed.tolist() == [1, 1, 1]
    assert incidents.cleared_s.notna().tolist() == [True, True, False]


def test_what_was_turned_away_is_not_asked_for_again_when_a_unit_is_lost() -> None:
    """The third asks for a unit, which the queue cannot hold, and for one of the crew, which waits.

    It gets it at 2,000 s, loses it at 2,100 s, and waits again for one of the crew, not for a unit.
    """
    crewed = call(scene="1000 s")
    crewed["levels"]["IV"] |= {"needs": {"unit": 1}, "crew": {"unit": 1}}
    incidents, _ = answer(
        inject(0, 0),
        inject(10, 0),
        inject(20, 30_000, 3, type="crewed"),
        inject(2100, 1000, 1),
        horizon="2500 s",
        dispatch=closest(preempts={1: [3]}),
        centre={"queue_limit": 1},
        incident={"call": call(scene="1000 s"), "crewed": crewed},
        fleet__kinds__unit__crew=1,
        fleet__units={"s": {"unit": 1}},
    )
    assert incidents.units_waiting.tolist() == [0, 0, 1, 0]
    assert incidents.units_turned_away.tolist() == [0, 0, 1, 0]


def test_who_gives_up_before_leaving_goes_elsewhere_at_that_moment() -> None:
    """At 30 s the first place closes, whose unit still turns out; the second opens, and that unit serves it.

    Another is free at 40 km. Who is to go leaves at 60 s, when it is ready.
    """
    _, found = answer(
        inject(0, 5000),
        inject(10, -2000),
        closures={"c": circle(30, 9000, 5000), "d": circle(0, 30, -2000)},
        fleet__units={"s": {"unit": 1}, "t": {"unit": 1}},
        fleet__kinds__unit__turnout="60 s",
        demand__drill__known=False,
    )
    assert rows(found, "unit", "cause", "assigned_s", "enroute_s", "from_base")[:2] == [
        (0, "s/unit-1", "cut off", 0, pytest.approx(float("nan"), nan_ok=True), True),
        (1, "s/unit-1", "", 30, 60, True),
    ]


def test_an_urgent_incident_takes_a_unit_away_as_soon_as_roads_open() -> None:
    _, found = answer(
        inject(0, 5000, 1),
        inject(10, -10_000, 3),
        closures={"c": circle(0, 100, 5000)},
        fleet__units={"s": {"unit": 1}},
        dispatch=closest(preempts={1: [3]}),
    )
    assert rows(found, "cause", "assigned_s")[:2] == [(1, "pre-empted", 10), (0, "", 100)]


def test_who_is_told_on_the_road_and_told_again_does_not_wait_twice() -> None:
    """On its way home it is sent on at 1,930 s, to set out at 1,960 s, and at 1,940 s sent elsewhere."""
    _, found = answer(
        inject(0, 5000, 3),
        inject(1930, -9000, 3),
        inject(1940, 2000, 1),
        centre={"alerting": "30 s"},
        fleet__units={"s": {"unit": 1}},
        dispatch=closest(preempts={1: [3]}),
    )
    assert rows(found, "assigned_s", "enroute_s", "expected_s")[1:3] == [
        (1, 1930, pytest.approx(float("nan"), nan_ok=True), pytest.approx(900 + 100)),
        (2, 1940, 1970, pytest.approx(100)),
    ]


def test_a_closure_elsewhere_leaves_a_trip_that_has_not_begun_as_it_was() -> None:
    """It is decided on ten seconds before 6:00, at the speed of the night, and begins by day."""
    _, found = answer(
        inject(6 * 3600 - 10, 1000),
        closures={"c": circle(6 * 3600 + 20, 9 * 3600, 30_000)},
        travel__speeds={"unit": {"built_up": {"day": "10 m/s", "night": "5 m/s"}}},
        fleet__kinds__unit__turnout="60 s",
        demand__drill__known=False,
    )
    assert found.arrived_s.tolist() == [6 * 3600 - 10 + 60 + 200]


def test_relief_of_a_unit_that_is_not_needed_any_more_sends_nobody() -> None:
    """The unit brings one man of two, the van, free at 700 s, both; another unit is free nearby at 800 s."""
    unit = {"mode": "unit", "turnout": "0 s", "access": "0 s", "crew": 1}
    men = call(scene="700 s")
    men["levels"]["IV"]["needs"] = {}
    men["levels"]["IV"]["crew"] = {"unit": 2}
    men["work"]["times"]["van"] = men["work"]["times"]["unit"]
    _, found = answer(
        inject(0, -1000),
        inject(0, 21_000),
        inject(500, 20_000, type="men"),
        place__sites=stations({"s": (0, 0), "b": (-1000, 0), "t": (22_000, 0)}),
        fleet__kinds={"unit": unit, "van": unit | {"crew": 2, "capabilities": ["unit"]}},
        fleet__units={"s": {"unit": 1}, "b": {"van": 1}, "t": {"unit": 1}},
        dispatch=closest(relieve_by="1 min"),
        incident={"call": call(scene="700 s"), "men": men},
    )
    assert rows(found, "unit", "cause")[2:] == [(2, "s/unit-1", "relieved"), (2, "b/van-1", "")]
