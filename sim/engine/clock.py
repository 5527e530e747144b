"""SimPy's environment with absolute times and stories."""

from collections.abc import Generator
from heapq import heappop, heappush
from types import GeneratorType
from typing import Any

from simpy import Environment
from simpy.events import NORMAL

Story = Generator[float, None, None]
"""A generator that tells what happens; each yield is the moment, in seconds, at which it goes on."""


class Clock(Environment):
    """A SimPy environment whose processes may be told as stories.

    SimPy schedules at now + delay, so that a moment known beforehand is missed by a rounding error,
    and the units and incidents that share it no longer meet. A story hits it to the last bit. It
    also begins at once, and stands in SimPy's queue itself, where a SimPy process needs an event for
    each of its moments and two more to start. This is the one place that touches that queue; stories
    and SimPy's own processes share it.
    """

    _queue: list[tuple[float, int, int, Any]]  # type: ignore[assignment]

    def tell(self, story: Story) -> None:
        """Run a story up to its next yield now, and on from each yield at the moment it names."""
        moment_s = next(story, None)
        if moment_s is not None:
            heappush(self._queue, (moment_s, NORMAL, next(self._eid), story))

    def step(self) -> None:
        """Go on with what is next: a story, or one of SimPy's events."""
        queue = self._queue
        if queue and isinstance(queue[0][3], GeneratorType):
            self._now, _, _, story = heappop(queue)
            self.tell(story)
        else:
            super().step()
