"""Overrides in Hydra's grammar: which can be read, what they set, and that they say so in the config."""

from collections.abc import Sequence
from pathlib import Path as FilePath
from typing import Any

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.errors import HydraException

from sim.config import Problem
from sim.config.provenance import UNCERTAIN, Path

PROVENANCE = ("source", "confidence", "note", UNCERTAIN)


def parts_of(dotted: str) -> Path:
    """Return a dotted key as a path."""
    return tuple(dotted.split(".")) if dotted else ()


def key_of(override: str) -> Path:
    """Return the path that an override sets."""
    return parts_of(override.partition("=")[0].lstrip("+~"))


def is_choice(override: str, folders: Sequence[FilePath]) -> bool:
    """Whether an override chooses a file of a group rather than sets a value."""
    key = override.partition("=")[0].lstrip("+~").partition("@")[0]
    return any((folder / key).is_dir() for folder in folders)


def readable(overrides: Sequence[str]) -> tuple[list[str], list[Problem]]:
    """Return the overrides that can be read and give one value, and what is wrong with the others."""
    good, problems = [], []
    for text in overrides:
        parsed = parsed_or_problem(text)
        if isinstance(parsed, Problem):
            problems.append(parsed)
        elif parsed.is_sweep_override():
            problems.append(Problem(key_of(text), repr(text), "one value; lists are written [1,2]"))
        else:
            good.append(text)
    return good, problems


def parsed_or_problem(text: str) -> Override | Problem:
    """Return an override as Hydra reads it, or what is wrong with it."""
    if text.lstrip("+~").startswith(("hydra.", "hydra/", "hydra=")):
        return Problem(
            key_of(text), repr(text), "a key of the config; settings of Hydra's own do nothing here"
        )
    try:
        return OverridesParser.create().parse_override(text)
    except HydraException:
        return Problem(key_of(text), repr(text), _remedy(text))


def _remedy(text: str) -> str:
    """Return what to write instead of an override that cannot be read."""
    if text.partition("=")[2].isascii():
        return "overrides such as seed=7 or +centre.queue_limit=3"
    return "quotes around words in other letters than a to z, such as +closures.x.roads=['环城路']"


def stamp(node: dict[str, Any], path: Path, value: object, override: str) -> None:
    """Say in the config itself that a value is the user's, so that no old source speaks for it."""
    if UNCERTAIN in path:
        return
    if isinstance(value, dict) and "value" not in value:
        _give_way(node, path, value)
        for key, below in value.items():
            if key not in PROVENANCE:
                stamp(node, (*path, str(key)), below, override)
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


def _give_way(node: Any, path: Path, value: dict[str, Any]) -> None:
    """Have a bare value go where an override puts a mapping, which Hydra merges with it."""
    for part in path:
        node = node.get(part) if isinstance(node, dict) else None
    if isinstance(node, dict) and "value" in node and value.keys() - {*PROVENANCE}:
        for key in ("value", *PROVENANCE):
            if key not in value:
                node.pop(key, None)
