"""Distributions as a config writes them: a text or a mapping becomes a law in SI units."""

from collections.abc import Mapping, Sequence
from math import inf, isfinite
from pathlib import Path
from typing import Annotated, Any, get_args

import numpy as np
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError, ValidationInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from sim.model.distributions.families import Constant
from sim.model.distributions.faults import MissingError, ParameterError, validation_error
from sim.model.distributions.laws import Law, Shifted
from sim.model.distributions.schema import json_schema
from sim.model.distributions.vocabulary import Family, family
from sim.model.hints import did_you_mean
from sim.model.units import Metres, Number, Seconds, Speed, Unit


class LawOf:
    """Has pydantic read a law of quantities of one unit: ``Annotated[Law, LawOf(Speed)]``.

    The unit is a `Unit` or a hint that carries one. Files are looked for in the folders (a list of
    pathlib.Path) that pydantic's validation context calls ``folders``, else in the current one.
    """

    def __init__(self, unit: Any) -> None:
        self.unit: Unit = next(each for each in (unit, *get_args(unit)) if isinstance(each, Unit))

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let pydantic read the law wherever a type hint names it."""

        def read(value: object, info: ValidationInfo) -> Law:
            folders = (info.context or {}).get("folders")
            return self.read(value, [Path.cwd()] if folders is None else folders)

        return core_schema.with_info_plain_validator_function(read)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Tell editors what may be written."""
        return json_schema(self.unit)

    def read(self, value: object, folders: Sequence[Path] = ()) -> Law:
        """Return the law that is written, with values in the unit's range only; a law stays as it is.

        Raises pydantic's ValidationError with all that is wrong.
        """
        if isinstance(value, Law):
            return value
        try:
            if isinstance(value, Mapping):
                return self._within_unit(_law({str(key): value[key] for key in value}, self.unit, folders))
            return Constant(self.unit.parse(value))
        except ValidationError:
            raise
        except ParameterError as fault:
            raise validation_error([fault]) from None
        except ValueError as error:
            hint = ", or a mapping with dist" if not isinstance(value, str | Mapping) else ""
            raise validation_error([ParameterError(f"{error}{hint}", value)]) from None

    def _within_unit(self, law: Law) -> Law:
        """Return the law without the negligible part that is out of the unit's range.

        Raises ValueError when more than that is out of range, or not finite.
        """
        try:
            with np.errstate(all="ignore"):
                low, high = law.practical_range
        except ArithmeticError:
            low, high = inf, inf
        if not (isfinite(low) and isfinite(high)):
            raise ValueError("expected parameters that give values of a finite size")
        try:
            self.unit.check(low)
            self.unit.check(high)
        except ValueError as error:
            raise ValueError(f"{error} in every draw; min and max cut off what lies beyond them") from None
        least, most = law.support
        whole = self.unit.least <= least and most <= self.unit.most
        return law if whole else law.truncated(self.unit.least, self.unit.most)


def _law(given: Mapping[str, Any], unit: Unit, folders: Sequence[Path]) -> Law:
    """Return the law that a mapping describes, truncated and then shifted. Raises ValueError."""
    found = family(given, unit, folders)
    numbers = _parameters(found, given)
    low, high, shift = (numbers.pop(key, None) for key in ("min", "max", "shift"))
    if low is not None and high is not None and low >= high:
        raise ParameterError("min below max", given["min"], "min")
    law = found.make(**numbers)
    if low is not None or high is not None:
        law = law.truncated(-inf if low is None else low, inf if high is None else high)
    return law if shift is None else Shifted(law, shift)


def _parameters(found: Family, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a mapping gives to a family, in SI units. Raises ValidationError with all faults."""
    takes = f"{found.title} takes {', '.join(found.parameters)}"
    faults: list[ParameterError] = []
    for key in given.keys() - found.parameters.keys() - {"dist"}:
        hint = did_you_mean(key, found.parameters).partition(" (")[0]
        faults.append(ParameterError(f"no such key; {takes}{hint}", given[key], key))
    numbers = {}
    for key, parse in found.parameters.items():
        try:
            if key in given:
                numbers[key] = parse(given[key])
            elif key not in found.optional:
                faults.append(MissingError(f"a value; {takes}", given, key))
        except ParameterError as fault:
            faults.append(ParameterError(fault.expected, fault.found, key, *fault.keys))
        except ValueError as error:
            faults.append(ParameterError(error, given[key], key))
    if faults:
        raise validation_error(sorted(faults, key=lambda fault: fault.keys))
    return numbers


def distribution_of(unit: Any) -> Any:
    """Return the type hint for laws of a unit (a `Unit`, or a hint such as `Speed`).

    Type checkers want ``Annotated[Law, LawOf(unit)]`` itself, which is the same.
    """
    return Annotated[Law, LawOf(unit)]


Distribution = Annotated[Law, LawOf(Seconds)]
Speeds = Annotated[Law, LawOf(Speed)]
Lengths = Annotated[Law, LawOf(Metres)]
Numbers = Annotated[Law, LawOf(Number)]
