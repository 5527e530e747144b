"""Intervals that hold whenever one looks: confidence sequences.

An interval for a fixed number of replications covers the truth with its confidence if one looks once. Who
looks after each replication, and stops when the answer pleases, is wrong far more often. A confidence
sequence holds at all numbers of replications together: the chance that it ever misses the truth is at most
alpha = 1 - confidence, so that one may stop at any time and for any reason.

Replications are independent and alike; a share is a ratio p of two means, of hits and of counts, and
hits - p counts has mean 0 for the true p alone, however the incidents of one replication hang together. Its
t statistic is bounded at all r at once by a Gaussian mixture of scale-invariant likelihood ratios [1]:
exactly for normal replications, for others the better the later one looks first, as of [2], which it tends
to. Where few incidents miss, the spread between replications is itself poorly known; there the beta-binomial
mixture stands in, which is exact for independent incidents [3, 4].

[1] Wang and Ramdas 2025, Anytime-valid t-tests and confidence sequences for Gaussian means with unknown
    variance, Sequential Analysis 44; its test martingale in the reduced filtration.
[2] Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2024, Time-uniform central limit theory and asymptotic
    confidence sequences, Annals of Statistics 52.
[3] Robbins 1970, Statistical methods related to the law of the iterated logarithm, Annals of Mathematical
    Statistics 41.
[4] Howard, Ramdas, McAuliffe and Sekhon 2021, Time-uniform, nonparametric, nonasymptotic confidence
    sequences, Annals of Statistics 49.
"""

from math import inf, log, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, xlog1py, xlogy

from sim.measure.intervals import Interval
from sim.model.distributions import FloatArray

SHARPEST_AT = 50
"""The replications at which intervals are meant to be narrowest; elsewhere they are a little wider."""


def t_bound(r: int, confidence_level: float) -> float:
    """Return what the t statistic of r replications exceeds, at any r, with a chance of at most alpha.

    sqrt(w) ((1 + t²/(r-1)) / (1 + w t²/(r-1)))^(r/2) with w = 1/(1 + r g) is a martingale from 1 on [1, with
    g = 1/c²], which reaches 1/alpha with a chance of at most alpha (Ville's inequality). ``g`` makes the
    bound of [2] narrowest at SHARPEST_AT replications. Infinite where r is too small to say anything.
    """
    alpha = 1 - confidence_level
    g = (-2 * log(alpha) + log(1 - 2 * log(alpha))) / SHARPEST_AT
    w = 1 / (1 + r * g)
    growth = (alpha * alpha * w) ** (-1 / r)
    return sqrt((r - 1) * (growth - 1) / (1 - w * growth)) if r > 1 and w * growth < 1 else inf


def share_sequence(hits: NDArray[np.int64], counts: NDArray[np.int64], confidence_level: float) -> Interval:
    """Return the share over replications, all hits over all counts, with bounds that hold at any time.

    ``hits`` and ``counts`` have shape (r,). Bounds are the wider of those by replications and those by
    incidents; NaN where nothing was counted.
    """
    total = int(counts.sum())
    if total == 0:
        return Interval(float("nan"), float("nan"), float("nan"))
    share = int(hits.sum()) / total
    low, high = _ratio_bounds(hits.astype(float), counts.astype(float), t_bound(len(hits), confidence_level))
    lower = _binomial_lower(int(hits.sum()), total, 1 - confidence_level)
    upper = 1 - _binomial_lower(total - int(hits.sum()), total, 1 - confidence_level)
    return Interval(share, max(0.0, min(low, lower)), min(1.0, max(high, upper)))


def mean_sequence(values: FloatArray, confidence_level: float) -> Interval:
    """Return the mean of some shares, shape (r,), with bounds that hold at any time."""
    if not len(values) or np.isnan(values).any():
        return Interval(float("nan"), float("nan"), float("nan"))
    mean, bound = float(values.mean()), t_bound(len(values), confidence_level)
    if bound == inf:
        return Interval(mean, 0.0, 1.0)
    half = bound * float(values.std(ddof=1)) / sqrt(len(values))
    return Interval(mean, max(0.0, mean - half), min(1.0, mean + half))


def _ratio_bounds(hits: FloatArray, counts: FloatArray, bound: float) -> tuple[float, float]:
    """Return the least and the greatest p with |t| of hits - p counts at most ``bound``.

    Fieller 1954, Some problems in interval estimation, Journal of the Royal Statistical Society B 16.
    """
    if bound == inf:
        return 0.0, 1.0
    (hh, hn), (_, nn) = np.cov(hits, counts) * bound**2 / len(hits)
    h, n = float(hits.mean()), float(counts.mean())
    a, b, c = n * n - float(nn), h * n - float(hn), h * h - float(hh)
    if a <= 0:
        return 0.0, 1.0
    root = sqrt(max(0.0, b * b - a * c))
    return (b - root) / a, (b + root) / a


def _binomial_lower(hits: int, n: int, alpha: float) -> float:
    """Return the lesser p at which the likelihood is alpha times its mean over the prior beta(1/2, 1/2)."""
    if not hits:
        return 0.0
    from scipy.optimize import brentq  # takes longer to import than most commands do

    least = log(alpha) + float(betaln(hits + 0.5, n - hits + 0.5) - betaln(0.5, 0.5))

    def above(p: float) -> float:
        return float(xlogy(hits, p) + xlog1py(n - hits, -p)) - least

    return float(brentq(above, 1e-12 * hits / n, hits / n))
