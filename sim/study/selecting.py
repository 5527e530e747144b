"""The best point of a sweep, or the cheapest that meets its targets, with a promise."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from sim.measure.selection import Selection, kn, ocba
from sim.measure.tallies import BurntTally, Tally
from sim.measure.targets import NOT_MODELLED, Verdict, verdicts
from sim.model.distributions import FloatArray
from sim.model.hints import did_you_mean
from sim.model.targets import BurntTarget, ResponseTarget
from sim.study.costs import SelectionError, cost
from sim.study.results import Outcome, Results, load
from sim.study.sweeps import PointAnswer, SweepResults

__all__ = ["Best", "Candidate", "Cheapest", "SelectionError", "best", "cheapest"]

MORE = 100
"""Replications of which it is told how they are best divided, where the best is not known yet."""


@dataclass(frozen=True)
class Best:
    """What KN found of a measure: a mean over ``selection.replications`` replications for each point.

    ``more`` is how the next MORE replications tell most by OCBA; none where the best is known.
    """

    measure: str
    unit: str
    delta: float
    alpha: float
    points: tuple[PointAnswer, ...]
    means: tuple[float, ...]
    selection: Selection
    more: tuple[int, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """A point, its cost, and whether it meets all targets: met, missed or undecided, and by which."""

    point: PointAnswer
    cost: float
    verdict: str
    by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cheapest:
    """All points by cost; ``chosen`` is the first that meets all targets, None where none is known to."""

    alpha: float
    targets: tuple[str, ...]
    points: tuple[Candidate, ...] = field(repr=False)

    @property
    def chosen(self) -> Candidate | None:
        """The cheapest point that meets all targets."""
        return next((each for each in self.points if each.verdict == "met"), None)

    @property
    def cheaper_undecided(self) -> tuple[Candidate, ...]:
        """The points that cost less than the chosen one, and may meet all targets, too."""
        costs = self.chosen.cost if self.chosen else float("inf")
        return tuple(each for each in self.points if each.cost < costs and each.verdict == "undecided")


def best(found: SweepResults, measure: str, delta: float, *, alpha: float = 0.05) -> Best:
    """Return which point is best by a measure, wrong with a chance of at most alpha (measure.selection.kn).

    ``measure`` is a target (its share in a replication, the greatest; of burnt land the least), ``mean_s``,
    or ``p90_s`` and the like: seconds from the report until the first unit is on scene, the least. ``delta``
    is the difference that does not matter, as a share or in seconds. Raises SelectionError.
    """
    points, studies = _ran(found)
    of, sign, unit = _measure(measure, studies[0])
    r = min(len(each.outcomes) for each in studies)
    x = np.array([[of(outcome) for outcome in each.outcomes[:r]] for each in studies]).T
    if np.isnan(x).any():
        raise SelectionError(f"{measure}: a replication counts nothing; expected longer ones")
    try:
        selection = kn(sign * x, delta, alpha)
    except ValueError as error:
        raise SelectionError(str(error)) from None
    means = x[: selection.replications].mean(axis=0)
    more = () if selection.best is not None else _more(sign * x, selection)
    return Best(measure, unit, delta, alpha, points, tuple(means.tolist()), selection, more)


def cheapest(
    found: SweepResults, costs: str, *, targets: Sequence[str] = (), alpha: float = 0.05
) -> Cheapest:
    """Return the points by cost (see costs.cost), and whether each meets all targets, or those named.

    Each verdict is at the confidence 1 - alpha / (points x targets), so that all of them are right together
    with a chance of at least 1 - alpha (Bonferroni). Raises SelectionError.
    """
    points, studies = _ran(found)
    tested = [v.target.name for v in studies[0].verdicts if v.verdict != NOT_MODELLED and v.n]
    for name in targets:
        if name not in tested:
            raise SelectionError(f"no target {name!r} was tested{did_you_mean(name, tested)}")
    chosen = tuple(targets) or tuple(tested)
    level = 1 - alpha / (len(points) * max(1, len(chosen)))
    candidates = [
        Candidate(point, cost(costs, point.labels), *_all_met(_judged(study, chosen, level)))
        for point, study in zip(points, studies, strict=True)
    ]
    return Cheapest(alpha, chosen, tuple(sorted(candidates, key=lambda each: each.cost)))


def _ran(found: SweepResults) -> tuple[tuple[PointAnswer, ...], list[Results]]:
    """Return the points that have replications, and their studies."""
    folders = {point.study: found.path.parent / point.study for point in found.points if point.finished}
    if not folders:
        raise SelectionError(f"{Path(found.path).name}: no point has run")
    answers = {point.study: point for point in reversed(found.points)}
    return tuple(answers[name] for name in folders), [load(path) for path in folders.values()]


def _measure(name: str, study: Results) -> tuple[Callable[[Outcome], float], float, str]:
    """Return a measure of a replication, 1 if its greatest is best and -1 if its least is, and its unit."""
    targets: dict[str, Any] = {t.name: t for t in study.study.scenario.targets}
    if isinstance(targets.get(name), ResponseTarget | BurntTarget):
        sign = -1.0 if isinstance(targets[name], BurntTarget) else 1.0
        return lambda outcome: _share(outcome, name), sign, "share"
    if name == "mean_s":
        return lambda outcome: float(_firsts(outcome).mean()), -1.0, "s"
    if name.startswith("p") and name.endswith("_s") and name[1:-2].isdigit() and 0 < int(name[1:-2]) < 100:
        return lambda outcome: float(np.percentile(_firsts(outcome), int(name[1:-2]))), -1.0, "s"
    known = [t for t in targets if isinstance(targets[t], ResponseTarget | BurntTarget)] + ["mean_s", "p90_s"]
    raise SelectionError(
        f"no measure {name!r}{did_you_mean(name, known)}; expected one of {', '.join(known)}"
    )


def _share(outcome: Outcome, name: str) -> float:
    match outcome.tallies[name]:
        case Tally(n=n, hits=hits):
            return hits / n if n else float("nan")
        case BurntTally(share=share):
            return share


def _firsts(outcome: Outcome) -> FloatArray:
    found = np.concatenate([each.first_s for each in outcome.types]).astype(np.float64)
    return found if len(found) else np.array([np.nan])


def _more(x: FloatArray, selection: Selection) -> tuple[int, ...]:
    """Return how the next replications are divided among the points that are left; 0 for the others."""
    left = list(selection.left)
    found = np.zeros(x.shape[1], np.int64)
    means, variances = x[:, left].mean(axis=0), x[:, left].var(axis=0, ddof=1)
    try:
        found[left] = ocba(means, variances, [len(x)] * len(left), MORE)
    except ValueError:  # equally good so far
        found[left] = [len(part) for part in np.array_split(np.arange(MORE), len(left))]
    return tuple(found.tolist())


def _judged(study: Results, names: Sequence[str], level: float) -> list[Verdict]:
    """Return the verdicts on some targets at a confidence level."""
    scenario = study.study.scenario
    targets = tuple(
        replace(t, confidence_level=level) if isinstance(t, ResponseTarget | BurntTarget) else t
        for t in scenario.targets
        if t.name in names
    )
    tallies = [outcome.tallies for outcome in study.outcomes]
    return verdicts(replace(scenario, targets=targets), tallies, anytime=study.study.until is not None)


def _all_met(found: Sequence[Verdict]) -> tuple[str, tuple[str, ...]]:
    """Return whether all are met, and those which are not."""
    for word in ("missed", "undecided"):
        if names := tuple(each.target.name for each in found if each.verdict == word):
            return word, names
    return "met", ()
