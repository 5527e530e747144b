"""A JSON Schema for the files of each config group.

Hydra merges files, so that one may lack what another has. A key is therefore required only below the
first level of a file, and only where it has no ``defaults``: a file that changes parts of another names it
there. What a composed config lacks, ``tocsin check`` tells; so it does of names that must be known (a site,
a unit kind), and of keys that may not stand together. A comment ``# @package`` is nothing to JSON Schema:
a file that is put elsewhere needs the schema of there, such as ``config`` for ``_global_``.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from sim.config.editors.files import add_files
from sim.config.editors.generator import Generator
from sim.config.editors.written import written
from sim.config.plugins import options_of, shipped
from sim.config.schema import Config
from sim.config.schema.experiment import ExperimentConfig
from sim.model.alternatives import Schema, switch
from sim.seams import IncidentSource, Policy, QueueDiscipline, TravelTimes

DIALECT = "https://json-schema.org/draft/2020-12/schema"
REFS = "#/$defs/"
PLUG_INS = {
    "travel": TravelTimes,
    "dispatch": Policy,
    "move_up": Policy,
    "queue": QueueDiscipline,
    "demand": IncidentSource,
}
"""The seam of each group, by the name of the package that has the shipped plug-ins."""

PACKAGES = {"move_up": "dispatch", "queue": "dispatch"}
"""Where a group's shipped plug-ins are, if not in the package of its name."""

AT_THE_TOP = ("air",)
"""Groups whose files are put at the top of a config, by ``# @package _global_``."""

_OTHER_CLASS = r"^(?!sim\.)\w+(\.\w+)+$|\$\{"
_DEFAULTS = {
    "type": "array",
    "description": "files that Hydra merges with this one, in order; _self_ is this one",
    "items": {"type": ["string", "object"]},
}


def schemas() -> dict[str, Schema]:
    """Return the schema of a file by its group; ``config`` is that of config.yaml, or of any whole config."""
    read = _whole()
    whole = written(read)
    defs = whole.pop("$defs")
    sections = [
        key for key, node in read["properties"].items() if "$ref" in node or node.get("type") == "object"
    ]
    found = {name: _of_files(whole["properties"][name], name, defs) for name in sections}
    hydra = {"hydra": {"description": "Hydra's own settings, which tocsin does not use"}}
    for name in ("config", *AT_THE_TOP):
        found[name] = _of_files(whole | {"properties": whole["properties"] | hydra}, name, defs)
        if name in AT_THE_TOP:  # beside what other files say
            found[name]["else"] = found[name]["then"]
    experiment = ExperimentConfig.model_json_schema(schema_generator=Generator)
    found["experiment"] = {"$schema": DIALECT} | experiment
    return dict(sorted(found.items()))


def _whole() -> Schema:
    """Return pydantic's schema of a config, with the shipped plug-ins and with tables."""
    classes = {group: shipped(f"sim.{PACKAGES.get(group, group)}", seam) for group, seam in PLUG_INS.items()}
    options = {use: options_of(cls) for each in classes.values() for use, cls in each.items()}
    asked: list[tuple[type[BaseModel], Literal["validation"]]] = [(Config, "validation")]
    asked += [(model, "validation") for model in options.values()]
    models: dict[str, Schema] = models_json_schema(asked, schema_generator=Generator)[1]["$defs"]
    for use, model in options.items():
        node = models[model.__name__]
        node["properties"] = {"use": {"const": use}} | node.get("properties", {})
    root = models.pop("Config")
    for group, found in classes.items():
        plug_in = _plug_in({use: {"$ref": f"{REFS}{cls.__name__}"} for use, cls in found.items()})
        several = group == "demand"
        root["properties"][group] |= {"additionalProperties": plug_in} if several else plug_in
    add_files(root, models)
    return root | {"$defs": models}


def _plug_in(shipped: Mapping[str, Schema]) -> Schema:
    """Return the schema of a plug-in: one of those shipped, or any class of the user's."""
    names = [{"enum": sorted(shipped)}, {"type": "string", "pattern": _OTHER_CLASS}]
    return switch("use", {"description": "the class of the plug-in", "anyOf": names}, shipped)


def _of_files(node: Schema, name: str, defs: Mapping[str, Schema]) -> Schema:
    """Return the schema of a file that holds one section."""
    body = defs[_name(node)] if "$ref" in node else node
    body = {key: part for key, part in body.items() if key not in ("required", "minProperties")}
    body |= {"type": ["object", "null"], "properties": {"defaults": _DEFAULTS} | body["properties"]}
    parts = {"whole": body, "part": _optional(body)}
    parts |= {**defs, **{f"{key}.part": _optional(node) for key, node in defs.items()}}
    reached = _reachable(["whole", "part"], parts)
    return {
        "$schema": DIALECT,
        "title": name,
        "if": {"type": "object", "required": ["defaults"]},
        "then": {"$ref": f"{REFS}part"},
        "else": {"$ref": f"{REFS}whole"},
        "$defs": {key: parts[key] for key in parts if key in reached},
    }


def _optional(node: Any) -> Any:
    """Return a schema that requires nothing, but for telling alternatives apart."""
    if isinstance(node, list):
        return [_optional(each) for each in node]
    if not isinstance(node, dict):
        return node
    kept = {key: each if key == "if" else _optional(each) for key, each in node.items() if key != "required"}
    return kept | ({"$ref": f"{node['$ref']}.part"} if isinstance(node.get("$ref"), str) else {})


def _reachable(names: list[str], parts: Mapping[str, Schema]) -> set[str]:
    """Return the names of parts, and of all that these refer to."""
    found: set[str] = set()
    while names:
        name = names.pop()
        if name not in found:
            found.add(name)
            names += _references(parts[name])
    return found


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict) and isinstance(node.get("$ref"), str):
        yield _name(node)
    for below in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _references(below)


def _name(node: Schema) -> str:
    """Return the name of the definition that a node refers to."""
    return str(node["$ref"]).removeprefix(REFS)
