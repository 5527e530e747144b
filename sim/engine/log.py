"""Taking facts down while the clock runs."""

from struct import Struct

import numpy as np

from sim.model.distributions import FloatArray
from sim.model.incidents import Incidents
from sim.model.log import MISSION_FIELDS, Log

_UNIT, _ASSIGNED, _IN_QUARTERS = (MISSION_FIELDS.index(f) for f in ("unit", "assigned_s", "in_quarters_s"))
_ROW = Struct(f"{len(MISSION_FIELDS)}d")
_MOMENTS = slice(_ASSIGNED, _IN_QUARTERS + 1)


class Recorder:
    """Takes facts while the clock runs; 8 bytes a fact."""

    def __init__(self, incidents: Incidents, answered_s: FloatArray, classified_s: FloatArray) -> None:
        self._incidents, self._answered_s, self._classified_s = incidents, answered_s, classified_s
        self.turned_away = np.zeros(len(incidents), np.int64)
        self._missions = bytearray()

    def mission(self, *facts: float) -> None:
        """Record a mission, by the fields of ``MISSION_FIELDS``."""
        self._missions += _ROW.pack(*facts)

    def close(self, horizon_s: float) -> Log:
        """Return the log, without what lies beyond the horizon or was overtaken by a new mission."""
        reported = self._incidents.reported_s < horizon_s
        answered, classified = (
            np.where(reported & (moments < horizon_s), moments, np.nan)
            for moments in (self._answered_s, self._classified_s)
        )
        missions = np.frombuffer(self._missions).reshape(-1, len(MISSION_FIELDS))
        _forget_overtaken_returns(missions)
        moments = missions[:, _MOMENTS]
        moments[moments > horizon_s] = np.nan
        return Log(self._incidents, answered, classified, self.turned_away, missions, horizon_s)


def _forget_overtaken_returns(missions: FloatArray) -> None:
    """Set to NaN, in place, the return to quarters of units that were sent out again on the way."""
    unit, assigned = missions[:, _UNIT], missions[:, _ASSIGNED]
    order = np.lexsort((assigned, unit))
    earlier, later = order[:-1], order[1:]
    overtaken = (unit[earlier] == unit[later]) & (assigned[later] < missions[earlier, _IN_QUARTERS])
    missions[earlier[overtaken], _IN_QUARTERS] = np.nan
