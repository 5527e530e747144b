"""What an editor is told of distributions: their JSON Schema."""

from typing import Any

from sim.model.distributions.named import COMMON
from sim.model.distributions.vocabulary import NUMBER, ours, unbounded
from sim.model.units import Unit

Schema = dict[str, Any]


def json_schema(unit: Unit) -> Schema:
    """Return what may be written for a law of a unit: a constant, or a mapping for each family."""
    own = [
        _mapping({"const": name}, {key: _quantity(each) for key, each in units.items()}, unit, make.__doc__)
        for name, (make, units) in ours(unit).items()
    ]
    sample = "A sample, drawn from with replacement."
    values = {"type": "array", "items": _quantity(unit), "minItems": 1}
    file: Schema = {
        "file": {"type": "string", "description": "a CSV file with a header row"},
        "column": {"type": "string", "description": "the column with the values"},
    }
    file |= {"unit": {"enum": [name for name, _ in unit.scales]}} if unit.scales else {}
    return {
        "description": f"{unit.quantity}, or a distribution",
        "anyOf": [
            _quantity(unit),
            *own,
            _mapping({"const": "empirical"}, {"values": values}, unit, sample),
            _mapping({"const": "empirical"}, file, unit, sample),
            _scipy(unit),
        ],
    }


def _mapping(dist: Schema, parameters: Schema, unit: Unit, description: str | None) -> Schema:
    """Return the schema of one family, all of whose own parameters are required."""
    edge = _quantity(unbounded(unit))
    return {
        "type": "object",
        "description": description or "",
        "properties": {
            "dist": dist,
            **parameters,
            "min": edge | {"description": "the least value kept, before the shift"},
            "max": edge | {"description": "the greatest value kept, before the shift"},
            "shift": edge | {"description": "added to every value"},
        },
        "required": ["dist", *parameters],
        "additionalProperties": False,
    }


def _scipy(unit: Unit) -> Schema:
    """Return the schema of scipy's families: the common names are offered, others let pass."""
    others = {"type": "string", "not": {"enum": [*ours(unit), "empirical"]}}
    dist = {"anyOf": [{"enum": list(COMMON)}, others]}
    schema = _mapping(dist, {"scale": _quantity(unit)}, unit, "A distribution of scipy.stats.")
    schema["properties"]["loc"] = _quantity(unbounded(unit))
    schema["required"] = ["dist", "scale"] if unit.scales else ["dist"]
    return schema | {"additionalProperties": _quantity(NUMBER)}


def _quantity(unit: Unit) -> Schema:
    """Return the schema of one quantity."""
    if not unit.scales:
        return {"type": "number", "description": unit.quantity}
    return {"type": "string", "description": f"{unit.quantity}, such as '{unit.example}'"}
