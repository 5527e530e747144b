"""Village teams that hold a scene until the right units are there, by hand: on a line at 10 m/s."""

from typing import Any

import pandas as pd
import pytest
from worlds import call, stations, world

import sim

SPEED = {"unit": {"built_up": {"day": "10 m/s", "night": "10 m/s"}}}
AT_ONCE = {"mode": "unit", "turnout": "0 s", "access": "0 s"}
TEAM = AT_ONCE | {"capabilities": ["first_attack"], "holds": "2 h"}


def answer(*moments_s: float, needs: dict[str, int], **changes: Any) -> pd.DataFrame:
    """Calls at x = 0: a village team there, with 600 s of work, and engines at 10 km, with 1,000 s."""
    levels = {"IV": {"probability": "100 %", "priority": 2, "needs": needs}}
    kind = call(levels=levels) | {"work": {"times": {"first_attack": "600 s", "engine": "1000 s"}}}
    usual: dict[str, Any] = {
        "horizon": "24 h",
        "place__zones": {"z": {"x": "0 m", "y": "0 m", "side": "100 km", "people": 1}},
        "place__sites": stations({"village": (0, 0), "town": (10_000, 0)}),
        "fleet__kinds": {"team": TEAM, "engine": AT_ONCE},
        "fleet__units": {"village": {"team": 1}, "town": {"engine": 2}},
        "fleet__available": "in_quarters",
        "incident__call": kind,
        "travel__speeds": SPEED,
        "demand": {
            "drill": {
                "use": "sim.demand.timeline.Timeline",
                "injects": [{"at": f"{s} s", "type": "call", "x": "0 m", "y": "0 m"} for s in moments_s],
            }
        },
    }
    scenario = sim.build(world(**usual | changes)).scenario
    return sim.tabulate(sim.simulate(scenario), scenario).frames()[1]


def left(found: pd.DataFrame, unit: str) -> list[float]:
    times: list[float] = found[found.unit == unit].left_scene_s.tolist()
    return times


def test_it_stays_until_the_engine_is_there() -> None:
    """Its own work takes 600 s, the engine 1,000 s to come."""
    found = answer(0, needs={"first_attack": 1, "engine": 1})
    assert left(found, "village/team-1") == [1000]
    assert left(found, "town/engine-1") == [2000]


def test_it_stays_for_all_that_the_card_asks_for() -> None:
    """The only engine works at the first fire until 2,000 s and is home at 3,000 s; then it comes."""
    found = answer(
        0,
        0,
        needs={"engine": 1, "first_attack": 1},
        fleet__units={"village": {"team": 1}, "town": {"engine": 1}},
    )
    assert left(found, "village/team-1")[0] == 1000
    second = found[found.incident == 1].sort_values("assigned_s")
    assert second.unit.tolist() == ["village/team-1", "town/engine-1"]
    assert second.assigned_s.tolist() == [1000, 3000]
    assert second.left_scene_s.tolist() == [4000, 5000]


def test_it_does_not_wait_where_all_are_there_or_its_kind_does_not_hold() -> None:
    assert left(answer(0, needs={"first_attack": 1}), "village/team-1") == [600]
    kinds = {"team": AT_ONCE | {"capabilities": ["first_attack"]}, "engine": AT_ONCE}
    found = answer(0, needs={"first_attack": 1, "engine": 1}, fleet__kinds=kinds)
    assert left(found, "village/team-1") == [600]


def test_it_goes_after_its_time_where_nobody_comes() -> None:
    """Three engines are asked for and there are two, which leave at 2,000 s and cannot come again in time."""
    kinds = {"team": TEAM | {"holds": "30 min"}, "engine": AT_ONCE}
    found = answer(0, needs={"first_attack": 1, "engine": 3}, fleet__kinds=kinds)
    assert left(found, "village/team-1") == [600 + 1800]


@pytest.mark.parametrize(("found", "leaves_s"), [("0 %", 600 + 7200), ("100 %", 1060)])
def test_what_is_found_to_take_less_is_held_no_longer(found: str, leaves_s: float) -> None:
    """Three engines never come; but at 1,060 s it is known that two will do, and two are there."""
    levels = {
        "III": {
            "probability": "100 %",
            "priority": 1,
            "needs": {"first_attack": 1, "engine": 3},
            "becomes": {"found": {"IV": found}},
        },
        "IV": {"probability": "0 %", "priority": 2, "needs": {"first_attack": 1, "engine": 2}},
    }
    kind = call(levels=levels, size_up="1060 s")
    kind["work"] = {"times": {"first_attack": "600 s", "engine": "9000 s"}}
    told = answer(0, needs={}, incident__call=kind)
    assert left(told, "village/team-1") == [leaves_s]


def test_holding_for_no_time_is_refused() -> None:
    with pytest.raises(sim.ConfigError, match=r"fleet.kinds.team.holds"):
        answer(0, needs={"engine": 1}, fleet__kinds={"team": TEAM | {"holds": "0 s"}, "engine": AT_ONCE})


def test_it_leaves_when_a_common_task_is_over() -> None:
    """Two engines are asked for and one is there: it has done at 1,600 s, and nobody waits for the other."""
    work = {
        "task": {"law": "amount", "amount": "600 s", "rates": {"engine": 1}},
        "times": {"first_attack": "100 s"},
    }
    levels = {"IV": {"probability": "100 %", "priority": 2, "needs": {"engine": 2, "first_attack": 1}}}
    for engines in (1, 2):
        found = answer(
            0,
            needs={},
            incident__call=call(levels=levels) | {"work": work},
            fleet__units={"village": {"team": 1}, "town": {"engine": engines}},
        )
        assert left(found, "village/team-1") == [1600 if engines == 1 else 1000]


def test_it_does_not_wait_for_what_was_turned_away() -> None:
    found = answer(
        0,
        needs={"engine": 2, "first_attack": 1},
        centre={"queue_limit": 0},
        fleet__units={"village": {"team": 1}, "town": {"engine": 1}},
    )
    assert left(found, "village/team-1") == [1000]
