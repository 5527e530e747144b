"""How each type of incident was answered, whatever the targets ask: over all replications together."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import isnan

import numpy as np
from numpy.typing import NDArray

from sim.measure.tables import Tables, column, words
from sim.model.units import YEAR_S
from sim.scenario import Scenario

Seconds32 = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class TypeTally:
    """What one replication counts of one type: ``n`` incidents that occurred after the warm-up.

    ``first_s`` and ``whole_s`` hold the seconds from the report until the first unit, and until all of
    the response card, were on scene, for the incidents where that happened by the horizon (float32,
    shapes (reached,) and (completed,)), so that quantiles over all replications are exact. ``unmet``
    incidents had been reported and did not get all of their card.
    """

    n: int
    first_s: Seconds32
    whole_s: Seconds32
    unmet: int


@dataclass(frozen=True)
class TypeSummary:
    """How one type was answered. Times are seconds from the report, over the incidents ``reached``.

    They are those that a unit arrived at by the horizon, ``completed`` those with all of their card on
    scene; a median or 90th percentile of none is NaN. ``unmet`` did not get all of their card: the rest
    was still waited for at the horizon, or turned away, or the incident was over first.
    """

    name: str
    title: str
    n: int
    per_year: float
    reached: int
    first_median_s: float
    first_p90_s: float
    completed: int
    whole_median_s: float
    whole_p90_s: float
    unmet: int

    def summary(self) -> dict[str, object]:
        """Return the same as a mapping that JSON can hold; None where nothing was counted."""
        return {
            key: None if isinstance(value, float) and isnan(value) else value
            for key, value in asdict(self).items()
        }


def tally_types(tables: Tables, scenario: Scenario) -> tuple[TypeTally, ...]:
    """Return the tallies of one replication in the order of the scenario's types."""
    x = tables.incidents
    kind, reported_s = words(x, "type").codes, column(x, "reported_s")
    first_s = (column(x, "arrived_s") - reported_s).astype(np.float32)
    whole_s = (column(x, "assembled_s") - reported_s).astype(np.float32)
    unmet = np.isnan(column(x, "decided_s")) & ~np.isnan(reported_s)
    unmet[column(tables.unmet, "incident")] = True
    counted = column(x, "occurred_s") >= scenario.warmup_s
    found = []
    for i in range(len(scenario.types)):
        mine = counted & (kind == i)
        first, whole = first_s[mine], whole_s[mine]
        reached, completed = first[~np.isnan(first)], whole[~np.isnan(whole)]
        found.append(TypeTally(int(mine.sum()), reached, completed, int(unmet[mine].sum())))
    return tuple(found)


def by_type(scenario: Scenario, tallies: Sequence[Sequence[TypeTally]]) -> list[TypeSummary]:
    """Return how each type that happened was answered, from the tallies of the replications."""
    years = len(tallies) * (scenario.horizon_s - scenario.warmup_s) / YEAR_S
    found = []
    for i, kind in enumerate(scenario.types):
        mine = [each[i] for each in tallies]
        n = sum(each.n for each in mine)
        if n:
            first = np.concatenate([each.first_s for each in mine])
            whole = np.concatenate([each.whole_s for each in mine])
            told = (len(first), *_quantiles(first), len(whole), *_quantiles(whole))
            unmet = sum(each.unmet for each in mine)
            found.append(TypeSummary(kind.name, kind.title, n, n / years, *told, unmet))
    return found


def _quantiles(seconds: Seconds32) -> tuple[float, float]:
    """Return the median and the 90th percentile, NaN for none."""
    if not len(seconds):
        return float("nan"), float("nan")
    median, high = np.quantile(seconds, (0.5, 0.9))
    return float(median), float(high)
