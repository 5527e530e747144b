"""What holds in every log, whatever the county asks of its dispatch: each a law, recounted from the facts."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from counties import counties
from hypothesis import HealthCheck, given, settings
from recount import ENOUGH, Recount, told

import sim
from sim.engine.run import draw
from sim.model.incidents import Incidents
from sim.model.targets import UNIT_CLOCKS
from sim.rng import Streams
from sim.seams import IncidentSource

relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
CLOCKS = [f"{clock}_s" for clock in UNIT_CLOCKS]


def timestamps_never_run_backwards_nor_past_the_horizon(run: Recount) -> None:
    calls = [run.log.incidents.reported_s, run.log.answered_s, run.log.classified_s, run.log.decided_s]
    for row in (*run.missions[CLOCKS].to_numpy(), *np.stack(calls[1:], axis=1)):
        assert (np.diff(told(row)) >= 0).all()
        assert (told(row) <= run.log.horizon_s).all()
    begun = run.missions.assigned_s.to_numpy() - run.log.decided_s[run.missions.incident]
    assert (begun >= 0).all()


def a_unit_does_one_thing_at_a_time(run: Recount) -> None:
    """It is sent, or moved, once it has cleared; where units are free in quarters only, once it is there."""
    waits_to_be_home = run.scenario.fleet.available == "in_quarters"
    for mine in run.by_unit():
        sent, cleared = mine.assigned_s.to_numpy()[1:], mine.cleared_s.to_numpy()[:-1]
        assert (cleared <= sent).all()
        if waits_to_be_home:
            home = np.where(mine.cause == "pre-empted", mine.cleared_s, mine.in_quarters_s)[:-1]
            assert (home <= sent).all()
    for move in run.moves.itertuples():
        busy = run.missions[(run.missions.unit == move.unit) & (run.missions.assigned_s < move.ordered_s)]
        assert (busy.cleared_s <= move.ordered_s).all()
        others = run.moves[(run.moves.unit == move.unit) & (run.moves.ordered_s > move.ordered_s)]
        assert not (others.ordered_s < move.there_s).any()


def no_unit_is_sent_that_is_out_of_service(run: Recount) -> None:
    for mission in run.missions.itertuples():
        assert run.in_service(mission.unit, mission.assigned_s)


def what_is_asked_is_brought_or_unmet(run: Recount) -> None:
    """No more is waited for than what is asked for, was not turned away, and nobody brings."""
    for row, mine in run.by_incident():
        over_s = run.over_s(row)
        coming = mine[(mine.assigned_s <= over_s) & ((mine.cause == "") | (mine.cleared_s >= over_s))]
        brought, fate = run.brought(coming), "waiting" if over_s == np.inf else "withdrawn"
        for r, amount in run.asked(row, mine).items() if run.knows(row, mine) else ():
            turned_away = run.unmet.get((row, r, "turned away"), 0.0)
            lacking = max(0.0, amount - turned_away - brought.get(r, 0.0))
            assert abs(run.unmet.get((row, r, fate), 0.0) - lacking) < ENOUGH


def no_unit_is_sent_that_brings_nothing(run: Recount) -> None:
    """Without the last unit that was sent to an incident, it would lack something."""
    for row, mine in run.by_incident():
        unchanged = not run.log.outcomes.found_level[row] and run.knows(row, mine)
        if len(mine) and (mine.cause == "").all() and unchanged:
            but_last, asked = run.brought(mine[:-1]), run.asked(row, mine)
            offers = dict(run.scenario.fleet.offers[mine.unit.iloc[-1]])
            assert any(but_last.get(r, 0.0) < asked.get(r, 0.0) - ENOUGH for r in offers)


def units_of_a_graver_level_do_not_go_to_an_ordinary_one(run: Recount) -> None:
    """They go by what it is taken for: by the report, when late, by the size-up, and in the end."""
    units, x = run.scenario.fleet.units, run.log.incidents
    for row, mine in run.by_incident():
        kind, at = run.mistaken_for(row) or run.type_of(row), run.told_level(row)
        reported = {at + 1, *(graver + 1 for graver in kind.levels[at].becomes.levels)}
        for mission in mine.itertuples():
            levels = set(reported)
            if mine.arrived_s.min() + x.size_up_s[row] <= mission.assigned_s:
                levels |= {int(x.found[row]), *(graver + 1 for graver in becomes_of(run, row))}
            if run.log.outcomes.found_s[row] <= mission.assigned_s:
                levels.add(run.levels(row)[1])
            assert min(levels) <= units[mission.unit].force.from_level


def becomes_of(run: Recount, row: int) -> tuple[int, ...]:
    """The levels (indices) that an incident may be raised to once it is known what it is."""
    return run.type_of(row).levels[int(run.log.incidents.found[row]) - 1].becomes.levels


def a_reserve_stays_at_each_base(run: Recount) -> None:
    """Beside a unit that leaves its base there are so many others of its kind, in quarters and in service."""
    units = run.scenario.fleet.units
    from_base = run.missions[run.missions.from_base > 0]
    for mission in from_base.itertuples():
        if reserve := units[mission.unit].force.reserve:
            at_s, base = mission.assigned_s, run.at_base(mission.unit, mission.assigned_s)
            others = [i for i, unit in enumerate(units) if unit.kind == mission.kind and i != mission.unit]
            there = [i for i in others if run.at_base(i, at_s) == base and run.in_service(i, at_s)]
            assert base is None or len(there) >= reserve


def who_holds_a_scene_leaves_when_somebody_comes_or_its_time_is_up(run: Recount) -> None:
    x = run.log.incidents
    for row, mine in run.by_incident():
        task = run.type_of(row).levels[int(x.level[row]) - 1].task
        known_s = mine.arrived_s.min() + x.size_up_s[row]
        for unit in mine[(mine.cause == "") & mine.left_scene_s.notna()].itertuples():
            holds_s = run.scenario.fleet.kinds[unit.kind].holds_s
            if not holds_s or x.transport[unit.slot] or (task and task.rates[unit.kind]):
                continue
            done_s, left_s = unit.at_work_s + x.scene_s[unit.slot], unit.left_scene_s
            assert done_s - ENOUGH <= left_s <= done_s + holds_s + ENOUGH
            changed = known_s, run.log.outcomes.found_s[row]
            moments = [done_s, done_s + holds_s, *changed, *mine.arrived_s.dropna()]
            assert min(abs(left_s - moment_s) for moment_s in moments if moment_s == moment_s) < ENOUGH


def every_incident_ends_or_is_open(run: Recount) -> None:
    """It is cleared once nothing is lacking and all units that came have cleared, and only then."""
    incidents = sim.tabulate(run.log, run.scenario).incidents
    lacks = {row for row, _, _ in run.unmet}
    for row, mine in run.by_incident():
        came = mine[mine.cause == ""]
        cleared_s = np.nan if row in lacks or not len(came) else came.cleared_s.max(skipna=False)
        assert np.array_equal(incidents["cleared_s"][row], cleared_s, equal_nan=True)


LAWS: list[Callable[[Recount], None]] = [
    timestamps_never_run_backwards_nor_past_the_horizon,
    a_unit_does_one_thing_at_a_time,
    no_unit_is_sent_that_is_out_of_service,
    what_is_asked_is_brought_or_unmet,
    no_unit_is_sent_that_brings_nothing,
    units_of_a_graver_level_do_not_go_to_an_ordinary_one,
    a_reserve_stays_at_each_base,
    who_holds_a_scene_leaves_when_somebody_comes_or_its_time_is_up,
    every_incident_ends_or_is_open,
]


@settings(relaxed, max_examples=30)
@given(counties())
def test_the_laws_hold_in_any_county(mapping: dict[str, Any]) -> None:
    run = Recount.of(mapping)
    for law in LAWS:
        law(run)


@settings(relaxed, max_examples=8)
@given(counties())
def test_the_same_arguments_give_the_same_log_byte_for_byte(mapping: dict[str, Any]) -> None:
    scenario = sim.build(mapping).scenario
    first, second = (sim.simulate(scenario, seed=3) for _ in range(2))
    for name in ("missions", "unmet", "moves", "calls"):
        assert getattr(first, name).tobytes() == getattr(second, name).tobytes()
    for name in ("out_s", "controlled_s", "found_level", "found_s"):
        assert getattr(first.outcomes, name).tobytes() == getattr(second.outcomes, name).tobytes()


@dataclass(frozen=True)
class Drawn(IncidentSource):
    """Incidents that have been drawn before."""

    rows: Incidents

    def incidents(self, streams: Streams, *, horizon_s: float) -> Incidents:
        return self.rows


def known_by(run: Recount, until_s: float) -> np.ndarray:
    """The missions assigned before a moment, as they were known then."""
    found = run.missions[run.missions.assigned_s < until_s]
    early = found[["incident", "slot", "unit", "from_base", "expected_s", "nearest_s"]].to_numpy()
    moments = found[CLOCKS].to_numpy()
    gave_up = found.cause.where(found.cleared_s < until_s, "").map(lambda word: len(word))
    return np.column_stack([early, np.where(moments < until_s, moments, np.nan), gave_up])


@settings(relaxed, max_examples=10)
@given(counties())
def test_what_happens_until_a_moment_does_not_depend_on_how_long_the_run_goes_on(
    mapping: dict[str, Any],
) -> None:
    scenario = sim.build(mapping).scenario
    long = replace(scenario, sources=(("drawn", Drawn(draw(scenario, 3, 0))),))
    short = replace(long, horizon_s=scenario.horizon_s / 2)
    ours, theirs = (Recount(each, sim.simulate(each, seed=3)) for each in (short, long))
    half_s = short.horizon_s
    assert np.array_equal(known_by(ours, half_s), known_by(theirs, half_s), equal_nan=True)
    before = [run.moves[run.moves.ordered_s < half_s] for run in (ours, theirs)]
    there = [each.there_s.where(each.there_s < half_s).to_numpy() for each in before]
    assert np.array_equal(*there, equal_nan=True)
    for name in ("found_s", "out_s", "controlled_s"):
        moments = [getattr(run.log.outcomes, name) for run in (ours, theirs)]
        again = (moments[1] >= half_s) & (name == "found_s")  # found otherwise once more, later
        until = [np.where((each < half_s) & ~again, each, np.nan) for each in moments]
        assert np.array_equal(*until, equal_nan=True)
