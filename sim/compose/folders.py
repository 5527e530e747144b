"""The folders that configs and experiments lie in, the user's before the shipped ones."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path as FilePath

import yaml
from pydantic import ValidationError

from sim.config import ConfigError, Problem
from sim.config.problems import did_you_mean, from_pydantic, short
from sim.config.schema.experiment import ExperimentConfig


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


def with_experiment(overrides: Sequence[str], folders: Sequence[FilePath]) -> list[str]:
    """Replace ``experiment=name`` by the overrides in that file, before all others."""
    asked = [text.partition("=")[2] for text in overrides if text.lstrip("+").startswith("experiment=")]
    names = [name.strip(" '\"") for text in asked for name in text.strip("[]").split(",")]
    told = [text for text in overrides if not text.lstrip("+").startswith("experiment=")]
    for name in reversed(names):
        places = [folder / called for folder in folders for called in ("experiment", "experiments")]
        places.append(shipped("experiments"))
        file = find(places, f"{name}.yaml")
        if file is None:
            known = choices("experiment", folders[0])["experiment"]
            raise ConfigError(
                [Problem(("experiment",), repr(name), f"an experiment{did_you_mean(name, known)}")]
            )
        try:
            content = yaml.safe_load(file.read_text(encoding="utf-8"))
        except (OSError, ValueError, yaml.YAMLError) as error:
            found = " ".join(str(error).split())
            raise ConfigError([Problem(("experiment",), found, "readable YAML", str(short(file)))]) from None
        told = _overrides(content, file) + told
    return told


def _overrides(content: object, file: FilePath) -> list[str]:
    """Return the overrides of an experiment. Raises ConfigError when it is not one."""
    if not isinstance(content, dict):
        raise ConfigError([Problem(("experiment",), str(file), "a mapping with a list called overrides")])
    try:
        return ExperimentConfig.model_validate(content).overrides
    except ValidationError as error:
        problems = from_pydantic(error, ExperimentConfig, ("experiment",))
        raise ConfigError([replace(problem, where=str(short(file))) for problem in problems]) from None
