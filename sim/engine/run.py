"""One replication, from the first call to the horizon."""

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from sim.engine.asking import PolicyError, begun
from sim.engine.calls import calls, desk
from sim.engine.case import Circumstances, cases
from sim.engine.clock import CALLS, Clock
from sim.engine.command import Command
from sim.engine.crew import Crew
from sim.engine.dispatcher import Dispatcher
from sim.engine.gathering import Gathering
from sim.engine.log import Recorder
from sim.engine.medical import Hospitals
from sim.engine.muster import Muster, musters
from sim.engine.outset import Outset
from sim.engine.pool import Pool
from sim.engine.reach import Bases
from sim.engine.rerouting import Rerouting
from sim.engine.scene import Marks, Scene
from sim.engine.staffing import bring, staff
from sim.engine.staging import Reinforcement
from sim.engine.standby import Surroundings
from sim.engine.tiers import TieredView
from sim.engine.turns import turn_of
from sim.engine.view import WorldView
from sim.engine.waiting import Waiting
from sim.model.distributions import FloatArray
from sim.model.incidents import Incidents, IntArray
from sim.model.log import Log
from sim.model.reports import reported_level
from sim.model.resources import Fleet, Modes
from sim.rng import Streams
from sim.scenario import Scenario

__all__ = ["PolicyError", "draw", "simulate"]


def draw(scenario: Scenario, seed: int, replication: int) -> Incidents:
    """Return the incidents of one replication from all sources, and all that they set off."""
    streams, horizon_s = Streams(seed, replication), scenario.horizon_s
    parts = []
    for i, (name, source) in enumerate(scenario.sources):
        own = streams.below(name)
        family = [_numbered(source.incidents(own, horizon_s=horizon_s))]
        while len(family[-1]):
            named = own.below("children", str(len(family)))
            born = [
                each.following(family[-1], named.below(other), horizon_s=horizon_s)
                for other, each in scenario.sources
            ]
            children = Incidents.merge(born)
            first = max(int(each.number.max()) for each in family) + 1
            family.append(replace(children, number=np.arange(first, first + len(children))))
        parts += [replace(each, source=np.full(len(each), i)) for each in family if len(each)]
    return Incidents.merge(parts) if parts else Incidents.none()


def _numbered(x: Incidents) -> Incidents:
    """Return a source's incidents each with a number of its own, which their children name them by."""
    ordered = np.sort(x.number)  # np.unique takes as long as all the rest
    return replace(x, number=np.arange(len(x))) if np.any(ordered[1:] == ordered[:-1]) else x


def simulate(scenario: Scenario, *, seed: int = 0, replication: int = 0) -> Log:
    """Run one replication and return its log; the same arguments give the same log, byte for byte.

    Raises PolicyError with the incident, the moment and the order when the policy fails, or orders what
    cannot be, such as a unit that is busy, or that brings nothing which is lacking.
    """
    incidents = draw(scenario, seed, replication)
    taken = desk(incidents, scenario, Streams(seed, replication).below("centre"))
    clock, recorder = Clock(), Recorder(incidents, taken)
    fleet, place, centre = scenario.fleet, scenario.place, scenario.centre
    streams = Streams(seed, replication).below("travel")
    travel = scenario.travel.begin(streams, horizon_s=scenario.horizon_s)
    points = np.array([(site.x_m, site.y_m) for site in place.sites]).reshape(-1, 2)
    policy = begun(scenario.policy, Outset(travel, fleet, points))
    bases = [_bases(fleet, k, points, moves=policy.moves) for k in range(len(fleet.kinds))]
    hospitals = Hospitals(place.hospitals, travel)
    world = Surroundings(travel, centre.alerting_s, hospitals, recorder, fleet.available == "clearing")
    levels = [level for kind in scenario.types for level in kind.levels]
    asked = {r for card in incidents.cards for r, _ in card} | {r for level in levels for r in level.whole}
    called = musters(incidents, scenario, Streams(seed, replication))
    crews = _crews(world, fleet, points, bases, asked, called)
    pools = _pools(crews, bases)
    seen = TieredView if fleet.forces else WorldView
    by_amount = frozenset(r for r, each in enumerate(fleet.resources) if each.measure != "units")
    view = seen(pools, [tuple(sorted(least)) for least in fleet.least], travel, bases, by_amount)
    waiting = Waiting(fleet.resources, view, recorder, centre.queue_limit, turn_of(scenario.queue))
    dispatcher = Dispatcher(clock, policy, view, pools, bases, waiting, recorder)
    scenes: list[Scene] = []
    scene = _scenes(scenario, incidents, clock, recorder, scenes)
    command = _commands(scenario, incidents, clock, recorder)
    gathering = _gatherings(fleet, clock, waiting)
    others = scene, _haste(scenario, incidents), command, gathering
    given = Circumstances(incidents, taken.decided_s, travel, bases, fleet.resources, *others)
    Rerouting(clock, travel, crews, dispatcher).begin(scenario.closures)
    staff(clock, scenario, crews, asked, dispatcher, Streams(seed, replication))
    clock.tell(calls(clock, cases(given), dispatcher), CALLS)
    with _without_garbage_collection():
        clock.run(until=scenario.horizon_s)
    waiting.close()
    for each in scenes:
        each.close(scenario.horizon_s)
    return recorder.close(scenario.horizon_s)


