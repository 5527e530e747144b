"""JSON Schema of alternatives told apart by a key, so that an editor completes and checks the one meant."""

from collections.abc import Mapping
from typing import Any

Schema = dict[str, Any]


def switch(key: str, names: Schema, branches: Mapping[str, Schema], *others: tuple[Schema, Schema]) -> Schema:
    """Return the schema of a mapping that is one of the branches, by the text under ``key``.

    ``names`` says what may stand there; ``others`` are further texts, each with its branch.
    """
    known = [({"const": name}, branch) for name, branch in branches.items()]
    cases = [
        {"if": {"type": "object", "properties": {key: text}, "required": [key]}, "then": branch}
        for text, branch in (*known, *others)
    ]
    return {"type": "object", "properties": {key: names}, "required": [key], "allOf": cases}
