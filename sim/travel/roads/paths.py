"""Shortest times and ways between nodes, on roads that can be closed and opened again."""

from collections.abc import Collection
from math import inf

import numpy as np

from sim.model.distributions import FloatArray
from sim.travel.roads.closed import Detours, Edges
from sim.travel.roads.ends import OpenStretches
from sim.travel.roads.graph import NEVER
from sim.travel.roads.roads import Ints
from sim.travel.roads.rows import Rows
from sim.travel.roads.stretches import Ends, Link, Stretches
from sim.travel.roads.table import Table
from sim.travel.roads.way import Along, AnyWay, Nowhere, Way, ahead, uses


class Paths:
    """Ticks between any two nodes of one mode, and the way.

    A trip leaves its stretch at the end, goes from junction to junction, and enters another stretch at the
    start, or it stays on the one it is on. Where roads are closed, a trip between junctions is worked out
    anew only if its way, with all roads open, led over one of them: others keep their times. Without a
    whole table all are.
    """

    def __init__(self, stretches: Stretches, table: Table) -> None:
        self._fixed, self._table = stretches, table
        self._stretches = OpenStretches(stretches)
        self._at_hand = table.at_hand
        self._detours: Detours | None = None
        self._around = Rows(table.graph.row, 0)

    def fresh(self) -> "Paths":
        """Return the same with all roads open, and with closures of its own."""
        return Paths(self._fixed, self._table)

    def close(self, arcs: Collection[int]) -> None:
        """Have exactly these arcs closed from now on."""
        self._stretches.close(arcs)
        self._detours, self._around = None, Rows(self._table.graph.row, 0)
        if broken := self._stretches.breaks:
            graph = self._fixed.graph(without=list(broken))
            if (edges := Edges.between(self._table.graph, graph)).start.size:
                self._detours = Detours(self._table, edges)
                self._around = Rows(graph.row, self._table.spare_rows)

    def ticks(self, origin: int, destination: int) -> int:
        """Return the least ticks from one node to another; NEVER where there is no way."""
        return self._best(origin, destination)[0]

    def is_best(self, way: AnyWay, ticks: float, origin: int, destination: int) -> bool:
        """Whether a way is as good as any, and open, from the next node on after so many ticks.

        Before it has begun (0 ticks) that is the ``origin``.
        """
        if isinstance(way, Nowhere):
            return self.ticks(origin, destination) == way.ticks
        pieces, since = way.pieces(max(0.0, ticks)), 0
        if ticks > 0:
            origin, place, since = ahead(way, ticks)
            pieces[-1] = pieces[-1]._replace(first=place)
        left = way.ticks - since
        return left == self.ticks(origin, destination) and not uses(pieces, self._stretches.breaks)

    def ticks_to(self, origin: int, destinations: Ints) -> FloatArray:
        """Return the least ticks from a node to others, shape (len(destinations),); inf without a way."""
        ends, to = self._stretches.ends(origin), self._stretches.columns
        junction, ticks = to.junction[:, destinations], to.ticks[:, destinations]
        best = np.full(len(destinations), NEVER)
        for leave in ends.exits:
            between = self._many(leave.junction, junction)
            best = np.minimum(best, (between + ticks).min(axis=0) + leave.ticks)
        stretch, at = to.stretch[:, destinations], to.at[:, destinations]
        for s, place in ends.on:
            here, last = (self._stretches.all[s].at[each] for each in (place, self._stretches.last(s, place)))
            along = np.where((stretch == s) & (at >= here) & (at <= last), at - here, NEVER)
            best = np.minimum(best, along.min(axis=0))
        return np.where(best < NEVER, best, inf)

    def ticks_from(self, origins: Ints, destination: int) -> FloatArray:
        """Return the least ticks from nodes to another with all roads open, shape (len(origins),); or inf."""
        ends, by = self._stretches.ends(destination), self._fixed.exits
        junction, ticks = by.junction[:, origins], by.ticks[:, origins]
        best = np.full(len(origins), NEVER)
        for enter in ends.entries:
            between = self._table.column(enter.junction)[junction]
            best = np.minimum(best, (between + ticks).min(axis=0) + enter.ticks)
        stretch, at = by.stretch[:, origins], by.at[:, origins]
        for s, place in ends.on:
            there = self._stretches.all[s].at[place]
            along = np.where((stretch == s) & (at <= there), there - at, NEVER)
            best = np.minimum(best, along.min(axis=0))
        return np.where(best < NEVER, best, inf)

    def way(self, origin: int, destination: int) -> AnyWay:
        """Return the fastest way, as the roads are now."""
        ticks, leave, enter = self._best(origin, destination)
        if ticks >= NEVER or origin == destination:
            return Nowhere(ticks)
        if leave is None or enter is None:
            return self._along(origin, destination, ticks)
        row = self._row(leave.junction, enter.junction)
        return Way(ticks, row, (leave, enter), self._fixed, self._stretches.breaks)

    def _best(self, origin: int, destination: int) -> tuple[int, Link | None, Link | None]:
        """Return the least ticks, and by which exit and entry; by none along a stretch that both lie on."""
        here, there = self._stretches.ends(origin), self._stretches.ends(destination)
        if self._detours is None:
            most, (best, by, to) = self._table.never, self._by_open_road(here, there)
        else:
            most, (best, by, to) = NEVER, self._around_closures(here, there)
        for s, place in here.on:
            for other, last in there.on:
                if s == other and place <= last <= self._stretches.last(s, place):
                    ticks = self._stretches.all[s].at[last] - self._stretches.all[s].at[place]
                    if ticks <= best:
                        best, by, to = ticks, None, None
        return best if best < most else NEVER, by, to

    def _by_open_road(self, here: Ends, there: Ends) -> tuple[int, Link | None, Link | None]:
        """Return the least ticks from an exit to an entry, and which, where no road between is closed."""
        best, by, to = self._table.never, None, None
        for leave in here.exits:
            junction, spent, _, _ = leave
            row = self._at_hand.get(junction) or self._table.row(junction)
            for enter in there.entries:
                ticks = spent + enter[1] + row[enter[0]]
                if ticks < best:
                    best, by, to = ticks, leave, enter
        return best, by, to

    def _around_closures(self, here: Ends, there: Ends) -> tuple[int, Link | None, Link | None]:
        """Return the same where roads are closed."""
        best, by, to = NEVER, None, None
        for leave in here.exits:
            for enter in there.entries:
                ticks = leave[1] + enter[1]
                ticks += self._between(leave[0], enter[0], best - ticks)
                if ticks < best:
                    best, by, to = ticks, leave, enter
        return best, by, to

    def _between(self, a: int, b: int, below: int) -> int:
        """Return the least ticks between two junctions; NEVER unless ``below`` a bound."""
        ticks: int
        if self._table.whole and (ticks := (self._at_hand.get(a) or self._table.row(a))[b]) >= below:
            return NEVER
        row = self._row(a, b)
        ticks = row[b]
        return NEVER if ticks == self._table.never and row.itemsize < 8 else ticks

    def _row(self, a: int, b: int) -> memoryview:
        """Return a row of a junction in which the time to another is that on the roads that are open."""
        if self._detours is not None:
            if (row := self._around.at_hand.get(a)) is not None:
                return row
            if self._detours.between(a, b):
                return self._around.row(a)
        return self._at_hand.get(a) or self._table.row(a)

    def _many(self, a: int, junctions: Ints) -> Ints:
        """Return the least ticks from a junction to others, of any shape."""
        if self._detours is not None and (a in self._around or self._detours.any_from(a)):
            return np.asarray(self._around.row(a))[junctions]
        return self._table.counted(np.asarray(self._table.row(a))[junctions])

    def _along(self, origin: int, destination: int, ticks: int) -> Along:
        """Return the way along the stretch that both lie on."""
        here, there = self._stretches.ends(origin).on, dict(self._stretches.ends(destination).on)
        for s, place in here:
            stretch = self._stretches.all[s]
            if s in there and stretch.at[there[s]] - stretch.at[place] == ticks:
                return Along(0, s, stretch, place, there[s])
        raise AssertionError("neither lies on such a stretch")
