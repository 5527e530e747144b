"""What units meet with on their orders: crews that do not come, vehicles that break down."""

from collections.abc import Iterator
from math import nextafter

from sim.engine.clock import Story
from sim.engine.crew import Crew
from sim.engine.dispatcher import Dispatcher
from sim.engine.mission import Mission
from sim.model.resources import Mishaps
from sim.rng import Streams

BATCH = 64
"""Draws at a time."""


class Luck:
    """What a unit meets with on its orders, one after the other: the same whatever else happens."""

    def __init__(self, mishaps: Mishaps, streams: Streams, unit: str) -> None:
        self.mishaps = mishaps
        self._rng = streams("mishaps", unit)
        self._drawn: Iterator[tuple[float, float, float]] = iter(())

    def next(self) -> tuple[bool, float | None]:
        """Return whether the crew comes, and after which share of the way it breaks down, if it does."""
        drawn = next(self._drawn, None)
        if drawn is None:
            self._drawn = iter([(a, b, c) for a, b, c in self._rng.random((BATCH, 3)).tolist()])
            drawn = next(self._drawn)
        comes, breaks, share = drawn
        return comes < self.mishaps.attends, share if breaks < self.mishaps.breaks_down else None


def mishap(crew: Crew, mission: Mission, luck: Luck, dispatcher: Dispatcher) -> Story:
    """A crew that does not come is missed when it should have left; one that breaks down, where it does.

    Who is on the road already comes.
    """
    comes, share = luck.next()
    comes = comes or not mission.from_base
    if comes and share is None:
        return
    moment_s = max(mission.assigned_s, min(mission.enroute_s, nextafter(mission.arrived_s, 0.0)))
    if comes and share is not None:
        moment_s = mission.enroute_s + share * (mission.arrived_s - mission.enroute_s)
    yield moment_s
    if crew.on_the_way(moment_s) is mission:
        mishaps = luck.mishaps
        cause, lasting_s = ("broken down", mishaps.repair_s) if comes else ("did not come", mishaps.absent_s)
        dispatcher.fall_out(crew, mission, cause, moment_s, moment_s + lasting_s)
