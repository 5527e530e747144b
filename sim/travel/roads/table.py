"""Shortest times between all junctions: worked out once, kept on disk, or row by row where too many."""

import logging
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.travel.roads import kept
from sim.travel.roads.graph import NEVER, Graph
from sim.travel.roads.roads import Ints
from sim.travel.roads.rows import Rows

log = logging.getLogger("tocsin")

NARROW_NEVER = 2**32 - 1
"""What stands for NEVER in a table of four bytes each, which hold 18 hours."""

Row = NDArray[Any]


class Table:
    """The rows of a graph: all of them in ``whole``, or worked out when asked for and the last ones kept.

    In its rows ``never`` stands for no way; all that is below, with the stretches to and from it, is a time.
    All together may take ``most_bytes``: ``spare_rows``, of eight bytes a time, are left for others (a
    table that is not whole keeps as many itself). The rows in ``at_hand`` need not be asked for.
    """

    def __init__(self, graph: Graph, whole: Row | None, most_bytes: float) -> None:
        self.graph, self._whole = graph, whole
        self.whole = whole is not None
        self.never = NARROW_NEVER if whole is not None and whole.dtype == np.uint32 else NEVER
        left = most_bytes / 2 if whole is None else most_bytes - whole.nbytes
        self.spare_rows = int(left / (8 * max(1, graph.n)))
        self._rows = Rows(graph.row, self.spare_rows)
        self.at_hand = self._rows.at_hand

    def row(self, junction: int) -> memoryview:
        """Return the least ticks from a junction to all; ``never`` where there is no way."""
        if self._whole is None:
            return self._rows.row(junction)
        row = self.at_hand.get(junction)
        if row is None:
            row = self.at_hand[junction] = self._whole[junction].data
        return row

    def column(self, junction: int) -> Ints:
        """Return the least ticks from all junctions to one, shape (n,), or NEVER."""
        if self._whole is None:
            return self.graph.column(junction)
        return self.counted(self._whole[:, junction])

    def counted(self, some: Row) -> Ints:
        """Return numbers out of its rows with NEVER for what cannot be reached."""
        ticks = some.astype(np.int64)
        if self.never != NEVER:
            ticks[ticks == self.never] = NEVER
        return ticks


BATCH = 256


def table(graph: Graph, *, most_bytes: float, folder: Path | None) -> Table:
    """Return the shortest times of a graph, out of ``folder`` where they are kept.

    A table of more than ``most_bytes`` is worked out row by row instead. One that was kept is only trusted
    where its checksum is right; else it is made anew. Nothing is kept without a folder, or when it
    cannot be written.
    """
    whole = None
    if 4 * graph.n**2 <= most_bytes:
        file = None if folder is None else folder / kept.name_of(graph.digest())
        whole = kept.read(file, graph.n) if file else None
        if whole is None:
            whole = _work_out(graph, most_bytes)
            whole = kept.write(whole, file) if file and whole is not None else whole
    if whole is not None and whole.nbytes <= most_bytes:
        return Table(graph, whole, most_bytes)
    return Table(graph, None, most_bytes)


def _work_out(graph: Graph, most_bytes: float) -> Row | None:
    """Return all rows: of four bytes each where trips take less than 18 hours, else of eight if they fit."""
    log.info("Working out the shortest times between %d junctions", graph.n)
    whole: Row = np.empty((graph.n, graph.n), np.uint32)
    most = NARROW_NEVER - 2 * graph.longest
    for i in range(0, graph.n, BATCH):
        some = range(i, min(i + BATCH, graph.n))
        rows = graph.rows(some)
        if whole.dtype == np.uint32 and np.any(rows[rows < NEVER] >= most):
            if 8 * graph.n**2 > most_bytes:
                return None
            whole = np.where(whole == NARROW_NEVER, NEVER, whole.astype(np.int64))
        narrow = whole.dtype == np.uint32
        whole[i : i + len(some)] = np.minimum(rows, NARROW_NEVER) if narrow else rows
    return whole
