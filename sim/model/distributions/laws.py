"""What every distribution offers, and what can be made of any: truncated, shifted."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from math import nextafter

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Range = tuple[float, float]

NEGLIGIBLE = 1e-9
"""A chance that counts as none."""


class Law(ABC):
    """A distribution of values in SI units: seconds, where they are times."""

    @property
    @abstractmethod
    def median_s(self) -> float:
        """The median, in SI units."""

    @property
    @abstractmethod
    def mean_s(self) -> float:
        """The mean, in SI units; inf or nan where there is none."""

    @property
    @abstractmethod
    def support(self) -> Range:
        """The bounds that no value goes beyond."""

    @property
    def practical_range(self) -> Range:
        """The bounds that values go beyond, on either side, with a chance of at most `NEGLIGIBLE`."""
        return self.support

    @abstractmethod
    def draw(self, rng: np.random.Generator, n: int) -> FloatArray:
        """Return ``n`` values in SI units, shape (n,)."""

    @abstractmethod
    def truncated(self, low: float, high: float) -> "Law":
        """Return the law conditional on low <= value <= high. Raises ValueError when nothing lies within."""


def nothing_within() -> ValueError:
    """Return the error for bounds that leave nothing of a distribution."""
    return ValueError(f"expected a chance of at least {NEGLIGIBLE:g} to lie between min and max")


class Invertible(Law):
    """A law that knows its distribution function and the inverse of it."""

    @abstractmethod
    def cdf(self, x: float) -> float:
        """Return the chance of a value <= x."""

    def below(self, x: float) -> float:
        """Return the chance of a value < x."""
        return self.cdf(x)

    @abstractmethod
    def quantile(self, q: FloatArray) -> FloatArray:
        """Return the values below which a share ``q`` (0 < q < 1) lies; any shape."""

    @abstractmethod
    def mean_within(self, low: float, high: float) -> float:
        """Return the mean conditional on low <= value <= high."""

    @property
    def practical_range(self) -> Range:
        """The bounds that values go beyond, on either side, with a chance of at most `NEGLIGIBLE`."""
        low, high = self.quantile(np.array([NEGLIGIBLE, 1 - NEGLIGIBLE])).tolist()
        return low, high

    def truncated(self, low: float, high: float) -> Law:
        """Return the law conditional on low <= value <= high. Raises ValueError when nothing lies within."""
        if not self.cdf(high) - self.below(low) >= NEGLIGIBLE:
            raise nothing_within()
        return Truncated(self, low, high)


@dataclass(frozen=True)
class Truncated(Law):
    """A law conditional on low <= value <= high; made by `Law.truncated`. One uniform makes one draw."""

    base: Invertible
    low: float
    high: float

    @cached_property
    def _levels(self) -> Range:
        return self.base.below(self.low), self.base.cdf(self.high)

    def _quantile(self, q: FloatArray) -> FloatArray:
        below, above = self._levels
        level = np.clip(below + (above - below) * q, nextafter(0, 1), nextafter(1, 0))
        return np.clip(self.base.quantile(level), self.low, self.high)

    @property
    def median_s(self) -> float:
        """The median, in SI units."""
        return float(self._quantile(np.array([0.5]))[0])

    @property
    def mean_s(self) -> float:
        """The mean, in SI units."""
        return self.base.mean_within(self.low, self.high)

    @property
    def support(self) -> Range:
        """The bounds that no value goes beyond."""
        low, high = self.base.support
        return max(low, self.low), min(high, self.high)

    @property
    def practical_range(self) -> Range:
        """The bounds that values go beyond, on either side, with a chance of at most `NEGLIGIBLE`."""
        low, high = self._quantile(np.array([NEGLIGIBLE, 1 - NEGLIGIBLE])).tolist()
        return low, high

    def draw(self, rng: np.random.Generator, n: int) -> FloatArray:
        """Return ``n`` values in SI units, shape (n,)."""
        return self._quantile(1 - rng.random(n))

    def truncated(self, low: float, high: float) -> Law:
        """Return the law conditional on low <= value <= high. Raises ValueError when nothing lies within."""
        return self.base.truncated(max(low, self.low), min(high, self.high))


@dataclass(frozen=True)
class Shifted(Law):
    """A law with ``by`` added to every value."""

    base: Law
    by: float

    @property
    def median_s(self) -> float:
        """The median, in SI units."""
        return self.base.median_s + self.by

    @property
    def mean_s(self) -> float:
        """The mean, in SI units."""
        return self.base.mean_s + self.by

    @property
    def support(self) -> Range:
        """The bounds that no value goes beyond."""
        low, high = self.base.support
        return low + self.by, high + self.by

    @property
    def practical_range(self) -> Range:
        """The bounds that values go beyond, on either side, with a chance of at most `NEGLIGIBLE`."""
        low, high = self.base.practical_range
        return low + self.by, high + self.by

    def draw(self, rng: np.random.Generator, n: int) -> FloatArray:
        """Return ``n`` values in SI units, shape (n,)."""
        return self.base.draw(rng, n) + self.by

    def truncated(self, low: float, high: float) -> Law:
        """Return the law conditional on low <= value <= high. Raises ValueError when nothing lies within."""
        return Shifted(self.base.truncated(low - self.by, high - self.by), self.by)
