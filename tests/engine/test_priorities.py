"""Priorities that change with the level, and other orders of the queue, by hand: on a line at 10 m/s."""

from typing import Any

import pandas as pd
import pytest
from worlds import call, stations, world

import sim

SPEED = {"unit": {"built_up": {"day": "10 m/s", "night": "10 m/s"}}}


def kind(levels: dict[str, Any]) -> dict[str, Any]:
    """1,000 s of work for each unit, sized up a minute after the first arrival."""
    found = call("0 per hour", scene="1000 s", size_up="60 s")
    return found | {"levels": {name: {"probability": "50 %", **each} for name, each in levels.items()}}


PLAIN = call("0 per hour", scene="1000 s")
PLAIN["levels"]["IV"]["priority"] = 2
RISING = kind(
    {
        "III": {"priority": 1, "needs": {"unit": 1}},
        "IV": {
            "priority": 2,
            "needs": {"unit": 1},
            "becomes": {"late": {"after": "300 s", "level": "III"}},
        },
    }
)
"""An incident to which nobody has come after 5 minutes is of level III, and of priority 1."""
FALLING = kind(
    {
        "III": {"priority": 1, "needs": {"unit": 2}, "becomes": {"found": {"IV": "100 %"}}},
        "IV": {"priority": 3, "needs": {"unit": 2}},
    }
)
"""An incident that looks grave, and is found to be of priority 3; it takes two units all the same."""


def inject(at_s: float, x_m: float, name: str = "plain", level: str = "IV", **more: Any) -> dict[str, Any]:
    return {"at": f"{at_s} s", "type": name, "x": f"{x_m} m", "y": "0 m", "level": level, **more}


def answer(*injects: dict[str, Any], **changes: Any) -> pd.DataFrame:
    """The responses, in order of assignment, of one unit at x = 0 unless said otherwise."""
    usual: dict[str, Any] = {
        "horizon": "24 h",
        "place__zones": {"z": {"x": "0 m", "y": "0 m", "side": "100 km", "people": 1}},
        "place__sites": stations({"s": (0, 0), "t": (40_000, 0)}),
        "fleet__available": "clearing",
        "incident": {"plain": PLAIN, "rising": RISING, "falling": FALLING},
        "travel__speeds": SPEED,
        "demand": {"drill": {"use": "sim.demand.timeline.Timeline", "known": True, "injects": list(injects)}},
    }
    scenario = sim.build(world(**usual | changes)).scenario
    _, found = sim.tabulate(sim.simulate(scenario), scenario).frames()
    return found.sort_values(["assigned_s", "incident"])


def test_an_incident_that_is_raised_while_it_waits_goes_before_those_it_is_now_more_urgent_than() -> None:
    """The unit is free at 1,100 s; at 320 s the third, reported last, has become more urgent."""
    found = answer(inject(0, 1000), inject(10, 1000), inject(20, 1000, "rising"))
    assert found.incident.tolist() == [0, 2, 1]
    assert found.assigned_s.tolist() == [0, 1100, 2100]


def test_one_that_is_found_lighter_goes_behind() -> None:
    """Sized up at 160 s, it still waits for its second unit, behind who was reported after it."""
    found = answer(inject(0, 1000, "falling", "III"), inject(10, 1000))
    assert found.incident.tolist() == [0, 1, 0]
    assert found.assigned_s.tolist() == [0, 1100, 2100]


def test_one_that_is_raised_takes_a_unit_from_what_is_now_less_urgent() -> None:
    """At 310 s the unit is 3.1 km out; back to 1 km it takes 210 s."""
    policy = {"use": "sim.dispatch.closest.Closest", "preempts": {1: [2]}}
    found = answer(inject(0, 10_000), inject(10, 1000, "rising"), dispatch=policy)
    assert found.incident.tolist() == [0, 1, 0]
    assert found.assigned_s.tolist() == [0, 310, 1520]
    assert found.arrived_s.tolist()[1] == 520


def test_one_that_is_found_lighter_loses_a_unit_to_who_waits_and_is_now_more_urgent() -> None:
    """At 160 s the second unit, from 40 km, is at 38.4 km; the one who waits is at 37.4 km."""
    found = answer(
        inject(0, 1000, "falling", "III"),
        inject(50, 37_400),
        dispatch={"use": "sim.dispatch.closest.Closest", "preempts": {1: [2], 2: [3]}},
        fleet__units={"s": {"unit": 1}, "t": {"unit": 1}},
    )
    assert found.incident.tolist() == [0, 0, 1, 0]
    assert found.assigned_s.tolist() == [0, 0, 160, 1100]
    assert found.arrived_s.tolist()[2] == 260


def in_turn(queue: dict[str, Any] | None, **changes: Any) -> list[int]:
    """The incidents in the order in which the one unit goes to them; free at 1,100 s."""
    waiting = (inject(10, 1000, priority=3), inject(400, 1000, priority=2), inject(900, 1000, priority=1))
    found = answer(inject(0, 1000), *waiting, queue=queue, **changes)
    return found.incident.tolist()


def test_who_waits_is_served_by_priority_unless_another_discipline_says_otherwise() -> None:
    assert in_turn(None) == [0, 3, 2, 1]
    assert in_turn({"use": "sim.dispatch.queues.FirstCome"}) == [0, 1, 2, 3]


def test_with_ageing_a_wait_is_worth_a_priority() -> None:
    """Reported at 10, 400 and 900 s with priority 3, 2 and 1: steps of 300, 420 and 450 s, and an hour."""
    steps = {"5 min": [1, 2, 3], "7 min": [2, 1, 3], "450 s": [2, 3, 1], "1 h": [3, 2, 1]}
    for step, expected in steps.items():
        assert in_turn({"use": "sim.dispatch.queues.Ageing", "step": step}) == [0, *expected]


def test_a_discipline_of_ones_own_sees_the_incident_and_what_it_cannot_be_stops_the_run() -> None:
    assert in_turn({"use": "plugins.LastCome"}) == [0, 3, 2, 1]
    assert in_turn({"use": "plugins.LastCome", "first": 2}) == [0, 2, 3, 1]
    of = r"BadKey\.key of incident 1, reported at 10\.0 s,"
    with pytest.raises(sim.PolicyError, match=f"{of} gave 'soon', not a number"):
        in_turn({"use": "plugins.BadKey"})
    with pytest.raises(sim.PolicyError, match=rf"{of} raises ValueError: no idea \(plugins\.py, line \d+\)"):
        in_turn({"use": "plugins.BadKey", "fails": True})


def test_a_raised_incident_keeps_its_turn_where_priorities_do_not_count() -> None:
    first = inject(0, 1000), inject(10, 1000), inject(20, 1000, "rising")
    found = answer(*first, queue={"use": "sim.dispatch.queues.FirstCome"})
    assert found.incident.tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("queue", "expected"),
    [
        ({"use": "sim.dispatch.queues.LastCome"}, "which has no LastCome"),
        ({"use": "sim.dispatch.closest.Closest"}, r"subclasses sim\.seams\.QueueDiscipline"),
        ({"use": "sim.dispatch.queues.Ageing"}, "step"),
        ({"use": "sim.dispatch.queues.Ageing", "step": "0 s"}, "above 0"),
        ({"use": "sim.dispatch.queues.Ageing", "step": 60}, "a time"),
    ],
)
def test_a_discipline_that_cannot_be_is_refused(queue: dict[str, Any], expected: str) -> None:
    with pytest.raises(sim.ConfigError, match=expected):
        in_turn(queue)
