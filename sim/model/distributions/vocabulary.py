"""The words for distributions: each family by its name, its parameters, and how they are read."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from math import inf
from pathlib import Path
from typing import Any, get_args

from sim.model.distributions import named
from sim.model.distributions.families import Constant, Exponential, Lognormal, Uniform, Weibull
from sim.model.distributions.faults import ParameterError
from sim.model.distributions.laws import Law
from sim.model.distributions.sample import Empirical, find_file, read_column
from sim.model.hints import did_you_mean
from sim.model.units import Number, Unit

Reader = Callable[[Any], Any]
"""Reads a parameter as written; raises ValueError, saying what was expected."""

EDGES = ("min", "max", "shift")

NUMBER: Unit = get_args(Number)[1]
POSITIVE = replace(NUMBER, example="2", positive=True, least=0.0)
SIGMA = replace(POSITIVE, example="0.42", most=3.0)


@dataclass(frozen=True)
class Family:
    """A kind of law: how it is made of its parameters, and how each of these is read."""

    title: str
    make: Callable[..., Law]
    parameters: Mapping[str, Reader]
    optional: Collection[str] = EDGES


def ours(unit: Unit) -> dict[str, tuple[type[Law], dict[str, Unit]]]:
    """Return the distributions with names of their own: the class, and its parameters' units."""
    size = _size(unit)
    return {
        "constant": (Constant, {"value": unit}),
        "exponential": (Exponential, {"mean": size}),
        "lognormal": (Lognormal, {"median": size, "sigma": SIGMA}),
        "weibull": (Weibull, {"mean": size, "shape": POSITIVE}),
        "uniform": (Uniform, {"low": unit, "high": unit}),
    }


def family(given: Mapping[str, Any], unit: Unit, folders: Sequence[Path]) -> Family:
    """Return the family that a mapping's ``dist`` names. Raises ValueError when there is none."""
    if "dist" not in given:
        raise ValueError(f"expected {unit.quantity} such as {unit.example!r}, or a mapping with dist")
    name, own = given["dist"], ours(unit)
    edges: dict[str, Reader] = dict.fromkeys(EDGES, unbounded(unit).parse)
    if name == "empirical":
        return _empirical(given, unit, folders, edges)
    if isinstance(name, str) and name in own:
        make, units = own[name]
        return Family(name, make, {key: each.parse for key, each in units.items()} | edges)
    if isinstance(name, str) and name in named.names():
        return _scipy(name, given, unit, edges)
    hint = did_you_mean(str(name), [*own, "empirical", *named.names()])
    raise ParameterError(f"one of {', '.join(own)}, empirical, or a name of scipy.stats{hint}", name, "dist")


def _scipy(name: str, given: Mapping[str, Any], unit: Unit, edges: Mapping[str, Reader]) -> Family:
    """Return the family of scipy.stats with a name; ParameterError when the keys are those of one of ours."""
    readers: dict[str, Reader] = dict.fromkeys(named.shape_names(name), NUMBER.parse)
    readers |= {"loc": unbounded(unit).parse, "scale": _size(unit).parse}
    keys = given.keys() - edges.keys() - {"dist"}
    for meant, (_, parameters) in ours(unit).items():
        if keys == parameters.keys() and not keys <= readers.keys():
            raise ParameterError(
                f'a distribution with {" and ".join(parameters)}; did you mean "{meant}"?', name, "dist"
            )

    def make(loc: float = 0.0, scale: float = 1.0, **shapes: float) -> Law:
        return named.Scipy(name, tuple(shapes.items()), loc, scale)

    optional = {*EDGES, "loc"} if unit.scales else {*EDGES, "loc", "scale"}
    return Family(name, make, {**readers, **edges}, optional)


def _empirical(
    given: Mapping[str, Any], quantity: Unit, folders: Sequence[Path], edges: Mapping[str, Reader]
) -> Family:
    """Return the family of samples, from a file or as values."""
    if not {"file", "column", "unit"} & given.keys():
        return Family(
            "empirical without a file", Empirical, {"values": partial(_values, unit=quantity), **edges}
        )

    def make(file: Path, column: str, unit: Fraction = Fraction(1)) -> Law:
        return Empirical(read_column(file, column, quantity, unit))

    readers: dict[str, Reader] = {"file": partial(find_file, folders=folders), "column": _text}
    readers |= {"unit": partial(_scale, unit=quantity)} if quantity.scales else {}
    return Family("empirical with a file", make, {**readers, **edges})


def _values(written: Any, unit: Unit) -> tuple[float, ...]:
    """Return a list of quantities in SI units. Raises ValueError, with its place for a wrong one."""
    if not isinstance(written, list | tuple) or not written:
        raise ValueError(f"expected a list of at least one value such as {unit.example!r}")
    found = []
    for place, value in enumerate(written):
        try:
            found.append(unit.parse(value))
        except ValueError as error:
            raise ParameterError(error, value, str(place)) from None
    return tuple(found)


def _text(written: Any) -> str:
    """Return a name as it is. Raises ValueError when it is not a text."""
    if not isinstance(written, str) or not written:
        raise ValueError("expected the name of a column")
    return written


def _scale(written: Any, unit: Unit) -> Fraction:
    """Return the size in SI of a unit's spelling. Raises ValueError for an unknown one."""
    scale = dict(unit.scales).get(written) if isinstance(written, str) else None
    if scale is None:
        raise ValueError(f"expected the unit of the column: {', '.join(name for name, _ in unit.scales)}")
    return scale


def _size(unit: Unit) -> Unit:
    """Return the unit with all values above 0."""
    return replace(unit, positive=True, least=0.0, most=inf)


def unbounded(unit: Unit) -> Unit:
    """Return the unit with all values."""
    return replace(unit, positive=False, least=-inf, most=inf)
