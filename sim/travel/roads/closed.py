"""Which fastest ways lead over roads that are closed."""

from typing import NamedTuple

import numpy as np

from sim.travel.roads.graph import Graph
from sim.travel.roads.roads import Ints
from sim.travel.roads.table import Row, Table

FEW = 64
"""Closed roads on the ways from one junction that are looked at one by one."""


class Edges(NamedTuple):
    """What was faster between neighbouring junctions with all roads open: its start, end and ticks."""

    start: Ints
    end: Ints
    ticks: Ints

    @classmethod
    def between(cls, whole: Graph, now: Graph) -> "Edges":
        """Return the edges of a graph that are slower, or missing, in another one."""
        keys, left = whole.start * whole.n + whole.end, now.start * now.n + now.end
        at = np.minimum(np.searchsorted(left, keys), max(0, len(left) - 1))
        same = (left[at] == keys) & (now.ticks[at] == whole.ticks) if len(left) else np.zeros(len(keys), bool)
        return cls(whole.start[~same], whole.end[~same], whole.ticks[~same])

    def used_from(self, row: Row) -> tuple[Ints, Ints]:
        """Return those that fastest ways from a junction use: the ticks up to their end, and that end."""
        over = row[self.start].astype(np.int64) + self.ticks
        tight = over == row[self.end]
        return over[tight], self.end[tight]


class Detours:
    """Says which trips between junctions must be worked out anew because some of their roads are closed."""

    def __init__(self, table: Table, edges: Edges) -> None:
        self._table, self._edges = table, edges
        self._uses: dict[int, list[tuple[int, memoryview]]] = {}

    def any_from(self, a: int) -> bool:
        """Whether any trip from a junction must."""
        return not self._table.whole or bool(self.uses(a))

    def between(self, a: int, b: int) -> bool:
        """Whether a trip from one to another may have to."""
        if not self._table.whole:
            return True
        uses = self.uses(a)
        if len(uses) > FEW:
            return True
        ticks = self._table.row(a)[b]
        return any(over + onward[b] == ticks for over, onward in uses)

    def uses(self, a: int) -> list[tuple[int, memoryview]]:
        """Return the closed roads that fastest ways from a junction use: ticks to the end, and its row.

        Of many, some more than FEW.
        """
        found = self._uses.get(a)
        if found is None:
            over, ends = self._edges.used_from(np.asarray(self._table.row(a)))
            rows = map(self._table.row, ends[: FEW + 1].tolist())
            found = self._uses[a] = list(zip(over.tolist(), rows, strict=False))
        return found
