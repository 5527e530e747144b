"""Sweeps: what is said once of many points, each of which is a study."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod
from pathlib import Path as FilePath

from sim.compose.axes import Reader
from sim.compose.blocks import Block
from sim.compose.composed import Composed
from sim.compose.folders import folders_of
from sim.compose.point import Point
from sim.compose.quick import Composer
from sim.compose.settings import Label
from sim.compose.study import study_of
from sim.compose.trials import trials_of
from sim.compose.values import MOST
from sim.config import ConfigError, Problem
from sim.model.design import Design
from sim.scenario import Study


@dataclass(frozen=True)
class Sweep:
    """Points in the order in which they were written, the last axis fastest.

    ``title`` is that of its experiments, ``axes`` has the values of each swept key in order; ``design`` says
    what the points are, where these are a design's alone.
    """

    title: str
    axes: Mapping[str, tuple[Label, ...]]
    points: tuple[Point, ...] = field(repr=False)
    design: Design | None = field(repr=False, default=None)
    config_dir: str | FilePath | None = None
    _composer: Composer = field(kw_only=True, repr=False, compare=False)

    def compose(self, point: Point) -> Composed:
        """Return the composed config of a point. Raises ConfigError when it cannot be composed."""
        composed, problems = self._composer.compose(point.settings)
        if problems:
            raise ConfigError(problems)
        return composed

    def prepare(self, point: Point) -> Study:
        """Return the study of a point, which is that of ``prepare(*point.overrides)``, without Hydra's delay.

        Raises ConfigError with every problem found.
        """
        return study_of(*self._composer.compose(point.settings), self.config_dir)

    def fingerprint(self, point: Point) -> str:
        """Return the fingerprint of a point's study, without building it.

        Raises ConfigError when it cannot be composed; not everything that is wrong is found.
        """
        return self._composer.fingerprint(point.settings)


def points(*overrides: str, config_dir: str | FilePath | None = None) -> Sweep:
    """Return the sweep that overrides in Hydra's grammar describe.

    ``key=1,2,3``, ``choice(...)``, ``range(...)`` and, for groups, ``glob(*)`` sweep; ``experiment=name``
    takes what the file sweeps. Of what is said twice of a key the last holds. Raises ConfigError with every
    problem found in the overrides and in the points that are tried: one for each choice and each value, of
    numbers in one unit the least and the greatest only.
    """
    reader = Reader(folders_of(config_dir), config_dir)
    blocks = reader.blocks(overrides)
    problems = list(reader.problems)
    if (count := prod(len(block.rows) for block in blocks)) > MOST:
        problems.append(Problem((), f"{count:,} points", f"at most {MOST:,} points"))
        raise ConfigError(problems)
    swept = frozenset(key for block in blocks if block.swept for key in block.keys)
    rows = product(*(block.rows for block in blocks))
    found = tuple(Point(tuple(s for row in point for s in row), swept) for point in rows)
    alone = sum(block.swept for block in blocks) == 1
    sweep = Sweep(
        "; ".join(reader.titles),
        _axes(blocks),
        found,
        reader.design if alone else None,
        config_dir,
        _composer=Composer(config_dir),
    )
    problems += _problems(sweep)
    if problems:
        raise ConfigError(list(dict.fromkeys(problems)))
    return sweep


def _axes(blocks: Sequence[Block]) -> dict[str, tuple[Label, ...]]:
    """Return the values of each swept key, in order, each once."""
    found: dict[str, dict[str, Label]] = {}
    for block in blocks:
        for setting in (s for row in block.rows for s in row if block.swept):
            found.setdefault(setting.name, {})[setting.text] = setting.label
    return {name: tuple(labels.values()) for name, labels in found.items()}


def _problems(sweep: Sweep) -> list[Problem]:
    """Return what is wrong with the points that are tried for all."""
    problems: list[Problem] = []
    for point in trials_of(sweep.points):
        try:
            sweep.prepare(point)
        except ConfigError as error:
            problems += error.problems
    return problems
