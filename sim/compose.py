"""Hydra's compose API: YAML files and overrides become one plain mapping, and it is known whence."""

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path as FilePath
from typing import Any

import yaml
from hydra._internal.config_loader_impl import ConfigLoaderImpl
from hydra._internal.config_search_path_impl import ConfigSearchPathImpl
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.plugins import Plugins
from hydra.errors import HydraException
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from sim.config import ConfigError, Problem, build
from sim.config.problems import did_you_mean
from sim.config.provenance import Path
from sim.scenario import Study

PRIMARY = "config"
PROVENANCE = ("source", "confidence", "note")


def shipped(what: str = "configs") -> FilePath:
    """Return a folder that comes with tocsin, inside a wheel or in the repository."""
    inside = FilePath(__file__).parent / f"_{what}"
    return inside if inside.is_dir() else FilePath(__file__).parents[1] / what


def prepare(*overrides: str, config_dir: str | FilePath | None = None) -> Study:
    """Return the study that overrides in Hydra's grammar describe; no override is Zhoucun for a year.

    ``config_dir`` is a folder of your own configs, which go before the shipped ones; Python files in
    it can be named by ``use``. Raises ConfigError with every problem found.
    """
    composed, problems = _compose(overrides, config_dir)
    types = choices("incident", config_dir)["incident"]
    try:
        study = build(composed.mapping, composed.locate, types)
    except ConfigError as error:
        raise ConfigError([*problems, *error.problems]) from None
    if problems:
        raise ConfigError(problems)
    return replace(study, plugin_folder=None if config_dir is None else str(FilePath(config_dir).resolve()))


@dataclass(frozen=True)
class Composed:
    """A composed config: the plain mapping, and the overrides that set values in it."""

    mapping: dict[str, Any]
    overrides: tuple[str, ...]
    _loader: ConfigLoaderImpl = field(repr=False)
    _told: tuple[str, ...] = field(repr=False)
    _folders: tuple[FilePath, ...] = field(repr=False)

    def locate(self, path: Path) -> str:
        """Return where a path was written, as ``file, line n`` or the override; "" if nowhere."""
        if override := self.override(path):
            return f"the override {override!r}"
        spots = (self._lines.get(path[:end]) for end in range(len(path), 0, -1))
        spot = next((spot for spot in spots if spot), None)
        return f"{spot[0]}, line {spot[1]}" if spot else ""

    def override(self, path: Path) -> str | None:
        """Return the override that set this path, or else one that set something below it."""
        keys = [(_key(override), override) for override in reversed(self.overrides)]
        above = (override for key, override in keys if path[: len(key)] == key)
        below = (override for key, override in keys if path and key[: len(path)] == path)
        return next(above, None) or next(below, None)

    @property
    def files(self) -> list[tuple[Path, FilePath]]:
        """The files that were composed, each with the path it was put at, in order."""
        defaults = self._loader.compute_defaults_list(PRIMARY, list(self._told), RunMode.RUN).defaults
        found = [(_parts(d.package or ""), _find(self._folders, f"{d.config_path}.yaml")) for d in defaults]
        return [(package, file) for package, file in found if file is not None]

    @cached_property
    def _lines(self) -> dict[Path, tuple[FilePath, int]]:
        """File and line of every key, the last file winning as in the composition."""
        lines: dict[Path, tuple[FilePath, int]] = {}
        for package, file in self.files:
            with suppress(OSError, yaml.YAMLError, RecursionError):
                root = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
                lines.update((path, (_short(file), line)) for path, line in _keys(root, package))
        return lines


def compose(*overrides: str, config_dir: str | FilePath | None = None) -> Composed:
    """Return the composed config. Raises ConfigError when a file, a group or an override is wrong."""
    composed, problems = _compose(overrides, config_dir)
    if problems:
        raise ConfigError(problems)
    return composed


