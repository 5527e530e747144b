"""Any distribution of scipy.stats, which is imported once one is asked for."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from math import isfinite, isinf, isnan, nan
from typing import Any

import numpy as np

from sim.model.distributions.laws import FloatArray, Invertible, Law, Range

COMMON = ("beta", "binom", "gamma", "invgauss", "nbinom", "norm", "pareto", "poisson", "triang", "truncnorm")
"""Those that an editor offers; every other is accepted too."""

ROUNDING = 1e-9
"""How far, in counts, a number may be from a count and still be meant as it."""

Shapes = tuple[tuple[str, float], ...]


@cache
def names() -> frozenset[str]:
    """Return the names of all distributions of scipy.stats, continuous and discrete."""
    from scipy import stats

    kinds = (stats.rv_continuous, stats.rv_discrete)
    return frozenset(name for name, each in vars(stats).items() if isinstance(each, kinds))


def shape_names(name: str) -> tuple[str, ...]:
    """Return the names of a distribution's shape parameters, in scipy's order."""
    from scipy import stats

    return tuple((getattr(stats, name).shapes or "").replace(",", " ").split())


@contextmanager
def _quiet() -> Iterator[None]:
    """Let scipy give nan or inf without warnings."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


@cache
def _standard(name: str, shapes: Shapes) -> Any:
    """Return scipy's frozen distribution with loc 0 and scale 1; counts are whole numbers to it."""
    from scipy import stats

    law = getattr(stats, name)
    whole = isinstance(law, stats.rv_discrete)
    return law(**{key: int(each) if whole and each.is_integer() else each for key, each in shapes})


@dataclass(frozen=True)
class Scipy(Invertible):
    """A distribution of scipy.stats by name, shape parameters, and loc and scale in SI units.

    A discrete one, which scipy gives no scale, counts in units of ``scale``. Raises ValueError for
    parameters outside the distribution's domain.
    """

    name: str
    shapes: Shapes = ()
    loc: float = 0.0
    scale: float = 1.0

    def __post_init__(self) -> None:
        if not self.scale > 0 or any(map(isnan, self.support)):
            raise ValueError(f"expected parameters within the domain of scipy.stats.{self.name}")

    @property
    def _rv(self) -> Any:
        return _standard(self.name, self.shapes)

    @property
    def _discrete(self) -> bool:
        return hasattr(self._rv.dist, "pmf")

    @property
    def median_s(self) -> float:
        """The median, in SI units."""
        return float(self.quantile(np.array([0.5]))[0])

    @property
    def mean_s(self) -> float:
        """The mean, in SI units; inf or nan where there is none."""
        with _quiet():
            return self.loc + self.scale * float(self._rv.mean())

    @property
    def support(self) -> Range:
        """The bounds that no value goes beyond; nan for parameters outside the domain."""
        try:
            with _quiet():
                low, high = self._rv.support()
        except (ArithmeticError, TypeError, ValueError):
            return nan, nan
        return self.loc + self.scale * float(low), self.loc + self.scale * float(high)

    def draw(self, rng: np.random.Generator, n: int) -> FloatArray:
        """Return ``n`` values in SI units, shape (n,)."""
        drawn = self._rv.rvs(size=n, random_state=rng)
        return np.asarray(drawn, dtype=np.float64) * self.scale + self.loc

    def cdf(self, x: float) -> float:
        """Return the chance of a value <= x."""
        with _quiet():
            return float(self._rv.cdf(self._last_up_to(x)))

    def below(self, x: float) -> float:
        """Return the chance of a value < x, where x is a value that can be drawn."""
        return self.cdf(x - self.scale if self._discrete else x)

    def _last_up_to(self, x: float) -> float:
        """Return the last value <= x, by loc and scale; of counts, whatever the rounding of x."""
        z = (x - self.loc) / self.scale
        return float(np.floor(z + ROUNDING)) if self._discrete else z

    def quantile(self, q: FloatArray) -> FloatArray:
        """Return the values below which a share ``q`` (0 < q < 1) lies. Raises ValueError if scipy fails."""
        try:
            with _quiet():
                return np.asarray(self._rv.ppf(q), dtype=np.float64) * self.scale + self.loc
        except (ArithmeticError, RuntimeError, ValueError):
            raise ValueError(
                f"expected parameters for which scipy.stats finds the quantiles of {self.name}; "
                "min and max may help"
            ) from None

    def truncated(self, low: float, high: float) -> Law:
        """Return the law conditional on low <= value <= high. Raises ValueError when nothing lies within."""
        if self._discrete:
            low = float(np.ceil((low - self.loc) / self.scale - ROUNDING)) * self.scale + self.loc
            high = self._last_up_to(high) * self.scale + self.loc
        return super().truncated(low, high)

    def mean_within(self, low: float, high: float) -> float:
        """Return the mean conditional on low <= value <= high, by quadrature or summation."""
        if (isinf(low) or isinf(high)) and not isfinite(self.mean_s):
            return self.mean_s
        first, last = self._last_up_to(low), self._last_up_to(high)
        with _quiet():
            mean = self._sum(first, last) if self._discrete else self._integral(first, last)
        return self.loc + self.scale * mean

    def _sum(self, first: float, last: float) -> float:
        lowest, highest = self._rv.support()
        bounds = {"lb": max(first, lowest), "ub": min(last, highest)}
        return float(self._rv.expect(**bounds, conditional=True, maxcount=10**6, chunksize=10**4))

    def _integral(self, first: float, last: float) -> float:
        """Integrate the quantiles, which unlike the density have no narrow peak to miss."""
        from scipy.integrate import quad

        below, above = float(self._rv.cdf(first)), float(self._rv.cdf(last))
        return float(quad(self._rv.ppf, below, above, limit=200)[0] / (above - below))
