"""How pydantic says the models in JSON Schema, made so that editors complete and check what is meant."""

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from sim.model.alternatives import switch


class Generator(GenerateJsonSchema):
    """Without titles made of keys, and without defaults in SI units, which nobody may write."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Say no: the key is there already."""
        return False

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Keep a default only where it reads as it is written: a word, true or false."""
        default, inner = schema.get("default"), self.generate_inner(schema["schema"])
        readable = isinstance(default, bool) or (isinstance(default, str) and default)
        return inner | {"default": default} if readable else inner

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonSchemaValue:
        """Return alternatives that an editor tells apart by their key."""
        said = super().tagged_union_schema(schema)["discriminator"]
        branches = {tag: {"$ref": ref} for tag, ref in said["mapping"].items()}
        return switch(said["propertyName"], {"enum": list(branches)}, branches)

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """Return a mapping whose keys, where only some are possible, are properties."""
        said = super().dict_schema(schema)
        if names := said.get("propertyNames", {}).get("enum"):
            properties = dict.fromkeys(names, said["additionalProperties"])
            return {"type": "object", "properties": properties, "additionalProperties": False}
        return said
