"""Hydra's config loader, and what it finds wrong in words."""

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path as FilePath
from typing import Any

import yaml
from hydra._internal.config_loader_impl import ConfigLoaderImpl
from hydra._internal.config_search_path_impl import ConfigSearchPathImpl
from hydra.core.plugins import Plugins
from hydra.errors import HydraException
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from sim.compose.files import SCHEME, Files
from sim.compose.overrides import PROVENANCE, key_of, parts_of
from sim.config import Problem
from sim.config.problems import did_you_mean, short
from sim.config.provenance import Path

PRIMARY = "config"
NOT_COMPOSED = (HydraException, OmegaConfBaseException, yaml.YAMLError, OSError, ValueError)
"""What Hydra raises when it cannot compose."""


def make_loader(folders: Sequence[FilePath]) -> ConfigLoaderImpl:
    """Return Hydra's loader over folders of configs, the first before the next.

    Hydra's public compose API takes one folder and leaves global state behind, so this is what it does
    inside; the dependency is pinned to the minor version for it.
    """
    search_path = ConfigSearchPathImpl()
    search_path.append("hydra", "pkg://hydra.conf")
    for folder in folders:
        search_path.append("main", f"{SCHEME}://{folder}")
    search_path.append("schema", "structured://")
    Plugins.instance().register(Files)  # beside Hydra's own sources of configs
    return ConfigLoaderImpl(search_path)


def plain_of(config: DictConfig) -> dict[str, Any]:
    """Return a composed config as a plain mapping, without Hydra's own part."""
    OmegaConf.set_struct(config, False)
    config.pop("hydra", None)
    mapping = OmegaConf.to_container(config, resolve=True)
    return {str(key): value for key, value in mapping.items()} if isinstance(mapping, dict) else {}


def culprits(loader: ConfigLoaderImpl, told: Sequence[str], problem: Problem, error: str) -> list[str]:
    """Return the overrides that an error is about: by its path, by its words, or else by trial."""
    found = [text for text in told if key_of(text) == problem.path] or [
        text for text in told if text in error
    ]
    if found:
        return found
    for text in told:
        with suppress(*NOT_COMPOSED):
            loader.load_configuration(PRIMARY, [other for other in told if other != text], RunMode.RUN)
            return [text]
    return []


def path_of(culprits: Sequence[str]) -> Path:
    """Return the path that the first of some overrides sets; empty for none."""
    return key_of(culprits[0]) if culprits else ()


def problem_of(
    error: Exception, loader: ConfigLoaderImpl, files: Sequence[FilePath], told: Sequence[str]
) -> Problem:
    """Say in words what Hydra or YAML found wrong."""
    text = str(error)
    if match := re.search(r"Could not override '([^']+)'", text):
        return _unknown_key(match[1], loader, told, text)
    if match := re.search(r"Could not (?:find|load) '([^']+)/([^']+)'", text):
        known = loader.get_group_options(match[1])
        return Problem((match[1],), repr(match[2]), f"one of its options{did_you_mean(match[2], known)}")
    if isinstance(error, yaml.MarkedYAMLError) and (mark := error.problem_mark):
        return Problem((), str(error.problem), "readable YAML", f"{mark.name}, line {mark.line + 1}")
    if isinstance(error, UnicodeDecodeError):
        culprit = next((str(short(file)) for file in files if not _is_text(file)), "")
        return Problem((), error.reason, "text in UTF-8", culprit)
    if isinstance(error, OSError) and error.filename:
        return Problem((), error.strerror or text, "a file that can be read", str(error.filename))
    return Problem((), " ".join(text.split()), "overrides such as seed=7 place.stations.west.lat=36.81")


def _is_text(file: FilePath) -> bool:
    """Whether a file can be read as UTF-8."""
    try:
        file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    return True


def _unknown_key(key: str, loader: ConfigLoaderImpl, told: Sequence[str], error: str) -> Problem:
    """Return the problem of an override whose key is not in the config that the others make."""
    name, _, group = key.partition("@")
    *above, last = parts_of(group or name)
    node: Any = {}
    with suppress(*NOT_COMPOSED):
        others = [text for text in told if key_of(text) != parts_of(key)]
        node = plain_of(loader.load_configuration(PRIMARY, others, RunMode.RUN))
    for part in above:
        node = node.get(part, {}) if isinstance(node, dict) else {}
    known = [str(k) for k in node if k not in PROVENANCE] if isinstance(node, dict) else []
    if last in known:
        return Problem(parts_of(key), " ".join(error.split()), "an override that Hydra can merge")
    hint = did_you_mean(last, known)
    return Problem(parts_of(key), "", f"a key of the config{hint} (to add it all the same, write +{key}=...)")
