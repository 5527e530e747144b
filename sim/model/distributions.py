"""Distributions of times, each drawn in batches.

A config writes ``60 s`` for a constant, else ``{dist: lognormal, median: 74 s, sigma: 0.42}``.
"""

from dataclasses import dataclass
from math import exp, gamma, log
from typing import Annotated, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator, ConfigDict, Field

from sim.model.units import PositiveSeconds, Seconds

FloatArray = NDArray[np.float64]
Positive = Annotated[float, Field(strict=True, gt=0, allow_inf_nan=False)]
Sigma = Annotated[float, Field(strict=True, gt=0, le=3)]

T = TypeVar("T")


def _strict(cls: type[T]) -> type[T]:
    """Have pydantic refuse keys that the dataclass does not know."""
    cls.__pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[attr-defined]
    return cls


@_strict
@dataclass(frozen=True)
class Constant:
    """Always the same time."""

    value: Seconds
    dist: Literal["constant"] = "constant"

    @property
    def median_s(self) -> float:
        """The median, in seconds."""
        return self.value

    def draw(self, rng: np.random.Generator, n: int) -> FloatArray:
        """Return ``n`` times in seconds, shape (n,)."""
        return np.full(n, self.value)


@_strict
@dataclass(frozen=True)
class Exponential:
    """Exponential with a mean."""

    mean: PositiveSeconds
    dist: Literal["exponential"] = "exponential"

    @property
    def median_s(self) -> float:
        """The median, in seconds."""
        return self.mean * log(2)

    def draw(self, rng: np.random.Generator, n: int) -> FloatArray:
        """Return ``n`` times in seconds, shape (n,)."""
        return rng.exponential(self.mean, n)


@_strict
@dataclass(frozen=True)
class Lognormal:
    """Lognormal with a median, and the standard deviation ``sigma`` of its logarithm."""

    median: PositiveSeconds
    sigma: Sigma
    dist: Literal["lognormal"] = "lognormal"

    @property
    def median_s(self) -> float:
        """The median, in seconds."""
        return self.median

    def draw(self, rng: np.random.Generator, n: int) -> FloatArray:
        """Return ``n`` times in seconds, shape (n,)."""
        return self.median * np.exp(self.sigma * rng.standard_normal(n))


@_strict
@dataclass(frozen=True)
class Weibull:
    """Weibull with a mean and a shape (1 is exponential, less has a heavier tail)."""

    mean: PositiveSeconds
    shape: Positive
    dist: Literal["weibull"] = "weibull"

    @property
    def _scale_s(self) -> float:
        return self.mean / gamma(1 + 1 / self.shape)

    @property
    def median_s(self) -> float:
        """The median, in seconds."""
        return self._scale_s * exp(log(log(2)) / self.shape)

    def draw(self, rng: np.random.Generator, n: int) -> FloatArray:
        """Return ``n`` times in seconds, shape (n,)."""
        return self._scale_s * rng.weibull(self.shape, n)


@_strict
@dataclass(frozen=True)
class Uniform:
    """Evenly spread from ``low`` to ``high``."""

    low: Seconds
    high: Seconds
    dist: Literal["uniform"] = "uniform"

    def __post_init__(self) -> None:
        if self.high < self.low:
            raise ValueError("expected high to be at least low")

    @property
    def median_s(self) -> float:
        """The median, in seconds."""
        return (self.low + self.high) / 2

    def draw(self, rng: np.random.Generator, n: int) -> FloatArray:
        """Return ``n`` times in seconds, shape (n,)."""
        return rng.uniform(self.low, self.high, n)


def _constant_from_text(value: object) -> object:
    """Read a bare "60 s" as a constant."""
    return {"dist": "constant", "value": value} if isinstance(value, str) else value


Distribution = Annotated[
    Constant | Exponential | Lognormal | Weibull | Uniform,
    Field(discriminator="dist"),
    BeforeValidator(_constant_from_text),
]
