"""Which hospital a patient goes to."""

from collections.abc import Sequence
from math import inf

import numpy as np

from sim.model.place import Site
from sim.model.types import LEVELS
from sim.seams import Point, TravelTimes

FEW = 8
"""Up to so many hospitals are asked about one by one, which then takes less than one call for all."""


class Hospitals:
    """The hospitals, by the incident levels whose patients they accept."""

    def __init__(self, hospitals: Sequence[Site], travel: TravelTimes) -> None:
        self._travel = travel
        self.points: list[Point] = [(site.x_m, site.y_m) for site in hospitals]
        self._suitable = {
            level: [i for i, site in enumerate(hospitals) if level in site.accepts]
            or list(range(len(hospitals)))  # a record may bring a patient whom none accepts
            for level in range(1, len(LEVELS) + 1)
        }
        self._at = {
            level: np.array([self.points[i] for i in suitable]) for level, suitable in self._suitable.items()
        }

    def choose(self, given: int, scene: Point, level: int, at_s: float, mode: str) -> tuple[int, float]:
        """Return the given hospital, or the nearest where that is -1 or out of reach, and the seconds."""
        if given >= 0:
            drive_s = self._travel.between(scene, self.points[given], at_s=at_s, mode=mode)
            if drive_s < inf:
                return given, drive_s
        return self.nearest(scene, level, at_s, mode)

    def nearest(self, scene: Point, level: int, at_s: float, mode: str) -> tuple[int, float]:
        """Return the suitable hospital with the least travel time, as an index, and that time in seconds."""
        suitable, travel = self._suitable[level], self._travel
        if len(suitable) <= FEW:
            times = [travel.between(scene, self.points[i], at_s=at_s, mode=mode) for i in suitable]
        else:
            times = travel.seconds(np.array([scene]), self._at[level], at_s=at_s, mode=mode)[0].tolist()
        drive_s = min(times)
        return suitable[times.index(drive_s)], drive_s
