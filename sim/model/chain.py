"""What an incident sets off: magnitudes, shaking, and the laws by which children are born."""

from dataclasses import dataclass
from math import inf, log

import numpy as np

from sim.model.distributions import Distribution, FloatArray
from sim.model.units import DAY_S

SQUARE_FEET_M2 = 0.3048**2


@dataclass(frozen=True)
class Magnitudes:
    """Magnitudes by Gutenberg and Richter (1944): exponential above ``least`` with rate b ln 10."""

    b: float
    least: float
    most: float = inf

    def draw(self, rng: np.random.Generator, n: int) -> FloatArray:
        """Return ``n`` magnitudes, shape (n,)."""
        return self._at(rng.random(n))

    def quantiles(self, n: int) -> FloatArray:
        """Return the magnitudes in the middle of ``n`` equal shares, shape (n,)."""
        return self._at((np.arange(n) + 0.5) / n)

    def mean_power(self, c: float, above: float) -> float:
        """Return the mean of 10^(c (m - above)), ``inf`` where it is unbounded."""
        span, slope = self.most - self.least, c - self.b
        if span == inf and slope >= 0:
            return inf
        growth = span * log(10) if slope == 0 else (10 ** (slope * span) - 1) / slope
        return float(10 ** (c * (self.least - above)) * self.b * growth / (1 - 10 ** (-self.b * span)))

    def _at(self, share: FloatArray) -> FloatArray:
        within = 1 - 10 ** (-self.b * (self.most - self.least))
        return np.asarray(self.least - np.log10(1 - within * share) / self.b)


@dataclass(frozen=True)
class Shaking:
    """Peak ground acceleration: log10 PGA[g] = c0 + c1 M - log10 r - c2 r, r = sqrt(d² + near²) in km.

    The form of Joyner & Boore (1981). ``sigma`` is the deviation of log10 PGA from one earthquake to
    the next. Intensity is a + b log10(PGA in m/s²), the form of GB/T 17742-2020.
    """

    c0: float
    c1: float
    c2: float
    near_m: float
    sigma: float
    intensity_a: float
    intensity_b: float

    def pga_g(self, magnitude: FloatArray, distance_m: FloatArray, deviate: FloatArray) -> FloatArray:
        """Return the acceleration in g; the arguments broadcast, ``deviate`` is standard normal."""
        r_km = np.hypot(distance_m, self.near_m) / 1000
        log10 = self.c0 + self.c1 * magnitude - np.log10(r_km) - self.c2 * r_km + self.sigma * deviate
        return np.asarray(10**log10)

    def intensity(self, pga_g: FloatArray) -> FloatArray:
        """Return the seismic intensity (degrees, 1 to 12) for accelerations in g."""
        degrees = self.intensity_a + self.intensity_b * np.log10(np.maximum(pga_g, 1e-9) * 9.80665)
        return np.asarray(np.clip(degrees, 1.0, 12.0))


@dataclass(frozen=True)
class Spawn:
    """How children are born: ``delay`` after the moment that a law gives."""

    delay: Distribution


@dataclass(frozen=True)
class Around(Spawn):
    """Children around their parent, ``distance`` away in a direction at random."""

    distance: Distribution

    def expected(self, magnitude: float) -> float:
        """Return the mean number of children of a parent of this magnitude."""
        raise NotImplementedError

    def expected_over(self, magnitudes: Magnitudes | None) -> float:
        """Return the mean number of children of a parent of any magnitude."""
        return self.expected(0.0)


@dataclass(frozen=True)
class Count(Around):
    """A Poisson number of children, or one with a chance, at the parent's moment."""

    mean: float
    at_most_one: bool = False

    def expected(self, magnitude: float) -> float:
        """Return the mean number of children of a parent of this magnitude."""
        return self.mean


@dataclass(frozen=True)
class Steady(Around):
    """Children at a constant rate for a time."""

    rate_per_s: float
    lasting_s: float

    def expected(self, magnitude: float) -> float:
        """Return the mean number of children of a parent of this magnitude."""
        return self.rate_per_s * self.lasting_s


@dataclass(frozen=True)
class Omori(Around):
    """Aftershocks: 10^(a + b (M - least)) (t + c)^-p a day, t in days (Reasenberg & Jones 1989)."""

    a: float
    b: float
    p: float
    c_s: float
    least: float
    lasting_s: float

    def expected(self, magnitude: float) -> float:
        """Return the mean number of aftershocks of a main shock of this magnitude."""
        return float(10 ** (self.a + self.b * (magnitude - self.least)) * self.integral(self.lasting_s))

    def expected_over(self, magnitudes: Magnitudes | None) -> float:
        """Return the mean number of aftershocks of a main shock of any magnitude."""
        if magnitudes is None:
            return 0.0
        return 10**self.a * magnitudes.mean_power(self.b, self.least) * self.integral(self.lasting_s)

    def integral(self, until_s: float) -> float:
        """Return the integral of (t + c)^-p over t from 0 to ``until_s``, in days."""
        c, t = self.c_s / DAY_S, until_s / DAY_S
        if abs(self.p - 1) < 1e-9:
            return float(np.log((t + c) / c))
        return float(((t + c) ** (1 - self.p) - c ** (1 - self.p)) / (1 - self.p))

    def delays_s(self, uniform: FloatArray) -> FloatArray:
        """Return moments after the main shock for uniform numbers in [0, 1), by the inverse integral."""
        c, whole = self.c_s / DAY_S, self.integral(self.lasting_s) * uniform
        if abs(self.p - 1) < 1e-9:
            days = c * np.exp(whole) - c
        else:
            days = (c ** (1 - self.p) + (1 - self.p) * whole) ** (1 / (1 - self.p)) - c
        return np.asarray(days * DAY_S)


@dataclass(frozen=True)
class Ignitions(Spawn):
    """Fires by shaking: quadratic PGA² + linear PGA per 10⁶ square feet of floor, PGA in g.

    The form and figures of Scawthorn in HAZUS; none where the formula is below 0.
    """

    quadratic: float
    linear: float
    floor_area_m2: float

    def per_person(self, pga_g: FloatArray) -> FloatArray:
        """Return the expected ignitions for each person at accelerations in g."""
        per_million = np.maximum(0.0, self.quadratic * pga_g**2 + self.linear * pga_g)
        return np.asarray(per_million * self.floor_area_m2 / SQUARE_FEET_M2 / 1e6)


@dataclass(frozen=True)
class Damage(Spawn):
    """Children for each person where the intensity is at least ``steps`` (k,), rising."""

    steps: tuple[float, ...]
    per_person: tuple[float, ...]
    zone_kinds: tuple[str, ...] = ()

    def per_person_at(self, intensity: FloatArray) -> FloatArray:
        """Return the expected children for each person at intensities."""
        rates = np.array([0.0, *self.per_person])
        return np.asarray(rates[np.searchsorted(np.array(self.steps), intensity, side="right")])
