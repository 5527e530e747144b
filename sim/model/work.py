"""Tasks that units on scene work on together, and the laws by which they grow.

Work done adds up at the rates of the units present. What is required by a moment is linear in time for
an amount of work, a growing amount, and the edge of a wildland fire. Ages and moments are in seconds.
"""

from dataclasses import dataclass
from math import inf, pi, sqrt

import numpy as np

from sim.model.distributions import Distribution, FloatArray

T_SQUARED = {"slow": 2.93, "medium": 11.72, "fast": 46.9, "ultra_fast": 187.6}
"""Growth of heat in W/s²; NFPA 204."""


@dataclass(frozen=True)
class Task:
    """What all laws share.

    ``rates`` is what a unit of each of the fleet's kinds does a second, or each of its people (``per``).
    ``mop_up`` follows once the task is under control; ``burn_out`` after its beginning it ends by itself.
    """

    rates: tuple[float, ...]
    per: str
    mop_up: Distribution
    burn_out: Distribution | None

    def rate(self, kind: int, crew: int) -> float:
        """Return what a unit does a second."""
        return self.rates[kind] * (crew if self.per == "person" else 1)

    def draw(self, rng: np.random.Generator, n: int) -> FloatArray:
        """Return what differs between incidents (``effort``), shape (n,)."""
        raise NotImplementedError

    def required(self, effort: float) -> tuple[float, float]:
        """Return the work required at the beginning, and how much more each second."""
        raise NotImplementedError

    def control_s(self, done: float, rate: float, now_s: float, begun_s: float, effort: float) -> float:
        """Return when the task is under control if nothing changes, ``inf`` for never."""
        start, growth = self.required(effort)
        left = start + growth * (now_s - begun_s) - done
        if left <= 1e-9:
            return now_s if rate > 0 else inf
        return now_s + left / (rate - growth) if rate > growth else inf

    def escape_s(self, done: float, rate: float, now_s: float, begun_s: float, effort: float) -> float:
        """Return when the task escapes unless it is under control before, ``inf`` for never."""
        return inf

    def area_m2(self, age_s: float, effort: float) -> float:
        """Return the burnt area at an age."""
        return 0.0


@dataclass(frozen=True)
class Amount(Task):
    """An amount of work, in seconds of a unit of rate 1."""

    amount: Distribution

    def draw(self, rng: np.random.Generator, n: int) -> FloatArray:
        """Return the amounts, shape (n,)."""
        return self.amount.draw(rng, n)

    def required(self, effort: float) -> tuple[float, float]:
        """Return the work required at the beginning, and how much more each second."""
        return effort, 0.0


@dataclass(frozen=True)
class Linear(Task):
    """An amount of work that grows by ``growth`` seconds a second; it escapes beyond ``escape_work_s``."""

    amount: Distribution
    growth: float
    escape_work_s: float = inf

    def draw(self, rng: np.random.Generator, n: int) -> FloatArray:
        """Return the amounts at the beginning, shape (n,)."""
        return self.amount.draw(rng, n)

    def required(self, effort: float) -> tuple[float, float]:
        """Return the work required at the beginning, and how much more each second."""
        return effort, self.growth

    def escape_s(self, done: float, rate: float, now_s: float, begun_s: float, effort: float) -> float:
        """Return when more than ``escape_work_s`` is left to do, if nothing changes."""
        room = self.escape_work_s - (effort + self.growth * (now_s - begun_s) - done)
        if room <= 0:
            return now_s
        return now_s + room / (self.growth - rate) if self.growth > rate else inf


@dataclass(frozen=True)
class Squared(Task):
    """A t² fire in watts, up to ``peak_w``; under control once the units cool as much (NFPA 204's growth)."""

    growth: float
    peak_w: float
    heat_per_m2: float
    escape_w: float = inf

    def draw(self, rng: np.random.Generator, n: int) -> FloatArray:
        """Return the growth in W/s², the same for all, shape (n,)."""
        return np.full(n, self.growth)

    def heat_w(self, age_s: float, effort: float) -> float:
        """Return the heat release at an age."""
        return min(effort * age_s * age_s, self.peak_w)

    def control_s(self, done: float, rate: float, now_s: float, begun_s: float, effort: float) -> float:
        """Return now when the units present cool as much as burns, else ``inf``."""
        return now_s if rate > 0 and rate >= self.heat_w(now_s - begun_s, effort) else inf

    def escape_s(self, done: float, rate: float, now_s: float, begun_s: float, effort: float) -> float:
        """Return when the heat reaches ``escape_w``."""
        if self.escape_w > self.peak_w:
            return inf
        return max(now_s, begun_s + sqrt(self.escape_w / effort))

    def area_m2(self, age_s: float, effort: float) -> float:
        """Return the area that gives the heat at an age."""
        return self.heat_w(age_s, effort) / self.heat_per_m2


@dataclass(frozen=True)
class Wildland(Task):
    """An ellipse that runs forward at a drawn speed, under control once the line built is its perimeter.

    Length to width is constant; the back runs slower than the front by the eccentricity, as if lit at a
    focus (Alexander 1985). The perimeter is Ramanujan's (1914). It escapes beyond ``escape_m2``, and
    burns no more than ``most_m2``.
    """

    speed: Distribution
    length_to_width: float
    escape_m2: float = inf
    most_m2: float = inf

    def draw(self, rng: np.random.Generator, n: int) -> FloatArray:
        """Return the forward speeds in m/s, shape (n,)."""
        return self.speed.draw(rng, n)

    def _axes(self) -> tuple[float, float]:
        """Return the half axes for each metre that the front has run."""
        ratio = self.length_to_width
        root = sqrt(ratio * ratio - 1)
        a = (1 + (ratio - root) / (ratio + root)) / 2
        return a, a / ratio

    def required(self, effort: float) -> tuple[float, float]:
        """Return 0, and by how many metres the perimeter grows each second."""
        a, b = self._axes()
        h = ((a - b) / (a + b)) ** 2
        return 0.0, effort * pi * (a + b) * (1 + 3 * h / (10 + sqrt(4 - 3 * h)))

    def escape_s(self, done: float, rate: float, now_s: float, begun_s: float, effort: float) -> float:
        """Return when the area reaches ``escape_m2``."""
        a, b = self._axes()
        age_s = sqrt(self.escape_m2 / (pi * a * b)) / effort if effort > 0 else inf
        return max(now_s, begun_s + age_s)

    def area_m2(self, age_s: float, effort: float) -> float:
        """Return the burnt area at an age."""
        a, b = self._axes()
        return min(pi * a * b * (effort * age_s) ** 2, self.most_m2)
