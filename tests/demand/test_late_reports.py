"""Reports that come late from places without signal or informants."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sheets import problem, rows
from worlds import call, world

import sim
from sim.engine.run import draw

ZONES = {
    name: {"x": f"{i} km", "y": "0 m", "people": 1, "kind": kind, "side": "1 km"}
    for i, (name, kind) in enumerate((("town", "built_up"), ("near", "forest"), ("far", "forest")))
}


FAST = {"day": "36000 km/h", "night": "36000 km/h"}
EXPONENTIAL = {"report_delay": {"dist": "exponential", "mean": "20 min"}}


def scenario(zones: dict[str, Any] | None = None, **place: Any) -> sim.Scenario:
    """Incidents that are detected after a minute and reported after two more."""
    mapping = world(
        horizon="2000 h",
        travel__speeds={"unit": {"built_up": FAST, "forest": FAST}},
        place__zones={name: zone | (zones or {}).get(name, {}) for name, zone in ZONES.items()},
        incident={"call": call("3 per hour", "1 s", detection="1 min", reporting="2 min")},
    )
    mapping["place"] |= place
    return sim.build(mapping).scenario


def delays(made: sim.Scenario) -> dict[str, np.ndarray]:
    """Minutes from detection to report, by zone, in order of occurrence."""
    x = draw(made, 1, 0)
    order = np.argsort(x.occurred_s)
    late, zone = (x.reported_s - x.detected_s)[order] / 60, x.zone[order]
    return {each.name: late[zone == i] for i, each in enumerate(made.place.zones)}


def test_a_zone_or_a_kind_of_zone_says_by_how_much_reports_come_late() -> None:
    late = delays(scenario({"far": {"report_delay": "1 h"}}, report_delays={"forest": "20 min"}))
    for name, minutes in (("town", 2), ("near", 22), ("far", 62)):
        assert np.allclose(late[name], minutes)


def test_the_delay_is_a_distribution_and_leaves_other_zones_as_they_were() -> None:
    plain, one, both = (
        delays(
            scenario({name: {"report_delay": {"dist": "exponential", "mean": "20 min"}} for name in names})
        )
        for names in ((), ("far",), ("far", "near"))
    )
    assert one["far"].mean() - 2 == pytest.approx(20, abs=4 * 20 / len(one["far"]) ** 0.5)
    assert np.array_equal(one["far"], both["far"])
    assert np.array_equal(one["near"], plain["near"])
    assert not np.array_equal(both["near"], plain["near"])


def test_late_reports_are_in_order_of_report_and_nothing_else_is_drawn_anew() -> None:
    ours, theirs = (draw(each, 1, 0) for each in (scenario(), scenario(report_delays={"forest": "3 h"})))
    assert (np.diff(theirs.reported_s) >= 0).all()
    for name in ("occurred_s", "detected_s", "scene_s", "x_m"):
        ordered = [np.sort(getattr(x, name)) for x in (ours, theirs)]
        assert np.array_equal(*ordered), name


def test_towns_say_it_for_all_their_zones() -> None:
    made = sim.prepare("horizon=20 d", "+place.towns.nanjiao.report_delay=1 h").scenario
    late = {zone.town for zone in made.place.zones if zone.report_delay}
    assert late == {"nanjiao"}


def test_a_call_at_a_given_moment_does_not_come_later() -> None:
    made = scenario(report_delays={"forest": "1 h"})
    mapping = {"at": "09:00", "type": "call", "zone": "far"}
    drill = sim.build(
        world(
            place__zones=ZONES,
            travel__speeds={"unit": {"built_up": FAST, "forest": FAST}},
            incident={"call": call("0 per hour")},
            demand={"drill": {"use": "sim.demand.timeline.Timeline", "injects": [mapping], "known": True}},
        )
    ).scenario
    x = draw(replace(drill, place=made.place), 1, 0)
    assert x.reported_s.tolist() == [9 * 3600]


def test_zones_and_towns_say_it_in_their_tables(tmp_path: Path) -> None:
    written = (
        "name,people,report_delay\na,1,20 min\nb,1,\n"
        'c,1,"{dist: lognormal, median: 20 min, sigma: 0.5}"\nd,1,30分钟\n'
    )
    found = rows(tmp_path, "zones", written)
    law = {"dist": "lognormal", "median": "20 min", "sigma": 0.5}
    assert [found[name].get("report_delay") for name in "abcd"] == ["20 min", None, law, "30 min"]
    assert rows(tmp_path, "zones", "名称,人口,报告延迟(min)\na,1,20\n")["a"]["report_delay"] == "20 min"
    assert (
        rows(tmp_path, "towns", "name,kind,people,report_delay\na,rural,1,1 h\n")["a"]["report_delay"]
        == "1 h"
    )


def test_what_is_no_delay_is_told_with_its_row(tmp_path: Path) -> None:
    told = problem(tmp_path, "zones", 'name,people,report_delay\na,1,"{dist: exponential, mean"\n')
    assert told.path == ("place", "zones", "a", "report_delay")
    assert "a mapping such as {dist: exponential, mean: 20 min}" in told.expected


def test_a_wrong_law_in_a_table_is_told_with_file_row_and_column(tmp_path: Path) -> None:
    (tmp_path / "zones.csv").write_text(
        'name,people,x,y,report_delay\na,1,0 m,0 m,"{dist: exponentail, mean: 20 min}"\nb,1,1 km,0 m,20\n'
    )
    mapping = world(place__zones={"file": "zones.csv"})
    with pytest.raises(sim.ConfigError) as caught:
        sim.build(mapping, folders=[tmp_path])
    told = {problem.path: problem for problem in caught.value.problems}
    assert told["place", "zones", "a", "report_delay", "dist"].where.endswith("row 2, column report_delay")
    assert told["place", "zones", "b", "report_delay"].where.endswith("row 3, column report_delay")
