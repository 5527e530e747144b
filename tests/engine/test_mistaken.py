"""Incidents that are reported as of another type, until the first unit has sized them up, by hand."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from worlds import call, stations, world

import sim

SPEED = {"unit": {"built_up": {"day": "10 m/s", "night": "10 m/s"}}}
AT_ONCE = {"mode": "unit", "turnout": "0 s", "access": "0 s"}


def level(priority: int, **needs: int) -> dict[str, Any]:
    return {"probability": "100 %", "priority": priority, "needs": needs}


def types(share: str = "100 %", **fire: Any) -> dict[str, Any]:
    """Fires, for two engines, that are taken for rubbish, for a truck; each has times of its own."""
    real = call(levels={"III": level(1, engine=2)}, size_up="60 s") | {
        "work": {"times": {"engine": "1000 s"}}
    }
    rubbish = call(levels={"IV": level(3, truck=1)}) | {"work": {"times": {"truck": "300 s"}}}
    del rubbish["rate"]
    return {"fire": real | {"reported_as": {"rubbish": share}} | fire, "rubbish": rubbish}


def county(incident: dict[str, Any], **changes: Any) -> sim.Scenario:
    """Engines and a truck 1 km from the only fire, at 0 s."""
    usual: dict[str, Any] = {
        "horizon": "24 h",
        "place__zones": {"z": {"x": "0 m", "y": "0 m", "side": "100 km", "people": 1}},
        "place__sites": stations({"s": (1000, 0)}),
        "fleet__kinds": {"engine": AT_ONCE, "truck": AT_ONCE, "unit": AT_ONCE},
        "fleet__units": {"s": {"engine": 3, "truck": 2}},
        "fleet__available": "clearing",
        "incident": incident,
        "travel__speeds": SPEED,
        "demand": {
            "drill": {
                "use": "sim.demand.timeline.Timeline",
                "injects": [{"at": "0 s", "type": "fire", "x": "0 m", "y": "0 m"}],
            }
        },
    }
    return sim.build(world(**usual | changes)).scenario


def answer(incident: dict[str, Any], **changes: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    scenario = county(incident, **changes)
    return sim.tabulate(sim.simulate(scenario), scenario).frames()


def test_what_it_is_taken_for_goes_first_and_what_it_is_follows() -> None:
    """The truck is there at 100 s, and a minute later it is known to be a fire; the truck does its work."""
    incidents, found = answer(types())
    told = incidents.iloc[0]
    assert (told.type, told.level, told.reported_type, told.priority) == ("fire", "III", "rubbish", 3)
    assert (told.found_level, told.found_s) == ("III", 160)
    assert found[["unit", "assigned_s", "left_scene_s"]].values.tolist() == [
        ["s/engine-1", 160, 160 + 100 + 1000],
        ["s/engine-2", 160, 160 + 100 + 1000],
        ["s/truck-1", 0, 400],
    ]


def test_what_was_sent_in_vain_turns_back() -> None:
    """Two trucks are sent, one from 5 km away: it is not there yet when it is known to be a fire."""
    incident = types()
    incident["rubbish"]["levels"]["IV"]["needs"] = {"truck": 2}
    _, found = answer(
        incident,
        place__sites=stations({"s": (1000, 0), "t": (5000, 0)}),
        fleet__units={"s": {"engine": 2, "truck": 1}, "t": {"truck": 1}},
    )
    assert found[found.unit == "t/truck-1"][["cause", "cleared_s"]].values.tolist() == [["not needed", 160]]


def test_units_that_both_take_work_by_what_it_is() -> None:
    incident = types()
    incident["rubbish"]["levels"]["IV"]["needs"] = {"engine": 1}
    incident["rubbish"]["work"]["times"] = {"engine": "300 s"}
    _, found = answer(incident)
    assert found[["unit", "assigned_s", "left_scene_s"]].values.tolist() == [
        ["s/engine-1", 0, 1100],
        ["s/engine-2", 160, 1260],
    ]


def test_what_is_taken_for_something_lighter_waits_longer() -> None:
    """The only truck is out; the fire, taken for rubbish, waits behind what is reported later and graver."""
    incident = types(reported_as={"rubbish": "100 %"})
    grave = call(levels={"IV": level(2, truck=1)}) | {"work": {"times": {"truck": "300 s"}}}
    injects = [
        {"at": f"{s} s", "type": kind, "x": "1 km", "y": "0 m"}
        for s, kind in ((0, "grave"), (10, "fire"), (20, "grave"))
    ]
    incidents, found = answer(
        incident | {"grave": grave},
        fleet__units={"s": {"engine": 3, "truck": 1}},
        demand={"drill": {"use": "sim.demand.timeline.Timeline", "injects": injects}},
    )
    assert incidents.assigned_s.tolist() == [0, 600, 300]
    assert found[found.kind == "engine"].assigned_s.tolist() == [660, 660]


def test_the_share_is_as_said_and_others_are_as_without_it() -> None:
    """Of 2,000 fires a fifth is mistaken; the marks of all others, and of the engines, are the same."""
    rate = {"rate": "2000 per year"}
    changes: dict[str, Any] = {"horizon": "365 d", "demand": {"p": {"use": "sim.demand.poisson.Poisson"}}}
    with_, without = (
        sim.simulate(county(types("20 %", **rate, **more), **changes)).incidents
        for more in ({}, {"reported_as": {}})
    )
    mistaken = with_.taken_for != with_.type
    assert mistaken.mean() == pytest.approx(0.2, abs=0.03)
    assert np.array_equal(with_.occurred_s, without.occurred_s)
    first, other = (x.scene_s[x.first_slot[:-1]] for x in (with_, without))
    assert np.array_equal(first, other)


@pytest.mark.parametrize(
    ("fire", "told"),
    [
        ({"reported_as": {"rubish": "1 %"}}, 'a known incident type; did you mean "rubbish"'),
        ({"reported_as": {"fire": "1 %"}}, "another type of incident"),
        ({"reported_as": {"rubbish": "101 %"}}, "at most 100 %"),
        ({"size_up": None}, "expected size_up|size_up, after which it is known"),
    ],
)
def test_what_cannot_be_mistaken_for_is_told(fire: dict[str, Any], told: str) -> None:
    incident = types(**fire)
    with pytest.raises(sim.ConfigError, match=told):
        county(incident)


def test_who_is_sent_later_goes_by_the_urgency_that_is_known_then() -> None:
    """To rubbish at 5 m/s: the truck is there at 200 s, and it is known at 260 s. A truck sent before from
    5 km away goes on as it was sent, the engine sent then at 10 m/s."""
    incident = types()
    incident["rubbish"]["levels"]["IV"] |= {"needs": {"truck": 2}, "urgency": "routine"}
    incident["fire"]["levels"]["III"]["needs"] = {"engine": 1, "truck": 2}
    incident["fire"]["work"]["times"]["truck"] = "300 s"
    mode = {"mode": {"urgent": "unit", "routine": "slow"}}
    _, found = answer(
        incident,
        place__sites=stations({"s": (1000, 0), "t": (5000, 0)}),
        fleet__kinds={"engine": AT_ONCE | mode, "truck": AT_ONCE | mode},
        fleet__units={"s": {"engine": 2, "truck": 1}, "t": {"truck": 1}},
        travel__speeds=SPEED | {"slow": {"built_up": {"day": "5 m/s", "night": "5 m/s"}}},
    )
    assert found[["unit", "assigned_s", "arrived_s"]].values.tolist() == [
        ["s/engine-1", 260, 360],
        ["s/truck-1", 0, 200],
        ["t/truck-1", 0, 1000],
    ]


def test_a_patient_goes_by_the_urgency_that_is_known_at_the_scene() -> None:
    """Told as routine, found to be urgent after 60 s at the scene; the hospital is 2 km away."""
    ill = call(levels={"III": level(1, van=1), "IV": level(3, van=1)}, size_up="60 s", transport="100 %")
    ill["work"] = {"times": {"van": "300 s"}}
    ill["levels"]["III"]["probability"] = "0 %"
    ill["levels"]["IV"] |= {"urgency": "routine", "becomes": {"found": {"III": "100 %"}}}
    sites = stations({"s": (1000, 0)}) | {"h": {"kind": "hospital", "x": "-2000 m", "y": "0 m"}}
    mode = {"mode": {"urgent": "unit", "routine": "slow"}, "transports": True, "handover": "0 s"}
    _, found = answer(
        {"fire": ill},
        place__sites=sites,
        fleet__kinds={"van": AT_ONCE | mode},
        fleet__units={"s": {"van": 1}},
        travel__speeds=SPEED | {"slow": {"built_up": {"day": "5 m/s", "night": "5 m/s"}}},
    )
    assert found[["arrived_s", "left_scene_s", "at_destination_s"]].values.tolist() == [[200, 500, 700]]
