"""What a policy may know of the roads before the clock starts."""

from collections.abc import Sequence
from dataclasses import dataclass

from sim.model.distributions import FloatArray
from sim.model.resources import Fleet
from sim.seams import TravelTimes, Ways


@dataclass(frozen=True)
class Outset(Ways):
    """Travel times from sites at ``points`` (sites, 2), as nothing is closed yet."""

    travel: TravelTimes
    fleet: Fleet
    points: FloatArray

    def seconds(self, kind: int, sites: Sequence[int], points: FloatArray) -> FloatArray:
        """Return the seconds from sites to points; see Ways."""
        mode = self.fleet.kinds[kind].modes.urgent
        return self.travel.seconds(self.points[list(sites)], points, at_s=0.0, mode=mode)
