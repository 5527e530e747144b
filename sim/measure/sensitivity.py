"""What uncertain inputs do to an answer: the spread they give it, and which of them give it.

An observation is a replication at a row of a design: arrays end in an axis of replications. All rows meet
the same days, and each replication has noise of its own, which would count as spread. It is taken out by
multiplying different replications only: of two of them the noise is independent, so that the mean of their
products estimates the product of what is expected (``_product``).
"""

from dataclasses import dataclass

import numpy as np

from sim.model.distributions import FloatArray

RESAMPLED = 500
"""Resamples of rows for the interval of an index."""


@dataclass(frozen=True)
class Spread:
    """An answer over all that its inputs may be.

    ``deviation`` is the standard deviation from inputs alone, ``low`` and ``high`` are what 19 of 20 rows lie
    above and below, ``error`` is the standard error that the replications leave at one row. Where the rows
    differ no more than noise alone would have them (F test, 5 %), it is not ``told`` apart from that.
    """

    mean: float
    deviation: float
    low: float
    high: float
    error: float
    told: bool


@dataclass(frozen=True)
class Index:
    """An index of one input, and its 95 % interval over resampled rows; NaN where nothing varies."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Indices:
    """The shares of the variance from inputs that one input has: by itself, and with all its interactions."""

    first: Index
    total: Index


@dataclass(frozen=True)
class Effect:
    """What an answer does when one input alone moves up by half of its range, counted in probability.

    ``mean`` is that on average, with the standard error ``mean_error`` that the replications leave, ``size``
    the mean of its absolute value (Morris's mu*), ``deviation`` how much it differs by where the other inputs
    are (sigma, without noise), ``error`` the standard error that the replications leave at one row.
    """

    mean: float
    mean_error: float
    size: float
    deviation: float
    error: float


def spread(y: FloatArray) -> Spread:
    """Return the spread of observations, shape (rows, replications), at least 2 of both."""
    from scipy.stats import f

    n, count = y.shape
    means = y.mean(axis=1)
    centred = y - y.mean(axis=0)
    residual = (centred - centred.mean(axis=1, keepdims=True)) ** 2
    noise = residual.sum() / ((n - 1) * (count - 1))
    between = float(means.var(ddof=1))
    variance = max(0.0, between - noise / count)
    shrunk = means.mean() + (means - means.mean()) * np.sqrt(variance / between if between else 0.0)
    low, high = np.percentile(shrunk, [5, 95])
    chance = f.sf(between * count / noise, n - 1, (n - 1) * (count - 1)) if noise else float(not between)
    error = float(np.sqrt(y.var(axis=1, ddof=1).mean() / count))
    return Spread(
        float(means.mean()), float(np.sqrt(variance)), float(low), float(high), error, bool(chance < 0.05)
    )


def indices(a: FloatArray, b: FloatArray, ab: FloatArray, seed: int = 0) -> list[Indices]:
    """Return the indices of each input by a design of Saltelli's.

    ``a`` and ``b`` have shape (rows, replications), ``ab`` (inputs, rows, replications): as ``a``, with the
    one input as in ``b``. First-order indices are those of Saltelli et al. (2010, table 2 b), total ones
    those of Jansen (1999).
    """
    days = np.concatenate([a, b]).mean(axis=0)
    a, b, ab = a - days, b - days, ab - days
    of_all = (_product(a, a) + _product(b, b)) / 2
    first, total = _product(b, ab - a), _product(a - ab, a - ab) / 2
    n = len(of_all)
    rows = np.random.default_rng(seed).integers(n, size=(RESAMPLED, n))

    variances = of_all[rows].mean(axis=1)
    some = variances > 0

    def index(terms: FloatArray) -> Index:
        if not (of_all.mean() > 0 and some.any()):
            return Index(np.nan, np.nan, np.nan)
        resampled = terms[rows].mean(axis=1)[some] / variances[some]
        return Index(float(terms.mean() / of_all.mean()), *np.percentile(resampled, [2.5, 97.5]).tolist())

    return [Indices(index(first[i]), index(total[i])) for i in range(len(ab))]


def effects(base: FloatArray, stepped: FloatArray, signs: FloatArray) -> list[Effect]:
    """Return the elementary effects of each input by a radial design (Campolongo et al. 2011).

    ``base`` has shape (rows, replications), ``stepped`` (inputs, rows, replications): as ``base``, with the
    one input half of its range further up (``signs`` 1) or down (-1), shape (inputs, rows).
    """
    found = (stepped - base) * signs[:, :, None]
    means = found.mean(axis=2)
    noise = found.var(axis=2, ddof=1).mean(axis=1) / base.shape[1]
    variance = np.maximum(0.0, means.var(axis=1, ddof=1) - noise)
    mean_error = found.mean(axis=1).std(axis=1, ddof=1) / np.sqrt(base.shape[1])
    size = np.abs(means).mean(axis=1)
    columns = (means.mean(axis=1), mean_error, size, np.sqrt(variance), np.sqrt(noise))
    return [Effect(*map(float, each)) for each in zip(*columns, strict=True)]


def _product(one: FloatArray, other: FloatArray) -> FloatArray:
    """Return the mean product of two different replications, over the last axis."""
    count = one.shape[-1]
    crossed = one.sum(axis=-1) * other.sum(axis=-1) - (one * other).sum(axis=-1)
    return np.asarray(crossed / (count * (count - 1)))
