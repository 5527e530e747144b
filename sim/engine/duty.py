"""Crews that come on duty and go off, do not come when they are called, or break down on their way."""

from collections.abc import Iterator
from math import inf, nextafter

from sim.engine.clock import Story
from sim.engine.crew import Crew
from sim.engine.dispatcher import Dispatcher
from sim.engine.mission import Mission
from sim.model.calendar import Calendar
from sim.model.resources import Hours, Mishaps
from sim.model.roster import Span
from sim.rng import Streams

BATCH = 64
"""Draws at a time."""


def on_and_off(crew: Crew, hours: Hours, calendar: Calendar, dispatcher: Dispatcher) -> Story:
    """A crew comes on duty and goes off, by its roster; between shifts it is on call, or not to be had.

    Who is busy at the end of a shift finishes first.
    """
    dispatcher.go_off(crew, hours.on_call_s, 0.0)
    for from_s, until_s in spans(hours, calendar):
        if from_s > 0:
            yield from_s
        dispatcher.come_on(crew, max(0.0, from_s))
        if until_s == inf:
            return
        yield until_s
        dispatcher.go_off(crew, hours.on_call_s, until_s)


def spans(hours: Hours, calendar: Calendar) -> Iterator[Span]:
    """Yield when somebody is on duty, shifts that meet or overlap as one."""
    begun_s, ends_s = -inf, -inf
    for duty in hours.roster.duties(calendar):
        if duty.from_s > ends_s:
            if ends_s > -inf:
                yield begun_s, ends_s
            begun_s = duty.from_s
        ends_s = max(ends_s, duty.until_s)
        if ends_s == inf:
            break
    yield begun_s, ends_s


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
