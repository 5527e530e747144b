"""Kinds of day, such as dry and windy, that some types of incident depend on."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.model.calendar import MONTH_DAYS, Calendar
from sim.model.distributions import FloatArray
from sim.model.units import DAY_S
from sim.rng import Streams

NO_WEATHER = "the weather has no kinds (see weather.kinds; weather=shandong has some)"
"""What is wrong where something depends on kinds of weather and there are none."""


@dataclass(frozen=True)
class Weather:
    """``shares`` are those of each month's days (January on) by ``kinds``; other days are ordinary.

    A day keeps the weather of the day before with the chance ``persistence``.
    """

    kinds: tuple[str, ...] = ()
    shares: tuple[tuple[float, ...], ...] = ()
    persistence: float = 0.0

    def days(self, streams: Streams, calendar: Calendar, horizon_s: float) -> NDArray[np.int64]:
        """Return the kind of each day of a replication, ``len(kinds)`` for an ordinary one; shape (days,).

        Every source has the same days.
        """
        n = int(np.ceil(horizon_s / DAY_S))
        months = calendar.months(np.asarray(np.arange(n) * DAY_S, float))
        chances = np.cumsum(np.array(self.shares).reshape(-1, 12), axis=0)[:, months]
        fresh = (streams.root("weather", "kind").random(n) >= chances).sum(axis=0)
        renewed = streams.root("weather", "renewed").random(n) >= self.persistence
        since = np.maximum.accumulate(np.where(renewed, np.arange(n), 0))
        return np.asarray(fresh[since])

    def factors(self, factors: Mapping[str, float], monthly: FloatArray) -> FloatArray:
        """Return a rate's factor on each kind of day and an ordinary one, with a mean of 1 over a year.

        ``monthly`` (12,) are the relative rates of the months, each of which counts by its days.
        """
        found = np.array([factors.get(kind, 1.0) for kind in self.kinds] + [1.0])
        shares = np.array(self.shares).reshape(-1, 12)
        whole = np.concatenate([shares, [1 - shares.sum(axis=0)]])
        mean = float(np.average(found @ whole, weights=monthly * MONTH_DAYS))
        return found / mean if mean > 0 else found
