"""Units in service and out of it: overtime, and the share of time at which they could be sent."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from sim.measure.columns import Table, Words, column, words
from sim.model.distributions import FloatArray
from sim.model.log import OUT_FIELDS, OUT_REASONS, Log
from sim.model.resources import NO_MISHAPS, Fleet
from sim.model.units import HOUR_S, YEAR_S
from sim.scenario import Scenario


class Service(NamedTuple):
    """What ``units`` of one kind together were in one replication, or several, after the warm-up.

    ``unit_s`` are the seconds of all, ``out_s`` those out of service, ``overtime_s`` those that shifts were
    out beyond their ends, None without hours.
    """

    units: int
    unit_s: float
    out_s: float
    overtime_s: float | None

    @property
    def share(self) -> float:
        """The share of time in service."""
        return 1 - self.out_s / self.unit_s

    @property
    def overtime_h(self) -> float | None:
        """The hours of overtime a year."""
        years = self.unit_s / self.units / YEAR_S
        return None if self.overtime_s is None else self.overtime_s / HOUR_S / years

    def summary(self) -> dict[str, float | None]:
        """Return what a run's JSON tells of a kind."""
        return {"in_service": self.share, "overtime_h_per_year": self.overtime_h}


def service_table(log: Log, scenario: Scenario) -> Table:
    """A row for each time that a unit was out of service; no columns where none ever is."""
    if not _kinds(scenario.fleet):
        return {}
    unit, reason = log.out_of_service[:, :2].astype(np.int32).T
    return {
        "unit": Words(unit, tuple(each.name for each in scenario.fleet.units)),
        "reason": Words(reason, OUT_REASONS),
        **{name: log.out_of_service[:, i] for i, name in enumerate(OUT_FIELDS) if i > 1},
    }


def count_service(shifts: Table, out: Table, scenario: Scenario) -> dict[str, Service]:
    """Return what is counted of a replication, by the kinds of unit that may be out of service."""
    fleet, kinds = scenario.fleet, _kinds(scenario.fleet)
    if not kinds:
        return {}
    span = scenario.warmup_s, scenario.horizon_s
    kind_of = np.array([unit.kind for unit in fleet.units])
    out_s, overtime_s = _out_s(out, span, len(kind_of)), _overtime_s(shifts, span, len(kind_of))
    keeping = {unit.kind for unit in fleet.units if unit.hours is not None}
    return {
        fleet.kinds[k].name: Service(
            int((kind_of == k).sum()),
            float((kind_of == k).sum() * (span[1] - span[0])),
            float(out_s[kind_of == k].sum()),
            float(overtime_s[kind_of == k].sum()) if k in keeping else None,
        )
        for k in kinds
    }


def together(counts: Sequence[Mapping[str, Service]]) -> dict[str, Service]:
    """Return what is counted of all replications together."""
    return {name: _added(each[name] for each in counts) for name in (counts[0] if counts else ())}


def _added(parts: Iterable[Service]) -> Service:
    units, unit_s, out_s, overtime_s = zip(*parts, strict=True)
    return Service(units[0], sum(unit_s), sum(out_s), None if None in overtime_s else sum(overtime_s))


def _kinds(fleet: Fleet) -> list[int]:
    """Return the kinds of which a unit may be out of service."""
    found = {unit.kind for unit in fleet.units if unit.hours is not None}
    own = {unit.kind for unit in fleet.units}
    found |= {k for k in own if fleet.kinds[k].servicing or fleet.kinds[k].mishaps != NO_MISHAPS}
    return sorted(found)


def _out_s(out: Table, span: tuple[float, float], n: int) -> FloatArray:
    """Return how long each of n units was out of service, for whichever reasons, within a span of time."""
    found, reached = np.zeros(n), [span[0]] * n
    unit, from_s = words(out, "unit").codes, column(out, "from_s")
    until_s = np.fmin(np.nan_to_num(column(out, "until_s"), nan=np.inf), span[1])
    for i in np.lexsort((from_s, unit)).tolist():
        u = unit[i]
        found[u] += max(0.0, until_s[i] - max(from_s[i], reached[u]))
        reached[u] = max(reached[u], until_s[i])
    return found


def _overtime_s(shifts: Table, span: tuple[float, float], n: int) -> FloatArray:
    """Return the overtime of each of n units, of the shifts that end within a span of time."""
    if not shifts:
        return np.zeros(n)
    ends_s = column(shifts, "ends_s")
    over_s = np.nan_to_num(column(shifts, "relieved_s"), nan=span[1]) - ends_s
    return np.bincount(words(shifts, "unit").codes, over_s * (ends_s >= span[0]), n).astype(np.float64)
