"""Drills: injects at their moments and places, known to the responders or not."""

from typing import Any

import numpy as np
import pytest
from worlds import call, world

import sim
from sim.engine.run import draw
from sim.measure.notes import notes


def drill(*injects: dict[str, Any], known: bool = False, **changes: Any) -> dict[str, Any]:
    mapping = world(
        horizon="72 h",
        place__zones={"z": {"x": "0 m", "y": "0 m", "side": "10 km", "people": 1}},
        demand={
            "drill": {"use": "sim.demand.timeline.Timeline", "known": known, "injects": list(injects)},
        },
        **changes,
    )
    delayed = {"dist": "lognormal", "median": "5 min", "sigma": 0.5}
    mapping["incident"]["call"] |= {"detection": delayed, "reporting": delayed, "handling": "1 min"}
    mapping["fleet"]["kinds"]["unit"]["turnout"] = delayed
    return mapping


def test_moments_are_read_as_people_write_them() -> None:
    injects = [{"at": at, "type": "call"} for at in ("9 h", "09:10", "09:10:30", "2022-01-04 06:00", "2 d")]
    found = draw(sim.build(drill(*injects)).scenario, 1, 0)
    assert sorted(found.occurred_s.tolist()) == [32400.0, 33000.0, 33030.0, 108000.0, 172800.0]


def test_places_and_marks_are_those_given() -> None:
    injects = [
        {"at": "1 h", "type": "call", "x": "1 km", "y": "-2 km", "priority": 9, "call_handling": "7 s"},
        {"at": "2 h", "type": "call", "site": "s", "scene": "11 min"},
        {"at": "3 h", "type": "call", "zone": "z"},
        {"at": "4 h", "type": "call"},
    ]
    found = draw(sim.build(drill(*injects)).scenario, 1, 0)
    order = np.argsort(found.occurred_s)
    assert (found.x_m[order[0]], found.y_m[order[0]]) == (1000, -2000)
    assert (found.priority[order[0]], found.handling_s[order[0]]) == (9, 7)
    assert (found.x_m[order[1]], found.y_m[order[1]]) == (0, 0)
    slot = found.first_slot[:-1][order[1]]
    assert found.scene_s[slot] == 660
    assert (np.abs(found.x_m) <= 5000).all()


def test_known_injects_meet_units_that_stand_by() -> None:
    hidden, known = (
        draw(sim.build(drill({"at": "1 h", "type": "call"}, known=known)).scenario, 1, 0)
        for known in (False, True)
    )
    assert hidden.reported_s[0] > 3600
    assert hidden.turnout_s[0] > 0
    assert known.reported_s[0] == known.occurred_s[0] == 3600
    assert known.turnout_s[0] == 0


def test_a_drill_runs_on_top_of_random_incidents_which_stay_the_same() -> None:
    mapping = drill({"at": "1 h", "type": "call"})
    mapping["demand"]["poisson"] = {"use": "sim.demand.poisson.Poisson"}
    both = draw(sim.build(mapping).scenario, 1, 0)
    del mapping["demand"]["drill"]
    alone = draw(sim.build(mapping).scenario, 1, 0)
    assert np.array_equal(both.occurred_s[both.source == 1], alone.occurred_s)


def test_injects_after_the_horizon_are_noted() -> None:
    injects = [{"at": at, "type": "call"} for at in ("1 h", "80 h", "72 h", "71.9 h")]
    scenario = sim.build(drill(*injects)).scenario
    assert len(draw(scenario, 1, 0)) == 2
    told = "drill: 2 of 4 injects lie after the horizon (3 d) and are left out, the first of them at 80 h"
    assert notes(scenario) == [told]
    assert notes(sim.build(drill(injects[0])).scenario) == []


QUAKE = {
    "magnitude": {"b": 0.9, "least": 4.0, "most": 8.5},
    "levels": {
        "IV": {"magnitude": 4, "priority": 3, "needs": {"unit": 1}},
        "II": {"magnitude": 6, "priority": 1, "needs": {"unit": 2}},
    },
}


