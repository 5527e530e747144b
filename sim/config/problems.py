"""What is wrong with a config, in words that say where, what, and what was expected."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel, PydanticUserError, ValidationError

from sim.config.provenance import Path
from sim.model.hints import did_you_mean as did_you_mean
from sim.sheets import short as short

Locate = Callable[[Path], str]
"""Says where a path was written: a file and line, or the command line."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong: the path in the config, the value found there, and what was expected."""

    path: Path
    found: str
    expected: str
    where: str = ""

    def __str__(self) -> str:
        lines = [f"  {'.'.join(self.path) or '(the whole config)'}"]
        lines += [f"    found     {self.found}"] if self.found else []
        lines += [f"    expected  {self.expected}"] if self.expected else []
        lines += [f"    in        {self.where}"] if self.where else []
        return "\n".join(lines)


class ConfigError(ValueError):
    """A config that cannot be run, with every problem found in it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(str(self))

    def __str__(self) -> str:
        n = len(self.problems)
        head = f"{n} problem{'s' if n > 1 else ''} in the config:"
        return "\n".join([head, *map(str, self.problems)])


Below = tuple[Path, str]
"""A path below a mapping that is checked, and what was expected there."""


class BelowError(ValueError):
    """What is wrong below a mapping that is checked."""

    def __init__(self, *found: Below) -> None:
        self.found = found
        super().__init__("; ".join(expected for _, expected in found))

    @classmethod
    def at(cls, *path: str, expected: str) -> "BelowError":
        """Return the error that something else was expected at a path."""
        return cls((path, expected))


def shown(value: Any) -> str:
    """Return a value as a short text."""
    text = repr(value) if isinstance(value, str) else str(value)
    if isinstance(value, dict | list | tuple | BaseModel):
        text = f"a {'list' if isinstance(value, list | tuple) else 'mapping'}: {text}"
    return text if len(text) <= 80 else text[:77] + "..."


def from_pydantic(error: ValidationError, model: type[BaseModel], prefix: Path = ()) -> list[Problem]:
    """Return pydantic's errors as problems, with hints for misspelt keys."""
    problems = []
    for item in error.errors(include_url=False):
        keys = _without_tags(model, [str(part) for part in item["loc"]])
        path, kind = (*prefix, *keys), item["type"]
        if kind in ("extra_forbidden", "unexpected_keyword_argument"):
            known = _known_keys(model, [str(part) for part in item["loc"][:-1]])
            problems.append(
                Problem(path, shown(item["input"]), f"no such key{did_you_mean(keys[-1], known)}")
            )
        elif kind in ("union_tag_invalid", "union_tag_not_found"):
            tag_key = str(item["ctx"]["discriminator"]).strip("'")
            tags = item["ctx"].get("expected_tags") or f"a mapping with {tag_key}"
            found = item["ctx"].get("tag")
            where, what = ((*path, tag_key), repr(found)) if found else (path, shown(item["input"]))
            hint = did_you_mean(found, re.findall(r"\w+", tags)).partition(" (")[0] if found else ""
            problems.append(Problem(where, what, f"one of {tags}{hint}" if found else tags))
        elif kind == "missing":
            why = item.get("ctx", {}).get("reason", "a value; this key is required")
            problems.append(Problem(path, "nothing", why))
        elif isinstance(faults := item.get("ctx", {}).get("error"), BelowError):
            problems += [
                Problem((*path, *below), _found_at(item["input"], below), expected)
                for below, expected in faults.found
            ]
        else:
            expected = _words(item["type"], item.get("ctx", {})) or item["msg"]
            expected = expected.removeprefix("Value error, ").removeprefix("Input should be ")
            problems.append(Problem(path, shown(item["input"]), expected.removeprefix("expected ")))
    return problems


def _found_at(value: Any, below: Path) -> str:
    """Return what stands at a path below a value."""
    for part in below:
        known = {str(key): each for key, each in value.items()} if isinstance(value, Mapping) else {}
        if part not in known:
            return "nothing"
        value = known[part]
    return shown(value)


def _words(kind: str, limits: Mapping[str, Any]) -> str:
    """Return what was expected in words of ours, "" where pydantic's will do."""
    least, most = limits.get("min_length"), limits.get("max_length")
    return {
        "list_type": "a list, such as [one, two]",
        "dict_type": "a mapping, such as {key: value}",
        "model_type": "a mapping, such as {key: value}",
        "string_type": "a text; numbers go in quotes, such as '500'",
        "too_short": f"at least {least} item{'' if least == 1 else 's'}",
        "too_long": f"at most {most} item{'' if most == 1 else 's'}",
    }.get(kind, "")


@cache
def _schema(model: type[BaseModel]) -> dict[str, Any]:
    """Return a model's JSON Schema; empty where a field has a type that JSON Schema cannot say."""
    try:
        return model.model_json_schema()
    except PydanticUserError:
        return {}


def _without_tags(model: type[BaseModel], loc: Sequence[str]) -> list[str]:
    """Return a location of pydantic's without the parts that name a branch of a union, or a key as such."""
    schema = _schema(model)
    node: dict[str, Any] = schema
    kept = []
    for part in loc:
        node = _resolve(schema, node)
        branches = _branches(node)
        if part == "[key]" or part in branches:
            node = branches.get(part, node)
            continue
        kept.append(part)
        node = _step(schema, node, part)
    return kept


def _branches(node: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the branches of a tagged union in a JSON Schema by their tags."""
    nodes = [node, *node.get("anyOf", [])]
    return {
        tag: {"$ref": ref}
        for n in nodes
        for tag, ref in n.get("discriminator", {}).get("mapping", {}).items()
    }


def _known_keys(model: type[BaseModel], loc: Sequence[str]) -> set[str]:
    """Return the keys that the model at a location knows, as far as its JSON Schema tells."""
    schema = _schema(model)
    node: dict[str, Any] = schema
    for part in loc:
        node = _step(schema, _resolve(schema, node), part)
    return set(_resolve(schema, node).get("properties", {}))


def _resolve(schema: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        node = schema["$defs"][node["$ref"].rsplit("/", 1)[1]]
    return node


def _step(schema: dict[str, Any], node: dict[str, Any], part: str) -> dict[str, Any]:
    """Go one key down in a JSON Schema; a union's branch is told by its tag or its first object."""
    branches = _branches(node)
    if part in branches:
        return branches[part]
    for branch in (node, *(_resolve(schema, b) for b in node.get("anyOf", []))):
        if part in branch.get("properties", {}):
            return dict(branch["properties"][part])
        for below in ("additionalProperties", "items"):
            if isinstance(branch.get(below), dict):
                return dict(branch[below])
    return {}
