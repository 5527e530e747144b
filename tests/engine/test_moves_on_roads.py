"""Units that move up while roads close and open, and how far they drive, by hand.

The network, in minutes and km; from a to b it takes 30 min (30 km), by the valley 80::

    a --10 (10)-- west --10 (10)-- east --10 (10)-- b
                    \\                             /
                     30 (20.6) --- south --- 40 (25)
"""

from math import dist
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from worlds import call, stations, world

import sim

NODES = """id,x,y
a,0,0
west,10000,0
east,20000,0
b,30000,0
south,15000,-20000
"""
ARCS = """from,to,name,unit_s
a,west,high street,600
west,east,bridge,600
east,b,hill road,600
west,south,valley,1800
south,b,ford,2400
"""
VALLEY_M = dist((10_000, 0), (15_000, -20_000)) + dist((15_000, -20_000), (30_000, 0))
MANNED = {"use": "sim.dispatch.compliance.Compliance", "kinds": ["unit"], "priority": ["b", "a"]}


@pytest.fixture
def moved(tmp_path: Path) -> Any:
    """b's unit goes out at 0 and works all day; one of a's two moves to b. Return its move."""
    (tmp_path / "nodes.csv").write_text(NODES)
    (tmp_path / "arcs.csv").write_text(ARCS)

    def move(*closures: dict[str, Any], calls: tuple[tuple[float, float], ...] = (), **changes: Any) -> Any:
        injects = [
            {"at": f"{minutes} min", "type": "call", "x": f"{x_km} km", "y": "0 m"}
            for minutes, x_km in ((0, 30), *calls)
        ]
        usual: dict[str, Any] = {
            "horizon": "24 h",
            "place__zones": {"z": {"x": "20 km", "y": "0 m", "side": "50 km", "people": 1}},
            "place__sites": stations({"a": (0, 0), "b": (30_000, 0)}),
            "fleet__units": {"a": {"unit": 2}, "b": {"unit": 1}},
            "fleet__available": "clearing",
            "incident__call": call(scene="22 h"),
            "travel": {
                "use": "sim.travel.network.Network",
                "nodes": "nodes.csv",
                "arcs": "arcs.csv",
                "speeds": {"unit": {"speeds": {}, "off_road": "5 km/h"}},
                "cache": False,
            },
            "demand": {"drill": {"use": "sim.demand.timeline.Timeline", "known": True, "injects": injects}},
            "closures": {f"c{i}": each for i, each in enumerate(closures)},
            "move_up": MANNED,
        }
        scenario = sim.build(world(**usual | changes), folders=[tmp_path]).scenario
        tables = sim.tabulate(sim.simulate(scenario), scenario)
        move.responses = tables.frames()[1]
        move.all = sim.measure.tables.frame(tables.moves)
        return move.all.iloc[0]

    return move


def closed(road: str, from_min: float, until_min: float | None = None) -> dict[str, Any]:
    until = {} if until_min is None else {"until": f"{until_min} min"}
    return {"roads": [road], "at": f"{from_min} min"} | until


def test_a_move_is_as_long_as_its_road(moved: Any) -> None:
    move = moved()
    assert (move.unit, move.from_site, move.to_site) == ("a/unit-2", "a", "b")
    assert (move.ordered_s, move.there_s) == (0, 1800)
    assert move.length_m == 30_000


def test_a_unit_that_moves_up_goes_by_the_best_way_that_is_left(moved: Any) -> None:
    """The bridge closes at 5 min: on to west at 10, then by the valley, 80 min in all."""
    move = moved(closed("bridge", 5))
    assert move.there_s == 80 * 60
    assert move.length_m == pytest.approx(10_000 + VALLEY_M)


def test_one_that_has_passed_goes_on(moved: Any) -> None:
    move = moved(closed("bridge", 21))
    assert (move.there_s, move.length_m) == (1800, 30_000)


def test_opened_again_before_it_turns_off_it_is_there_as_if_nothing_had_been(moved: Any) -> None:
    move = moved(closed("bridge", 5, 7))
    assert move.there_s == 1800
    assert move.length_m == pytest.approx(30_000)


def test_without_a_way_it_stands_until_one_opens(moved: Any) -> None:
    """At west from 10 min on; the bridge opens at 60 min."""
    move = moved(closed("bridge", 5, 60), closed("valley", 5))
    assert move.there_s == 80 * 60
    assert move.length_m == pytest.approx(30_000)
    assert np.isnan(moved(closed("bridge", 5), closed("valley", 5)).there_s)


def test_one_that_is_sent_on_its_way_has_driven_to_where_it_turns(moved: Any) -> None:
    """After the closure it is 6 min down the valley at 16 min; it goes on to south and from there to b."""
    move = moved(closed("bridge", 5), calls=((1, 0), (16, 30)))
    assert np.isnan(move.there_s)
    assert move.length_m == pytest.approx(10_000 + dist((10_000, 0), (15_000, -20_000)))
    last = moved.responses[moved.responses.incident == 2].iloc[0]
    assert (last.unit, last.arrived_s) == ("a/unit-2", 80 * 60)


def test_a_plane_tells_the_straight_line(moved: Any) -> None:
    plane = {
        "use": "sim.travel.planar.Planar",
        "speeds": {"unit": {"built_up": {"day": "10 m/s", "night": "10 m/s"}}},
    }
    move = moved(travel=plane)
    assert (move.there_s, move.length_m) == (3000, 30_000)


def test_a_move_that_is_over_stays_so_whatever_the_unit_does_later(moved: Any) -> None:
    """At b by 30 min, it is sent from there at 40; on its way home from 90 on, it is moved to a at 95."""
    move = moved(calls=((1, 0), (40, 20), (60, 30), (95, 30)), incident__call=call(scene="40 min"))
    assert ("a/unit-2", 5700) in zip(moved.all.unit, moved.all.ordered_s, strict=True)
    second = moved.responses[moved.responses.incident == 2].iloc[0]
    assert (second.unit, second.from_base, second.cleared_s) == ("a/unit-2", True, 5400)
    assert (move.there_s, move.length_m) == (1800, 30_000)
