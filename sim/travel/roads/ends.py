"""How nodes are left and entered: along the stretches that they lie on, where these are open."""

from collections.abc import Collection

import numpy as np

from sim.travel.roads.graph import NEVER
from sim.travel.roads.roads import Ints
from sim.travel.roads.stretches import Columns, Ends, Link, Stretches


class OpenStretches:
    """The stretches of a network, and at which places they are broken by closed arcs."""

    def __init__(self, fixed: Stretches) -> None:
        self.fixed, self.all = fixed, fixed.all
        self.breaks: dict[int, list[int]] = {}
        self._ends = fixed.ends
        self._columns: Columns | None = None

    def close(self, arcs: Collection[int]) -> None:
        """Have exactly these arcs closed."""
        self.breaks, by_arc = {}, self.fixed.by_arc if arcs else {}
        for arc in set(arcs):
            for s, place in by_arc.get(arc, ()):
                self.breaks.setdefault(s, []).append(place)
        for places in self.breaks.values():
            places.sort()
        self._columns = None
        self._ends = {} if self.breaks else self.fixed.ends

    def last(self, s: int, place: int) -> int:
        """Return the last place on a stretch that can be reached along it from a place."""
        beyond = (each for each in self.breaks.get(s, ()) if each >= place)
        return next(beyond, len(self.all[s].nodes) - 1)

    def ends(self, node: int) -> Ends:
        """Return how a node is left and entered."""
        found = self._ends.get(node)
        if found is None:
            found = self._ends[node] = self._look_up(node)
        return found

    def _look_up(self, node: int) -> Ends:
        network = self.fixed.network
        junction = int(network.junction[node])
        if junction >= 0:
            itself = (Link(junction, 0),)
            return Ends(itself, itself, ())
        on = tuple(network.on.get(node, ()))
        exits, entries = [], []
        for s, place in on:
            stretch, breaks = self.all[s], self.breaks.get(s)
            if not breaks or breaks[-1] < place:
                exits.append(Link(stretch.end, stretch.at[-1] - stretch.at[place], s, place))
            if not breaks or breaks[0] >= place:
                entries.append(Link(stretch.start, stretch.at[place], s, place))
        return Ends(tuple(exits), tuple(entries), on)

    @property
    def columns(self) -> Columns:
        """How all nodes are entered now."""
        if self._columns is None:
            self._columns = self._broken() if self.breaks else self.fixed.entries
        return self._columns

    def _broken(self) -> Columns:
        """Return the columns without the entries that are closed."""
        whole = self.fixed.entries
        ticks = whole.ticks.copy()
        for s, places in self.breaks.items():
            nodes: Ints = np.array(self.all[s].nodes[places[0] + 1 : -1], np.int64)
            row, which = np.nonzero(whole.stretch[:, nodes] == s)
            ticks[row, nodes[which]] = NEVER
        return whole._replace(ticks=ticks)
