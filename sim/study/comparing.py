"""Two studies that met the same days: what the one has more than the other."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite, isnan
from typing import Literal

import numpy as np

from sim.measure.jackknife import Difference, Statistic, paired, percentile, ratio
from sim.measure.tallies import Tally
from sim.study.results import Outcome, Results


class ComparisonError(ValueError):
    """Two studies cannot be compared."""


@dataclass(frozen=True)
class Compared:
    """One measure of two studies: shares, or seconds from the report until the first unit is on scene."""

    measure: str
    title: str
    unit: Literal["share", "s"]
    found: Difference

    @property
    def certain(self) -> bool:
        """Whether the interval of the difference leaves out 0."""
        return self.found.lower > 0 or self.found.upper < 0

    def summary(self) -> dict[str, object]:
        """Return the same as a mapping that JSON can hold."""
        told = {key: value if isfinite(value) else None for key, value in self.found._asdict().items()}
        return {"measure": self.measure, "unit": self.unit, **told, "certain": self.certain}


@dataclass(frozen=True)
class Comparison:
    """What B has more than A over ``replications`` pairs; ``notes`` are what a reader should know of it."""

    a: Results
    b: Results
    replications: int
    confidence_level: float
    rows: tuple[Compared, ...]
    notes: tuple[str, ...]


def compare(a: Results, b: Results, *, share: float = 0.9, confidence_level: float = 0.95) -> Comparison:
    """Return the differences of two studies, replication by replication with common random numbers.

    Of each target's share, and of the mean and a quantile (``share``) of the seconds from the report until
    the first unit is on scene, over all incidents and by type. The pairs are the replications that both
    have; see measure.jackknife. Raises ComparisonError where seeds differ, or there are fewer than two pairs,
    and for a share or a level that is none.
    """
    for name, value in {"share": share, "confidence_level": confidence_level}.items():
        if not 0 < value < 1:
            raise ComparisonError(f"expected a {name} between 0 and 1, such as 0.9, found {value}")
    pairs = _pairs(a, b)
    anytime = a.study.until is not None or b.study.until is not None
    rows = []
    for measure, title, unit, one, other, smooth in _measures(a, b, pairs, share):
        found = paired(one, other, len(pairs), confidence_level, smooth=smooth, anytime=anytime)
        if not isnan(found.difference):
            rows.append(Compared(measure, title, unit, found))
    return Comparison(a, b, len(pairs), confidence_level, tuple(rows), tuple(_notes(a, b, len(pairs))))


Pairs = list[tuple[Outcome, Outcome]]
Measure = tuple[str, str, Literal["share", "s"], Statistic, Statistic, bool]


def _pairs(a: Results, b: Results) -> Pairs:
    if a.study.seed != b.study.seed:
        raise ComparisonError(
            f"{a.path.name} has seed {a.study.seed}, {b.path.name} seed {b.study.seed}; expected the same, "
            f"so that both meet the same days: run one of them again with seed={a.study.seed}"
        )
    others = {outcome.replication: outcome for outcome in b.outcomes}
    pairs = [(one, others[one.replication]) for one in a.outcomes if one.replication in others]
    if len(pairs) < 2:
        raise ComparisonError(
            f"{a.path.name} and {b.path.name} have {len(pairs)} replications in common; expected 2 or more"
        )
    return pairs


def _notes(a: Results, b: Results, pairs: int) -> Iterator[str]:
    one, other = a.study, b.study
    if pairs < max(len(a.outcomes), len(b.outcomes)):
        yield f"of {len(a.outcomes)} and {len(b.outcomes)} replications, the {pairs} in common"
    if (one.scenario.horizon_s, one.scenario.warmup_s) != (other.scenario.horizon_s, other.scenario.warmup_s):
        yield "their horizons or warm-ups differ, so that they do not meet the same days"
    if one.scenario.calendar != other.scenario.calendar:
        yield "they start on different days"
    if one.until or other.until:
        yield "replications went on until enough was said: the intervals hold for that, and are wider"


def _measures(a: Results, b: Results, pairs: Pairs, share: float) -> Iterator[Measure]:
    """Yield each measure that both have, with its statistic of A and of B, and whether that is smooth."""
    titles = {target.name: target.title for target in b.study.scenario.targets}
    for name in pairs[0][0].tallies:
        tallies = [[outcome.tallies.get(name) for outcome in side] for side in zip(*pairs, strict=True)]
        if all(isinstance(each, Tally) for side in tallies for each in side):
            shares = [_ratio([(t.hits, t.n) for t in side if isinstance(t, Tally)]) for side in tallies]
            yield name, titles[name], "share", shares[0], shares[1], True
    types = [kind.name for kind in a.study.scenario.types]
    known = {kind.name: i for i, kind in enumerate(b.study.scenario.types)}
    both = [name for name in types if name in known]
    for name in ["all", *(both if len(both) > 1 else [])]:
        chosen = both if name == "all" else [name]
        one = [_firsts(pair[0], [types.index(each) for each in chosen]) for pair in pairs]
        other = [_firsts(pair[1], [known[each] for each in chosen]) for pair in pairs]
        title = "All incidents" if name == "all" else b.study.scenario.types[known[name]].title
        means = [_ratio([(float(v.sum()), len(v)) for v in side]) for side in (one, other)]
        yield f"{name}.mean_s", f"{title}: mean", "s", means[0], means[1], True
        high = [percentile(side, share) for side in (one, other)]
        yield f"{name}.p{100 * share:g}_s", f"{title}: {100 * share:g} %", "s", high[0], high[1], False


def _ratio(facts: list[tuple[float, int]]) -> Statistic:
    sums, counts = np.array(facts, float).T
    return ratio(sums, counts)


def _firsts(outcome: Outcome, types: list[int]) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Return the seconds from the report until the first unit was on scene, of some types."""
    return np.concatenate([outcome.types[i].first_s for i in types]).astype(np.float64)
