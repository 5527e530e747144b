"""Tidy tables of a log: one of incidents, one of unit responses.

A table is a mapping of column names to columns of one length: arrays, or ``Words``. Times are
seconds since the start of the run (``_s``), NaN for what had not happened by the horizon.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.measure.calls import by_incident, call_table
from sim.measure.columns import Table as Table
from sim.measure.columns import Words as Words
from sim.measure.columns import column as column
from sim.measure.columns import frame as frame
from sim.measure.columns import words as words
from sim.measure.grouping import ByIncident
from sim.measure.rare import rare
from sim.measure.service import service_table
from sim.measure.shifts import shift_table
from sim.model.distributions import FloatArray
from sim.model.incidents import Incidents
from sim.model.log import CAUSES, FATES, MISSION_FIELDS, MOVE_FIELDS, Log
from sim.model.place import ZONE_KINDS
from sim.model.resources import Fleet
from sim.model.targets import UNIT_CLOCKS
from sim.model.types import LEVELS
from sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd


MEASURES = ("units", "crew", "equipment")


@dataclass(frozen=True, eq=False)
class Tables:
    """What one replication tells: ``incidents`` (a row each), ``responses`` (a row a mission), and more.

    ``unmet`` has a row for each resource that an incident asked for and did not get, ``moves`` for each time
    that a unit was sent to stand by elsewhere, ``calls`` for each wait of a caller at an answering point,
    ``shifts`` for each end of a unit's shift, ``out_of_service`` for each time that a unit could not be sent.
    The last four have no columns where no policy moves units, each incident is one call to one number, no
    unit keeps hours, and none is ever out of service.
    """

    incidents: Table
    responses: Table
    unmet: Table
    moves: Table = field(default_factory=dict)
    calls: Table = field(default_factory=dict)
    shifts: Table = field(default_factory=dict)
    out_of_service: Table = field(default_factory=dict)

    def frames(self) -> "tuple[pd.DataFrame, pd.DataFrame]":
        """Return incidents and responses as pandas frames, words as categories."""
        return frame(self.incidents), frame(self.responses)


def tabulate(log: Log, scenario: Scenario) -> Tables:
    """Return the tables of a log, with a row for every incident, also those reported after the horizon."""
    responses, unmet = _responses(log, scenario), _unmet(log, scenario)
    moves, calls = _moves(log, scenario), call_table(log, scenario)
    incidents = {**_incidents(log, scenario, responses, unmet), **by_incident(calls, len(log.incidents))}
    kept = shift_table(log, scenario), service_table(log, scenario)
    return Tables({**incidents, **rare(log, incidents, scenario)}, responses, unmet, moves, calls, *kept)


def _unmet(log: Log, scenario: Scenario) -> Table:
    """A row for each resource that an incident asked for and did not get, by incident."""
    facts = log.unmet[np.argsort(log.unmet[:, 0], kind="stable")]
    known = scenario.fleet.resources
    names = tuple(dict.fromkeys(each.name for each in known))
    resource = facts[:, 1].astype(np.int64)
    name_of = np.array([names.index(each.name) for each in known], np.int32)
    measure_of = np.array([MEASURES.index(each.measure) for each in known], np.int32)
    return {
        "incident": facts[:, 0].astype(np.int64),
        "resource": Words(name_of[resource], names),
        "measure": Words(measure_of[resource], MEASURES),
        "amount": facts[:, 2],
        "fate": Words(facts[:, 3].astype(np.int32), FATES),
    }


def _moves(log: Log, scenario: Scenario) -> Table:
    """A row for each time that a unit was sent to stand by elsewhere; nothing where none ever is."""
    if not scenario.policy.moves:
        return {}
    unit, from_, to = log.moves[:, :3].astype(np.int32).T
    sites = tuple(site.name for site in scenario.place.sites)
    return {
        "unit": Words(unit, tuple(u.name for u in scenario.fleet.units)),
        "from_site": Words(from_, sites),
        "to_site": Words(to, sites),
        **{name: log.moves[:, i] for i, name in enumerate(MOVE_FIELDS) if i > 2},
    }


def _responses(log: Log, scenario: Scenario) -> Table:
    """A row a mission, by incident and then by the line of its response card."""
    order = np.argsort(log.mission("slot"), kind="stable")
    facts = {name: log.missions[order, i] for i, name in enumerate(MISSION_FIELDS)}
    incident, unit = facts["incident"].astype(np.int64), facts["unit"].astype(np.int64)
    fleet, place = scenario.fleet, scenario.place
    kind = np.array([u.kind for u in fleet.units], np.int32)[unit]
    base = np.array([u.base for u in fleet.units], np.int32)[unit]
    hospital = np.where(np.isnan(facts["hospital"]), -1, facts["hospital"]).astype(np.int32)
    return {
        "incident": incident,
        "slot": facts["slot"].astype(np.int64) - log.incidents.first_slot[incident],
        "unit": Words(unit.astype(np.int32), tuple(u.name for u in fleet.units)),
        "kind": Words(kind, tuple(k.name for k in fleet.kinds)),
        "base": Words(base, tuple(site.name for site in place.sites)),
        "hospital": Words(hospital, tuple(site.name for site in place.hospitals)),
        "from_base": facts["from_base"] > 0,
        "cause": Words(np.where(np.isnan(facts["cause"]), -1, facts["cause"]).astype(np.int32), CAUSES),
        "expected_s": facts["expected_s"],
        "nearest_s": facts["nearest_s"],
        **{f"{clock}_s": facts[f"{clock}_s"] for clock in UNIT_CLOCKS},
        **_of_forces(scenario.fleet, unit, log.staged_s[order]),
    }


def _of_forces(fleet: Fleet, unit: NDArray[np.int64], staged_s: FloatArray) -> Table:
    """Return whose units were sent, and when they were at the staging point; nothing without forces."""
    if not fleet.forces:
        return {}
    code = np.array([fleet.forces.index(u.force) if u.force in fleet.forces else -1 for u in fleet.units])
    force = Words(code[unit].astype(np.int32), tuple(each.name for each in fleet.forces))
    staging = any(each.staging for each in fleet.forces)
    return {"force": force, **({"staged_s": staged_s} if staging else {})}


def _incidents(log: Log, scenario: Scenario, responses: Table, unmet: Table) -> Table:
    """A row an incident, with the first and the last of its units' moments, and how it ended.

    Units that gave up on their way count for the first alarm, and no more.
    """
    x, ends = log.incidents, log.outcomes
    came = words(responses, "cause").codes < 0
    by = ByIncident(column(responses, "incident"), len(x))
    by_came = ByIncident(column(responses, "incident")[came], len(x))
    sent = by_came.counts
    lacking = np.where(words(unmet, "measure").isin(("units",)), np.ceil(column(unmet, "amount")), 1)
    waiting, turned_away, withdrawn = (
        np.bincount(column(unmet, "incident")[chosen], lacking[chosen], len(x)).astype(np.int64)
        for chosen in (words(unmet, "fate").isin((fate,)) for fate in FATES)
    )
    complete = (waiting + turned_away + withdrawn == 0) & ~np.isnan(log.decided_s)
    common = _with_common_task(scenario)[x.type, x.level - 1]
    moments = {clock: column(responses, f"{clock}_s") for clock in UNIT_CLOCKS}
    last = {clock: by_came.last(moments[clock][came]) for clock in ("arrived", "left_scene", "cleared")}
    return {
        **_what_and_where(log, scenario),
        "occurred_s": x.occurred_s,
        "detected_s": _until(x.detected_s, log.horizon_s),
        "reported_s": _until(x.reported_s, log.horizon_s),
        "answered_s": log.answered_s,
        "classified_s": log.classified_s,
        "decided_s": log.decided_s,
        "assigned_s": by.first(moments["assigned"]),
        "notified_s": by.first(moments["notified"]),
        "enroute_s": by.first(moments["enroute"]),
        "arrived_s": by.first(moments["arrived"]),
        "assembled_s": np.where(complete, last["arrived"], np.nan),
        "controlled_s": _ended(ends.controlled_s, common, complete, last["left_scene"], log),
        "out_s": _ended(ends.out_s, common, complete, last["left_scene"], log),
        "cleared_s": np.where(complete, last["cleared"], np.nan),
        "units_needed": by_came.counts + waiting + turned_away + withdrawn,
        "units_sent": sent,
        "units_waiting": waiting,
        "units_turned_away": turned_away,
        "magnitude": np.where(x.magnitude > 0, x.magnitude, np.nan),
        "burnt_m2": _until(ends.burnt_m2, np.inf),
        "escaped": ends.escaped,
        "cut_off": ends.cut_off,
        "found_level": Words(ends.found_level.astype(np.int32) - 1, LEVELS),
        "found_s": _until(ends.found_s, log.horizon_s),
        "source": Words(x.source.astype(np.int32), tuple(name for name, _ in scenario.sources)),
        "number": x.number,
        "parent": _parents(x),
    }


def _what_and_where(log: Log, scenario: Scenario) -> Table:
    """The columns that tell what each incident is, and where."""
    x, place = log.incidents, scenario.place
    towns = tuple(dict.fromkeys(zone.town for zone in place.zones))
    numbers = {town: i for i, town in enumerate(towns)}
    town = np.array([numbers[zone.town] for zone in place.zones], np.int32)
    return {
        "incident": np.arange(len(x)),
        "type": Words(x.type.astype(np.int32), tuple(kind.name for kind in scenario.types)),
        "level": Words((x.level - 1).astype(np.int32), LEVELS),
        "priority": x.priority,
        "zone": Words(x.zone.astype(np.int32), tuple(zone.name for zone in place.zones)),
        "zone_kind": Words(place.kinds[x.zone].astype(np.int32), ZONE_KINDS),
        "town": Words(town[x.zone], towns),
        "x_m": x.x_m,
        "y_m": x.y_m,
    }


def _with_common_task(scenario: Scenario) -> NDArray[np.bool_]:
    """Return which levels have a common task, shape (types, levels)."""
    return np.array([[level.task is not None for level in kind.levels] for kind in scenario.types])


def _ended(
    moments: FloatArray, common: NDArray[np.bool_], complete: NDArray[np.bool_], last: FloatArray, log: Log
) -> FloatArray:
    """Return the moments of common tasks, and of other incidents that at which the last unit has done."""
    return _until(np.where(common, moments, np.where(complete, last, np.nan)), log.horizon_s)


def _parents(x: Incidents) -> FloatArray:
    """Return the row of the incident that set each one off, NaN for none."""
    found = np.full(len(x), np.nan)
    born = np.flatnonzero(x.parent >= 0)
    if len(born):
        span = int(x.number.max()) + 1
        keys = x.source * span + x.number
        order = np.argsort(keys)
        found[born] = order[np.searchsorted(keys[order], (x.source * span + x.parent)[born])]
    return found


def _until(moments: NDArray[np.float64], horizon_s: float) -> NDArray[np.float64]:
    return np.where(moments > horizon_s, np.nan, moments)