def _compose(overrides: Sequence[str], config_dir: str | FilePath | None) -> tuple[Composed, list[Problem]]:
    """Return the config composed of the overrides that are right, and what is wrong with the others.

    Raises ConfigError when nothing can be composed, as when a file is not readable.
    """
    folders = _folders(config_dir)
    loader = _loader(folders)
    told, problems = _readable(_with_experiment(overrides, folders))
    while True:
        try:
            mapping = _plain(loader.load_configuration(PRIMARY, told, RunMode.RUN))
        except NOT_COMPOSED as error:
            files = [file for folder in folders for file in sorted(folder.glob("**/*.yaml"))]
            problem = _problem(error, loader, files, told)
            culprits = _culprits(loader, told, problem, str(error))
            where = problem.where or (f"the override {culprits[0]!r}" if culprits else "")
            problems.append(replace(problem, path=problem.path or _path_of(culprits), where=where))
            if not culprits:
                raise ConfigError(problems) from None
            told = [text for text in told if text not in culprits]
            continue
        except RecursionError:
            found = "an anchor that contains itself"
            raise ConfigError([*problems, Problem((), found, "YAML that comes to an end")]) from None
        values = [text for text in told if not _is_choice(text, folders)]
        for text in values:
            parsed = OverridesParser.create().parse_override(text)
            if not parsed.is_delete():
                _stamp(mapping, _key(text), parsed.value(), text)
        return Composed(mapping, tuple(values), loader, tuple(told), tuple(folders)), problems


NOT_COMPOSED = (HydraException, OmegaConfBaseException, yaml.YAMLError, OSError, ValueError)
"""What Hydra raises when it cannot compose."""


def _readable(overrides: Sequence[str]) -> tuple[list[str], list[Problem]]:
    """Return the overrides that can be read and give one value, and what is wrong with the others."""
    good, problems = [], []
    for text in overrides:
        try:
            parsed = OverridesParser.create().parse_override(text)
        except HydraException:
            problems.append(
                Problem(_key(text), repr(text), "overrides such as seed=7 or +centre.queue_limit=3")
            )
            continue
        if parsed.is_sweep_override():
            problems.append(Problem(_key(text), repr(text), "one value; lists are written [1,2]"))
        else:
            good.append(text)
    return good, problems


def _culprits(loader: ConfigLoaderImpl, told: Sequence[str], problem: Problem, error: str) -> list[str]:
    """Return the overrides that an error is about: by its path, by its words, or else by trial."""
    found = [text for text in told if _key(text) == problem.path] or [text for text in told if text in error]
    if found:
        return found
    for text in told:
        with suppress(*NOT_COMPOSED):
            loader.load_configuration(PRIMARY, [other for other in told if other != text], RunMode.RUN)
            return [text]
    return []


def _path_of(culprits: Sequence[str]) -> Path:
    return _key(culprits[0]) if culprits else ()


def _loader(folders: Sequence[FilePath]) -> ConfigLoaderImpl:
    """Return Hydra's loader over folders of configs, the first before the next.

    Hydra's public compose API takes one folder and leaves global state behind, so this is what it does
    inside; the dependency is pinned to the minor version for it.
    """
    search_path = ConfigSearchPathImpl()
    search_path.append("hydra", "pkg://hydra.conf")
    for folder in folders:
        search_path.append("main", str(folder))
    search_path.append("schema", "structured://")
    Plugins.instance()  # registers the sources that configs are read from
    return ConfigLoaderImpl(search_path)


def choices(group: str = "", config_dir: str | FilePath | None = None) -> dict[str, list[str]]:
    """Return the options of each config group, or of one; `experiment` is a group too.

    Raises ConfigError when there is no such group.
    """
    found: dict[str, set[str]] = {}
    for folder in _folders(config_dir):
        for file in folder.glob("*/*.yaml"):
            found.setdefault(file.parent.name, set()).add(file.stem)
    shipped_experiments = {file.stem for file in shipped("experiments").glob("*.yaml")}
    found["experiment"] = found.get("experiment", set()) | shipped_experiments
    if group and group not in found:
        raise ConfigError([Problem((), repr(group), f"a config group{did_you_mean(group, found)}")])
    return {name: sorted(found[name]) for name in sorted(found) if group in ("", name)}


def _folders(config_dir: str | FilePath | None) -> list[FilePath]:
    """Return the folders of configs, the user's first. Makes the user's importable."""
    if config_dir is None:
        return [shipped()]
    mine = FilePath(config_dir).resolve()
    if not mine.is_dir():
        raise ConfigError([Problem(("--config-dir",), repr(str(config_dir)), "a folder that exists")])
    if str(mine) not in sys.path:
        sys.path.insert(0, str(mine))
    return [mine, shipped()]


