"""From what a model reads to what may be written: with provenance on any value, and Hydra's interpolations.

A keyword of JSON Schema holds only for its own type, so that most values need no alternatives:
``{type: [number, object, string], minimum: 0, properties: {value: ...}, pattern: ...}`` is a number of
at least 0, a mapping with such a value and its provenance, or an interpolation. An editor then marks
the very spot that is wrong.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sim.config.provenance import CONFIDENCES, UNCERTAIN
from sim.config.schema.uncertain import OverConfig
from sim.model.alternatives import Schema
from sim.model.distributions.named import names
from sim.model.distributions.schema import SCIPY

INTERPOLATION = r"\$\{|^\?\?\?$"
"""``${...}`` of Hydra's, anywhere in a text, or its ``???`` for a value that others must give."""

_INTERPOLATED = {"type": "string", "pattern": INTERPOLATION}
_TEXT = ["string", "number", "boolean", "null"]
PROVENANCE: dict[str, Schema] = {
    "source": {"description": "where it comes from: a plan and its section, a publication", "type": _TEXT},
    "confidence": {
        "description": "as stated or published (exact); read with an error (approx); worked out from other "
        "facts (estimated); nothing but judgement (assumed)",
        "anyOf": [{"enum": list(CONFIDENCES)}, _INTERPOLATED],
    },
    "note": {"description": "what else is worth knowing of it", "type": _TEXT},
}
_SAID = {key: {"$ref": f"#/$defs/{key}"} for key in PROVENANCE}
_UNCERTAIN: Schema = {"$ref": f"#/$defs/{UNCERTAIN}"}
_ABOUT = ("title", "description", "default", "examples")
_WORDS = {
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "nothing",
}


def written(schema: Schema) -> Schema:
    """Return the schema of what may be written for what a schema of pydantic's, with its $defs, reads."""
    schema = _named(schema)
    writer = _Writer(schema["$defs"])
    root = writer.mapping({key: node for key, node in schema.items() if key != "$defs"})
    return root | {"$defs": writer.defs}


def _named(node: Any) -> Any:
    """Return a schema in which distributions of scipy.stats have their names."""
    if isinstance(node, list):
        return [_named(each) for each in node]
    if not isinstance(node, dict):
        return node
    if node.get("format") == SCIPY:
        return {"enum": sorted(names() - set(node["not"]["enum"]))}
    return {key: _named(each) for key, each in node.items()}


def _what_else() -> Schema:
    """Return the schema of what else a number may be."""
    said = OverConfig.model_json_schema()
    properties = {key: each for key, each in said["properties"].items() if key != "choices"}
    return {
        "type": "object",
        "description": "what else it may be: from and to (with log or likely), factor, or sd",
        "properties": properties,
        "additionalProperties": False,
    }


def _alternatives(node: Schema) -> list[Schema]:
    """Return the alternatives of a schema, and theirs."""
    return [each for part in node["anyOf"] for each in _alternatives(part)] if "anyOf" in node else [node]


class _Writer:
    """Rewrites schemas; those with a title, which stand in many places, become definitions."""

    def __init__(self, models: Mapping[str, Schema]) -> None:
        self._models = models
        self.defs: dict[str, Schema] = dict(PROVENANCE)
        self.defs[UNCERTAIN] = _what_else()
        self.defs |= {name: self.mapping(node) for name, node in models.items()}

    def mapping(self, node: Schema) -> Schema:
        """Return the schema of a mapping: provenance beside its keys."""
        if "$ref" in node:
            return node
        properties = {key: self.value(below) for key, below in node.get("properties", {}).items()}
        found = node | {
            "type": ["object", "string"],
            "pattern": INTERPOLATION,
            "patternErrorMessage": "expected a mapping",
            "properties": properties | _SAID,
        }
        if "description" in node:
            found["description"] = node["description"].replace("``", "`")
        if isinstance(node.get("additionalProperties"), dict):
            found["additionalProperties"] = self.value(node["additionalProperties"])
        if "allOf" in node:
            found["allOf"] = [case | {"then": self.mapping(case["then"])} for case in node["allOf"]]
        return found

    def value(self, node: Schema) -> Schema:
        """Return the schema of a value under a key or in a list; one with a title as a definition's."""
        parts = _alternatives(node)
        about = {key: each[key] for each in (*node.get("anyOf", ()), node) for key in _ABOUT if key in each}
        mappings = [part for part in parts if "$ref" in part or part.get("type") == "object"]
        others = [part for part in parts if part not in mappings]
        if not others:
            return self.mapping(mappings[0])
        found = about | self._scalar(others)
        if mappings:
            found = about | self._either(mappings[0], self._scalar(others))
        return self._shared(found) if "title" in found else found

    def _either(self, mapping: Schema, scalar: Schema) -> Schema:
        """Return the schema of what is a mapping, or else a value with or without its provenance."""
        model = self._models[mapping["$ref"].rsplit("/", 1)[1]] if "$ref" in mapping else mapping
        own = [{"required": [key]} for key in model.get("required", ())]
        return {
            "properties": {"value": {}},
            "if": {"type": "object", "anyOf": [{"not": {"required": ["value"]}}, *own]},
            "then": self.mapping(mapping),
            "else": scalar,
        }

    def _scalar(self, parts: Sequence[Schema]) -> Schema:
        """Return the schema of a value that is no mapping, with or without its provenance."""
        bare = self._bare([self._listed(part) for part in parts])
        sourced = {
            "properties": {"value": bare, UNCERTAIN: _UNCERTAIN} | _SAID,
            "required": ["value"],
            "additionalProperties": False,
        }
        if "anyOf" in bare:
            return {"anyOf": [*bare["anyOf"], {"type": "object"} | sourced]}
        either: Schema = {"type": [*bare["type"], "object"]}
        if "errorMessage" in bare:
            either["errorMessage"] = (
                f"{bare['errorMessage']}, or {{value: ..., source: ..., confidence: ...}}"
            )
        return bare | sourced | either

    def _listed(self, part: Schema) -> Schema:
        """Return a part with its items, where it is a list, as they may be written."""
        if "items" in part:
            return part | {"items": self.value(part["items"])}
        return part

    def _bare(self, parts: Sequence[Schema]) -> Schema:
        """Return the schema of one of several values or an interpolation, by types where these differ."""
        types = [part.get("type") for part in parts]
        words = any({"enum", "const"} & part.keys() for part in parts)
        if words or None in types or len({*types}) < len(types):
            return {"anyOf": [*parts, _INTERPOLATED]}
        merged: Schema = {key: value for part in parts for key, value in part.items() if key != "format"}
        if "string" not in types:
            expected = " or ".join(_WORDS[str(each)] for each in types)
            merged["errorMessage"] = f"expected {expected}"
            merged["pattern"] = INTERPOLATION
        elif "pattern" in merged:
            merged["errorMessage"] = f"expected {merged.get('description', 'another text')}"
            merged["pattern"] = f"{merged['pattern']}|{INTERPOLATION}"
        return merged | {"type": list(dict.fromkeys([*types, "string"]))}

    def _shared(self, node: Schema) -> Schema:
        """Return a reference to a definition with the node's title, made here unless it is there."""
        default = {key: node[key] for key in node if key == "default"}
        node = {key: node[key] for key in node if key != "default"}
        stem = name = node["title"].replace(" ", "_")
        n = 1
        while self.defs.setdefault(name, node) != node:
            n += 1
            name = f"{stem}_{n}"
        return default | {"$ref": f"#/$defs/{name}"}
