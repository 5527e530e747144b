"""Experiments: files of overrides that belong together, and of what to sweep."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path as FilePath

import yaml
from pydantic import ValidationError

from sim.compose.folders import choices, find, shipped
from sim.config import ConfigError, Problem
from sim.config.problems import did_you_mean, from_pydantic, short
from sim.config.schema.experiment import ExperimentConfig

DESIGN = "design"
"""The key of an override that asks for a design."""


def with_experiment(overrides: Sequence[str], folders: Sequence[FilePath]) -> list[str]:
    """Replace ``experiment=name`` by the overrides in that file, before all others.

    Raises ConfigError when there is no such experiment, its file is wrong, or it sweeps; and for a design.
    """
    if designs := [text for text in overrides if text.lstrip("+").startswith(f"{DESIGN}=")]:
        expected = "one study; a design is for tocsin sweep"
        raise ConfigError([Problem((DESIGN,), repr(text), expected) for text in designs])
    told = [text for text in overrides if not is_experiment(text)]
    for name in reversed([name for text in overrides if is_experiment(text) for name in names_in(text)]):
        experiment = read_experiment(name, folders)
        if experiment.swept:
            found = f"{name!r}, which sweeps {', '.join(experiment.swept)}"
            expected = "an experiment that is one study; this one is for tocsin sweep"
            raise ConfigError([Problem(("experiment",), found, expected)])
        told = experiment.overrides + told
    return told


def is_experiment(override: str) -> bool:
    """Whether an override asks for experiments."""
    return override.lstrip("+").startswith("experiment=")


def names_in(override: str) -> list[str]:
    """Return the experiments that ``experiment=[one,other]`` asks for."""
    return [name.strip(" '\"") for name in override.partition("=")[2].strip("[]").split(",")]


def read_experiment(name: str, folders: Sequence[FilePath]) -> ExperimentConfig:
    """Return the experiment of that name. Raises ConfigError when there is none, or its file is wrong."""
    places = [folder / called for folder in folders for called in ("experiment", "experiments")]
    file = find([*places, shipped("experiments")], f"{name}.yaml")
    if file is None:
        known = choices("experiment", folders[0])["experiment"]
        raise ConfigError([Problem(("experiment",), repr(name), f"an experiment{did_you_mean(name, known)}")])
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        found = " ".join(str(error).split())
        raise ConfigError([Problem(("experiment",), found, "readable YAML", str(short(file)))]) from None
    return _checked(content, file)


def _checked(content: object, file: FilePath) -> ExperimentConfig:
    """Return what a file says. Raises ConfigError when that is no experiment."""
    if not isinstance(content, dict):
        expected = "a mapping with a list called overrides, or with what to sweep"
        raise ConfigError([Problem(("experiment",), str(file), expected)])
    try:
        return ExperimentConfig.model_validate(content)
    except ValidationError as error:
        problems = from_pydantic(error, ExperimentConfig, ("experiment",))
        raise ConfigError([replace(problem, where=str(short(file))) for problem in problems]) from None