def _with_experiment(overrides: Sequence[str], folders: Sequence[FilePath]) -> list[str]:
    """Replace ``experiment=name`` by the overrides in that file, before all others."""
    asked = [text.partition("=")[2] for text in overrides if text.lstrip("+").startswith("experiment=")]
    names = [name.strip(" '\"") for text in asked for name in text.strip("[]").split(",")]
    told = [text for text in overrides if not text.lstrip("+").startswith("experiment=")]
    for name in reversed(names):
        places = [folder / "experiment" for folder in folders] + [shipped("experiments")]
        file = _find(places, f"{name}.yaml")
        if file is None:
            known = choices("experiment", folders[0])["experiment"]
            raise ConfigError(
                [Problem(("experiment",), repr(name), f"an experiment{did_you_mean(name, known)}")]
            )
        try:
            content = yaml.safe_load(file.read_text(encoding="utf-8"))
        except (OSError, ValueError, yaml.YAMLError) as error:
            found = " ".join(str(error).split())
            raise ConfigError([Problem(("experiment",), found, "readable YAML", str(_short(file)))]) from None
        lines = content.get("overrides") if isinstance(content, dict) else None
        if not isinstance(lines, list):
            raise ConfigError([Problem(("experiment",), str(file), "a mapping with a list called overrides")])
        told = [str(line) for line in lines] + told
    return told


def _find(folders: Sequence[FilePath], name: str) -> FilePath | None:
    return next((folder / name for folder in folders if (folder / name).is_file()), None)


def _plain(config: DictConfig) -> dict[str, Any]:
    OmegaConf.set_struct(config, False)
    config.pop("hydra", None)
    mapping = OmegaConf.to_container(config, resolve=True)
    return {str(key): value for key, value in mapping.items()} if isinstance(mapping, dict) else {}


def _parts(dotted: str) -> Path:
    return tuple(dotted.split(".")) if dotted else ()


def _key(override: str) -> Path:
    """Return the path that an override sets."""
    return _parts(override.partition("=")[0].lstrip("+~"))


def _stamp(node: dict[str, Any], path: Path, value: object, override: str) -> None:
    """Say in the config itself that a value is the user's, so that no old source speaks for it."""
    if isinstance(value, dict) and "value" not in value:
        for key, below in value.items():
            if key not in PROVENANCE:
                _stamp(node, (*path, str(key)), below, override)
        return
    *above, last = path
    for part in above:
        below = node.get(part)
        if isinstance(below, list):  # an item of a list speaks for the whole list
            last = part
            break
        if not isinstance(below, dict):
            return
        node = below
    if not above or last not in node or last in ("use", *PROVENANCE):
        return
    own = {key: value[key] for key in PROVENANCE if key in value} if isinstance(value, dict) else {}
    said = {"confidence": "assumed", "source": f"the override {override}"} | own
    found = node[last]
    if last == "value":
        node.pop("note", None)
        node.update(said)
    elif isinstance(found, dict):
        if "value" in found:
            node[last] = {"value": found["value"]} | said
    else:
        node[last] = {"value": found} | said


def _is_choice(override: str, folders: Sequence[FilePath]) -> bool:
    """Whether an override chooses a file of a group rather than sets a value."""
    key = override.partition("=")[0].lstrip("+~").partition("@")[0]
    return any((folder / key).is_dir() for folder in folders)


def _short(file: FilePath) -> FilePath:
    """Return a path relative to the working folder, where it lies below it."""
    with suppress(ValueError):
        return file.relative_to(FilePath.cwd())
    return file


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


def _problem(
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
        culprit = next((str(_short(file)) for file in files if not _is_text(file)), "")
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
    *above, last = _parts(group or name)
    node: Any = {}
    with suppress(*NOT_COMPOSED):
        others = [text for text in told if _key(text) != _parts(key)]
        node = _plain(loader.load_configuration(PRIMARY, others, RunMode.RUN))
    for part in above:
        node = node.get(part, {}) if isinstance(node, dict) else {}
    known = [str(k) for k in node if k not in PROVENANCE] if isinstance(node, dict) else []
    if last in known:
        return Problem(_parts(key), " ".join(error.split()), "an override that Hydra can merge")
    hint = did_you_mean(last, known)
    return Problem(_parts(key), "", f"a key of the config{hint} (to add it all the same, write +{key}=...)")