def _crews(
    world: Surroundings,
    fleet: Fleet,
    points: FloatArray,
    bases: Sequence[Bases],
    asked: Set[int],
    called: Mapping[str, Muster],
) -> list[Crew]:
    """Return the crews of all units, with what they bring of the resources that are ever asked for."""
    crews = []
    for i, unit in enumerate(fleet.units):
        x, y = points[unit.base].tolist()
        kind, position = fleet.kinds[unit.kind], bases[unit.kind].position[unit.base]
        given = world, i, unit, kind, bring(fleet, unit, asked, unit.crew), (x, y), position
        mustered = called.get(unit.force.name)
        crews.append(Crew(*given) if mustered is None else Reinforcement(*given, mustered))
    return crews


def _pools(crews: Sequence[Crew], bases: Sequence[Bases]) -> list[Pool]:
    """Return the pools of all kinds, each unit at its base."""
    pools = [Pool(len(base.points)) for base in bases]
    for crew in crews:
        pools[crew.kind].crews.append(crew)
        pools[crew.kind].put(crew, 0.0)
    return pools


def _bases(fleet: Fleet, kind: int, points: FloatArray, *, moves: bool) -> Bases:
    """Return where a kind of unit has its bases, and may be moved to: to those of all kinds."""
    own = sorted({unit.base for unit in fleet.units if unit.kind == kind})
    others = sorted({unit.base for unit in fleet.units} - set(own)) if moves else []
    return Bases(own, others, points, fleet.kinds[kind].modes)


def _haste(scenario: Scenario, x: Incidents) -> IntArray:
    """Return the index into Modes of each incident, by the type and the level that it is reported as."""
    by_level = np.array(
        [[Modes._fields.index(level.urgency) for level in each.levels] for each in scenario.types]
    )
    return np.asarray(by_level[x.taken_for, reported_level(x, scenario.types) - 1])


def _scenes(
    scenario: Scenario, x: Incidents, clock: Clock, recorder: Recorder, made: list[Scene]
) -> Callable[[int], Scene | None] | None:
    """Return what gives an incident's common task, and keeps it in ``made``; None when no type has one."""
    tasks = [[level.task for level in kind.levels] for kind in scenario.types]
    if not any(task for by_level in tasks for task in by_level):
        return None

    def scene(row: int) -> Scene | None:
        task = tasks[x.type[row]][x.level[row] - 1]
        if task is None:
            return None
        own = (float(column[row]) for column in (x.occurred_s, x.effort, x.mop_up_s, x.burn_out_s))
        made.append(Scene(task, Marks(row, *own), clock, recorder))
        return made[-1]

    return scene


def _commands(
    scenario: Scenario, x: Incidents, clock: Clock, recorder: Recorder
) -> Callable[[int], Command | None] | None:
    """Return what gives who is in command of an incident; None when no type has anybody."""
    commanded = [kind.is_commanded for kind in scenario.types]
    if not any(commanded):
        return None

    def command(row: int) -> Command | None:
        kind, told = int(x.type[row]), int(x.taken_for[row])
        if not commanded[kind] or x.size_up_s[row] == np.inf:
            return None
        level, found = int(x.level[row]) - 1, int(x.found[row]) - 1
        own = level, found, int(x.priority[row]), float(x.size_up_s[row])
        return Command(scenario.types, kind, told, row, *own, clock, recorder)

    return command


def _gatherings(fleet: Fleet, clock: Clock, waiting: Waiting) -> Callable[[int], Gathering] | None:
    """Return what gives what counts who has come to an incident; None where no kind holds a scene."""
    if not any(kind.holds_s for kind in fleet.kinds):
        return None
    return lambda row: Gathering(clock, waiting.turned_away)


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Pause Python's search for reference cycles: the engine makes none, and it costs a sixth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
