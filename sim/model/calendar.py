"""The date of time 0, and what follows from it."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.model.distributions import FloatArray
from sim.model.units import DAY_S

MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""Of a year of 365 days, the one that rates are per."""


@dataclass(frozen=True)
class Calendar:
    """Counts days from ``start``, whose local midnight is time 0. The clock is never put back."""

    start: date

    def weekdays(self, at_s: FloatArray) -> NDArray[np.int64]:
        """Return the weekday at each time (Monday 0), shape of ``at_s``."""
        return np.asarray((_days(at_s) + self.start.weekday()) % 7)

    def months(self, at_s: FloatArray) -> NDArray[np.int64]:
        """Return the month at each time (January 0), shape of ``at_s``."""
        first = np.datetime64(self.start, "D")
        days = _days(at_s)
        span = np.arange(int(days.max(initial=0)) + 1)
        return np.asarray(((first + span).astype("datetime64[M]").astype(np.int64) % 12)[days])


def _days(at_s: FloatArray) -> NDArray[np.int64]:
    return np.floor_divide(at_s, DAY_S).astype(np.int64)
