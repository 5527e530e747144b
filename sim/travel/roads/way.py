"""The way of a trip over the stretches of a network, and how far along it a unit is."""

from bisect import bisect_right
from collections.abc import Sequence
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
        i = max(0, bisect_right(self.since, ticks) - 1)
        stretch = stretches[self.stretches[i]]
        first = self.first if i == 0 else 0
        last = self.last if i == len(self.since) - 1 else len(stretch.at) - 1
        along = ticks - self.since[i] + stretch.at[first]
        place = min(max(first, bisect_right(stretch.at, along) - 1), last - 1)
        span = stretch.at[place + 1] - stretch.at[place]
        share = min(1.0, max(0.0, (along - stretch.at[place]) / span))
        return stretch, place, share
