"""Where a config may name a file: sections that are tables, and boundaries."""

from collections.abc import Mapping
from typing import Any

from sim.config.provenance import Path
from sim.config.tables.specs import BOUNDARIES, TABLES
from sim.model.alternatives import Schema

_LAYER = {"type": "string", "description": "the layer of a file that has several"}


def add_files(root: Schema, models: Mapping[str, Schema]) -> None:
    """Add to the schema of the whole config, in place, what ``sim.config.tables`` reads."""
    for path, table in TABLES.items():
        ending = " or a map (.geojson, .gpkg)" if table.shapes else ""
        columns = ", ".join(table.columns)
        file = {"type": "string", "description": f"a table (.csv){ending} with the columns {columns}"}
        layer = {"layer": _LAYER} if table.shapes else {}
        section = _mapping(_at(path, root, models), models)
        section["properties"] = section.get("properties", {}) | {"file": file} | layer
    for path in BOUNDARIES:
        file = {"type": "string", "description": "a map (.geojson, .gpkg) with polygons"}
        drawn = {"type": "object", "properties": {"file": file, "layer": _LAYER}, "required": ["file"]}
        _at(path, root, models)["anyOf"].append(drawn | {"additionalProperties": False})


def _at(path: Path, root: Schema, models: Mapping[str, Schema]) -> Schema:
    """Return the schema of what stands at a path."""
    node = root
    for key in path:
        node = _mapping(node, models)["properties"][key]
    return node


def _mapping(node: Schema, models: Mapping[str, Schema]) -> Schema:
    """Return the mapping that a node is or may be."""
    parts: list[Any] = node.get("anyOf", [node])
    found = next(part for part in parts if "$ref" in part or part.get("type") == "object")
    return models[found["$ref"].rsplit("/", 1)[1]] if "$ref" in found else found
