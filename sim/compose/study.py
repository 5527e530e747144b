"""From overrides to a study."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path as FilePath

from sim.compose.composed import Composed, composed_of
from sim.compose.folders import choices
from sim.config import ConfigError, Problem, build
from sim.scenario import Study


def prepare(*overrides: str, config_dir: str | FilePath | None = None) -> Study:
    """Return the study that overrides in Hydra's grammar describe; no override is Zhoucun for a year.

    ``config_dir`` is a folder of your own configs, which go before the shipped ones; Python files in
    it can be named by ``use``. Raises ConfigError with every problem found.
    """
    return study_of(*composed_of(overrides, config_dir), config_dir)


def study_of(composed: Composed, problems: Sequence[Problem], config_dir: str | FilePath | None) -> Study:
    """Return the study of a composed config. Raises ConfigError with ``problems`` and those it finds."""
    types = choices("incident", config_dir)["incident"]
    try:
        study = build(composed.written, composed.locate, types, composed.folders)
    except ConfigError as error:
        raise ConfigError([*problems, *error.problems]) from None
    if problems:
        raise ConfigError(problems)
    own = None if config_dir is None else str(FilePath(config_dir).resolve())
    told = tuple(f"{name} is your own, not the one that comes with tocsin" for name in composed.replaced)
    return replace(study, plugin_folder=own, folders=tuple(map(str, composed.folders)), notes=told)


def compose(*overrides: str, config_dir: str | FilePath | None = None) -> Composed:
    """Return the composed config.

    Raises ConfigError when a file, a group, an override or a table is wrong.
    """
    composed, problems = composed_of(overrides, config_dir)
    problems += [replace(p, where=p.where or composed.locate(p.path)) for p in composed.tables.problems]
    if problems:
        raise ConfigError(problems)
    return composed
