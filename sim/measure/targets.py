"""Judging a target: what each replication counts, and the verdict over all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

import numpy as np
from numpy.typing import NDArray

from sim.measure.breakdown import CAUSES, Deciding, causes, chain_start, stage_seconds, stages_between
from sim.measure.coverage import covered_share, share_within
from sim.measure.grouping import ByIncident
from sim.measure.intervals import Interval, mean_interval, share_interval
from sim.measure.tables import Tables, column, words
from sim.model.distributions import FloatArray
from sim.model.targets import (
    END_CLOCKS,
    INCIDENT_CLOCKS,
    BurntTarget,
    CoverageTarget,
    DeclaredTarget,
    Population,
    ResponseTarget,
    Target,
)
from sim.model.types import LEVELS
from sim.model.units import YEAR_S
from sim.scenario import Scenario

FEWEST_FIRES = 30
"""A mean of fewer fires decides nothing: they are very unequal, and the largest may not have come yet."""

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


@dataclass(frozen=True)
class Breakdown:
    """Mean seconds by stage over all and over missed incidents, and the share of misses by cause.

    The stages begin with the call even where the target's clock starts later; ``in_clock`` says which
    of them the clock counts.
    """

    stages: tuple[str, ...]
    in_clock: tuple[bool, ...]
    mean_s: tuple[float, ...]
    missed_mean_s: tuple[float, ...]
    causes: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Verdict:
    """Is a target met? "undecided" when its interval holds the required share."""

    target: Target
    share: float
    lower: float
    upper: float
    verdict: str
    n: int
    breakdown: Breakdown | None = None

    def summary(self) -> dict[str, object]:
        """Return the verdict as a mapping that JSON can hold; None where nothing was counted."""
        bounds = {"share": self.share, "lower": self.lower, "upper": self.upper}
        return {
            "name": self.target.name,
            **{name: None if isnan(value) else value for name, value in bounds.items()},
            "required": None if isinstance(self.target, DeclaredTarget) else self.target.share,
            "verdict": self.verdict,
            "n": self.n,
        }


NOT_MODELLED = "not modelled yet"
"""The verdict on a target that is only declared."""


def judge(interval: Interval, required: float) -> str:
    """Return "met" when all of the interval reaches what is required, "missed" when none of it does."""
    if interval.lower >= required:
        return "met"
    return "missed" if interval.upper < required else "undecided"


def judge_most(interval: Interval, allowed: float) -> str:
    """Return "met" when all of the interval is within what is allowed, "missed" when none of it is."""
    if interval.upper <= allowed:
        return "met"
    return "missed" if interval.lower > allowed else "undecided"


def verdicts(scenario: Scenario, tallies: Sequence[dict[str, AnyTally]]) -> list[Verdict]:
    """Return a verdict on each target of a scenario from the tallies of its replications."""
    return [
        _verdict(scenario, target, [each[target.name] for each in tallies if target.name in each])
        for target in scenario.targets
    ]


def _verdict(scenario: Scenario, target: Target, tallies: Sequence[AnyTally]) -> Verdict:
    match target:
        case ResponseTarget():
            return _responded(target, [each for each in tallies if isinstance(each, Tally)])
        case BurntTarget():
            return _burnt(target, [each for each in tallies if isinstance(each, BurntTally)])
        case DeclaredTarget():
            unknown = float("nan")
            return Verdict(target, unknown, unknown, unknown, NOT_MODELLED, 0)
    share, n = (
        covered_share(scenario, target)
        if isinstance(target, CoverageTarget)
        else share_within(scenario, target)
    )
    found = Interval(share, share, share)
    return Verdict(target, *found, judge(found, target.share) if n else "undecided", n)


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
    counted = _counted(tables, scenario, Population(types=target.types, zone_kinds=target.zone_kinds))
    burnt_m2 = column(tables.incidents, "burnt_m2")[counted]
    land_m2 = sum(zone.side_m**2 for zone in scenario.place.zones if zone.kind in target.zone_kinds)
    years = (scenario.horizon_s - scenario.warmup_s) / YEAR_S
    ended = ~np.isnan(burnt_m2)
    share = float(burnt_m2[ended].sum()) / land_m2 / years if land_m2 and years >= 1 else float("nan")
    return BurntTally(int(ended.sum()), share)


def tally(tables: Tables, scenario: Scenario, target: ResponseTarget) -> Tally:
    """Return what one replication counts for a target.

    An incident whose clock was still running at the horizon is a miss once the limit had passed,
    and is left out before: it could still have gone either way. A clock that starts with a unit has
    not started for an incident that still waits for one; it counts as a miss after waiting a limit.
    """
    incidents, responses = tables.incidents, tables.responses
    rows = np.arange(len(column(responses, "incident")))
    if target.over.units:
        rows = rows[words(responses, "kind").isin(target.over.units)]
    owner = column(responses, "incident")[rows]
    by = ByIncident(owner, len(column(incidents, "incident")))
    lacking = _lacking(tables, scenario, target.over)
    asked = (by.counts > 0) | lacking
    unclassified = np.isnan(column(incidents, "classified_s"))
    asked[unclassified] = _asked(tables, scenario, target.over)[unclassified]
    start = _start(tables, target, rows, by)
    stop_of = column(responses, f"{'arrived' if target.stop in END_CLOCKS else target.stop}_s")[rows]
    stop = by.first(stop_of)
    if target.stop in END_CLOCKS:
        stop = column(incidents, f"{target.stop}_s")
    elif target.of == "all":
        stop = np.where(lacking | unclassified, np.nan, by.last(stop_of))
    latest = np.fmax(column(incidents, "reported_s"), column(incidents, "classified_s"))
    begun = np.where(np.isnan(start), np.fmax(latest, column(incidents, "occurred_s")), start)
    over = ~np.isnan(stop) | (begun + target.limit_s <= scenario.horizon_s)
    at = np.flatnonzero(_counted(tables, scenario, target.over) & asked & over)
    elapsed = np.maximum(stop - start, 0.0)[at]  # over before its clock began, as a fire that burnt out
    hit = elapsed <= target.limit_s + 1e-9
    units = Deciding(incidents, responses, at, _deciding(rows, owner, stop_of, target.of, len(by.counts))[at])
    return _count(units, elapsed, hit, scenario, target)


def _start(tables: Tables, target: ResponseTarget, rows: NDArray[np.int64], by: ByIncident) -> FloatArray:
    name = f"{target.start}_s"
    if target.start in INCIDENT_CLOCKS:
        return column(tables.incidents, name)
    return by.first(column(tables.responses, name)[rows])


def _counted(tables: Tables, scenario: Scenario, over: Population) -> NDArray[np.bool_]:
    """Return which incidents belong to a population, after the warm-up."""
    incidents = tables.incidents
    counted: NDArray[np.bool_] = column(incidents, "occurred_s") >= scenario.warmup_s
    if over.types:
        counted &= words(incidents, "type").isin(over.types)
    if over.levels:
        counted &= words(incidents, "level").isin(tuple(LEVELS[level - 1] for level in over.levels))
    if over.zone_kinds:
        counted &= words(incidents, "zone_kind").isin(over.zone_kinds)
    return counted


def _useful(scenario: Scenario, over: Population) -> NDArray[np.bool_]:
    """Return which of the fleet's resources units of the population's kinds bring, shape (resources,)."""
    fleet = scenario.fleet
    kinds = {k for k, kind in enumerate(fleet.kinds) if not over.units or kind.name in over.units}
    return np.array([bool(kinds & set(least)) for least in fleet.least])


def _asked(tables: Tables, scenario: Scenario, over: Population) -> NDArray[np.bool_]:
    """Return which incidents ask, by their type and level, for units of the population's kinds."""
    useful = _useful(scenario, over)
    table = np.array(
        [[any(useful[r] for r, _ in level.card) for level in each.levels] for each in scenario.types]
    )
    return np.asarray(table[words(tables.incidents, "type").codes, words(tables.incidents, "level").codes])


