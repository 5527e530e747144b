"""What incidents are reported as, where that is not what they are."""

from collections.abc import Sequence

import numpy as np

from sim.model.incidents import Incidents, IntArray
from sim.model.types import LEVELS, IncidentType


def reported_level(x: Incidents, types: Sequence[IncidentType]) -> IntArray:
    """Return the level of the type that each incident is taken for, 1 to 4, shape (n,)."""
    return level_as(x.taken_for, x.level - 1, types) + 1


def level_as(told: IntArray, level: IntArray, types: Sequence[IncidentType]) -> IntArray:
    """Return what levels (indices) of incidents are called where these are told as some types, shape (n,)."""
    counterparts = np.array([[kind.counterpart(i) for i in range(len(LEVELS))] for kind in types], np.int64)
    return np.asarray(counterparts[told, level])
