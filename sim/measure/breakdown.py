"""Where the time of a target goes, by stage, and why it is missed, by cause."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.measure.rare import mistaken
from sim.measure.tables import Table, column, words
from sim.model.distributions import FloatArray
from sim.model.reports import level_as
from sim.model.resources import Fleet
from sim.model.targets import CLOCKS, END_CLOCKS, INCIDENT_CLOCKS, UNIT_CLOCKS
from sim.scenario import Scenario

STAGE_TO = {
    "detected": "detection",
    "reported": "reporting",
    "answered": "answering",
    "classified": "handling",
    "decided": "command",
    "assigned": "queue",
    "notified": "alerting",
    "enroute": "turnout",
    "arrived": "travel",
    "at_work": "access",
    "left_scene": "work",
    "at_destination": "transport",
    "transferred": "handover",
    "cleared": "clearing",
    "in_quarters": "return",
    "controlled": "control",
    "out": "mop-up",
}
"""The stage that ends at each clock; "command" is its level's decision, "queue" the wait for a free unit."""

CAUSES = ("too far", "all busy", "nearest busy", "slow run", "cut off", "mistaken")
"""Why a limit is missed.

too far: foreseen from the nearest base of the kind, every stage at its typical time, it is over the limit.
all busy: no unit was free at first, and without that wait the limit would have been met.
nearest busy: a farther unit came, and from the nearest base the limit would have been met.
cut off: a unit was free, but roads were closed; that wait alone was over the limit, or without it the limit
would have been met. It goes before the others.
mistaken: it was reported as another type, and the unit only sent for once that was found out; that time alone
was over the limit, or without it the limit would have been met. It goes before those of who was busy.
slow run: call handling, turnout or traffic took longer than foreseen, or the units left were far.
"""


def chain(start: str, stop: str) -> tuple[str, ...]:
    """Return the clocks from one to another: a unit's, or up to its work and then the incident's end."""
    whole: tuple[str, ...] = INCIDENT_CLOCKS + UNIT_CLOCKS
    if stop in END_CLOCKS:
        whole = whole[: whole.index("at_work") + 1] + END_CLOCKS
    begin = whole.index(start) if start in whole else whole.index("at_work")
    return whole[begin : whole.index(stop) + 1]


def stages_between(start: str, stop: str) -> tuple[str, ...]:
    """Return the stages between two clocks, in order."""
    return tuple(STAGE_TO[clock] for clock in chain(start, stop)[1:])


def chain_start(start: str) -> str:
    """Return where the account of a target's time begins: with the call, or the clock if that is earlier."""
    return min(start, "reported", key=CLOCKS.index)


@dataclass(frozen=True, eq=False)
class Deciding:
    """For some incidents, the unit that stopped the clock (its row in ``responses``, -1 for none)."""

    incidents: Table
    responses: Table
    at: NDArray[np.int64]
    row: NDArray[np.int64]

    def moment(self, clock: str) -> FloatArray:
        """Return the moment of a clock, of the incident or of the deciding unit; NaN where unknown."""
        name = f"{clock}_s"
        if name in self.incidents and clock not in UNIT_CLOCKS:
            return column(self.incidents, name)[self.at]
        return self.response(name)

    def response(self, name: str) -> FloatArray:
        """Return a column of the deciding units' responses, NaN where there is no unit."""
        values = column(self.responses, name).astype(float)
        if len(values) == 0:
            return np.full(len(self.row), np.nan)
        return np.where(self.row < 0, np.nan, values[self.row])

    def kind(self) -> NDArray[np.int32]:
        """Return the deciding units' kinds; meaningless where there is no unit."""
        codes = words(self.responses, "kind").codes
        return codes[self.row] if len(codes) else np.zeros(len(self.row), np.int32)


def stage_seconds(units: Deciding, start: str, stop: str) -> dict[str, FloatArray]:
    """Return how long each stage between two clocks took, shapes (incidents,)."""
    moments = [units.moment(clock) for clock in chain(start, stop)]
    names = stages_between(start, stop)
    return {name: moments[i + 1] - moments[i] for i, name in enumerate(names)}


