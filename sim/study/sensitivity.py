"""What uncertain inputs do to the answers of a sweep over a design, and which of them do it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.measure.sensitivity import Effect, Indices, Spread, effects, indices, spread
from sim.model.design import Design
from sim.model.distributions import FloatArray
from sim.study.costs import SelectionError
from sim.study.measures import Measure, measure_of, measures_of, observations, ran
from sim.study.results import Results
from sim.study.runner import Progress
from sim.study.swept import SweepResults


@dataclass(frozen=True)
class Influence:
    """What inputs do to one measure (a share, or seconds).

    ``verdicts`` counts the points at which a target is met, missed and undecided. ``indices`` (a Saltelli
    design's) and ``effects`` (a Morris design's) are by input.
    """

    measure: str
    unit: str
    spread: Spread
    verdicts: dict[str, int]
    indices: dict[str, Indices]
    effects: dict[str, Effect]


@dataclass(frozen=True)
class Sensitivity:
    """What inputs do to the measures of a sweep; ``left_out`` are measures that nothing was counted for."""

    sweep: SweepResults
    design: Design
    replications: int
    influences: tuple[Influence, ...]
    left_out: tuple[str, ...]


def sensitivity(
    found: SweepResults, measures: Sequence[str] = (), *, progress: Progress | None = None
) -> Sensitivity:
    """Return the spread of measures over the points of a design, and which inputs make it.

    Measures are as for ``best``; by default all targets that are counted, the mean and the 90th percentile.
    Raises SelectionError for a sweep of anything but one design, with points or replications that are
    not there, and with fewer than two rows, or two replications a point.
    """
    design = found.design
    if design is None:
        raise SelectionError(f"{found.path.name} is no sweep over one design and nothing else")
    if design.rows < 2:
        raise SelectionError(f"{found.path.name}: expected at least 2 points spread evenly, to tell of any")
    studies = _studies(found, progress)
    asked = list(dict.fromkeys(measures)) or measures_of(studies[0])
    by_name = {name: measure_of(name, studies[0]) for name in asked}
    seen = {name: observations(measure, studies) for name, measure in by_name.items()}
    count = next(iter(seen.values())).shape[1]
    if count < 2:
        raise SelectionError("expected at least 2 replications a point, to tell noise from inputs")
    left_out = [name for name in asked if np.isnan(seen[name]).any()]
    if len(left_out) == len(asked) or (measures and left_out):
        raise SelectionError(f"{', '.join(left_out)}: a replication counts nothing; expected longer ones")
    influences = [
        _influence(by_name[name], seen[name], design, studies) for name in asked if name not in left_out
    ]
    return Sensitivity(found, design, count, tuple(influences), tuple(left_out))


def _studies(found: SweepResults, progress: Progress | None) -> list[Results]:
    """Return the study of each point, in order. Raises SelectionError where one has not run."""
    if missing := sum(point.finished == 0 for point in found.points):
        raise SelectionError(f"{missing} of {len(found.points)} points have not run; the same sweep goes on")
    points, studies = ran(found, progress)
    by_name = {point.study: study for point, study in zip(points, studies, strict=True)}
    return [by_name[point.study] for point in found.points]


def _influence(measure: Measure, y: FloatArray, design: Design, studies: Sequence[Results]) -> Influence:
    n = design.rows
    even = 2 * n if design.kind == "saltelli" else n
    each = y[even:].reshape((len(y) - even) // n, n, y.shape[1])
    by_index = indices(y[:n], y[n : 2 * n], each) if design.kind == "saltelli" else []
    by_effect = effects(y[:n], each, np.array(design.signs)) if design.signs else []
    verdicts = Counter(
        verdict.verdict
        for study in studies[:even]
        for verdict in study.verdicts
        if verdict.target.name == measure.name
    )
    return Influence(
        measure.name,
        measure.unit,
        spread(y[:even]),
        dict(verdicts),
        dict(zip(design.inputs, by_index, strict=False)),
        dict(zip(design.inputs, by_effect, strict=False)),
    )
