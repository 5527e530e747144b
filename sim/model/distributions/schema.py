"""What an editor is told of distributions: their JSON Schema."""

from typing import Any

from sim.model.alternatives import Schema, switch
from sim.model.distributions.named import COMMON
from sim.model.distributions.vocabulary import NUMBER, ours, unbounded
from sim.model.units import Unit

SCIPY = "scipy-distribution"
"""The format of the text that names a distribution of scipy.stats."""


def json_schema(unit: Unit) -> Schema:
    """Return what may be written for a law of a unit: a constant, or a mapping for each family.

    Names of scipy.stats are of the format ``SCIPY``, so that it need not be imported for them.
    """
    own = {
        name: _mapping(name, {key: each.json_schema() for key, each in units.items()}, unit, make.__doc__)
        for name, (make, units) in ours(unit).items()
    }
    own["empirical"] = _sample(unit)
    others = {"type": "string", "format": SCIPY, "not": {"enum": list(own)}}
    names = {"title": "distribution", "anyOf": [{"enum": [*own, *COMMON]}, others]}
    constant = unit.json_schema()
    return {
        "title": f"{constant['title']} or distribution",
        "description": f"{constant['description']}; or a distribution, such as {{dist: lognormal, ...}}",
        "anyOf": [constant, switch("dist", names, own, (others, _scipy(unit)))],
    }


def _mapping(name: str, parameters: Schema, unit: Unit, description: str | None) -> Schema:
    """Return the schema of one family, all of whose own parameters are required."""
    edge = unbounded(unit).json_schema()
    return {
        "type": "object",
        "title": name,
        "description": description or "",
        "properties": {
            "dist": {"type": "string"},
            **parameters,
            "min": edge | {"description": "the least value kept, before the shift"},
            "max": edge | {"description": "the greatest value kept, before the shift"},
            "shift": edge | {"description": "added to every value"},
        },
        "required": ["dist", *parameters],
        "additionalProperties": False,
    }


def _sample(unit: Unit) -> Schema:
    """Return the schema of a sample, out of the config or a file."""
    file: dict[str, Any] = {
        "file": {"type": "string", "description": "a CSV file with a header row"},
        "column": {"type": "string", "description": "the column with the values"},
    }
    file |= {"unit": {"enum": [name for name, _ in unit.scales]}} if unit.scales else {}
    values = {"values": {"type": "array", "items": unit.json_schema(), "minItems": 1}}
    schema = _mapping("empirical", values | file, unit, "A sample, drawn from with replacement.")
    return schema | {"required": ["dist"], "anyOf": [{"required": list(values)}, {"required": list(file)}]}


def _scipy(unit: Unit) -> Schema:
    """Return the schema of scipy's families, whose shape parameters are numbers of any name."""
    scale = {"scale": unit.json_schema(), "loc": unbounded(unit).json_schema()}
    schema = _mapping("scipy.stats", scale, unit, "A distribution of scipy.stats.")
    required = ["dist", "scale"] if unit.scales else ["dist"]
    return schema | {"required": required, "additionalProperties": NUMBER.json_schema()}
