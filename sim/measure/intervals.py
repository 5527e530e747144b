"""Confidence intervals of a share."""

from math import inf, isnan, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from sim.model.distributions import FloatArray


class Interval(NamedTuple):
    """An estimate with its bounds; NaN when nothing was counted."""

    share: float
    lower: float
    upper: float


def wilson(hits: int, n: int, confidence_level: float) -> Interval:
    """Return Wilson's score interval of a share of independent trials (Wilson 1927)."""
    if n == 0:
        return Interval(float("nan"), float("nan"), float("nan"))
    z, p = float(ndtri((1 + confidence_level) / 2)), hits / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return Interval(p, min(p, max(0.0, middle - half)), max(p, min(1.0, middle + half)))


def share_interval(hits: NDArray[np.int64], counts: NDArray[np.int64], confidence_level: float) -> Interval:
    """Return the share over replications with an interval; ``hits`` and ``counts`` have shape (r,).

    The estimate is all hits over all counts. Replications are independent, the incidents within one
    are not, so the variance is that of the ratio between replications (Cochran, Sampling
    Techniques, 6.4); with equal counts its t-interval is that of the replications' mean. Where few
    incidents miss, or few hit, the spread between replications is itself poorly known and the
    t-interval too narrow; so the bounds are the wider of its and Wilson's for the pooled trials. One
    replication says nothing of the spread, and its bounds are 0 and 1.
    """
    r, total = len(hits), int(counts.sum())
    pooled = wilson(int(hits.sum()), total, confidence_level)
    if total == 0:
        return pooled
    if r < 2:
        return Interval(pooled.share, 0.0, 1.0)
    residuals = hits - pooled.share * counts
    error = sqrt(float(residuals @ residuals) / (r * (r - 1))) / (total / r)
    half = float(stdtrit(r - 1, (1 + confidence_level) / 2)) * error
    lower, upper = max(0.0, pooled.share - half), min(1.0, pooled.share + half)
    return Interval(pooled.share, min(lower, pooled.lower), max(upper, pooled.upper))


def mean_interval(values: FloatArray, confidence_level: float) -> Interval:
    """Return the mean of some shares, shape (r,), with its t-interval; one alone has the bounds 0 and 1."""
    found = t_interval(values, confidence_level)
    if isnan(found.share):
        return found
    return Interval(found.share, max(0.0, found.lower), min(1.0, found.upper))


def t_interval(values: FloatArray, confidence_level: float) -> Interval:
    """Return the mean of some values, shape (r,), with Student's interval; one alone has infinite bounds."""
    r = len(values)
    if r == 0 or np.isnan(values).any():
        return Interval(float("nan"), float("nan"), float("nan"))
    mean = float(values.mean())
    if r < 2:
        return Interval(mean, -inf, inf)
    half = float(stdtrit(r - 1, (1 + confidence_level) / 2)) * float(values.std(ddof=1)) / sqrt(r)
    return Interval(mean, mean - half, mean + half)
