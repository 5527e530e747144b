"""How many people an incident hurts."""

from dataclasses import dataclass

import numpy as np

from sim.model.incidents import IntArray


@dataclass(frozen=True)
class Casualties:
    """So many on average: Poisson, or with a ``dispersion`` k negative binomial.

    The variance is then mean + mean² / k: the smaller k is, the more of all people a few incidents hurt.
    """

    mean: float
    dispersion: float | None = None

    def draw(self, rng: np.random.Generator, n: int) -> IntArray:
        """Return how many each of n incidents hurts."""
        if self.dispersion is None:
            return rng.poisson(self.mean, n)
        return rng.negative_binomial(self.dispersion, self.dispersion / (self.dispersion + self.mean), n)
