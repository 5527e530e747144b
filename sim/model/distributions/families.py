"""The distributions with names of their own; fields are in SI units."""

from abc import abstractmethod
from dataclasses import dataclass
from math import erfc, exp, expm1, gamma, inf, log, sqrt
from statistics import NormalDist

import numpy as np

from sim.model.distributions.laws import NEGLIGIBLE, FloatArray, Invertible, Law, Range, nothing_within


@dataclass(frozen=True)
class Constant(Law):
    """Always the same value."""

    value: float

    @property
    def median_s(self) -> float:
        """The median, in SI units."""
        return self.value

    @property
    def mean_s(self) -> float:
        """The mean, in SI units."""
        return self.value

    @property
    def support(self) -> Range:
        """The bounds that no value goes beyond."""
        return self.value, self.value

    def draw(self, rng: np.random.Generator, n: int) -> FloatArray:
        """Return ``n`` values in SI units, shape (n,)."""
        return np.full(n, self.value)

    def truncated(self, low: float, high: float) -> Law:
        """Return the law itself. Raises ValueError when its value is not within."""
        if not low <= self.value <= high:
            raise nothing_within()
        return self


@dataclass(frozen=True)
class Uniform(Law):
    """Evenly spread from ``low`` to ``high``."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if self.high < self.low:
            raise ValueError("expected high to be at least low")

    @property
    def median_s(self) -> float:
        """The median, in SI units."""
        return (self.low + self.high) / 2

    @property
    def mean_s(self) -> float:
        """The mean, in SI units."""
        return (self.low + self.high) / 2

    @property
    def support(self) -> Range:
        """The bounds that no value goes beyond."""
        return self.low, self.high

    def draw(self, rng: np.random.Generator, n: int) -> FloatArray:
        """Return ``n`` values in SI units, shape (n,)."""
        return rng.uniform(self.low, self.high, n)

    def truncated(self, low: float, high: float) -> Law:
        """Return the law conditional on low <= value <= high. Raises ValueError when nothing lies within."""
        if low <= self.low and self.high <= high:
            return self
        if max(low, self.low) >= min(high, self.high):
            raise nothing_within()
        return Uniform(max(low, self.low), min(high, self.high))


class _Positive(Invertible):
    """A law over all values above 0, whose truncated means have a closed form."""

    @property
    def support(self) -> Range:
        """The bounds that no value goes beyond."""
        return 0.0, inf

    @abstractmethod
    def _mean_up_to(self, x: float) -> float:
        """Return the part of the mean that values <= x make."""

    def mean_within(self, low: float, high: float) -> float:
        """Return the mean conditional on low <= value <= high."""
        part = self._mean_up_to(max(high, 0.0)) - self._mean_up_to(max(low, 0.0))
        return part / (self.cdf(high) - self.cdf(low))


@dataclass(frozen=True)
class Exponential(_Positive):
    """Exponential with a mean."""

    mean: float

    @property
    def median_s(self) -> float:
        """The median, in SI units."""
        return self.mean * log(2)

    @property
    def mean_s(self) -> float:
        """The mean, in SI units."""
        return self.mean

    def draw(self, rng: np.random.Generator, n: int) -> FloatArray:
        """Return ``n`` values in SI units, shape (n,)."""
        return rng.exponential(self.mean, n)

    def cdf(self, x: float) -> float:
        """Return the chance of a value <= x."""
        return -expm1(-max(x, 0.0) / self.mean)

    def quantile(self, q: FloatArray) -> FloatArray:
        """Return the values below which a share ``q`` (0 < q < 1) lies."""
        return -self.mean * np.log1p(-q)

    def _mean_up_to(self, x: float) -> float:
        from scipy.special import gammainc

        return self.mean * float(gammainc(2, x / self.mean))


@dataclass(frozen=True)
class Lognormal(_Positive):
    """Lognormal with a median, and the standard deviation ``sigma`` of its logarithm."""

    median: float
    sigma: float

    @property
    def median_s(self) -> float:
        """The median, in SI units."""
        return self.median

    @property
    def mean_s(self) -> float:
        """The mean, in SI units."""
        return self.median * exp(self.sigma**2 / 2)

    def draw(self, rng: np.random.Generator, n: int) -> FloatArray:
        """Return ``n`` values in SI units, shape (n,)."""
        return self.median * np.exp(self.sigma * rng.standard_normal(n))

    def cdf(self, x: float) -> float:
        """Return the chance of a value <= x."""
        return _normal(self._score(x))

    def quantile(self, q: FloatArray) -> FloatArray:
        """Return the values below which a share ``q`` (0 < q < 1) lies."""
        from scipy.special import ndtri

        return np.asarray(self.median * np.exp(self.sigma * ndtri(q)))

    @property
    def practical_range(self) -> Range:
        """The bounds that values go beyond, on either side, with a chance of at most `NEGLIGIBLE`."""
        away = exp(-self.sigma * NormalDist().inv_cdf(NEGLIGIBLE))
        return self.median / away, self.median * away

    def _score(self, x: float) -> float:
        """Return how many standard deviations the logarithm of x is above its mean."""
        return log(x / self.median) / self.sigma if x > 0 else -inf

    def _mean_up_to(self, x: float) -> float:
        return self.mean_s * _normal(self._score(x) - self.sigma)


def _normal(score: float) -> float:
    """Return the chance of a standard normal value <= score, without SciPy, which is slow to import."""
    return erfc(-score / sqrt(2)) / 2


@dataclass(frozen=True)
class Weibull(_Positive):
    """Weibull with a mean and a shape (1 is exponential, less has a heavier tail)."""

    mean: float
    shape: float

    @property
    def _scale_s(self) -> float:
        return self.mean / gamma(1 + 1 / self.shape)

    @property
    def median_s(self) -> float:
        """The median, in SI units."""
        return self._scale_s * exp(log(log(2)) / self.shape)

    @property
    def mean_s(self) -> float:
        """The mean, in SI units."""
        return self.mean

    def draw(self, rng: np.random.Generator, n: int) -> FloatArray:
        """Return ``n`` values in SI units, shape (n,)."""
        return self._scale_s * rng.weibull(self.shape, n)

    def cdf(self, x: float) -> float:
        """Return the chance of a value <= x."""
        return -expm1(-self._hazard(max(x, 0.0)))

    def quantile(self, q: FloatArray) -> FloatArray:
        """Return the values below which a share ``q`` (0 < q < 1) lies."""
        return self._scale_s * (-np.log1p(-q)) ** (1 / self.shape)

    def _hazard(self, x: float) -> float:
        """Return the hazard added up until x."""
        with np.errstate(over="ignore"):
            return float(np.power(x / self._scale_s, self.shape))

    def _mean_up_to(self, x: float) -> float:
        from scipy.special import gammainc

        return self.mean * float(gammainc(1 + 1 / self.shape, self._hazard(x)))
