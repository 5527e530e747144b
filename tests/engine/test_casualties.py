"""Incidents raised by how many people are found hurt, by hand: on a line at 10 m/s, a station at 0."""

from typing import Any

import numpy as np
import pytest
from worlds import call, stations, world

import sim
from sim.engine.run import draw
from sim.model.casualties import Casualties

SPEED = {"unit": {"built_up": {"day": "10 m/s", "night": "10 m/s"}}}
THRESHOLDS = {10: "III", 50: "II", 100: "I"}
"""Seriously injured, by State Council Order 493 (2007), article 3."""


def crash(becomes: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """Level IV takes one unit, and each graver one twice as many; sized up in 60 s."""
    kind = call(scene="1000 s", size_up="60 s", casualties={"mean": 5, "dispersion": 0.5})
    kind["levels"] = {
        name: {"probability": "0 %", "priority": 5 - units, "needs": {"unit": units}}
        for name, units in (("I", 4), ("II", 3), ("III", 2))
    }
    usual = {"probability": "100 %", "priority": 4, "needs": {"unit": 1}}
    kind["levels"]["IV"] = usual | {"becomes": {"casualties": THRESHOLDS} if becomes is None else becomes}
    return kind | changes


def county(kind: dict[str, Any], *injects: dict[str, Any], **changes: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "horizon": "24 h",
        "place__zones": {"z": {"x": "0 m", "y": "0 m", "side": "100 km", "people": 1}},
        "place__sites": stations({"s": (0, 0)}),
        "fleet__units": {"s": {"unit": 4}},
        "incident__call": kind,
        "travel__speeds": SPEED,
        "demand": {"drill": {"use": "sim.demand.timeline.Timeline", "known": True, "injects": list(injects)}},
    }
    return world(**usual | changes)


def hurting(n: int, **more: Any) -> dict[str, Any]:
    return {"at": "0 s", "type": "call", "x": "1000 m", "y": "0 m", "casualties": n} | more


@pytest.mark.parametrize(
    ("hurt", "level", "units"),
    [(0, None, 1), (9, None, 1), (10, "III", 2), (49, "III", 2), (50, "II", 3), (99, "II", 3), (100, "I", 4)],
)
def test_it_is_raised_at_the_size_up_by_how_many_are_hurt(hurt: int, level: str | None, units: int) -> None:
    """There at 100 s, known at 160 s; the others follow then."""
    scenario = sim.build(county(crash(), hurting(hurt))).scenario
    incidents, responses = sim.tabulate(sim.simulate(scenario), scenario).frames()
    row = incidents.iloc[0]
    assert (row.level, row.casualties, row.units_needed) == ("IV", hurt, units)
    assert incidents.found_level.astype(object).where(incidents.found_level.notna(), None).tolist() == [level]
    assert sorted(responses.assigned_s) == [0] + [160] * (units - 1)


def test_the_graver_counts_of_what_is_found_and_of_how_many_are_hurt() -> None:
    for hurt, expected in ((60, "II"), (10, "II"), (200, "I")):
        becomes = {"found": {"II": "100 %"}, "casualties": THRESHOLDS}
        scenario = sim.build(county(crash(becomes), hurting(hurt))).scenario
        incidents, _ = sim.tabulate(sim.simulate(scenario), scenario).frames()
        assert incidents.found_level.tolist() == [expected]


@pytest.mark.parametrize(("dispersion", "variance"), [(None, 6.0), (2.0, 6 + 36 / 2), (0.5, 6 + 36 / 0.5)])
def test_the_number_has_the_mean_and_the_variance_that_are_said(
    dispersion: float | None, variance: float
) -> None:
    drawn = Casualties(6.0, dispersion).draw(np.random.default_rng(1), 400_000)
    assert drawn.mean() == pytest.approx(6, rel=0.02)
    assert drawn.var() == pytest.approx(variance, rel=0.03)


def test_how_often_levels_are_raised_is_how_often_so_many_are_hurt_and_other_marks_stay() -> None:
    from scipy.stats import nbinom

    changes = {"demand": {"poisson": {"use": "sim.demand.poisson.Poisson"}}, "horizon": "20000 h"}
    raised, plain = crash(), crash({})
    ours, theirs = (draw(sim.build(county(kind, **changes)).scenario, 1, 0) for kind in (raised, plain))
    for least, most, found in ((0, 9, 4), (10, 49, 3), (50, 99, 2)):
        expected = nbinom.cdf(most, 0.5, 0.5 / 5.5) - nbinom.cdf(least - 1, 0.5, 0.5 / 5.5)
        assert (ours.found == found).mean() == pytest.approx(expected, abs=0.005)
        assert np.array_equal(ours.found == found, (ours.casualties >= least) & (ours.casualties <= most))
    assert np.array_equal(ours.occurred_s, theirs.occurred_s)
    assert np.array_equal(ours.scene_s[ours.first_slot[:-1]], theirs.scene_s[theirs.first_slot[:-1]])
    assert (theirs.casualties == -1).all()


def test_without_such_levels_nothing_is_counted_and_a_note_says_so() -> None:
    scenario = sim.build(county(crash({}), {"at": "0 s", "type": "call"})).scenario
    assert "casualties" not in sim.tabulate(sim.simulate(scenario), scenario).incidents
    assert scenario.types[0].not_modelled == ("casualties",)
    assert sim.build(county(crash(), hurting(1))).scenario.types[0].not_modelled == ()
    trapped = crash(casualties={"mean": 5, "trapped": "10 %"})
    assert sim.build(county(trapped, hurting(1))).scenario.types[0].not_modelled == ("casualties",)


@pytest.mark.parametrize(
    ("becomes", "more", "expected"),
    [
        ({"casualties": {10: "II", 30: "III"}}, {}, "a graver level for each greater number"),
        ({"casualties": {10: "IV"}}, {}, "another level of the type"),
        ({"casualties": {0: "III"}}, {}, "greater than or equal to 1"),
        ({"casualties": {"many": "III"}}, {}, "integer"),
        ({"casualties": THRESHOLDS}, {"size_up": None}, "size_up"),
        (
            {"casualties": THRESHOLDS},
            {"casualties": None},
            "how many it hurts, by which levels.IV becomes another",
        ),
        ({"casualties": THRESHOLDS}, {"casualties": {"mean": 5, "dispersion": 0}}, "dispersion"),
    ],
)
def test_what_cannot_be_is_refused(becomes: dict[str, Any], more: dict[str, Any], expected: str) -> None:
    with pytest.raises(sim.ConfigError) as caught:
        sim.build(county(crash(becomes) | more, {"at": "0 s", "type": "call"}))
    assert expected in str(caught.value)


def test_a_drill_cannot_hurt_where_its_level_does_not_go_by_it() -> None:
    for kind, inject in ((crash({}), hurting(5)), (crash(), hurting(60, level="III"))):
        with pytest.raises(sim.ConfigError, match=r"injects\.0\.casualties\n.*\n.*does not go by them at"):
            sim.build(county(kind, inject))
    sim.build(county(crash(), hurting(60, level="IV")))
