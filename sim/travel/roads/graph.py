"""The graph of stretches between junctions, and shortest times in it."""

from collections.abc import Sequence
from functools import cached_property
from hashlib import sha256
from typing import Any

import numpy as np

from sim.travel.roads.roads import Ints

NEVER = 2**60
"""Ticks of what cannot be reached: more than any way takes, and three of them can be added up."""


class Graph:
    """The stretches between n junctions as a weighted graph; of parallel ones the fastest counts.

    ``longest`` are the ticks of the longest stretch, whether it counts or not.
    """

    def __init__(self, n: int, start: Ints, end: Ints, ticks: Ints) -> None:
        self.n, self.longest = n, int(ticks.max(initial=0))
        order = np.lexsort((ticks, end, start))
        start, end, ticks = start[order], end[order], ticks[order]
        first = np.ones(len(order), np.bool_)
        first[1:] = (start[1:] != start[:-1]) | (end[1:] != end[:-1])
        first &= start != end
        self.start, self.end, self.ticks = start[first], end[first], ticks[first]

    @cached_property
    def _weights(self) -> Any:
        from scipy.sparse import csr_array

        return csr_array((self.ticks.astype(float), (self.start, self.end)), shape=(self.n, self.n))

    def rows(self, junctions: Sequence[int]) -> Ints:
        """Return the least ticks from some junctions to all, shape (len(junctions), n).

        By Dijkstra's algorithm on whole numbers below 2**53 (see ticks_of), so that nothing is rounded.
        """
        return self._searched(self._weights, list(junctions))

    def row(self, junction: int) -> Ints:
        """Return the least ticks from a junction to all, shape (n,)."""
        return np.asarray(self.rows([junction])[0])

    def column(self, junction: int) -> Ints:
        """Return the least ticks from all junctions to one, shape (n,), as ``rows`` does."""
        return np.asarray(self._searched(self._weights.T.tocsr(), [junction])[0])

    @staticmethod
    def _searched(weights: Any, junctions: list[int]) -> Ints:
        from scipy.sparse.csgraph import dijkstra

        found = dijkstra(weights, indices=junctions)
        return np.where(np.isfinite(found), found, NEVER).astype(np.int64)

    def digest(self) -> str:
        """Return a hash of all that its shortest times, and how they are kept, depend on."""
        found = sha256(f"{self.n} {self.longest}".encode())
        for column in (self.start, self.end, self.ticks):
            found.update(np.ascontiguousarray(column).tobytes())
        return found.hexdigest()[:20]
