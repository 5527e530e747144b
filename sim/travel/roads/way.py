"""The way of a trip over the stretches of a network, and how far along it a unit is."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sim.travel.roads.chains import Stretch


class Way(NamedTuple):
    """Stretches one after the other, each begun after so many ticks.

    It begins at a place on the first and ends at one on the last. Empty where there is no way.
    """

    since: Sequence[int] = ()
    stretches: Sequence[int] = ()
    first: int = 0
    last: int = 0

    def spot(self, stretches: Sequence[Stretch], ticks: float) -> tuple[Stretch, int, float]:
        """Return the stretch and the place there after so many ticks, and the share to the next place."""
        i, place, along = self._at(stretches, ticks)
        stretch = stretches[self.stretches[i]]
        span = stretch.at[place + 1] - stretch.at[place]
        share = min(1.0, max(0.0, (along - stretch.at[place]) / span))
        return stretch, place, share

    def ahead(self, stretches: Sequence[Stretch], ticks: float) -> "Way":
        """Return what is left of the way from the next node on, which it is at after so many ticks."""
        i, place, along = self._at(stretches, ticks)
        stretch = stretches[self.stretches[i]]
        place += along > stretch.at[place]
        first = self.first if i == 0 else 0
        at_node = self.since[i] + stretch.at[place] - stretch.at[first]
        since = [max(0, each - at_node) for each in self.since[i:]]
        return Way(since, self.stretches[i:], place, self.last)

    def length(self, stretches: Sequence[Stretch]) -> int:
        """Return how many ticks it takes."""
        if not self.since:
            return 0
        at, first = stretches[self.stretches[-1]].at, self.first if len(self.since) == 1 else 0
        return self.since[-1] + at[self.last] - at[first]

    def uses(self, stretches: Sequence[Stretch], closed: Mapping[int, Sequence[int]]) -> bool:
        """Whether it leads over a closed arc: by stretch, their places on it."""
        last_one = len(self.stretches) - 1
        return any(
            (self.first if i == 0 else 0) <= place < (self.last if i == last_one else len(stretches[s].arcs))
            for i, s in enumerate(self.stretches)
            for place in closed.get(s, ())
        )

    def _at(self, stretches: Sequence[Stretch], ticks: float) -> tuple[int, int, float]:
        """Return which stretch of the way, which place on it, and the ticks from its own start."""
        i = max(0, bisect_right(self.since, ticks) - 1)
        at = stretches[self.stretches[i]].at
        first = self.first if i == 0 else 0
        last = self.last if i == len(self.since) - 1 else len(at) - 1
        along = ticks - self.since[i] + at[first]
        return i, min(max(first, bisect_right(at, along) - 1), last - 1), along
