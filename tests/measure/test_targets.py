"""Targets judged on incidents made by hand, so that every answer is known."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from worlds import SPEED, by_hand, stations, world

import sim
from sim.measure.breakdown import CAUSES, stages_between
from sim.measure.intervals import Interval
from sim.measure.notes import queue_notes
from sim.measure.tallies import BINS, Tally, tally
from sim.measure.targets import judge, verdicts
from sim.model.targets import Population, ResponseTarget


def target(**changes: Any) -> ResponseTarget:
    values: dict[str, Any] = {
        "name": "t",
        "title": "t",
        "clause": "",
        "start": "notified",
        "stop": "arrived",
        "of": "first",
        "over": Population(),
        "limit_s": 300.0,
        "share": 0.9,
        "confidence_level": 0.95,
    }
    return ResponseTarget(**(values | changes))


def causes_of(found: Tally) -> dict[str, int]:
    return {name: int(n) for name, n in zip(CAUSES, found.causes, strict=True) if n}


def test_hits_stages_and_the_nearest_unit_busy() -> None:
    """The second of two calls gets the far unit: 240 s against 200 s."""
    scenario, tables = by_hand([0.0, 10.0])
    found = tally(tables, scenario, target(limit_s=220.0))
    assert (found.n, found.hits) == (2, 1)
    assert found.stage_s[-2:] == pytest.approx([0.0, 440.0])
    assert found.missed_stage_s[-2:] == pytest.approx([0.0, 240.0])
    assert causes_of(found) == {"nearest busy": 1}
    assert found.histogram.sum() == 2
    assert found.histogram[int(200 / 220 * BINS / 3)] == 1


def test_too_far() -> None:
    scenario, tables = by_hand([0.0])
    assert causes_of(tally(tables, scenario, target(limit_s=199.0))) == {"too far": 1}
    assert tally(tables, scenario, target(limit_s=200.0)).hits == 1


def test_all_busy() -> None:
    """The third of three calls waits until the near unit is back at 1000 s; 990 s in the queue."""
    scenario, tables = by_hand([0.0, 5.0, 10.0])
    found = tally(tables, scenario, target(start="reported", limit_s=250.0))
    assert (found.n, found.hits) == (3, 2)
    assert causes_of(found) == {"all busy": 1}
    by_stage = dict(zip(stages_between("reported", "arrived"), found.missed_stage_s, strict=True))
    assert by_stage["queue"] == pytest.approx(990)
    queue = sim.tabulate(sim.simulate(scenario), scenario).frames()[0]
    assert (queue.assigned_s - queue.classified_s).tolist() == pytest.approx([0, 0, 990])


def test_turned_away_is_missed_and_counted_as_all_busy() -> None:
    scenario, tables = by_hand([0.0, 5.0, 10.0], centre__queue_limit=0)
    found = tally(tables, scenario, target(limit_s=3600.0))
    assert (found.n, found.hits) == (3, 2)
    assert causes_of(found) == {"all busy": 1}


def test_a_clock_still_running_at_the_horizon_counts_only_once_it_has_missed() -> None:
    scenario, tables = by_hand([0.0, 7150.0])
    assert tally(tables, scenario, target(limit_s=300.0)).n == 1
    late = tally(tables, scenario, target(limit_s=40.0))
    assert (late.n, late.hits) == (2, 0)


def test_populations() -> None:
    scenario, tables = by_hand([0.0])
    for over, n in (
        (Population(types=("call",)), 1),
        (Population(types=("other",)), 0),
        (Population(levels=(4,)), 1),
        (Population(levels=(1, 2)), 0),
        (Population(zone_kinds=("built_up",)), 1),
        (Population(zone_kinds=("rural",)), 0),
        (Population(units=("unit",)), 1),
    ):
        assert tally(tables, scenario, target(over=over)).n == n
    scenario, tables = by_hand([0.0, 60.0], warmup="30 s")
    assert tally(tables, scenario, target()).n == 1


def test_all_units_of_the_card_make_the_assembly_time() -> None:
    mapping = world(
        horizon="20 h",
        place__zones={"z": {"x": "0 m", "y": "0 m", "people": 1}},
        place__sites=stations({"near": (1000, 0), "far": (0, -2000)}),
        fleet__units={"near": {"unit": 1}, "far": {"unit": 1}},
        travel__speeds=SPEED,
        incident__call__rate="0.2 per hour",
    )
    mapping["incident"]["call"]["levels"]["IV"]["needs"]["unit"] = 2
    mapping["incident"]["call"]["work"] = {"times": {"unit": "1 min"}}
    scenario = sim.build(mapping).scenario
    tables = sim.tabulate(sim.simulate(scenario), scenario)
    n = len(tables.frames()[0])
    assert n > 1
    first, everyone = (tally(tables, scenario, target(of=of, limit_s=150.0)) for of in ("first", "all"))
    assert (first.hits, everyone.hits) == (n, 0)
    assert everyone.stage_s[-2:] == pytest.approx([0.0, 200.0 * n])
    assert tally(tables, scenario, target(of="all", limit_s=200.0)).hits == n


@pytest.mark.parametrize(
    ("lower", "upper", "verdict"),
    [
        (0.91, 0.95, "met"),
        (0.9, 0.95, "met"),
        (0.85, 0.95, "undecided"),
        (0.8, 0.9, "undecided"),
        (0.8, 0.89, "missed"),
    ],
)
def test_verdicts(lower: float, upper: float, verdict: str) -> None:
    assert judge(Interval(0.9, lower, upper), 0.9) == verdict


def test_a_verdict_on_nothing_is_undecided_and_json_has_no_nan() -> None:
    scenario, tables = by_hand([])
    asked = replace(scenario, targets=(target(),))
    (verdict,) = verdicts(asked, [{"t": tally(tables, scenario, target())}])
    assert verdict.summary() == {
        "name": "t",
        "share": None,
        "lower": None,
        "upper": None,
        "required": 0.9,
        "verdict": "undecided",
        "n": 0,
    }


def test_frames_are_tidy() -> None:
    _, tables = by_hand([0.0, 10.0])
    incidents, responses = tables.frames()
    assert incidents.incident.is_unique
    assert not responses.duplicated(["incident", "slot"]).any()
    assert (responses.groupby("incident").size() == incidents.units_sent).all()
    assert incidents.type.dtype == "category"
    assert np.allclose(incidents.cleared_s, responses.cleared_s)


def test_stages_before_travel_count_as_foreseen() -> None:
    """Alerting of 150 s and 200 s of travel can never make 300 s: too far, not a slow run."""
    scenario, tables = by_hand([0.0], centre={"alerting": "150 s"})
    assert causes_of(tally(tables, scenario, target(start="reported"))) == {"too far": 1}


def test_a_jam_of_calls_is_no_lack_of_units() -> None:
    calls = {"call_takers": 1, "pick_up": "30 min"}
    scenario, tables = by_hand([0.0, 1.0, 2.0, 3.0, 4.0], centre=calls)
    found = tally(tables, scenario, target(start="reported", limit_s=2100.0))
    assert (found.n, found.hits) == (5, 1)
    assert causes_of(found) == {"slow run": 4}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {},
            ["t: its clock starts at notified; before that, incidents waited 5.5 min"],
        ),
        ({"start": "arrived", "stop": "at_work"}, ["t: its clock starts at arrived; before that"]),
        ({"limit_s": 3301.0}, []),
        ({"start": "reported"}, []),
        ({"of": "all"}, []),
    ],
)
def test_a_clock_that_starts_after_a_long_queue_is_noted(changes: dict[str, Any], told: list[str]) -> None:
    """Of three calls, the third waits 990 s for the near unit: 330 s on average."""
    scenario, tables = by_hand([0.0, 5.0, 10.0])
    asked = replace(scenario, targets=(target(**changes),))
    found = queue_notes(verdicts(asked, [{"t": tally(tables, scenario, asked.targets[0])}]))
    assert [note[: len(start)] for note, start in zip(found, told, strict=True)] == told
