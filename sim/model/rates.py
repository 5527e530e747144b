"""Rates of incidents: per person, per area, per site, per length of line, or for the whole place."""

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from sim.model.units import PER_AREA, PER_LENGTH, PER_PERSON, PER_SITE, PER_TIME, Scales, Unit

Basis = Literal["person", "area", "site", "length", "place"]

_SCALES: dict[Basis, Scales] = {
    "person": PER_PERSON,
    "area": PER_AREA,
    "site": PER_SITE,
    "length": PER_LENGTH,
    "place": PER_TIME,
}
_UNIT = Unit("a rate", "0.6 per 1000 people per year", tuple(s for each in _SCALES.values() for s in each))


@dataclass(frozen=True)
class Rate:
    """``value`` incidents a second for each person, m², site or metre, or (``place``) altogether."""

    value: float
    per: Basis

    @classmethod
    def parse(cls, text: object) -> "Rate":
        """Read a rate such as "0.02 per site per year". Raises ValueError saying what was expected."""
        value = _UNIT.parse(text)
        spelling = str(text).lstrip(" +0123456789.,eE-").strip()
        basis = next(b for b, scales in _SCALES.items() if spelling in dict(scales))
        return cls(value, basis)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let pydantic read a rate wherever a type hint names it."""

        def read(value: object) -> "Rate":
            try:
                return value if isinstance(value, cls) else cls.parse(value)
            except ValueError as error:
                raise PydanticCustomError("quantity", "{reason}", {"reason": str(error)}) from None

        return core_schema.no_info_plain_validator_function(read)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Tell editors what may be written."""
        return _UNIT.json_schema()
