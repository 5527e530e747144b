"""SimPy's environment with absolute times and stories."""

from collections.abc import Generator
from heapq import heappop, heappush
from types import GeneratorType
from typing import Any, Union

from simpy import Environment
from simpy.events import NORMAL

Story = Generator[Union[float, "Bell"], None, None]
"""Tells what happens; each yield is a bell, or the moment in seconds at which it goes on."""

SHIFTS, ROADS, FINDINGS, UNITS, OFFERS, CALLS = -1, 0, 2, 1 << 28, 1 << 30, 1 << 32
"""What goes first at one moment: shifts, roads, SimPy's own events and tasks, findings, units, offers, calls.

Findings, of what incidents are, go by their rows; units, that come free or on duty, by their numbers, and so
do the offers of these units to those who wait, once all of them are there.
"""


class Bell:
    """Stories that yield a bell go on when it rings."""

    def __init__(self) -> None:
        self.waiting: list[tuple[int, Story]] = []

    def ring(self, clock: "Clock") -> None:
        """Have all that wait go on, in the order in which they came."""
        waiting, self.waiting = self.waiting, []
        for rank, story in waiting:
            clock.tell(story, rank)


class Clock(Environment):
    """A SimPy environment whose processes may be told as stories.

    SimPy schedules at now + delay, so that a moment known beforehand is missed by a rounding error,
    and the units and incidents that share it no longer meet. A story hits it to the last bit. It
    also begins at once, and stands in SimPy's queue itself, where a SimPy process needs an event for
    each of its moments and two more to start. This is the one place that touches that queue; stories
    and SimPy's own processes share it.
    """

    _queue: list[tuple[float, int, int, Any]]  # type: ignore[assignment]

    def tell(self, story: Story, rank: int = NORMAL) -> None:
        """Run a story up to its next yield now, and on from each yield at the moment it names.

        Of stories that go on at one moment the one with the lowest ``rank`` does so first, and then the
        one that has waited longest.
        """
        until = next(story, None)
        if until.__class__ is float:
            heappush(self._queue, (until, rank, next(self._eid), story))
        elif until is not None:
            self._wait(until, rank, story)

    def _wait(self, until: Any, rank: int, story: Story) -> None:
        if until.__class__ is Bell:
            until.waiting.append((rank, story))
        else:
            heappush(self._queue, (until, rank, next(self._eid), story))

    def step(self) -> None:
        """Go on with the stories that are next, up to one of SimPy's events, and with that."""
        queue, eid = self._queue, self._eid
        while queue and queue[0][3].__class__ is GeneratorType:
            self._now, rank, _, story = heappop(queue)
            until = next(story, None)
            if until.__class__ is float:
                heappush(queue, (until, rank, next(eid), story))
            elif until is not None:
                self._wait(until, rank, story)
        super().step()