def _lacking(tables: Tables, scenario: Scenario, over: Population) -> NDArray[np.bool_]:
    """Return which incidents did not get all that units of the population's kinds could have brought."""
    resource, measure = words(tables.unmet, "resource"), words(tables.unmet, "measure")
    resources = zip(scenario.fleet.resources, _useful(scenario, over).tolist(), strict=True)
    useful = {(each.name, each.measure) for each, brought in resources if brought}
    asked = zip(resource.codes.tolist(), measure.codes.tolist(), strict=True)
    relevant = np.array([(resource.known[r], measure.known[m]) in useful for r, m in asked], np.bool_)
    found = np.zeros(len(column(tables.incidents, "incident")), np.bool_)
    found[column(tables.unmet, "incident")[relevant]] = True
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


def _responded(target: ResponseTarget, tallies: Sequence[Tally]) -> Verdict:
    hits, counts = np.array([t.hits for t in tallies]), np.array([t.n for t in tallies])
    found = share_interval(hits, counts, target.confidence_level)
    timed, missed = (max(1, sum(getattr(t, name) for t in tallies)) for name in ("timed", "missed_timed"))
    why = np.sum([t.causes for t in tallies], axis=0)
    stages = stages_between(chain_start(target.start), target.stop)
    counted = stages_between(target.start, target.stop)
    breakdown = Breakdown(
        stages=stages,
        in_clock=tuple(name in counted for name in stages),
        mean_s=tuple((np.sum([t.stage_s for t in tallies], axis=0) / timed).tolist()),
        missed_mean_s=tuple((np.sum([t.missed_stage_s for t in tallies], axis=0) / missed).tolist()),
        causes=tuple(zip(CAUSES, (why / max(1, why.sum())).tolist(), strict=True)),
    )
    return Verdict(target, *found, judge(found, target.share), int(counts.sum()), breakdown)


def _burnt(target: BurntTarget, tallies: Sequence[BurntTally]) -> Verdict:
    n = sum(each.n for each in tallies)
    found = mean_interval(np.array([each.share for each in tallies]), target.confidence_level)
    known = n >= FEWEST_FIRES
    return Verdict(target, *found, judge_most(found, target.share) if known else "undecided", n)
