"""Forces that mobilise, gather at a staging point, and leave before others, by hand.

On a line at 10 m/s: our station s at 0, the neighbours' t at 20 km, their staging point at 12 km.
"""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from worlds import call, stations, world

import sim

SPEED = {"unit": {"built_up": {"day": "10 m/s", "night": "10 m/s"}}}
NEIGHBOURS = {
    "bases": ["t"],
    "mobilisation": "5 min",
    "staging": {"x": "12 km", "y": "0 m"},
    "marshalling": "10 min",
}
CLOSEST = {"use": "sim.dispatch.closest.Closest", "preempts": {1: [2, 3]}}
NONE = pytest.approx(float("nan"), nan_ok=True)


def inject(at_s: float, x_m: float, level: str = "IV", **more: Any) -> dict[str, Any]:
    return {"at": f"{at_s} s", "type": "call", "x": f"{x_m} m", "y": "0 m", "level": level, **more}


def county(*injects: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Level III takes two units and IV one, for 1,000 s of work each."""
    kind = call("0 per hour", scene="1000 s")
    kind["levels"] = {
        "III": {"probability": "50 %", "priority": 2, "needs": {"unit": 2}},
        "IV": {"probability": "50 %", "priority": 2, "needs": {"unit": 1}},
    }
    usual: dict[str, Any] = {
        "horizon": "24 h",
        "place__zones": {"z": {"x": "0 m", "y": "0 m", "side": "100 km", "people": 1}},
        "place__sites": stations({"s": (0, 0), "t": (20_000, 0), "v": (30_000, 0)}),
        "fleet__units": {"s": {"unit": 1}, "t": {"unit": 1}},
        "fleet__forces": {"neighbours": NEIGHBOURS},
        "fleet__available": "clearing",
        "incident__call": kind,
        "travel__speeds": SPEED,
        "dispatch": CLOSEST,
        "demand": {"drill": {"use": "sim.demand.timeline.Timeline", "known": True, "injects": list(injects)}},
    }
    return world(**usual | changes)


def answer(mapping: dict[str, Any]) -> tuple[pd.DataFrame, pd.DataFrame]:
    scenario = sim.build(mapping).scenario
    incidents, found = sim.tabulate(sim.simulate(scenario), scenario).frames()
    return incidents, found.sort_values(["assigned_s", "unit"])


def rows(found: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    table = found.assign(cause=found.cause.astype(object).where(found.cause.notna(), ""))
    return list(table[list(columns)].itertuples(index=False, name=None))


def test_units_of_a_force_mobilise_gather_and_go_on() -> None:
    """300 s until they leave, 800 s to the staging point, 600 s there, 1,100 s to the scene."""
    _, found = answer(county(inject(0, 1000, "III")))
    assert rows(found, "unit", "force", "enroute_s", "staged_s", "arrived_s", "expected_s") == [
        ("s/unit-1", pytest.approx(np.nan, nan_ok=True), 0, NONE, 100, 100),
        ("t/unit-1", "neighbours", 300, 1100, 2800, 2500),
    ]
    assert found.in_quarters_s.tolist() == [1200, 3800 + 1900]


def test_relief_goes_by_how_long_a_force_usually_takes_and_so_comes_to_an_end() -> None:
    """Who mobilises for longer than usual is relieved at most once, not by turns with who relieved it."""
    law = {"dist": "lognormal", "median": "5 min", "sigma": 2}
    force = NEIGHBOURS | {"mobilisation": law, "marshalling": law}
    mapping = county(
        *(inject(at_s, 1000) for at_s in range(0, 40_000, 1500)),
        fleet__units={"s": {"unit": 0}, "t": {"unit": 3}},
        fleet__forces={"neighbours": force},
        dispatch={"use": "sim.dispatch.closest.Closest", "relieve_by": "1 s"},
        horizon="72 h",
    )
    incidents, found = answer(mapping)
    assert incidents.cleared_s.notna().all()
    assert len(found) < 3 * len(incidents)


def test_the_staging_point_may_be_a_site_and_times_are_drawn() -> None:
    law = {"dist": "uniform", "low": "5 min", "high": "6 min"}
    force = NEIGHBOURS | {"staging": "v", "mobilisation": law}
    _, found = answer(county(inject(0, 1000, "III"), fleet__forces={"neighbours": force}))
    away_s = found.enroute_s.iloc[1]
    assert 300 <= away_s <= 360
    assert found.staged_s.iloc[1] == away_s + 1000
    assert found.arrived_s.iloc[1] == pytest.approx(away_s + 1000 + 600 + 2900)


@pytest.mark.parametrize(("marshalling", "first"), [("10 min", "t"), ("15 min", "v")])
def test_who_is_expected_first_goes_staging_and_mobilisation_included(marshalling: str, first: str) -> None:
    """From t it takes 300 + 800 + 1,100 s and the marshalling, from v 2,900 s straight."""
    force = {"neighbours": NEIGHBOURS | {"marshalling": marshalling}}
    units = {"t": {"unit": 1}, "v": {"unit": 1}}
    _, found = answer(county(inject(0, 1000), fleet__units=units, fleet__forces=force))
    assert rows(found, "unit") == [(f"{first}/unit-1",)]
    assert found.nearest_s.tolist() == [min(1900 + 60 * int(marshalling[:2]), 2900)]


@pytest.mark.parametrize(
    ("at_s", "first", "second"),
    [
        # While it mobilises it goes on mobilising: it leaves at 300 s all the same.
        (200, (NONE, NONE), (1100, 1700 + 700, 800 + 600 + 700)),
        # At 700 s it is at 16 km, 400 s from the staging point.
        (700, (300, NONE), (1100, 1700 + 700, 400 + 600 + 700)),
        # At 1,300 s it is at the staging point until 1,700 s, and stays so long for the second.
        (1300, (300, 1100), (1300, 1700 + 700, 400 + 700)),
        # At 2,000 s it is at 9 km, and goes straight to 19 km.
        (2000, (300, 1100), (NONE, 3000, 1000)),
    ],
)
def test_who_is_taken_away_is_where_it_really_is(
    at_s: float, first: tuple[Any, ...], second: tuple[Any, ...]
) -> None:
    mapping = county(inject(0, 1000), inject(at_s, 19_000, priority=1), fleet__units={"t": {"unit": 1}})
    _, found = answer(mapping)
    assert rows(found, "cause", "enroute_s", "staged_s", "cleared_s")[0] == ("pre-empted", *first, at_s)
    assert rows(found, "assigned_s", "staged_s", "arrived_s", "expected_s")[1] == (at_s, *second)


@pytest.mark.parametrize(("at_s", "home_s"), [(700, 1100), (1300, 2100), (2000, 3100)])
def test_who_is_called_back_drives_home_from_where_it_is(at_s: float, home_s: float) -> None:
    """Two go; after ``at_s`` the one that has sized it up finds that it takes one only."""
    mapping = county(inject(0, 1000, "III"))
    kind = mapping["incident"]["call"]
    kind |= {"size_up": f"{at_s - 100} s", "work": {"times": {"unit": "1 h"}}}
    kind["levels"]["III"]["becomes"] = {"found": {"IV": "100 %"}}
    _, found = answer(mapping)
    assert rows(found, "unit", "cause", "cleared_s", "in_quarters_s")[1] == (
        ("t/unit-1", "not needed", at_s, home_s)
    )


def test_on_its_next_call_it_gathers_again_only_if_it_has_been_home() -> None:
    """Done at 1 km at 3,800 s; at 4,000 s it is at 3 km on its way home; home at 5,700 s."""
    for at_s, expected in ((4000, (NONE, 4000 + 1000)), (6000, (6000 + 1100, 6000 + 1700 + 100))):
        mapping = county(inject(0, 1000), inject(at_s, 13_000), fleet__units={"t": {"unit": 1}})
        _, found = answer(mapping)
        assert rows(found, "staged_s", "arrived_s") == [(1100, 2800), expected]


def test_a_force_is_as_quick_for_an_incident_whatever_other_units_there_are() -> None:
    law = {"dist": "lognormal", "median": "30 min", "sigma": 0.5}
    changes: dict[str, Any] = {
        "horizon": "500 h",
        "incident__call": call("1 per hour", scene="1000 s"),
        "demand": {"poisson": {"use": "sim.demand.poisson.Poisson"}},
        "fleet__forces": {"neighbours": NEIGHBOURS | {"mobilisation": law, "marshalling": law}},
    }
    runs = []
    for units in ({"t": {"unit": 9}}, {"t": {"unit": 9}, "s": {"unit": 1}}):
        _, found = answer(county(fleet__units=units, **changes))
        took_s = found.enroute_s - found.notified_s
        runs.append(took_s[found.from_base & (found.force == "neighbours")].groupby(found.incident).first())
    one, other = runs
    shared = one.index.intersection(other.index)
    assert len(shared) > 20
    assert one[shared].to_numpy() == pytest.approx(other[shared].to_numpy(), abs=1e-6)
    assert one.median() == pytest.approx(1800, rel=0.15)


def test_a_force_of_which_nothing_is_said_changes_nothing() -> None:
    changes: dict[str, Any] = {
        "horizon": "500 h",
        "incident__call": call("2 per hour", scene="1000 s") | {"handling": "10 s"},
        "demand": {"poisson": {"use": "sim.demand.poisson.Poisson"}},
        "fleet__units": {"s": {"unit": 2}, "t": {"unit": 2}},
        "fleet__kinds__unit__trip_sigma": 0.5,
        "dispatch": CLOSEST | {"relieve_by": "1 min"},
    }
    for kind in ("clearing", "in_quarters"):
        logs = [
            sim.simulate(sim.build(county(**changes | {"fleet__available": kind}, **each)).scenario)
            for each in ({"fleet__forces": {}}, {"fleet__forces": {"ours": {"bases": ["s", "t"]}}})
        ]
        assert len(logs[0].missions) > 600
        assert logs[0].missions.tobytes() == logs[1].missions.tobytes()


def test_however_units_are_taken_away_their_ways_add_up() -> None:
    """From base straight on: 12 km less 20 km, 600 s and the rest; and nobody is in two places at once."""
    kind = call("2 per hour", scene="1000 s")
    kind["levels"] = {
        level: {"probability": "50 %", "priority": priority, "needs": {"unit": 1}}
        for priority, level in enumerate(("III", "IV"), 1)
    }
    mapping = county(
        horizon="1000 h",
        incident__call=kind,
        demand={"poisson": {"use": "sim.demand.poisson.Poisson"}},
        fleet__units={"s": {"unit": 1}, "t": {"unit": 4}},
        dispatch={"use": "sim.dispatch.closest.Closest", "preempts": {1: [2]}, "relieve_by": "2 min"},
    )
    incidents, found = answer(mapping)
    assert {"pre-empted", "relieved"} <= set(found.cause)
    came = found[(found.force == "neighbours") & found.arrived_s.notna()]
    where = incidents.set_index("incident").loc[came.incident]
    rest_s = np.hypot(where.x_m - 12_000, where.y_m).to_numpy() / 10
    took_s = (came.arrived_s - came.enroute_s).to_numpy()
    from_base = came.from_base.to_numpy()
    assert from_base.sum() > 100
    assert took_s[from_base] == pytest.approx((800 + 600 + rest_s)[from_base])
    gathered = came.staged_s.notna().to_numpy()
    assert (gathered & ~from_base).sum() > 20
    stayed_s = (came.arrived_s - came.staged_s).to_numpy() - rest_s
    assert stayed_s[gathered].max() == pytest.approx(600)
    assert stayed_s[gathered].min() >= -1e-6
    in_order = found.sort_values(["assigned_s", "cleared_s"])
    for _, each in in_order.groupby("unit", observed=True):
        assert (each.cleared_s.to_numpy()[:-1] <= each.assigned_s.to_numpy()[1:]).all()


def task(**force: Any) -> dict[str, Any]:
    """An hour of work for one unit, and half an hour of mopping up."""
    mapping = county(inject(0, 1000, "III"), fleet__forces={"neighbours": {"bases": ["t"], **force}})
    law = {"law": "amount", "amount": "1 h", "rates": {"unit": 1}, "mop_up": "30 min"}
    mapping["incident"]["call"]["work"] = {"task": law}
    return mapping


@pytest.mark.parametrize(("release", "left_s"), [("out", 4600), ("controlled", 2800)])
def test_a_force_may_leave_once_a_task_is_under_control_and_others_see_to_the_rest(
    release: str, left_s: float
) -> None:
    """One works from 100 s, both from 1,900 s on: under control at 2,800 s, out at 4,600 s."""
    incidents, found = answer(task(release=release))
    assert rows(found, "unit", "left_scene_s") == [("s/unit-1", 4600), ("t/unit-1", left_s)]
    assert (incidents.controlled_s.tolist(), incidents.out_s.tolist()) == ([2800], [4600])


def test_it_stays_while_nobody_else_is_there() -> None:
    """Alone from 1,900 s; under control at 5,500 s, out at 7,300 s; our own is there at 6,000 s, or not."""
    mapping = task(release="controlled")
    mapping["fleet"]["units"] = {"t": {"unit": 1}}
    assert rows(answer(mapping)[1], "left_scene_s") == [(7300,)]
    mapping["fleet"]["units"] = {"t": {"unit": 1}, "v": {"unit": 1}}
    mapping["fleet"]["forces"]["ours"] = {"bases": ["v"], "mobilisation": "3100 s"}
    assert rows(answer(mapping)[1], "unit", "left_scene_s") == [("t/unit-1", 6000), ("v/unit-1", 7300)]


@pytest.mark.parametrize(("release", "unneeded"), [("out", "v/unit-1"), ("controlled", "t/unit-1")])
def test_of_those_not_needed_the_force_that_is_released_first_turns_back(release: str, unneeded: str) -> None:
    mapping = county(inject(0, 1000, "II"), fleet__units={site: {"unit": 1} for site in "stv"})
    mapping["fleet"]["forces"] = {"neighbours": {"bases": ["t"], "release": release}}
    kind = mapping["incident"]["call"]
    kind["size_up"] = "60 s"
    becomes = {"found": {"III": "100 %"}}
    kind["levels"]["II"] = {"probability": "0 %", "priority": 1, "needs": {"unit": 3}, "becomes": becomes}
    _, found = answer(mapping)
    assert found[found.cause.notna()].unit.tolist() == [unneeded]


def wrong(**force: Any) -> dict[str, Any]:
    return county(inject(0, 1000), fleet__forces={"neighbours": NEIGHBOURS | force})


@pytest.mark.parametrize(
    ("force", "path", "expected"),
    [
        ({"bases": ["nowhere"]}, r"fleet\.forces\.neighbours\.bases\.0", "known site"),
        ({"bases": ["v"]}, r"fleet\.forces\.neighbours\.bases", "a base with units"),
        ({"bases": []}, r"fleet\.forces\.neighbours\.bases", "at least 1"),
        ({"staging": "nowhere"}, r"fleet\.forces\.neighbours\.staging\.site", "known site"),
        ({"staging": {"x": "1 km"}}, r"fleet\.forces\.neighbours\.staging", "a site, or else a point"),
        ({"staging": {"lat": 30.0, "lon": 117.0}}, r"neighbours\.staging", "x and y, because"),
        ({"staging": {"x": "100 km", "y": "0 m"}}, r"neighbours\.staging", "a point in the area"),
        ({"staging": None}, r"neighbours\.marshalling", "a staging point"),
        ({"mobilisation": "-5 min"}, r"neighbours\.mobilisation", "at least 0"),
        ({"marshalling": 10}, r"neighbours\.marshalling", "a time"),
        ({"reserve": -1}, r"neighbours\.reserve", "greater than or equal to 0"),
        ({"from_level": "V"}, r"neighbours\.from_level", "'IV'"),
        ({"release": "early"}, r"neighbours\.release", "'controlled'"),
    ],
)
def test_a_force_that_cannot_be_is_refused(force: dict[str, Any], path: str, expected: str) -> None:
    with pytest.raises(sim.ConfigError, match=rf"{path}\n(.*\n)*.*{expected}"):
        sim.build(wrong(**force))


def test_a_base_belongs_to_one_force_and_all_that_is_wrong_is_told_at_once() -> None:
    mapping = wrong(marshalling="-1 min")
    mapping["fleet"]["forces"] |= {"city": {"bases": ["t"]}, "province": {"bases": ["s", "elsewhere"]}}
    with pytest.raises(sim.ConfigError) as told:
        sim.build(mapping)
    assert {problem.path[1:3] for problem in told.value.problems} == {
        ("forces", "neighbours"),
        ("forces", "province"),
    }
    del mapping["fleet"]["forces"]["province"]
    mapping["fleet"]["forces"]["neighbours"]["marshalling"] = "1 min"
    with pytest.raises(sim.ConfigError, match="a base that is not neighbours's too"):
        sim.build(mapping)


def test_who_was_released_is_not_sent_back_for_what_is_still_lacking() -> None:
    """Six are asked for, two are there: the neighbours' leaves once it is under control, and stays away."""
    mapping = task(release="controlled")
    mapping["incident"]["call"]["levels"]["III"]["needs"] = {"unit": 6}
    incidents, found = answer(mapping)
    assert len(found) == found.unit.nunique()
    assert (incidents.units_needed - incidents.units_sent).tolist() == [6 - len(found)]
