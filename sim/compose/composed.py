"""A composed config: what Hydra makes of YAML files and overrides, and where each value was written."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path as FilePath
from typing import Any

import yaml
from hydra._internal.config_loader_impl import ConfigLoaderImpl
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf

from sim.compose.experiments import with_experiment
from sim.compose.folders import find, folders_of
from sim.compose.interpolations import tied
from sim.compose.loader import NOT_COMPOSED, PRIMARY, make_loader, path_of, plain_of, problem_of
from sim.compose.loader import culprits as culprits_of
from sim.compose.overrides import is_choice, key_of, parts_of, readable, stamp
from sim.config import ConfigError, Problem
from sim.config.problems import short
from sim.config.provenance import Path
from sim.config.tables import Expanded, expand


@dataclass(frozen=True)
class Composed:
    """A composed config: the plain mapping as written, and the overrides that set values in it."""

    written: dict[str, Any]
    overrides: tuple[str, ...]
    _loader: ConfigLoaderImpl = field(repr=False)
    _told: tuple[str, ...] = field(repr=False)
    _folders: tuple[FilePath, ...] = field(repr=False)
    _config: DictConfig = field(repr=False)

    @property
    def mapping(self) -> dict[str, Any]:
        """The plain mapping, with the rows of the tables that it names."""
        return self.tables.mapping

    @cached_property
    def tables(self) -> Expanded:
        """The config with its tables read, and what is wrong with these."""
        return expand(self.written, self.folders)

    @property
    def folders(self) -> tuple[FilePath, ...]:
        """Where tables are looked for: beside the configs, the user's first, then in the working folder."""
        return (*self._folders, FilePath.cwd())

    def locate(self, path: Path) -> str:
        """Return where a path was written, as ``file, line n`` or the override; "" if nowhere."""
        if override := self.override(path):
            return f"the override {override!r}"
        spots = (self._lines.get(path[:end]) for end in range(len(path), 0, -1))
        spot = next((spot for spot in spots if spot), None)
        return f"{spot[0]}, line {spot[1]}" if spot else ""

    def override(self, path: Path) -> str | None:
        """Return the override that set this path, or else one that set something below it."""
        keys = [(key_of(override), override) for override in reversed(self.overrides)]
        above = (override for key, override in keys if path[: len(key)] == key)
        below = (override for key, override in keys if path and key[: len(path)] == path)
        return next(above, None) or next(below, None)

    @cached_property
    def tied(self) -> frozenset[Path]:
        """The paths whose values depend on each other, by ``${...}``; () where that may be any."""
        return frozenset(tied(OmegaConf.to_container(self._config, resolve=False)))

    @property
    def files(self) -> list[tuple[Path, FilePath]]:
        """The files that were composed, each with the path it was put at, in order."""
        defaults = self._loader.compute_defaults_list(PRIMARY, list(self._told), RunMode.RUN).defaults
        found = [(parts_of(d.package or ""), find(self._folders, f"{d.config_path}.yaml")) for d in defaults]
        return [(package, file) for package, file in found if file is not None]

    @property
    def replaced(self) -> list[str]:
        """The files of the user's that stand in for shipped ones of the same name."""
        *mine, theirs, _ = self.folders
        relative = [
            file.relative_to(folder) for folder in mine for _, file in self.files if folder in file.parents
        ]
        return [name.as_posix() for name in dict.fromkeys(relative) if (theirs / name).is_file()]

    @cached_property
    def _lines(self) -> dict[Path, tuple[FilePath, int]]:
        """File and line of every key, the last file winning as in the composition."""
        lines: dict[Path, tuple[FilePath, int]] = {}
        for package, file in self.files:
            with suppress(OSError, yaml.YAMLError, RecursionError):
                root = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
                lines.update((path, (short(file), line)) for path, line in _keys(root, package))
        return lines


def composed_of(
    overrides: Sequence[str], config_dir: str | FilePath | None
) -> tuple[Composed, list[Problem]]:
    """Return the config composed of the overrides that are right, and what is wrong with the others.

    Raises ConfigError when nothing can be composed, as when a file is not readable.
    """
    folders = folders_of(config_dir)
    loader = make_loader(folders)
    told, problems = readable(with_experiment(overrides, folders))
    while True:
        try:
            config = loader.load_configuration(PRIMARY, told, RunMode.RUN)
            mapping = plain_of(config)
        except NOT_COMPOSED as error:
            files = [file for folder in folders for file in sorted(folder.glob("**/*.yaml"))]
            problem = problem_of(error, loader, files, told)
            culprits = culprits_of(loader, told, problem, str(error))
            where = problem.where or (f"the override {culprits[0]!r}" if culprits else "")
            problems.append(replace(problem, path=problem.path or path_of(culprits), where=where))
            if not culprits:
                raise ConfigError(problems) from None
            told = [text for text in told if text not in culprits]
            continue
        except RecursionError:
            found = "an anchor that contains itself"
            raise ConfigError([*problems, Problem((), found, "YAML that comes to an end")]) from None
        values = [text for text in told if not is_choice(text, folders)]
        for text in values:
            parsed = OverridesParser.create().parse_override(text)
            if not parsed.is_delete():
                stamp(mapping, key_of(text), parsed.value(), text)
        return Composed(mapping, tuple(values), loader, tuple(told), tuple(folders), config), problems


def _keys(node: yaml.Node | None, path: Path) -> Iterator[tuple[Path, int]]:
    """Yield the path and line of every key and item below a YAML node."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            below = path if key.value == "value" else (*path, str(key.value))
            yield below, key.start_mark.line + 1
            yield from _keys(value, below)
    elif isinstance(node, yaml.SequenceNode):
        for i, value in enumerate(node.value):
            yield (*path, str(i)), value.start_mark.line + 1
            yield from _keys(value, (*path, str(i)))
