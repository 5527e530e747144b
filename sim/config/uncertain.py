"""The numbers of a config that are said to be uncertain, and what else they may be."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from sim.config.problems import Problem, from_pydantic, shown
from sim.config.provenance import UNCERTAIN, Path, Sourced
from sim.config.schema.uncertain import OverConfig

_CENTRES = {"factor": "median", "sd": "mean"}
"""What a spread is around: the value itself, where nothing else is said."""


def inputs(sourced: Sourced) -> tuple[dict[str, OverConfig], list[Problem]]:
    """Return what each uncertain number may be, by its dotted key, and what is wrong with the others."""
    found, problems = {}, []
    for path, said in sourced.uncertain.items():
        value = _value_at(sourced.plain, path)
        over = _problem(path, said, value) or _over(path, said, value)
        if isinstance(over, OverConfig):
            found[".".join(path)] = over
        else:
            problems += over
    return found, problems


def _problem(path: Path, said: Any, value: Any) -> list[Problem]:
    """Return what is wrong before the numbers are looked at, if anything."""
    where = (*path, UNCERTAIN)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return [Problem(where, shown(said), f"nothing of the kind beside {shown(value)}, which is no number")]
    if any(part.isdecimal() or "." in part for part in path):
        return [Problem(where, shown(said), "a number by a key of its own, not one in a list")]
    if not isinstance(said, Mapping):
        return [Problem(where, shown(said), "a mapping, such as {from: 60 s, to: 90 s} or {factor: 1.5}")]
    return []


def _over(path: Path, said: Mapping[str, Any], value: Any) -> OverConfig | list[Problem]:
    """Return what a number may be, or what is wrong with it."""
    where = (*path, UNCERTAIN)
    centre = {centre: value for spread, centre in _CENTRES.items() if spread in said and centre not in said}
    try:
        over = OverConfig.model_validate({**said, **centre})
    except ValidationError as error:
        return [replace(each, path=(*where, *each.path)) for each in from_pydantic(error, OverConfig)]
    if over.start is not None and not _holds(over, value):
        return [Problem(where, shown(said), f"bounds around the value itself, {shown(value)}")]
    return over


def _holds(over: OverConfig, value: Any) -> bool:
    """Whether the value lies between the bounds, as far as it is written in their unit."""
    own = OverConfig.model_construct(mean=value)
    try:
        (number,), unit = own.numbers.values(), own.unit
    except ValueError:
        return False
    return unit != over.unit or over.numbers["start"] <= number <= over.numbers["to"]


def _value_at(plain: Mapping[str, Any], path: Path) -> Any:
    node: Any = plain
    for part in path:
        node = node[int(part)] if isinstance(node, list) else node[part]
    return node
