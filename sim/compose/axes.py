"""What a sweep is a product of: blocks of rows, a row being the settings that go together."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path as FilePath
from typing import Any

from hydra.core.override_parser.types import Glob, Override, RangeSweep
from hydra.errors import HydraException

from sim.compose.designs import rows_of
from sim.compose.experiments import is_experiment, read_experiment
from sim.compose.folders import choices
from sim.compose.overrides import parsed_or_problem
from sim.compose.settings import Setting, settings_of, written
from sim.config import ConfigError, Problem
from sim.config.problems import shown

MOST = 1_000_000
"""More points than this are a slip of the pen."""


@dataclass(frozen=True)
class Block:
    """Rows of settings, of which each point has one; of a fixed override there is one row."""

    rows: tuple[tuple[Setting, ...], ...]
    swept: bool = True

    @property
    def keys(self) -> set[str]:
        """The keys that its settings set, signs included."""
        return {setting.key for row in self.rows for setting in row}

    def without(self, keys: Collection[str]) -> "Block":
        """Return the block without the settings of some keys."""
        return replace(self, rows=tuple(tuple(s for s in row if s.key not in keys) for row in self.rows))


class Reader:
    """Reads overrides and experiments into blocks; ``problems`` is what is wrong with them."""

    def __init__(self, folders: Sequence[FilePath], config_dir: str | FilePath | None) -> None:
        self._folders, self._config_dir = folders, config_dir
        self.problems: list[Problem] = []
        self.titles: list[str] = []

    def blocks(self, overrides: Sequence[str]) -> list[Block]:
        """Return the blocks of overrides, those of the experiments they ask for before all others."""
        first, then = [], []
        for text in overrides:
            parsed = self._parsed(text)
            if parsed is None:
                continue
            if is_experiment(text) and not parsed.is_sweep_override():
                asked = parsed.value()
                for name in asked if isinstance(asked, list) else [asked]:
                    first += self._experiment(str(name))
            else:
                then += self._override(parsed)
        return latest([*first, *then])

    def _experiment(self, name: str) -> list[Block]:
        """Return the blocks of an experiment: what is fixed, the grid, the points, the design."""
        try:
            experiment = read_experiment(name, self._folders)
        except ConfigError as error:
            self.problems += error.problems
            return []
        self.titles += [experiment.title] if experiment.title else []
        fixed = [parsed for text in experiment.overrides if (parsed := self._parsed(text))]
        blocks = [block for parsed in fixed for block in self._override(parsed)]
        for key, values in experiment.grid.items():
            if isinstance(values, str):
                parsed = self._parsed(f"{key}={values}")
                blocks += [replace(block, swept=True) for block in (self._override(parsed) if parsed else [])]
            else:
                blocks += self._rows([{key: value} for value in values])
        blocks += self._rows(experiment.points)
        return blocks + (self._rows(rows_of(experiment.design)) if experiment.design else [])

    def _override(self, parsed: Override) -> list[Block]:
        """Return the block of one override; none, with a problem added, where it has no values to sweep."""
        if not parsed.is_sweep_override():
            (fixed,) = settings_of(parsed, [parsed._value], self._folders)
            return [Block(((replace(fixed, text=str(parsed.input_line)),),), swept=False)]
        values = self._values(parsed)
        return [Block(tuple((s,) for s in settings_of(parsed, values, self._folders)))] if values else []

    def _values(self, parsed: Override) -> list[Any]:
        """Return the values of a sweep, in order; none, with a problem added, where there are none."""
        expected = ""
        if parsed.is_interval_sweep():
            expected = "values one by one, such as range(1,3); an interval is for a design, by from and to"
        elif _size(parsed._value) > MOST:
            expected = f"at most {MOST:,} values"
        else:
            values = self._listed(parsed)
            if values:
                return values
            expected = "at least one value"
        self._add(parsed, expected)
        return []

    def _listed(self, parsed: Override) -> list[Any]:
        glob: object = parsed._value  # Hydra's hints leave it out
        if isinstance(glob, Glob):
            return glob.filter(choices("", self._config_dir).get(parsed.key_or_group, []))
        try:
            return list(islice(parsed.sweep_iterator(), MOST + 1))
        except (HydraException, ValueError):  # a range with a step of 0
            return []

    def _rows(self, rows: Sequence[dict[str, Any]]) -> list[Block]:
        """Return a block of rows of plain values by key, as YAML gives them."""
        heads: dict[str, Override | None] = {}
        found = []
        for row in rows:
            settings = []
            for key, value in row.items():
                head = heads[key] = heads[key] if key in heads else self._parsed(f"{key}={written(value)}")
                settings += settings_of(head, [value], self._folders) if head else []
            found.append(tuple(settings))
        return [Block(tuple(found))] if found else []

    def _parsed(self, text: str) -> Override | None:
        """Return an override as Hydra reads it; None, with a problem added, where it does not."""
        parsed = parsed_or_problem(text)
        if isinstance(parsed, Problem):
            self.problems.append(parsed)
            return None
        return parsed

    def _add(self, parsed: Override, expected: str) -> None:
        text = str(parsed.input_line)
        path = tuple(parsed.key_or_group.split("."))
        self.problems.append(Problem(path, shown(text.partition("=")[2]), expected, f"the override {text!r}"))


def latest(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks without what later ones say of the same key; the last to speak has its way."""
    said: set[str] = set()
    swept: set[str] = set()
    kept = []
    for block in reversed(blocks):
        left = block.without(said if block.swept else swept)
        said |= block.keys
        swept |= block.keys if block.swept else set()
        kept += [left] if left.keys else []
    return kept[::-1]


def _size(sweep: object) -> float:
    """Return how many values a range has; 0 for other sweeps, which are written one by one."""
    if not isinstance(sweep, RangeSweep) or not sweep.step:
        return 0
    size = (float(sweep.stop or 0) - float(sweep.start or 0)) / float(sweep.step)
    return size if size <= MOST else MOST + 1
