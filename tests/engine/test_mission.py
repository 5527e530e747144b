"""One mission worked out by hand, every stage with a time of its own."""

from typing import Any

import pytest
from worlds import world

import sim


def county(at: list[float], **changes: Any) -> dict[str, Any]:
    """A scene at (0, 0); the base 3 km west; the good hospital 4 km north, a nearer one that is too small.

    10 m/s by day. Two calls may come at once, to one call-taker.
    """
    mapping = world(
        horizon="24 h",
        place={
            "name": "county",
            "zones": {"scene": {"x": "0 m", "y": "0 m", "people": 1, "side": "8 km"}},
            "sites": {
                "base": {"kind": "fire_station", "x": "-3 km", "y": "0 m"},
                "small": {"kind": "hospital", "x": "1 km", "y": "0 m", "accepts": ["IV", "III"]},
                "far": {"kind": "hospital", "x": "0 m", "y": "-4.5 km"},
                "good": {"kind": "hospital", "x": "0 m", "y": "4 km", "accepts": ["I", "II"]},
            },
        },
        fleet={
            "kinds": {
                "unit": {
                    "mode": "unit",
                    "turnout": "60 s",
                    "access": "30 s",
                    "transports": True,
                    "handover": "0 s",
                }
            },
            "units": {"base": {"unit": 2}},
        },
        incident={"call": call_of_two_levels()},
        centre={"call_takers": 1, "pick_up": "5 s", "alerting": "15 s"},
        travel__speeds={"unit": {"built_up": {"day": "10 m/s", "night": "10 m/s"}}},
        demand={"fixed": {"use": "plugins.Patients", "at": at}},
    )
    for path, value in changes.items():
        mapping[path] = value
    return mapping


def call_of_two_levels() -> dict[str, Any]:
    level = {"priority": 1, "needs": {"unit": 1}}
    return {
        "rate": "1 per hour",
        "detection": "0 s",
        "reporting": "0 s",
        "handling": "0 s",
        "work": {"times": {"unit": "0 s"}},
        "levels": {"IV": level | {"probability": "50 %"}, "II": level | {"probability": "50 %"}},
    }


def test_every_stage_of_a_mission() -> None:
    """Marks: handling 40 s, turnout 70 s, out x 1.1, access 20 s, scene 500 s, to hospital x 1.2,
    hand-over 600 s, home x 0.9."""
    scenario = sim.build(county([1000.0])).scenario
    incidents, responses = sim.tabulate(sim.simulate(scenario), scenario).frames()
    (incident,), (response,) = incidents.itertuples(), responses.itertuples()
    assert (incident.occurred_s, incident.detected_s, incident.reported_s) == (1000, 1010, 1030)
    assert (incident.answered_s, incident.classified_s) == (1035, 1075)
    expected = {
        "assigned_s": 1075,
        "notified_s": 1090,
        "enroute_s": 1160,
        "arrived_s": 1160 + 300 * 1.1,
        "at_work_s": 1490 + 20,
        "left_scene_s": 1510 + 500,
        "at_destination_s": 2010 + 400 * 1.2,
        "transferred_s": 2490 + 600,
        "cleared_s": 3090,
        "in_quarters_s": 3090 + 500 * 0.9,
    }
    for clock, moment in expected.items():
        assert getattr(response, clock) == pytest.approx(moment), clock
    assert (response.hospital, response.base, response.expected_s) == ("good", "base", 300)
    assert (incident.arrived_s, incident.assembled_s) == pytest.approx((1490, 1490))
    assert (incident.controlled_s, incident.cleared_s) == pytest.approx((2010, 3090))


def test_a_second_caller_waits_for_the_one_call_taker() -> None:
    """Answered 5 s after the first call ends at 1075; with two call-takers at once."""
    for takers, answered in ((1, 1080), (2, 1045), (None, 1045)):
        centre = {"call_takers": takers, "pick_up": "5 s", "alerting": "15 s"}
        scenario = sim.build(county([1000.0, 1010.0], centre=centre)).scenario
        incidents, responses = sim.tabulate(sim.simulate(scenario), scenario).frames()
        assert incidents.answered_s.tolist() == [1035, answered]
        assert incidents.classified_s.tolist() == [1075, answered + 40]
        assert responses.notified_s.tolist() == [1090, answered + 55]


def test_marks_follow_the_level_its_card_its_scene_and_its_transport() -> None:
    mapping = world(
        horizon="3000 h",
        place__sites__h={"kind": "hospital", "x": "0 m", "y": "0 m"},
        fleet__kinds__unit__transports=True,
        fleet__kinds__unit__handover="1 min",
        fleet__units={"s": {"unit": 9}},
    )
    mapping["incident"]["call"] |= {
        "work": {"times": {"unit": "10 min"}},
        "transport": "30 %",
        "levels": {
            "IV": {"probability": "75 %", "priority": 2, "needs": {"unit": 1}},
            "I": {
                "probability": "25 %",
                "priority": 1,
                "needs": {"unit": 2},
                "work": {"times": {"unit": "40 min"}},
                "transport": "80 %",
            },
        },
    }
    scenario = sim.build(mapping).scenario
    incidents, responses = sim.tabulate(sim.simulate(scenario), scenario).frames()
    assert (incidents.level == "I").mean() == pytest.approx(0.25, abs=0.04)
    responses = responses.merge(incidents[["incident", "level", "priority", "units_needed"]], on="incident")
    for level, units, priority, scene_s, share in (("IV", 1, 2, 600, 0.3), ("I", 2, 1, 2400, 0.8)):
        some = responses[(responses.level == level) & responses.left_scene_s.notna()]
        assert set(some.units_needed) == {units}
        assert set(some.priority) == {priority}
        assert (some.left_scene_s - some.at_work_s).to_numpy() == pytest.approx(scene_s)
        assert some.hospital.notna().mean() == pytest.approx(share, abs=0.05)


def test_engines_per_station_sets_every_station_that_has_an_engine() -> None:
    def split(*overrides: str) -> tuple[list[str], list[str]]:
        fleet = sim.prepare(*overrides).scenario.fleet
        engines = [unit.name for unit in fleet.units if fleet.kinds[unit.kind].name == "engine"]
        return engines, [unit.name for unit in fleet.units if unit.name not in engines]

    engines, others = split("fleet.engines_per_station=2")
    stations = {name.partition("/")[0] for name in split()[0]}
    assert sorted(engines) == sorted(f"{station}/engine-{i}" for station in stations for i in (1, 2))
    assert others == split()[1]
