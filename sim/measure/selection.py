"""Which of several systems is best, with a promise: ranking and selection.

Observations are one a replication and system, and what is greatest is best. ``kn`` stops as soon as the best
is known; ``ocba`` says where further replications tell most. sim-tools has both, but its KN looks up
variances of differences at wrong places (i (k - 1) + l - 1 also for l < i), and it brings scikit-learn along.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

import numpy as np
from numpy.typing import NDArray

from sim.model.distributions import FloatArray

FIRST_STAGE = 10
"""Replications before any system is left out; Kim and Nelson advise at least 10."""


@dataclass(frozen=True)
class Selection:
    """What a procedure found: the systems that are left, and after how many replications each was left out.

    ``left_out`` has the replications at which a system went, None where it did not. The best is known when
    one is left. ``needed`` is the most replications that it can take, for the variances of the first stage.
    """

    left: tuple[int, ...]
    left_out: tuple[int | None, ...]
    replications: int
    needed: int

    @property
    def best(self) -> int | None:
        """The best system; None where several are left."""
        return self.left[0] if len(self.left) == 1 else None


def kn(x: FloatArray, delta: float, alpha: float = 0.05, first_stage: int = FIRST_STAGE) -> Selection:
    """Return what the procedure KN finds in observations of shape (replications, systems).

    With a chance of at least 1 - alpha, the one that is left is the best, or within ``delta`` of it where
    others are. For replications that are normal, independent and alike; systems may meet the same days (Kim
    and Nelson 2001, A fully sequential procedure for indifference-zone selection in simulation, ACM TOMACS
    11, section 3 with c = 1, theorem 1). Raises ValueError where there is too little to begin with.
    """
    r, k = x.shape
    if k < 2 or r < first_stage or first_stage < 2 or not delta > 0:
        raise ValueError(
            f"expected 2 systems or more, {first_stage} replications of each and a delta above 0, found "
            f"{k} and {r}, and {delta:g}"
        )
    eta = ((2 * alpha / (k - 1)) ** (-2 / (first_stage - 1)) - 1) / 2
    h2 = 2 * eta * (first_stage - 1)
    apart = x[:first_stage, :, None] - x[:first_stage, None, :]
    reach = h2 * apart.var(axis=0, ddof=1) / delta**2  # h² S²_il / delta²
    needed = floor(reach.max()) + 1
    left, left_out = np.arange(k), [None] * k  # type: tuple[NDArray[np.int64], list[int | None]]
    for n in range(first_stage, r + 1):
        means = x[:n].mean(axis=0)
        if n >= needed:
            keep = left == left[np.argmax(means[left])]
        else:
            slack = np.maximum(0.0, delta / (2 * n) * (reach[np.ix_(left, left)] - n))
            keep = (means[left][:, None] >= means[left][None, :] - slack).all(axis=1)
        for i in left[~keep]:
            left_out[i] = n
        left = left[keep]
        if len(left) == 1:
            break
    return Selection(tuple(left.tolist()), tuple(left_out), n, max(needed, first_stage))


def ocba(means: FloatArray, variances: FloatArray, counts: Sequence[int], more: int) -> NDArray[np.int64]:
    """Return how ``more`` replications are best divided to tell the greatest mean apart from the others.

    In all, N_i / N_j = ((s_i / d_i) / (s_j / d_j))², where d is the distance to the best, and for the best N
    = s sqrt(sum of the others' (N_i / s_i)²) (Chen, Lin, Yücesan and Chick 2000, Discrete Event Dynamic
    Systems 10, theorem 1); a system that has more already gets none, and the others share what is left (Chen
    and Lee 2011, Stochastic Simulation Optimization, appendix). Raises ValueError where several are equally
    best, between which any number may go.
    """
    best = int(np.argmax(means))
    gaps = means[best] - np.delete(means, best)
    if not len(gaps) or (gaps <= 0).any() or (variances <= 0).any():
        raise ValueError("expected several systems, one of them the best, and variances above 0")
    weights = np.insert(np.delete(variances, best) / gaps**2, best, 0.0)
    weights[best] = np.sqrt(variances[best] * (weights**2 / variances).sum())
    had, total = np.asarray(counts), sum(counts) + more
    wanting = np.ones(len(means), bool)
    while True:
        wanted = np.where(wanting, (total - had[~wanting].sum()) * weights / weights[wanting].sum(), had)
        over = wanting & (wanted < had)
        if not over.any():
            break
        wanting &= ~over
    return _whole(wanted - had, more)


def _whole(parts: FloatArray, total: int) -> NDArray[np.int64]:
    """Return whole numbers that add up to ``total``, by largest remainders."""
    found = np.floor(parts).astype(np.int64)
    found[np.argsort(found - parts)[: total - found.sum()]] += 1
    return found
