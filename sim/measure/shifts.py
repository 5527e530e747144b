"""The ends of shifts, and when each was relieved."""

from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measure.columns import Table, Words
from sim.model.distributions import FloatArray
from sim.model.duty import Hours
from sim.model.log import MISHAPS, MOVE_FIELDS, Log
from sim.model.resources import Fleet
from sim.scenario import Scenario


class Ends(NamedTuple):
    """The shifts of a unit that end by the horizon, shapes (k,); ``next_s`` is when the next one comes."""

    shift: NDArray[np.int32]
    begins_s: FloatArray
    ends_s: FloatArray
    next_s: FloatArray


def shift_table(log: Log, scenario: Scenario) -> Table:
    """A row for each end of a unit's shift: when it began, was to end, and was relieved.

    ``relieved_s`` is when the unit was back from what it was at, or had been handed over; NaN where neither
    was by the horizon. No columns where no unit keeps hours.
    """
    units, names = scenario.fleet.units, _names(scenario.fleet)
    if not names:
        return {}
    known: dict[Hours, Ends] = {}
    busy = _busy(log)
    parts: list[tuple[FloatArray, ...]] = []
    for i, unit in enumerate(units):
        if unit.hours is None:
            continue
        ends = known.get(unit.hours) or known.setdefault(unit.hours, _ends(unit.hours, scenario))
        code = np.array([names.index(name) for name in unit.hours.names], float)[ends.shift]
        relieved_s = _relieved(ends, *busy.get(i, (np.empty(0), np.empty(0))), unit.hours.hand_over_s)
        relieved_s[relieved_s > log.horizon_s] = np.nan
        parts.append((np.full(len(code), float(i)), code, ends.begins_s, ends.ends_s, relieved_s))
    unit_, shift, begins_s, ends_s, relieved_s = (np.concatenate(each) for each in zip(*parts, strict=True))
    return {
        "unit": Words(unit_.astype(np.int32), tuple(unit.name for unit in units)),
        "shift": Words(shift.astype(np.int32), names),
        "begins_s": begins_s,
        "ends_s": ends_s,
        "relieved_s": relieved_s,
    }


def _names(fleet: Fleet) -> tuple[str, ...]:
    hours = (unit.hours for unit in fleet.units if unit.hours is not None)
    return tuple(dict.fromkeys(name for each in hours for name in each.names))


def _ends(hours: Hours, scenario: Scenario) -> Ends:
    """Return the shifts that end by the horizon."""
    found = []
    for stint in hours.stints(scenario.calendar):
        found.append(stint)
        if stint.from_s > scenario.horizon_s or stint.until_s == inf:
            break
    n = sum(stint.until_s <= scenario.horizon_s for stint in found)
    shift, from_s, until_s = (np.array([stint[i] for stint in found]) for i in range(3))
    return Ends(shift[:n].astype(np.int32), from_s[:n], until_s[:n], np.append(from_s, inf)[1 : n + 1])


def _busy(log: Log) -> dict[int, tuple[FloatArray, FloatArray]]:
    """Return by unit when it was sent or moved, in order, and when it was back; NaN where sent on before.

    The crew of a vehicle that broke down is back as soon as it has.
    """
    back_s = np.where(
        np.isin(log.mission("cause"), MISHAPS), log.mission("cleared_s"), log.mission("in_quarters_s")
    )
    moved = (log.moves[:, MOVE_FIELDS.index(name)] for name in ("unit", "ordered_s", "there_s"))
    unit, sent_s, back_s = (
        np.concatenate(pair)
        for pair in zip((log.mission("unit"), log.mission("assigned_s"), back_s), moved, strict=True)
    )
    order = np.lexsort((sent_s, unit))
    unit, sent_s, back_s = unit[order], sent_s[order], back_s[order]
    found, first = np.unique(unit, return_index=True)
    last = np.append(first, len(unit))[1:]
    spans = zip(found.tolist(), first.tolist(), last.tolist(), strict=True)
    return {int(i): (sent_s[a:b], back_s[a:b]) for i, a, b in spans}


def _relieved(ends: Ends, sent_s: FloatArray, back_s: FloatArray, hand_over_s: float | None) -> FloatArray:
    """Return when each shift was relieved, inf where it was not; a shift that never came on, at its end."""
    at = np.searchsorted(sent_s, ends.ends_s) - 1
    told_s = np.where(np.isnan(back_s), np.inf, back_s)
    next_back_s = np.append(np.minimum.accumulate(told_s[::-1])[::-1], -np.inf)  # -inf: never sent before
    relieved: FloatArray = np.maximum(ends.ends_s, next_back_s[at])
    if hand_over_s is not None:
        relieved = np.minimum(relieved, np.maximum(ends.next_s + hand_over_s, ends.ends_s))
    before = np.append(-np.inf, np.maximum.accumulate(relieved))[:-1]
    return np.where(before >= ends.ends_s, ends.ends_s, relieved)
