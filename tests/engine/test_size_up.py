"""Incidents that turn out to be otherwise, by hand: on a line at 10 m/s, stations at 0 and 40 km."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from worlds import call, stations, world

import sim
from sim.engine.run import draw

SPEED = {"unit": {"built_up": {"day": "10 m/s", "night": "10 m/s"}}}


def inject(at_s: float, x_m: float, level: str = "IV") -> dict[str, Any]:
    return {"at": f"{at_s} s", "type": "call", "x": f"{x_m} m", "y": "0 m", "level": level}


def fire(grave: int = 3, **usual: Any) -> dict[str, Any]:
    """Level IV takes one unit, III so many; 1,000 s of work each, sized up in 60 s."""
    kind = call(scene="1000 s")
    kind["size_up"] = "60 s"
    kind["levels"] = {
        "III": {"probability": "50 %", "priority": 1, "needs": {"unit": grave}},
        "IV": {"probability": "50 %", "priority": 2, "needs": {"unit": 1}, **usual},
    }
    return kind


def answer(kind: dict[str, Any], *injects: dict[str, Any], **more: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    scenario = sim.build(county(kind, *injects, **more)).scenario
    return sim.tabulate(sim.simulate(scenario), scenario).frames()


def county(kind: dict[str, Any], *injects: dict[str, Any], **changes: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "horizon": "24 h",
        "place__zones": {"z": {"x": "0 m", "y": "0 m", "side": "100 km", "people": 1}},
        "place__sites": stations({"s": (0, 0), "t": (40_000, 0)}),
        "fleet__units": {"s": {"unit": 2}, "t": {"unit": 2}},
        "fleet__available": "clearing",
        "incident__call": kind,
        "travel__speeds": SPEED,
        "demand": {"drill": {"use": "sim.demand.timeline.Timeline", "known": True, "injects": list(injects)}},
    }
    return world(**usual | changes)


def shown(responses: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    table = responses.sort_values(["assigned_s", "unit"], kind="stable")
    table["cause"] = table.cause.astype(object).where(table.cause.notna(), "")
    return list(table[list(columns)].itertuples(index=False, name=None))


def test_what_is_found_graver_is_sent_once_the_first_unit_has_sized_it_up() -> None:
    """There at 100 s, known at 160 s: another from s, and one from t, 39 km off."""
    incidents, found = answer(fire(becomes={"found": {"III": "100 %"}}), inject(0, 1000))
    assert shown(found, "unit", "assigned_s", "arrived_s") == [
        ("s/unit-1", 0, 100),
        ("s/unit-2", 160, 260),
        ("t/unit-1", 160, 160 + 3900),
    ]
    assert incidents.level.tolist() == ["IV"]
    assert incidents.found_level.tolist() == ["III"]
    assert incidents.found_s.tolist() == [160]
    assert incidents.units_needed.tolist() == [3]
    assert incidents.assembled_s.tolist() == [4060]


def test_what_is_found_lighter_calls_those_back_that_are_not_needed() -> None:
    """Three go at once; at 160 s the one from t, far off yet, turns round. Both of s are at work."""
    kind = fire()
    kind["levels"]["III"]["becomes"] = {"found": {"IV": "100 %"}}
    incidents, found = answer(kind, inject(0, 1000, "III"))
    assert shown(found, "unit", "cause", "assigned_s", "cleared_s") == [
        ("s/unit-1", "", 0, 1100),
        ("s/unit-2", "", 0, 1100),
        ("t/unit-1", "not needed", 0, 160),
    ]
    assert found.set_index("unit").in_quarters_s["t/unit-1"] == 320
    assert incidents.found_level.tolist() == ["IV"]
    assert incidents.units_needed.tolist() == [2]
    assert incidents.units_waiting.tolist() == [0]


def test_what_a_level_asks_for_later_follows_the_size_up_whatever_is_found() -> None:
    _, found = answer(fire(later={"needs": {"unit": 1}}), inject(0, 1000))
    assert shown(found, "unit", "assigned_s") == [("s/unit-1", 0), ("s/unit-2", 160)]


def test_what_only_a_later_card_asks_for_is_brought_too() -> None:
    kind = fire(later={"needs": {"ladder": 1}})
    kind["work"]["times"]["ladder"] = "1000 s"
    ladder = {"mode": "unit", "turnout": "0 s", "access": "0 s"}
    units = {"s": {"unit": 3}, "t": {"ladder": 1}}
    _, found = answer(kind, inject(0, 1000), fleet__kinds__ladder=ladder, fleet__units=units)
    assert shown(found, "unit", "assigned_s") == [("s/unit-1", 0), ("t/ladder-1", 160)]


def test_an_incident_whose_card_has_not_assembled_in_time_is_raised() -> None:
    """The only unit left is far; after 15 min the rest is called, and waits for units to come free."""
    late = {"late": {"after": "15 min", "level": "III"}}
    both = inject(0, -5000), inject(0, -5000), inject(10, 1000)
    incidents, found = answer(fire(becomes=late), *both)
    third = found[found.incident == 2]
    assert shown(third, "unit", "assigned_s") == [("t/unit-1", 10), ("t/unit-2", 910), ("s/unit-1", 1500)]
    assert incidents.found_level.astype(object).tolist()[2] == "III"
    assert incidents.found_s.tolist()[2] == 910


def test_a_task_that_escapes_is_raised_at_once() -> None:
    kind = fire(becomes={"escapes": "III"})
    task = {"law": "linear", "amount": "1 h", "growth": 1.5, "escape": "2 h", "burn_out": "3 h"}
    kind["work"] = {"task": task | {"rates": {"unit": 1}}}
    incidents, found = answer(kind, inject(0, 1000))
    assert incidents.escaped.tolist() == [True]
    assert len(found) == 3
    raised_s = incidents.found_s.iloc[0]
    assert raised_s > 3600 / 1.5  # by then it has grown by an hour of work, less what one unit has done
    assert sorted(found.assigned_s)[1:] == [raised_s, raised_s]


def grades(**by_level: dict[str, Any]) -> dict[str, Any]:
    """Level IV takes one unit, III two, II four; each becomes what is said."""
    kind = fire()
    for level, units in (("II", 4), ("III", 2), ("IV", 1)):
        share = "100 %" if level == "IV" else "0 %"
        usual = {"probability": share, "priority": 1, "needs": {"unit": units}}
        kind["levels"][level] = usual | {"becomes": by_level.get(level, {})}
    return kind


def test_an_incident_that_is_late_again_is_raised_again() -> None:
    """No unit is there: as IV it is late at 600 s, as III 900 s after that."""
    kind = grades(
        IV={"late": {"after": "600 s", "level": "III"}}, III={"late": {"after": "900 s", "level": "II"}}
    )
    incidents, _ = answer(kind, inject(0, 10_000), fleet__units={"s": {"unit": 1}})
    assert incidents.found_level.tolist() == ["II"]
    assert incidents.found_s.tolist() == [1500]


def test_what_is_there_already_is_not_sent_again_when_an_incident_grows_anew() -> None:
    """Four come for II, which is found to be IV and then grows to be II: they are all there."""
    kind = grades(II={"found": {"IV": "100 %"}}, IV={"escapes": "II"})
    task = {"law": "linear", "amount": "1 h", "growth": 10, "escape": "5 h", "burn_out": "9 h"}
    kind["work"] = {"task": task | {"rates": {"unit": 1}}}
    incidents, found = answer(kind, inject(0, 1000, "II"), fleet__units={"s": {"unit": 9}})
    assert incidents.found_level.tolist() == ["II"]
    assert len(found) == 4


def test_how_often_what_is_found_is_as_its_shares_say_and_leaves_all_other_marks_alone() -> None:
    kind = fire(becomes={"found": {"III": "20 %"}})
    kind["rate"] = "1 per hour"
    changes = {
        "demand": {"poisson": {"use": "sim.demand.poisson.Poisson"}},
        "fleet__units": {"s": {"unit": 40}},
        "horizon": "5000 h",
    }
    incidents, _ = answer(kind, **changes)
    told = incidents[incidents.level == "IV"]
    assert (told.found_level == "III").mean() == pytest.approx(0.2, abs=0.03)
    assert (told[told.found_level == "III"].units_needed == 3).mean() > 0.98  # the last ones are cut short
    ours, theirs = (draw(sim.build(county(each, **changes)).scenario, 1, 0) for each in (kind, fire()))
    assert np.array_equal(ours.occurred_s, theirs.occurred_s)
    for x, first in ((ours.scene_s, ours.first_slot), (ours.noise_out, ours.first_slot)):
        other = theirs.scene_s if x is ours.scene_s else theirs.noise_out
        assert np.array_equal(x[first[:-1]], other[theirs.first_slot[:-1]])


@pytest.mark.parametrize(
    ("becomes", "more", "expected"),
    [
        ({"found": {"II": "5 %"}}, {}, "another level of the type"),
        ({"found": {"IV": "5 %"}}, {}, "another level of the type"),
        ({"found": {"III": "105 %"}}, {}, "100 %"),
        ({"found": {"III": "5 %"}}, {"size_up": None}, "size_up"),
        ({"late": {"after": "0 s", "level": "III"}}, {}, "above 0"),
    ],
)
def test_what_cannot_be_is_refused(becomes: dict[str, Any], more: dict[str, Any], expected: str) -> None:
    with pytest.raises(sim.ConfigError, match=expected):
        answer(fire(becomes=becomes) | more, inject(0, 0))
