"""Taking facts down while the clock runs."""

from struct import Struct
from typing import TYPE_CHECKING

import numpy as np

from sim.model.distributions import FloatArray
from sim.model.incidents import Incidents
from sim.model.log import FATES, MISSION_FIELDS, MOVE_FIELDS, OUT_FIELDS, OUT_REASONS, Log, Outcomes

if TYPE_CHECKING:
    from sim.engine.calls import Taken
    from sim.engine.mission import Mission

_UNIT, _ASSIGNED, _IN_QUARTERS = (MISSION_FIELDS.index(f) for f in ("unit", "assigned_s", "in_quarters_s"))
_LEFT_SCENE, _AT_DESTINATION, _HOSPITAL = (
    MISSION_FIELDS.index(f) for f in ("left_scene_s", "at_destination_s", "hospital")
)
_FROM, _UNTIL = OUT_FIELDS.index("from_s"), OUT_FIELDS.index("until_s")
_THERE = MOVE_FIELDS.index("there_s")
NAN = float("nan")
_ROW = Struct(f"{len(MISSION_FIELDS)}d")
_MOMENTS = slice(_ASSIGNED, _IN_QUARTERS + 1)


class Recorder:
    """Takes facts while the clock runs; 8 bytes a fact."""

    def __init__(self, incidents: Incidents, taken: "Taken") -> None:
        n = len(incidents)
        self._incidents, self._taken = incidents, taken
        self.controlled_s, self.out_s, self.burnt_m2 = (np.full(n, np.nan) for _ in range(3))
        self.escaped, self.cut_off = np.zeros((2, n), np.bool_)
        self.found_level, self.found_s = np.zeros(n, np.int8), np.full(n, np.nan)
        self._missions = bytearray()
        self._staged: dict[int, float] = {}
        self._unmet: list[tuple[int, int, float, int]] = []
        self._moves: list[list[float]] = []
        self._out: list[list[float]] = []

    def mission(self, mission: "Mission") -> None:
        """Record a mission as it is now, by MISSION_FIELDS: anew, where it was recorded before."""
        m = mission
        row = _ROW.pack(  # written out: twice as fast as asking for each by its name
            m.incident,
            m.slot,
            m.unit,
            m.assigned_s,
            m.notified_s,
            m.enroute_s,
            m.arrived_s,
            m.at_work_s,
            m.left_scene_s,
            m.at_destination_s,
            m.transferred_s,
            m.cleared_s,
            m.in_quarters_s,
            m.expected_s,
            m.nearest_s,
            m.from_base,
            m.hospital,
            m.cause,
        )
        if m.place is None:
            m.place = len(self._missions)
            self._missions += row
        else:
            self._missions[m.place : m.place + len(row)] = row

    def staged(self, mission: "Mission", staged_s: float) -> None:
        """Record when the unit of a mission is at its staging point, as it is foreseen."""
        assert mission.place is not None
        self._staged[mission.place // _ROW.size] = staged_s

    def unmet(self, row: int, resource: int, amount: float, fate: str) -> None:
        """Record what an incident asked for and did not get, and why (one of FATES)."""
        self._unmet.append((row, resource, amount, FATES.index(fate)))

    def move(self, *facts: float) -> list[float]:
        """Record that a unit is sent to stand by elsewhere, by MOVE_FIELDS; return the row."""
        self._moves.append(list(facts))
        return self._moves[-1]

    def out_of_service(self, unit: int, reason: str, from_s: float, until_s: float = NAN) -> list[float]:
        """Record that a unit cannot be sent for a reason, by OUT_FIELDS; return the row."""
        self._out.append([unit, OUT_REASONS.index(reason), from_s, until_s])
        return self._out[-1]

    def close(self, horizon_s: float) -> Log:
        """Return the log, without what lies beyond the horizon or was overtaken by a new mission."""
        reported = self._incidents.reported_s < horizon_s
        taken = self._taken
        answered, classified, decided = (
            np.where(reported & (moments < horizon_s), moments, np.nan)
            for moments in (taken.answered_s, taken.classified_s, taken.decided_s)
        )
        missions = np.frombuffer(self._missions).reshape(-1, len(MISSION_FIELDS))
        _forget_overtaken_returns(missions)
        unknown = ~(missions[:, _LEFT_SCENE] <= horizon_s) | (missions[:, _AT_DESTINATION] == np.inf)
        missions[unknown, _HOSPITAL] = np.nan
        moments = missions[:, _MOMENTS]
        moments[moments > horizon_s] = np.nan
        staged_s = np.full(len(missions), np.nan)
        staged_s[list(self._staged)] = list(self._staged.values())
        staged_s[staged_s > horizon_s] = np.nan
        ends = self.controlled_s, self.out_s, self.burnt_m2, self.escaped, self.cut_off
        outcomes = Outcomes(*ends, self.found_level, self.found_s)
        unmet = np.array(self._unmet, float).reshape(-1, 4)
        moves = np.array(self._moves, float).reshape(-1, len(MOVE_FIELDS))
        moves[moves[:, _THERE] > horizon_s, _THERE] = np.nan
        return Log(
            self._incidents,
            answered,
            classified,
            decided,
            outcomes,
            unmet,
            calls=taken.calls,
            missions=missions,
            horizon_s=horizon_s,
            moves=moves,
            staged_s=staged_s,
            out_of_service=_spells(self._out, horizon_s),
        )


def _spells(rows: list[list[float]], horizon_s: float) -> FloatArray:
    """Return the times out of service, without those that were over at once."""
    found = np.array(rows, float).reshape(-1, len(OUT_FIELDS))
    found = found[~(found[:, _UNTIL] <= found[:, _FROM])]
    found[found[:, _UNTIL] > horizon_s, _UNTIL] = np.nan
    return found


def _forget_overtaken_returns(missions: FloatArray) -> None:
    """Set to NaN, in place, the return to quarters of units that were sent out again on the way."""
    unit, assigned = missions[:, _UNIT], missions[:, _ASSIGNED]
    order = np.lexsort((assigned, unit))
    earlier, later = order[:-1], order[1:]
    overtaken = (unit[earlier] == unit[later]) & (assigned[later] < missions[earlier, _IN_QUARTERS])
    missions[earlier[overtaken], _IN_QUARTERS] = np.nan
