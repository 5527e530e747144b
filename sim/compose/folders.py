"""The folders that configs and experiments lie in, the user's before the shipped ones."""

import sys
from collections.abc import Sequence
from pathlib import Path as FilePath

from sim.config import ConfigError, Problem
from sim.config.problems import did_you_mean


def shipped(what: str = "configs") -> FilePath:
    """Return a folder that comes with tocsin, inside a wheel or in the repository."""
    inside = FilePath(__file__).parents[1] / f"_{what}"
    return inside if inside.is_dir() else FilePath(__file__).parents[2] / what


def folders_of(config_dir: str | FilePath | None) -> list[FilePath]:
    """Return the folders of configs, the user's first. Makes the user's importable."""
    if config_dir is None:
        return [shipped()]
    mine = FilePath(config_dir).resolve()
    if not mine.is_dir():
        raise ConfigError([Problem(("--config-dir",), repr(str(config_dir)), "a folder that exists")])
    if str(mine) not in sys.path:
        sys.path.insert(0, str(mine))
    return [mine, shipped()]


def find(folders: Sequence[FilePath], name: str) -> FilePath | None:
    """Return the first file of that name in the folders, None if there is none."""
    return next((folder / name for folder in folders if (folder / name).is_file()), None)


def choices(group: str = "", config_dir: str | FilePath | None = None) -> dict[str, list[str]]:
    """Return the options of each config group, or of one; `experiment` is a group too.

    Raises ConfigError when there is no such group.
    """
    found: dict[str, set[str]] = {}
    for folder in folders_of(config_dir):
        for file in folder.glob("*/[!_.]*.yaml"):  # what begins with _ is only for other files to include
            found.setdefault(file.parent.name, set()).add(file.stem)
    shipped_experiments = {file.stem for file in shipped("experiments").glob("*.yaml")}
    own = found.get("experiment", set()) | found.pop("experiments", set())
    found["experiment"] = own | shipped_experiments
    if group and group not in found:
        raise ConfigError([Problem((), repr(group), f"a config group{did_you_mean(group, found)}")])
    return {name: sorted(found[name]) for name in sorted(found) if group in ("", name)}
