"""What one replication counts for each target."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.measure.breakdown import CAUSES, Deciding, causes, chain_start, stage_seconds, stages_between
from sim.measure.grouping import ByIncident
from sim.measure.population import asked, attended, counted, lacking, unheard
from sim.measure.tables import Tables, column, words
from sim.model.distributions import FloatArray
from sim.model.targets import END_CLOCKS, INCIDENT_CLOCKS, BurntTarget, Population, ResponseTarget
from sim.model.units import YEAR_S
from sim.scenario import Scenario

BINS = 600
"""Bins of the histogram of elapsed times, evenly over three times the limit; one more holds the rest."""


@dataclass(frozen=True, eq=False)
class Tally:
    """What one replication counts for one response target.

    ``histogram`` (BINS + 1,) counts elapsed times. Over the incidents whose deciding unit is known,
    ``stage_s`` and ``missed_stage_s`` add up the seconds of each stage, for ``timed`` incidents and
    the ``missed_timed`` ones that missed. ``causes`` counts misses by CAUSES, for the first unit only.
    """

    n: int
    hits: int
    histogram: NDArray[np.int64]
    stage_s: FloatArray
    timed: int
    missed_stage_s: FloatArray
    missed_timed: int
    causes: NDArray[np.int64]


@dataclass(frozen=True)
class BurntTally:
    """What one replication counts for one target of burnt land: the share of it a year, over ``n`` fires."""

    n: int
    share: float


AnyTally = Tally | BurntTally


def tally_all(tables: Tables, scenario: Scenario) -> dict[str, AnyTally]:
    """Return the tallies of one replication by target."""
    found: dict[str, AnyTally] = {}
    for target in scenario.targets:
        if isinstance(target, ResponseTarget):
            found[target.name] = tally(tables, scenario, target)
        elif isinstance(target, BurntTarget):
            found[target.name] = tally_burnt(tables, scenario, target)
    return found


def tally_burnt(tables: Tables, scenario: Scenario, target: BurntTarget) -> BurntTally:
    """Return the share of the land of some zones that burns in a year; NaN for a part of one."""
    here = counted(tables, scenario, Population(types=target.types, zone_kinds=target.zone_kinds))
    burnt_m2 = column(tables.incidents, "burnt_m2")[here]
    land_m2 = sum(zone.side_m**2 for zone in scenario.place.zones if zone.kind in target.zone_kinds)
    years = (scenario.horizon_s - scenario.warmup_s) / YEAR_S
    ended = ~np.isnan(burnt_m2)
    share = float(burnt_m2[ended].sum()) / land_m2 / years if land_m2 and years >= 1 else float("nan")
    return BurntTally(int(ended.sum()), share)


def tally(tables: Tables, scenario: Scenario, target: ResponseTarget) -> Tally:
    """Return what one replication counts for a target.

    An incident whose clock was still running at the horizon is a miss once the limit had passed,
    and is left out before: it could still have gone either way. A clock that starts with a unit has
    not started for an incident that still waits for one; it counts as a miss after waiting a limit. So does
    one whose unit was called back, as it was not needed any more, when the limit had passed. What ended by
    itself, and nobody came to who could work on it, was not controlled or put out: it is a miss.
    """
    incidents, responses = tables.incidents, tables.responses
    rows = np.arange(len(column(responses, "incident")))
    if target.over.units:
        rows = rows[words(responses, "kind").isin(target.over.units)]
    n = len(column(incidents, "incident"))
    start = _start(tables, target, rows, n)
    ends = target.stop in END_CLOCKS
    late = _called_back(tables, rows, np.where(ends, -np.inf, start + target.limit_s))
    rows = rows[words(responses, "cause").codes[rows] < 0]  # but for those that gave up on their way
    owner = column(responses, "incident")[rows]
    by = ByIncident(owner, n)
    short = lacking(tables, scenario, target.over)
    needed = (by.counts > 0) | short | late
    unknown = unheard(tables)
    needed[unknown] |= asked(tables, scenario, target.over)[unknown]
    stop_of = column(responses, f"{'arrived' if ends else target.stop}_s")[rows]
    stop = by.first(stop_of)
    if ends:
        stop = column(incidents, f"{target.stop}_s")
    elif target.of == "all":
        stop = np.where(short | unknown | late, np.nan, by.last(stop_of))
    over = ~np.isnan(stop) | (_begun(tables, start) + target.limit_s <= scenario.horizon_s)
    at = np.flatnonzero(counted(tables, scenario, target.over) & needed & over)
    elapsed = np.maximum(stop - start, 0.0)[at]  # over before its clock began, as a fire that burnt out
    if ends:
        elapsed[~attended(tables, scenario)[at]] = np.nan
    hit = elapsed <= target.limit_s + 1e-9
    units = Deciding(incidents, responses, at, _deciding(rows, owner, stop_of, target.of, len(by.counts))[at])
    return _count(units, elapsed, hit, scenario, target)


def _start(tables: Tables, target: ResponseTarget, rows: NDArray[np.int64], n: int) -> FloatArray:
    """Return when the clock of each of n incidents starts, shape (n,); NaN where it has not."""
    name = f"{target.start}_s"
    if target.start in INCIDENT_CLOCKS:
        return column(tables.incidents, name)
    by = ByIncident(column(tables.responses, "incident")[rows], n)
    return by.first(column(tables.responses, name)[rows])


def _begun(tables: Tables, start: FloatArray) -> FloatArray:
    """Return when the clocks started; for those that have not, since when each incident may wait for it."""
    incidents = tables.incidents
    latest = np.fmax(column(incidents, "reported_s"), column(incidents, "classified_s"))
    latest = np.fmax(latest, column(incidents, "decided_s"))
    return np.where(np.isnan(start), np.fmax(latest, column(incidents, "occurred_s")), start)


def _called_back(tables: Tables, rows: NDArray[np.int64], from_s: FloatArray) -> NDArray[np.bool_]:
    """Return which incidents had a unit on its way that was not needed any more, from a moment of each on."""
    back = rows[words(tables.responses, "cause").isin(("not needed",))[rows]]
    owner = column(tables.responses, "incident")[back]
    found = np.zeros(len(from_s), np.bool_)
    found[owner[column(tables.responses, "cleared_s")[back] >= from_s[owner]]] = True
    return found


def _deciding(
    rows: NDArray[np.int64], owner: NDArray[np.int64], stop: FloatArray, of: str, n: int
) -> NDArray[np.int64]:
    """Return each incident's row in responses that stopped the clock first (or last), -1 for none."""
    found = np.full(n, -1)
    order = np.lexsort((stop, owner))
    if of == "first":
        order = order[::-1]
    found[owner[order]] = rows[order]  # of several writes to one place the last one stays
    return found


def _count(
    units: Deciding, elapsed: FloatArray, hit: NDArray[np.bool_], scenario: Scenario, target: ResponseTarget
) -> Tally:
    begin = chain_start(target.start)
    names = stages_between(begin, target.stop)
    stages = stage_seconds(units, begin, target.stop)
    spans = np.stack([stages[name] for name in names], axis=1)
    timed = ~np.isnan(elapsed)
    bins = np.minimum(elapsed[timed] / target.limit_s * (BINS / 3), BINS).astype(np.int64)
    histogram = np.bincount(bins, minlength=BINS + 1)
    histogram[-1] += (~timed).sum()
    found = np.zeros(len(CAUSES), np.int64)
    if target.of == "first" and target.stop not in END_CLOCKS:
        why = causes(units, elapsed, target.limit_s, target.start, target.stop, scenario)
        found = np.bincount(why[~hit], minlength=len(CAUSES))
    return Tally(
        n=len(elapsed),
        hits=int(hit.sum()),
        histogram=histogram,
        stage_s=np.nansum(spans[timed], axis=0),
        timed=int(timed.sum()),
        missed_stage_s=np.nansum(spans[timed & ~hit], axis=0),
        missed_timed=int((timed & ~hit).sum()),
        causes=found,
    )
