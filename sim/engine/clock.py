"""SimPy's environment with absolute times and stories."""

from collections.abc import Iterator
from heapq import heappush

from simpy import Environment, Event
from simpy.events import NORMAL

Story = Iterator[float]
"""A generator that tells what happens; each yield is the moment, in seconds, at which it goes on."""


class Clock(Environment):
    """A SimPy environment whose processes may be told as stories.

    SimPy schedules at now + delay, so that a moment known beforehand is missed by a rounding error,
    and the units and incidents that share it no longer meet. A story hits it to the last bit. It
    also begins at once, and costs one event a yield where a SimPy process costs two to start. This
    is the one place that touches SimPy's queue; stories and SimPy's own processes share it.
    """

    def tell(self, story: Story) -> None:
        """Run a story up to its first yield now, and on from each yield at the moment it names."""
        moment_s = next(story, None)
        if moment_s is not None:
            _Telling(self, story, moment_s)


class _Telling(Event):
    """The one event of a story, set anew for each of its moments."""

    _ok = True
    _value = None

    def __init__(self, clock: Clock, story: Story, moment_s: float) -> None:
        self.env, self._story = clock, story
        self._set(moment_s)

    def _set(self, moment_s: float) -> None:
        self.callbacks = [self._go_on]
        clock = self.env
        heappush(clock._queue, (moment_s, NORMAL, next(clock._eid), self))

    def _go_on(self, _: Event) -> None:
        moment_s = next(self._story, None)
        if moment_s is not None:
            self._set(moment_s)
