"""One replication, from the first call to the horizon."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from sim.engine.calls import calls, desk
from sim.engine.case import Bases, cases
from sim.engine.clock import Clock
from sim.engine.crew import Crew, Surroundings
from sim.engine.dispatcher import Dispatcher, PolicyError, Pool, WorldView
from sim.engine.log import Recorder
from sim.engine.medical import Hospitals
from sim.model.incidents import Incidents
from sim.model.log import Log
from sim.rng import Streams
from sim.scenario import Scenario

__all__ = ["PolicyError", "draw", "simulate"]


def draw(scenario: Scenario, seed: int, replication: int) -> Incidents:
    """Return the incidents of one replication, with all their marks, from all sources."""
    streams = Streams(seed, replication)
    return Incidents.merge(
        [source.incidents(streams, horizon_s=scenario.horizon_s) for _, source in scenario.sources]
    )


def simulate(scenario: Scenario, *, seed: int = 0, replication: int = 0) -> Log:
    """Run one replication and return its log; the same arguments give the same log, byte for byte.

    Raises PolicyError when the policy orders a unit that is busy or of a kind that is not missing.
    """
    incidents = draw(scenario, seed, replication)
    answered_s, classified_s = desk(incidents, scenario.centre)
    clock, recorder = Clock(), Recorder(incidents, answered_s, classified_s)
    fleet, place, travel, centre = scenario.fleet, scenario.place, scenario.travel, scenario.centre
    points = np.array([(site.x_m, site.y_m) for site in place.sites]).reshape(-1, 2)
    bases = [
        Bases(sorted({u.base for u in fleet.units if u.kind == k}), points, kind.mode)
        for k, kind in enumerate(fleet.kinds)
    ]
    hospitals = Hospitals(place.hospitals, travel)
    world = Surroundings(travel, centre, hospitals, recorder, fleet.available == "clearing")
    pools = [Pool(len(base.points)) for base in bases]
    for i, unit in enumerate(fleet.units):
        x, y = points[unit.base].tolist()
        crew = Crew(world, i, unit, fleet.kinds[unit.kind], (x, y), bases[unit.kind].position[unit.base])
        pools[unit.kind].put(crew, 0.0)
    view = WorldView(pools, travel)
    dispatcher = Dispatcher(clock, scenario.policy, view, pools, recorder, centre.queue_limit)
    incoming = cases(incidents, classified_s, travel, bases)
    clock.tell(calls(clock, incoming, dispatcher))
    with _without_garbage_collection():
        clock.run(until=scenario.horizon_s)
    return recorder.close(scenario.horizon_s)


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
