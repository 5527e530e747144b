"""Forces of a city that only come to larger incidents, and reserves that neighbours keep, by hand."""

from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest
from worlds import call, stations, world

import sim
from sim.dispatch.closest import Closest
from sim.seams import Order, View

SPEED = {mode: {"built_up": {"day": "10 m/s", "night": "10 m/s"}} for mode in ("unit", "city")}
CITY = {"mode": "city", "turnout": "0 s", "access": "0 s", "capabilities": ["unit"]}


def inject(at_s: float, level: str = "IV") -> dict[str, Any]:
    return {"at": f"{at_s} s", "type": "call", "x": "1 km", "y": "0 m", "level": level}


def county(*injects: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Two units of the county at x = 0, two of the city at 20 km, which take half an hour to mobilise."""
    kind = call()
    kind |= {"size_up": "60 s", "work": {"times": {"unit": "1000 s", "city": "1000 s"}}}
    kind["levels"] = {
        "III": {"probability": "50 %", "priority": 1, "needs": {"unit": 3}},
        "IV": {"probability": "50 %", "priority": 2, "needs": {"unit": 1}},
    }
    usual: dict[str, Any] = {
        "horizon": "24 h",
        "place__zones": {"z": {"x": "0 m", "y": "0 m", "side": "100 km", "people": 1}},
        "place__sites": stations({"s": (0, 0), "t": (20_000, 0)}),
        "fleet__kinds__city": dict(CITY),
        "fleet__units": {"s": {"unit": 2}, "t": {"city": 2}},
        "fleet__forces": {"city": {"bases": ["t"], "from_level": "III", "mobilisation": "30 min"}},
        "fleet__available": "clearing",
        "incident__call": kind,
        "travel__speeds": SPEED,
        "demand": {"drill": {"use": "sim.demand.timeline.Timeline", "injects": list(injects)}},
    }
    return world(**usual | changes)


def answer(mapping: dict[str, Any]) -> tuple[pd.DataFrame, pd.DataFrame]:
    scenario = sim.build(mapping).scenario
    return sim.tabulate(sim.simulate(scenario), scenario).frames()


def test_the_city_does_not_come_to_what_is_ordinary_even_when_all_others_are_out() -> None:
    _, found = answer(county(*(inject(i) for i in range(3))))
    assert found.kind.tolist() == ["unit"] * 3
    assert found.assigned_s.tolist() == [0, 1, 1100]


def test_it_comes_to_larger_ones_after_its_own_time_to_mobilise() -> None:
    _, found = answer(county(inject(0, "III")))
    assert found.kind.tolist() == ["unit", "unit", "city"]
    assert found.arrived_s.tolist() == [100, 100, 1800 + 1900]


def test_what_is_found_to_be_larger_brings_it_in() -> None:
    mapping = county(inject(0))
    mapping["incident"]["call"]["levels"]["IV"]["becomes"] = {"found": {"III": "100 %"}}
    _, found = answer(mapping)
    assert found.assigned_s.tolist() == [0, 160, 160]
    assert sorted(found.kind) == ["city", "unit", "unit"]


@pytest.mark.parametrize(("horizon", "cut_off"), [("900 s", False), ("920 s", True)])
def test_an_incident_is_cut_off_once_it_is_grave_enough_for_units_that_cannot_get_there(
    horizon: str, cut_off: bool
) -> None:
    """The county's only unit is out; after 15 min the incident is raised, but the city's base is closed."""
    mapping = county(inject(0), inject(10), horizon=horizon)
    mapping["fleet"]["units"]["s"]["unit"] = 1
    late = {"late": {"after": "15 min", "level": "III"}}
    mapping["incident"]["call"]["levels"]["IV"]["becomes"] = late
    mapping["closures"] = {"c": {"at": "0 s", "x": "20 km", "y": "0 m", "within": "500 m"}}
    incidents, _ = answer(mapping)
    assert incidents.cut_off.tolist() == [False, cut_off]


def test_a_neighbour_keeps_its_reserve_and_nobody_says_that_roads_are_closed() -> None:
    """Of three units at s two may go; the third call waits until one comes free, at 1,100 s."""
    mapping = county(*(inject(i) for i in range(3)))
    mapping["fleet"]["forces"]["neighbours"] = {"bases": ["s"], "reserve": 1}
    mapping["fleet"]["units"]["s"]["unit"] = 3
    incidents, found = answer(mapping)
    assert found.assigned_s.tolist() == [0, 1, 1100]
    assert not incidents.cut_off.any()


@pytest.mark.parametrize("found", ["III", "IV"])
def test_who_is_on_its_way_to_what_is_lighter_than_it_comes_to_is_relieved_all_the_same(found: str) -> None:
    """Two go at 1 s, one of them from the city, 1,900 s away; the other says at 161 s of which level it is.

    At 300 s the second unit of s is done with another call, and 1,500 s nearer.
    """
    mapping = county({**inject(0), "type": "small", "x": "0 m"}, inject(1, "III"))
    mapping["incident"]["small"] = call(scene="300 s")
    levels = mapping["incident"]["call"]["levels"]
    levels["III"] |= {"needs": {"unit": 2}} | (
        {"becomes": {"found": {"IV": "100 %"}}} if found == "IV" else {}
    )
    levels["IV"]["needs"] = {"unit": 2}
    mapping["fleet"]["kinds"].pop("city")
    mapping["incident"]["call"]["work"]["times"].pop("city")
    mapping["fleet"] |= {"units": {"s": {"unit": 2}, "t": {"unit": 1}}}
    mapping["fleet"]["forces"] = {"city": {"bases": ["t"], "from_level": "III"}}
    mapping["dispatch"]["relieve_by"] = "2 min"
    _, sent = answer(mapping)
    cause = sent.cause.astype(object).where(sent.cause.notna(), "")
    assert list(zip(sent.unit, sent.assigned_s, cause, strict=True)) == [
        ("s/unit-1", 0, ""),
        ("s/unit-2", 1, ""),
        ("t/unit-1", 1, "relieved"),
        ("s/unit-1", 300, ""),
    ]


def test_a_card_that_only_others_could_fill_is_refused() -> None:
    mapping = county(inject(0))
    mapping["fleet"]["units"] = {"t": {"city": 2}}
    with pytest.raises(sim.ConfigError, match=r"a unit in fleet\.units that brings it and comes to level IV"):
        sim.build(mapping)


def test_nobody_is_asked_about_what_no_free_unit_may_come_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four ordinary calls for two units; the city's are free all the time, and would not come."""
    asked: list[tuple[int, bool]] = []

    def decide(self: Closest, view: View) -> Iterator[Order]:
        for need in view.needs:
            found = next(view.candidates(need), None)
            asked.append((need.incident.row, found is not None))
            if found is not None:
                yield Order(found[0], need.incident)

    monkeypatch.setattr(Closest, "decide", decide)
    answer(county(*(inject(i) for i in range(4))))
    assert asked[:4] == [(0, True), (1, True), (2, False), (3, False)]  # as they are called in
    assert asked[4:] == [(2, True), (3, True)]  # when units come free


def test_a_reserve_that_keeps_all_units_of_a_force_is_refused() -> None:
    mapping = county(inject(0))
    mapping["fleet"]["forces"]["city"]["reserve"] = 1
    answer(mapping)
    mapping["fleet"]["forces"]["city"]["reserve"] = 2
    with pytest.raises(sim.ConfigError, match="less than the 2 of a kind at its largest base, or nobody"):
        sim.build(mapping)
