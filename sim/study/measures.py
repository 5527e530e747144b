"""Measures of a replication by name, and what the studies of a sweep had of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.measure.tallies import BurntTally, Tally
from sim.model.distributions import FloatArray
from sim.model.hints import did_you_mean
from sim.model.targets import BurntTarget, ResponseTarget
from sim.study.costs import SelectionError
from sim.study.results import Outcome, Results, load
from sim.study.runner import Progress
from sim.study.swept import PointAnswer, SweepResults


@dataclass(frozen=True)
class Measure:
    """What is measured of a replication (NaN where nothing is counted), by name and unit (share or s).

    ``sign`` is 1 where the greatest is best, and -1 where the least is.
    """

    name: str
    unit: str
    sign: float
    of: Callable[[Outcome], float]


def measure_of(name: str, study: Results) -> Measure:
    """Return a measure: a target (its share in a replication), ``mean_s``, or ``p90_s`` and the like.

    Times are seconds from the report until the first unit is on scene. Raises SelectionError for others.
    """
    targets = _counting(study)
    if name in targets:
        sign = -1.0 if isinstance(targets[name], BurntTarget) else 1.0
        return Measure(name, "share", sign, lambda outcome: _share(outcome, name))
    if name == "mean_s":
        return Measure(name, "s", -1.0, lambda outcome: float(_firsts(outcome).mean()))
    if name.startswith("p") and name.endswith("_s") and name[1:-2].isdigit() and 0 < int(name[1:-2]) < 100:
        return Measure(
            name, "s", -1.0, lambda outcome: float(np.percentile(_firsts(outcome), int(name[1:-2])))
        )
    raise SelectionError(f"no measure {name!r}{did_you_mean(name, measures_of(study))}")


def measures_of(study: Results) -> list[str]:
    """Return the names of the measures that a study surely has."""
    return [*_counting(study), "mean_s", "p90_s"]


def observations(measure: Measure, studies: Sequence[Results]) -> FloatArray:
    """Return a measure's observations, shape (studies, replications), of the replications that all have."""
    common = set.intersection(*({each.replication for each in study.outcomes} for study in studies))
    return np.array([[measure.of(o) for o in study.outcomes if o.replication in common] for study in studies])


def ran(
    found: SweepResults, progress: Progress | None = None
) -> tuple[tuple[PointAnswer, ...], list[Results]]:
    """Return the points that have replications, and their studies; tell how many have been read."""
    folders = {point.study: found.path.parent / point.study for point in found.points if point.finished}
    if not folders:
        raise SelectionError(f"{Path(found.path).name}: no point has run")
    if gone := [name for name, path in folders.items() if not path.exists()]:
        raise SelectionError(f"{found.path.name}: {gone[0]} was removed; the same sweep does it again")
    answers = {point.study: point for point in reversed(found.points)}
    studies = []
    for path in folders.values():
        studies.append(load(path))
        if progress is not None:
            progress(len(studies), 0)
    return tuple(answers[name] for name in folders), studies


def _counting(study: Results) -> dict[str, Any]:
    """Return the targets that are shares of what is counted in a replication."""
    targets = study.study.scenario.targets
    return {t.name: t for t in targets if isinstance(t, ResponseTarget | BurntTarget)}


def _share(outcome: Outcome, name: str) -> float:
    match outcome.tallies[name]:
        case Tally(n=n, hits=hits):
            return hits / n if n else float("nan")
        case BurntTally(share=share):
            return share


def _firsts(outcome: Outcome) -> FloatArray:
    found = np.concatenate([each.first_s for each in outcome.types]).astype(np.float64)
    return found if len(found) else np.array([np.nan])
