"""The answers of a sweep, and how they are read."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.model.design import Design

FILE = "sweep.json"
SCHEMA_VERSION = 1


@dataclass
class PointAnswer:
    """What became of a point: its study, how far it is, and the verdict on each target.

    ``state`` is waiting, running, or as that of a study; or ``wrong`` where the config is, or ``busy`` where
    another run has its folder, with the ``error`` in words. ``targets`` are as in ``Verdict.summary``.
    """

    labels: dict[str, Any]
    study: str = ""
    state: str = "waiting"
    replications: int = 0
    finished: int = 0
    failed: int = 0
    error: str = ""
    targets: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class SweepResults:
    """The answers of a sweep, a point each, in its order; ``path`` is its own folder, beside its studies'.

    ``design`` says what the points are, where these are a design's alone.
    """

    path: Path
    title: str
    axes: dict[str, list[Any]]
    points: list[PointAnswer]
    design: Design | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """What it may be called: its folder, its hash."""
        return self.path.name, self.path.name.rpartition("-")[2]

    @property
    def finished(self) -> int:
        """How many replications are there; those of two points that are one study count once."""
        return sum({point.study: point.finished for point in self.points}.values())

    @property
    def failed(self) -> int:
        """How many replications failed, and points that could not run at all."""
        failed = {point.study: point.failed for point in self.points}
        return sum(failed.values()) + sum(point.state in ("wrong", "busy") for point in self.points)

    @property
    def complete(self) -> bool:
        """Whether all replications of all points are there."""
        return all(point.state == "complete" for point in self.points)


def load_sweep(path: str | Path) -> SweepResults:
    """Return the answers of a sweep by what is written of it. Raises FileNotFoundError where nothing is."""
    folder = Path(path)
    told = json.loads((folder / FILE).read_text(encoding="utf-8"))
    answers = [PointAnswer(**each) for each in told["points"]]
    design = Design.read(told["design"]) if told.get("design") else None
    return SweepResults(folder, told["title"], told["axes"], answers, design)
