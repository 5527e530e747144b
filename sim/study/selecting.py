"""The best point of a sweep, or the cheapest that meets its targets, with a promise."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from sim.measure.selection import Selection, kn, ocba
from sim.measure.targets import NOT_MODELLED, Verdict, verdicts
from sim.model.distributions import FloatArray
from sim.model.hints import did_you_mean
from sim.model.targets import BurntTarget, ResponseTarget
from sim.study.costs import SelectionError, cost
from sim.study.measures import measure_of, observations, ran
from sim.study.results import Results
from sim.study.runner import Progress
from sim.study.swept import PointAnswer, SweepResults

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


def best(
    found: SweepResults,
    measure: str,
    delta: float,
    *,
    alpha: float = 0.05,
    progress: Progress | None = None,
) -> Best:
    """Return which point is best by a measure, wrong with a chance of at most alpha (measure.selection.kn).

    ``measure`` is a target (its share in a replication, the greatest; of burnt land the least), ``mean_s``,
    or ``p90_s`` and the like: seconds from the report until the first unit is on scene, the least. ``delta``
    is the difference that does not matter, as a share or in seconds. Raises SelectionError.
    """
    _required_alpha(alpha)
    points, studies = ran(found, progress)
    of = measure_of(measure, studies[0])
    x = observations(of, studies).T
    if np.isnan(x).any():
        raise SelectionError(f"{measure}: a replication counts nothing; expected longer ones")
    try:
        selection = kn(of.sign * x, delta, alpha)
    except ValueError as error:
        raise SelectionError(str(error)) from None
    means = x[: selection.replications].mean(axis=0)
    more = () if selection.best is not None else _more(of.sign * x, selection)
    return Best(measure, of.unit, delta, alpha, points, tuple(means.tolist()), selection, more)


def cheapest(
    found: SweepResults,
    costs: str,
    *,
    targets: Sequence[str] = (),
    alpha: float = 0.05,
    progress: Progress | None = None,
) -> Cheapest:
    """Return the points by cost (see costs.cost), and whether each meets all targets, or those named.

    Each verdict is at the confidence 1 - alpha / (points x targets), so that all of them are right together
    with a chance of at least 1 - alpha (Bonferroni). Raises SelectionError.
    """
    _required_alpha(alpha)
    _required_alpha(alpha)
    points, studies = ran(found, progress)
    judged = (verdict for study in studies for verdict in study.verdicts)
    tested = list(dict.fromkeys(v.target.name for v in judged if v.verdict != NOT_MODELLED and v.n))
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


def _required_alpha(alpha: float) -> None:
    if not 0 < alpha < 1:
        raise SelectionError(f"expected an alpha between 0 and 1, such as 0.05, found {alpha}")


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
