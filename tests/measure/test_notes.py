"""What looks unintended in ways to travel that are otherwise sound."""

from pathlib import Path
from typing import Any

from worlds import call, points, stations, world

import sim
from sim.measure.notes import notes_on

AIR = {
    "use": "sim.travel.air.Air",
    "modes": {"h": {"cruise": "200 km/h", "weather": ["fog"]}},
}
FOG = {"fog": ["10 %"] * 12}
HELI = {"mode": "h", "turnout": "0 s", "access": "0 s"}


def notes(folder: Path | None = None, **changes: Any) -> list[str]:
    return notes_on(sim.build(world(**changes), folders=[folder] if folder else []))


def flying(needs: dict[str, int]) -> dict[str, Any]:
    """A helicopter beside the unit, and a card."""
    levels = {"IV": {"probability": "100 %", "priority": 1, "needs": needs}}
    return {
        "air": AIR,
        "weather": {"kinds": FOG},
        "fleet__kinds__h": HELI,
        "fleet__units": {"s": {"unit": 1, "h": 1}},
        "incident__call": call(levels=levels) | {"work": {"times": {"unit": "1 h", "h": "1 h"}}},
    }


def test_weather_that_never_comes_slows_nobody_down() -> None:
    (note,) = notes(traffic={"weather": {"fog": "50 %"}})
    assert note.startswith("nothing is slowed down by fog: the weather has no kinds")
    assert notes(traffic={"weather": {"fog": "50 %"}}, weather={"kinds": FOG}) == []


def test_weather_that_never_comes_keeps_nobody_on_the_ground() -> None:
    (note,) = notes(**flying({"h": 1}) | {"weather": {}})
    assert note.startswith("nothing keeps aircraft from flying on days of fog: the weather has no kinds")


def test_aircraft_that_are_not_there_or_that_nobody_asks_for() -> None:
    assert notes(**flying({"h": 1})) == []
    assert notes(**flying({"unit": 1})) == ["no response card asks for h: these units are never sent"]
    grounded = flying({"unit": 1}) | {"fleet__units": {"s": {"unit": 1}}}
    assert notes(**grounded) == ["nobody flies: no unit goes by h (see fleet.units)"]


def matrix(folder: Path, table: str, **more: Any) -> list[str]:
    (folder / "t.csv").write_text(table)
    spots = {"a": (0.0, 0.0), "b": (3000.0, 0.0), "c": (3000.0, 4000.0)}
    return notes(
        folder,
        place__zones={name: {**spot, "people": 10} for name, spot in points(spots).items()},
        place__sites=stations({"s": (0.0, 0.0)}),
        travel={
            "use": "sim.travel.matrix.Matrix",
            "modes": {"unit": {"file": "t.csv", "unit": "min"}},
        }
        | more,
    )


def test_a_table_says_who_is_reached_in_no_time(tmp_path: Path) -> None:
    table = ",a,b,c\na,0,5,9\nb,6,0,4\nc,8,4,0\n"
    assert matrix(tmp_path, table) == [
        "within a node no time passes: 10 of 30 people are at the node of a base, 0 s from it "
        "(see off_road, or finer nodes)"
    ]
    assert matrix(tmp_path, table, off_road="20 km/h") == []


def test_a_table_says_whence_nobody_comes_back(tmp_path: Path) -> None:
    out = matrix(tmp_path, ",a,b,c\na,0,5,9\nb,inf,0,4\nc,inf,4,0\n", off_road="20 km/h")
    assert out == ["unit can leave s for 2 of 3 nodes, but not the other way"]
    back = matrix(tmp_path, ",a,b,c\na,0,inf,inf\nb,5,0,4\nc,5,4,0\n", off_road="20 km/h")
    assert back == ["unit can come to s from 2 of 3 nodes, but not the other way"]


def test_cards_that_ask_for_more_than_there_is() -> None:
    """The county has three units with 5 people each, of which two come to large incidents only."""
    kind = {"mode": "unit", "turnout": "0 s", "access": "0 s", "crew": 5, "capabilities": ["fire"]}
    kinds = {"unit": kind}
    levels = {
        "II": {"probability": "50 %", "priority": 1, "needs": {"fire": 4}, "later": {"crew": {"fire": 15}}},
        "III": {"probability": "20 %", "priority": 1, "needs": {"fire": 2}},
        "IV": {"probability": "30 %", "priority": 1, "needs": {"fire": 1}},
    }
    found = notes(
        fleet__kinds=kinds,
        place__sites=stations({"s": (0, 0), "t": (0, 0)}),
        fleet__units={"s": {"unit": 1}, "t": {"unit": 2}},
        fleet__forces={"city": {"bases": ["t"], "from_level": "II"}},
        incident__call=call(levels=levels, size_up="1 min", work={"times": {"fire": "1 h"}}),
    )
    assert found == [
        "all units together bring 3 fire, and more is asked for by call (II)",
        "all units together bring 1 fire, and more is asked for by call (III)",
    ]
