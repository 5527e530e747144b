"""Values observed: given as such, or read from a column of a CSV file."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import isfinite
from pathlib import Path

import numpy as np

from sim.model.distributions.faults import ParameterError
from sim.model.distributions.laws import FloatArray, Law, Range, nothing_within
from sim.model.hints import did_you_mean
from sim.model.units import Unit
from sim.sheets import UnreadableError, find, read_rows


@dataclass(frozen=True)
class Empirical(Law):
    """A sample, drawn from with replacement; at least one value."""

    values: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.values:
            raise ValueError("expected at least one value")

    @cached_property
    def _sample(self) -> FloatArray:
        return np.array(self.values)

    @property
    def median_s(self) -> float:
        """The median, in SI units."""
        return float(np.median(self._sample))

    @property
    def mean_s(self) -> float:
        """The mean, in SI units."""
        return float(self._sample.mean())

    @property
    def support(self) -> Range:
        """The bounds that no value goes beyond."""
        return min(self.values), max(self.values)

    def draw(self, rng: np.random.Generator, n: int) -> FloatArray:
        """Return ``n`` values in SI units, shape (n,)."""
        return self._sample[rng.integers(len(self.values), size=n)]

    def truncated(self, low: float, high: float) -> Law:
        """Return the values within low and high. Raises ValueError when there is none."""
        within = tuple(value for value in self.values if low <= value <= high)
        if not within:
            raise nothing_within()
        return Empirical(within)


def find_file(name: object, folders: Sequence[Path]) -> Path:
    """Return the file of that name in the first of the folders that has it. Raises ValueError."""
    if not isinstance(name, str) or not name:
        raise ValueError("expected the name of a CSV file")
    if (found := find(name, folders)) is None:
        raise ValueError(f"expected a file in {' or '.join(map(str, folders)) or 'a folder of yours'}")
    return found


def read_column(file: Path, column: str, unit: Unit, scale: Fraction) -> tuple[float, ...]:
    """Return the values of a column, multiplied by ``scale``, in SI units; blank rows are left out.

    The file has a header row and is in UTF-8, with or without a byte order mark, else in GB18030.
    Raises ParameterError naming the file, and where a cell is wrong its row (the header is row 1).
    """
    try:
        (_, names), *rows = list(read_rows(file)) or [(1, [])]
    except UnreadableError as error:
        expected = f"{file.name} to be a readable CSV file, but {error}"
        raise ParameterError(expected, str(file), "file") from None
    if column not in names:
        raise ParameterError(
            f"a column of {file.name}{did_you_mean(column, filter(None, names))}", column, "column"
        )
    at = names.index(column)
    values = tuple(
        _value(row[at] if at < len(row) else "", f"{file.name}, row {number}, column {column}", unit, scale)
        for number, row in rows
    )
    if not values:
        raise ParameterError(f"at least one value below {column} in {file.name}", column, "column")
    return values


def _value(cell: str, where: str, unit: Unit, scale: Fraction) -> float:
    """Return a cell's number in SI units; ParameterError when it is none, or out of the unit's range."""
    try:
        number = float("nan" if "_" in cell else cell)
    except ValueError:
        number = float("nan")
    if not isfinite(number):
        raise ParameterError(f"a number in {where}", cell, "file")
    try:
        return unit.check(number * float(scale))
    except ValueError as error:
        raise ParameterError(f"{error} in {where}", cell, "file") from None
