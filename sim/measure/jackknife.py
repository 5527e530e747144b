"""How sure a number over replications is, and the difference of two that met the same days.

A statistic of all replications together (a ratio of sums, a percentile of all incidents) has a standard
error by leaving out one replication after the other: the jackknife (Quenouille 1956; Efron 1982, The
Jackknife, the Bootstrap and Other Resampling Plans, 3.1). The replication is the unit, so that incidents of
one may hang together. Of a mean with equal counts it gives the textbook's t-interval, of a ratio that of the
delta method up to terms of 1/r². A percentile changes in steps, so that for it replications are left out by
groups, GROUPS in all: each must hold many incidents.

A difference of two studies with common random numbers is one statistic: of pairs of replications.
"""

from collections.abc import Callable, Sequence
from math import inf, isnan, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from sim.measure.anytime import t_bound
from sim.model.distributions import FloatArray

GROUPS = 20

Statistic = Callable[[NDArray[np.int64]], float]
"""A number of some replications, by their places."""


class Difference(NamedTuple):
    """What B has more than A, with bounds. ``removed`` is the share of its variance that pairing took away.

    Below 0 where pairing made it worse; NaN where there is no variance at all.
    """

    a: float
    b: float
    difference: float
    lower: float
    upper: float
    removed: float


def ratio(sums: FloatArray, counts: FloatArray) -> Statistic:
    """Return the statistic of all sums over all counts, both of shape (r,); NaN over nothing."""

    def of(places: NDArray[np.int64]) -> float:
        n = counts[places].sum()
        return float(sums[places].sum() / n) if n else float("nan")

    return of


def percentile(values: Sequence[FloatArray], share: float) -> Statistic:
    """Return the statistic of a quantile of all values of some replications; NaN over nothing."""

    def of(places: NDArray[np.int64]) -> float:
        found = np.concatenate([values[i] for i in places])
        return float(np.quantile(found, share)) if len(found) else float("nan")

    return of


def leave_out(statistic: Statistic, r: int, groups: int) -> FloatArray:
    """Return the statistic without each group of replications in turn, shape (groups,)."""
    every = np.arange(r)
    return np.array([statistic(np.setdiff1d(every, out)) for out in np.array_split(every, groups)])


def spread(without: FloatArray) -> float:
    """Return the jackknife's variance of a statistic from its values without each group."""
    g = len(without)
    return float((g - 1) / g * ((without - without.mean()) ** 2).sum())


def paired(
    a: Statistic, b: Statistic, r: int, confidence_level: float, *, smooth: bool = True, anytime: bool = False
) -> Difference:
    """Return the difference of two statistics of r pairs of replications, with its interval.

    The interval is Student's with as many degrees of freedom as groups less one, or with ``anytime`` one
    that holds wherever the replications were stopped; infinite where leaving out a group leaves nothing.
    ``smooth`` is False for percentiles.
    """
    every, groups = np.arange(r), r if smooth else min(r, GROUPS)
    at_a, at_b = a(every), b(every)
    without_a, without_b = leave_out(a, r, groups), leave_out(b, r, groups)
    variance, apart = spread(without_b - without_a), spread(without_a) + spread(without_b)
    bound = (
        t_bound(r, confidence_level) if anytime else float(stdtrit(groups - 1, (1 + confidence_level) / 2))
    )
    half = inf if bound == inf or isnan(variance) else bound * sqrt(variance)
    difference = at_b - at_a
    removed = 1 - variance / apart if apart else float("nan")
    return Difference(at_a, at_b, difference, difference - half, difference + half, removed)
