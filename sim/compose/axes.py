"""Overrides and experiments, read into the blocks that a sweep is a product of."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any

from hydra.core.override_parser.types import Override
from pydantic import ValidationError

from sim.compose.blocks import Block, latest
from sim.compose.composed import composed_of
from sim.compose.designs import designed
from sim.compose.experiments import DESIGN, is_experiment, read_experiment
from sim.compose.overrides import parsed_or_problem
from sim.compose.settings import settings_of, written
from sim.compose.values import values_of
from sim.config import ConfigError, Problem, split
from sim.config.problems import from_pydantic, shown
from sim.config.provenance import UNCERTAIN
from sim.config.schema.experiment import DesignConfig
from sim.config.schema.uncertain import OverConfig
from sim.config.uncertain import inputs
from sim.model.design import Design


class Reader:
    """Reads overrides and experiments into blocks; ``problems`` is what is wrong with them.

    ``design`` is that which they ask for, if any.
    """

    def __init__(self, folders: Sequence[FilePath], config_dir: str | FilePath | None) -> None:
        self._folders, self._config_dir = folders, config_dir
        self._asked: DesignConfig | None = None
        self.problems: list[Problem] = []
        self.titles: list[str] = []
        self.design: Design | None = None

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
            elif parsed.key_or_group == DESIGN:
                self._ask_for(parsed)
            else:
                then += self._override(parsed)
        first += [block for block in then if _is_of_uncertainty(block)]
        then = [block for block in then if not _is_of_uncertainty(block)]
        return latest([*first, *self._designed(first, then), *then])

    def _ask_for(self, parsed: Override) -> None:
        """Take down the design that an override asks for."""
        try:
            self._asked = DesignConfig.model_validate(parsed.value())
        except ValidationError as error:
            where = f"the override {parsed.input_line!r}"
            self.problems += [
                replace(each, where=where) for each in from_pydantic(error, DesignConfig, (DESIGN,))
            ]

    def _designed(self, first: Sequence[Block], then: Sequence[Block]) -> list[Block]:
        """Return the block of the design, over all that nothing said by itself holds fixed."""
        if self._asked is None:
            return []
        said = {setting.name for block in then for row in block.rows for setting in row}
        over = {
            key: each for key, each in self._over(self._asked, [*first, *then]).items() if key not in said
        }
        if not over:
            expected = "a number that is said to be uncertain, and not held fixed"
            self.problems += [] if self.problems else [Problem((DESIGN,), "nothing to spread over", expected)]
            return []
        self.design, rows = designed(self._asked, over)
        return self._rows(rows)

    def _over(self, asked: DesignConfig, blocks: Sequence[Block]) -> dict[str, OverConfig]:
        """Return what a design spreads over: what it says, or what the config says is uncertain."""
        if asked.over is not None:
            return asked.over
        told = [setting.text for block in latest(blocks) if not block.swept for setting in block.rows[0]]
        try:
            composed, problems = composed_of(told, self._config_dir)
        except ConfigError as error:
            self.problems += error.problems
            return {}
        over, wrong = inputs(split(composed.mapping))
        self.problems += [*problems, *(replace(p, where=composed.locate(p.path)) for p in wrong)]
        return over

    def _experiment(self, name: str) -> list[Block]:
        """Return the blocks of an experiment: what is fixed, the grid, the points; take down its design."""
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
        self._asked = experiment.design or self._asked
        return blocks + self._rows(experiment.points)

    def _override(self, parsed: Override) -> list[Block]:
        """Return the block of one override; none, with a problem added, where it has no values to sweep."""
        if not parsed.is_sweep_override():
            (fixed,) = settings_of(parsed, [parsed._value], self._folders)
            return [Block(((replace(fixed, text=str(parsed.input_line)),),), swept=False)]
        values = self._values(parsed)
        return [Block(tuple((s,) for s in settings_of(parsed, values, self._folders)))] if values else []

    def _values(self, parsed: Override) -> list[Any]:
        """Return the values of a sweep, in order; none, with a problem added, where there are none."""
        try:
            return values_of(parsed, self._config_dir)
        except ValueError as error:
            self._add(parsed, str(error))
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


def _is_of_uncertainty(block: Block) -> bool:
    """Whether a block says how uncertain a number is, which a design has to know."""
    settings = [setting for row in block.rows for setting in row]
    return any(UNCERTAIN in s.path or (isinstance(s.value, dict) and UNCERTAIN in s.value) for s in settings)
