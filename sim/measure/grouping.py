"""Firsts and lasts over the units of each incident."""

import numpy as np
from numpy.typing import NDArray

from sim.model.distributions import FloatArray


class ByIncident:
    """Rows grouped by incident; ``incident`` (rows,) is sorted and ``n`` is the number of incidents."""

    def __init__(self, incident: NDArray[np.int64], n: int) -> None:
        self.counts: NDArray[np.int64] = np.bincount(incident, minlength=n)
        self._some = self.counts > 0
        self._starts = (np.cumsum(self.counts) - self.counts)[self._some]

    def first(self, moments: FloatArray) -> FloatArray:
        """Return the earliest moment of each incident, shape (n,); NaN where there is none."""
        return self._spread(np.fmin, moments)

    def last(self, moments: FloatArray) -> FloatArray:
        """Return the latest moment of each incident, NaN if there is none or one is still to come."""
        return self._spread(np.maximum, moments)

    def _spread(self, pick: np.ufunc, moments: FloatArray) -> FloatArray:
        found = np.full(len(self.counts), np.nan)
        if len(self._starts):
            found[self._some] = pick.reduceat(moments, self._starts)
        return found
