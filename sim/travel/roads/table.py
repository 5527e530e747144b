"""Shortest times between all junctions: worked out once, kept on disk, or row by row where too many."""

import logging
from collections import OrderedDict
from collections.abc import Sequence
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.travel.roads import kept
from sim.travel.roads.roads import Ints

log = logging.getLogger("tocsin")

NEVER = 2**32 - 1
"""Ticks of what cannot be reached; 18 hours, which no trip may take."""

Row = NDArray[np.uint32]


class Graph:
    """The stretches between n junctions as a weighted graph; of parallel ones the fastest counts."""

    def __init__(self, n: int, start: Ints, end: Ints, ticks: Ints) -> None:
        order = np.lexsort((ticks, end, start))
        start, end, ticks = start[order], end[order], ticks[order]
        first = np.ones(len(order), np.bool_)
        first[1:] = (start[1:] != start[:-1]) | (end[1:] != end[:-1])
        first &= start != end
        self.n = n
        self.start, self.end, self.ticks = start[first], end[first], ticks[first]

    @cached_property
    def _weights(self) -> Any:
        from scipy.sparse import csr_array

        return csr_array((self.ticks.astype(float), (self.start, self.end)), shape=(self.n, self.n))

    def rows(self, junctions: Sequence[int]) -> Row:
        """Return the least ticks from some junctions to all, shape (len(junctions), n).

        By Dijkstra's algorithm on whole numbers below 2**53, so that nothing is rounded. Raises
        ValueError where a trip takes 18 hours or more.
        """
        return self._searched(self._weights, list(junctions))

    def column(self, junction: int) -> Row:
        """Return the least ticks from all junctions to one, shape (n,), as ``rows`` does."""
        row: Row = self._searched(self._weights.T.tocsr(), [junction])[0]
        return row

    def digest(self) -> str:
        """Return a hash of what its shortest times depend on."""
        found = sha256(str(self.n).encode())
        for column in (self.start, self.end, self.ticks):
            found.update(np.ascontiguousarray(column).tobytes())
        return found.hexdigest()[:20]

    @staticmethod
    def _searched(weights: Any, junctions: list[int]) -> Row:
        from scipy.sparse.csgraph import dijkstra

        found = dijkstra(weights, indices=junctions)
        if np.any(found[np.isfinite(found)] >= NEVER):
            raise ValueError("expected a network that takes less than 18 hours to cross")
        return np.where(np.isfinite(found), found, NEVER).astype(np.uint32)


class Table:
    """The rows of a graph: all of them in ``whole``, or worked out when asked for and the last ones kept."""

    def __init__(self, graph: Graph, whole: Row | None, keep: int) -> None:
        self.graph, self._whole, self._keep = graph, whole, max(2, keep)
        self._kept: OrderedDict[int, Row] = OrderedDict()

    def row(self, junction: int) -> Row:
        """Return the least ticks from a junction to all, shape (n,); NEVER where there is no way."""
        if self._whole is not None:
            row: Row = self._whole[junction]
            return row
        found = self._kept.get(junction)
        if found is None:
            if len(self._kept) >= self._keep:
                self._kept.popitem(last=False)
            found = self._kept[junction] = self.graph.rows([junction])[0]
        return found

    def column(self, junction: int) -> Row:
        """Return the least ticks from all junctions to one, shape (n,); not kept where rows are not."""
        if self._whole is not None:
            column: Row = self._whole[:, junction]
            return column
        return self.graph.column(junction)


BATCH = 256


def table(graph: Graph, *, most_bytes: float, folder: Path | None) -> Table:
    """Return the shortest times of a graph, out of ``folder`` where they are kept.

    A table of more than ``most_bytes`` is worked out row by row instead. One that was kept is only trusted
    where its checksum is right; else it is made anew. Nothing is kept without a folder, or when it
    cannot be written.
    """
    size = 4.0 * graph.n**2
    if size > most_bytes:
        return Table(graph, None, int(most_bytes / (4 * graph.n)))
    file = None if folder is None else folder / kept.name_of(graph.digest())
    whole = kept.read(file, graph.n) if file else None
    if whole is None:
        whole = _work_out(graph)
        whole = kept.write(whole, file) if file else whole
    return Table(graph, whole, graph.n)


def _work_out(graph: Graph) -> Row:
    log.info("Working out the shortest times between %d junctions", graph.n)
    whole = np.empty((graph.n, graph.n), np.uint32)
    for i in range(0, graph.n, BATCH):
        some = range(i, min(i + BATCH, graph.n))
        whole[i : i + len(some)] = graph.rows(some)
    return whole