def test_an_inject_with_a_magnitude_has_the_level_of_it() -> None:
    injects = [{"at": f"{i} h", "type": "call", "magnitude": m} for i, m in enumerate((5.9, 6.0, 7.5))]
    mapping = drill(*injects, known=True)
    mapping["incident"]["call"] |= QUAKE
    found = draw(sim.build(mapping).scenario, 1, 0)
    assert found.magnitude.tolist() == [5.9, 6.0, 7.5]
    assert found.level.tolist() == [4, 2, 2]


def test_a_level_is_no_magnitude() -> None:
    mapping = drill({"at": "1 h", "type": "call", "level": "II"})
    mapping["incident"]["call"] |= QUAKE
    with pytest.raises(sim.ConfigError, match="magnitude, from which the level and the shaking of call"):
        sim.build(mapping)


def test_the_earthquake_drill_shakes_what_is_near() -> None:
    """The quake comes when it was announced; what it sets off differs by replication."""
    scenario = sim.prepare("experiment=earthquake_drill", "horizon=1 d").scenario
    replications = []
    for replication in range(8):
        x, _ = sim.tabulate(sim.simulate(scenario, replication=replication), scenario).frames()
        (quake,) = x.index[x.type == "earthquake"]
        assert (x.occurred_s[quake], x.magnitude[quake], x.level[quake]) == (8 * 3600 + 12 * 60, 6.0, "II")
        born = x[x.parent == quake]
        assert (born.occurred_s >= x.occurred_s[quake]).all()
        replications.append(tuple(sorted(born.type)))
    assert len(set(replications)) == 8
    wanted = {"aftershock", "structure_fire", "building_collapse", "power_outage", "road_blockage"}
    assert wanted <= set().union(*replications)


BAD = {
    "a magnitude of what has none": (
        {"at": "1 h", "type": "call", "magnitude": 6.0},
        "injects.0.magnitude",
        "none, because call has none",
    ),
    "an unknown type": ({"at": "1 h", "type": "cal"}, "injects.0.type", '"call"'),
    "an unknown level": ({"at": "1 h", "type": "call", "level": "V"}, "injects.0.level", "a known level"),
    "an unknown site": ({"at": "1 h", "type": "call", "site": "t"}, "injects.0.site", "a known site"),
    "no such moment": ({"at": "noon", "type": "call"}, "injects.0.at", "a time with its unit"),
    "before the start": ({"at": "2022-01-02 10:00", "type": "call"}, "injects.0.at", "2022-01-03"),
    "two places": (
        {"at": "1 h", "type": "call", "site": "s", "zone": "z"},
        "injects.0",
        "one of lat and lon, x and y, zone, and site",
    ),
    "half a place": ({"at": "1 h", "type": "call", "x": "1 km"}, "injects.0", "both x and y"),
    "degrees in a place of metres": (
        {"at": "1 h", "type": "call", "lat": 36.0, "lon": 117.0},
        "injects.0",
        "x and y, because the place is in metres",
    ),
    "a misspelt key": ({"at": "1 h", "type": "call", "levl": "IV"}, "injects.0.levl", '"level"'),
    "no moment": ({"type": "call"}, "injects.0.at", "a value"),
}


@pytest.mark.parametrize(("inject", "where", "expected"), BAD.values(), ids=BAD.keys())
def test_a_mistake_is_told_with_its_inject(inject: dict[str, Any], where: str, expected: str) -> None:
    with pytest.raises(sim.ConfigError) as told:
        sim.build(drill(inject))
    (problem,) = told.value.problems
    assert where in f"{problem.where} {'.'.join(problem.path)}"
    assert expected in problem.expected


def test_injects_set_off_others() -> None:
    child = {"law": "count", "mean": 5.0, "delay": "10 min"}
    mapping = drill({"at": "1 h", "type": "call"}, incident__other=call("0 per hour"))
    mapping["incident"]["call"]["spawns"] = {"other": child}
    mapping["demand"]["cascade"] = {"use": "sim.demand.cascade.Cascade"}
    scenario = sim.build(mapping).scenario
    incidents, _ = sim.tabulate(sim.simulate(scenario, seed=4), scenario).frames()
    children = incidents[incidents.type == "other"]
    assert len(children) > 0
    assert (incidents.type[children.parent.astype(int)] == "call").all()
    assert (children.source == "drill").all()