def causes(
    units: Deciding, elapsed_s: FloatArray, limit_s: float, start: str, stop: str, scenario: Scenario
) -> NDArray[np.int64]:
    """Return the index into CAUSES of why each incident missed the limit, shape (incidents,).

    For targets on the first unit. Of the whole card, the later units may be far because the nearest
    are at the same incident already, which is no cause in this sense.
    """
    between = stages_between(start, stop)
    nearest_s, expected_s = units.response("nearest_s"), units.response("expected_s")
    foreseen_s = _foreseen(units, start, stop, scenario) + nearest_s * ("travel" in between)
    waited_s = (units.moment("assigned") - units.moment("decided")) * ("queue" in between)
    travel_s = units.moment("arrived") - units.moment("enroute")
    saved_s = waited_s + travel_s * (1 - nearest_s / np.maximum(expected_s, 1e-9)) * ("travel" in between)
    in_time_but_for_busy = elapsed_s - saved_s <= limit_s
    unsent = np.isnan(units.moment("assigned")) & ~np.isnan(units.moment("decided"))
    late = np.isnan(elapsed_s) & (waited_s > limit_s)
    all_busy = unsent | late | (in_time_but_for_busy & (waited_s > 0))
    since_s = units.moment("assigned") - units.moment("decided")  # also after an alarm that was in vain
    kept_out = all_busy | ((elapsed_s - since_s <= limit_s) & (since_s > 0))
    kept_out |= since_s > limit_s  # however far it is then
    cut_off = kept_out & column(units.incidents, "cut_off")[units.at].astype(bool)
    lost_s = _lost_s(units, unsent) if "queue" in between else np.zeros(len(units.at))
    found_late = (lost_s > limit_s) | ((lost_s > 0) & (elapsed_s - lost_s <= limit_s))
    told = [cut_off, foreseen_s > limit_s, found_late, all_busy, in_time_but_for_busy]
    return np.select(told, [4, 0, 5, 1, 2], 3).astype(np.int64)


def _lost_s(units: Deciding, unsent: NDArray[np.bool_]) -> FloatArray:
    """Return how long each was taken for another type, if units were sent for only after that; inf: still."""
    if not mistaken(units.incidents).any():
        return np.zeros(len(units.at))
    known_s = units.moment("known")
    lost_s = np.where(units.moment("assigned") >= known_s, known_s - units.moment("decided"), 0.0)
    lost_s = np.where(unsent & np.isnan(known_s), np.inf, lost_s)
    return np.where(mistaken(units.incidents)[units.at], lost_s, 0.0)


def _foreseen(units: Deciding, start: str, stop: str, scenario: Scenario) -> FloatArray:
    """Return the typical seconds of the stages between two clocks, travel and queue left out.

    From the work on scene on, the actual time counts as foreseen: no dispatch makes it shorter.
    """
    types, kinds = scenario.types, scenario.fleet.kinds
    of_type, of_kind = words(units.incidents, "type").codes[units.at], units.kind()
    told, at_level = _as_reported(units, scenario)
    late_s = scenario.place.lateness_s[words(units.incidents, "zone").codes[units.at]]
    typical: dict[str, FloatArray | float] = {
        "detection": np.array([each.detection.median_s for each in types])[of_type],
        "reporting": np.array([each.reporting.median_s for each in types])[of_type] + late_s,
        "answering": np.array([scenario.centre.ring_s(i) for i in range(len(types))])[told],
        "handling": np.array([each.handling.median_s for each in types])[told],
        "command": np.array([law.median_s for law in scenario.centre.command])[at_level],
        "queue": 0.0,
        "alerting": scenario.centre.alerting_s,
        "turnout": np.array([kind.turnout.median_s for kind in kinds])[of_kind]
        + _mobilising(units, scenario.fleet),
        "travel": 0.0,
        "access": np.array([kind.access.median_s for kind in kinds])[of_kind],
    }
    total = np.zeros(len(units.at))
    for name, seconds in stage_seconds(units, start, stop).items():
        total += typical.get(name, seconds)
    return total


def _as_reported(units: Deciding, scenario: Scenario) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return as which types, and at which levels of these, incidents were reported (indices)."""
    reported = "reported_type" if "reported_type" in units.incidents else "type"
    told, level = (
        words(units.incidents, name).codes[units.at].astype(np.int64) for name in (reported, "level")
    )
    return told, level_as(told, level, scenario.types)


def _mobilising(units: Deciding, fleet: Fleet) -> FloatArray | float:
    """Return how long the forces of the deciding units typically take to mobilise, where they left base."""
    if not fleet.forces or not len(column(units.responses, "from_base")):
        return 0.0
    typical_s = np.array([unit.force.mobilisation.median_s for unit in fleet.units])
    seconds = typical_s[words(units.responses, "unit").codes] * column(units.responses, "from_base")
    return np.where(units.row < 0, 0.0, seconds[units.row])
