"""Shortest times and ways between nodes, on roads that can be closed and opened again."""

from collections.abc import Collection
from functools import cached_property
from itertools import accumulate
from math import inf
from typing import NamedTuple

import numpy as np

from sim.model.distributions import FloatArray
from sim.travel.roads.chains import Chains, Stretch
from sim.travel.roads.ends import Link, OpenStretches
from sim.travel.roads.graph import NEVER, Graph
from sim.travel.roads.roads import Ints
from sim.travel.roads.table import Row, Table
from sim.travel.roads.way import Way


class Closed(NamedTuple):
    """What was faster between neighbouring junctions with all roads open: its start, end and ticks."""

    start: Ints
    end: Ints
    ticks: Ints

    @classmethod
    def none(cls) -> "Closed":
        """Return that nothing is closed."""
        return cls(*np.zeros((3, 0), np.int64))

    @classmethod
    def between(cls, table: Table, now: Graph) -> "Closed":
        """Return the edges of a table's graph that are slower, or missing, in another graph."""
        whole = table.graph
        keys, left = whole.start * whole.n + whole.end, now.start * now.n + now.end
        at = np.minimum(np.searchsorted(left, keys), max(0, len(left) - 1))
        same = (left[at] == keys) & (now.ticks[at] == whole.ticks) if len(left) else np.zeros(len(keys), bool)
        return cls(whole.start[~same], whole.end[~same], whole.ticks[~same])

    def used_from(self, row: Row) -> tuple[Ints, Ints]:
        """Return those that fastest ways from a junction use: the ticks up to their end, and that end."""
        over = row[self.start].astype(np.int64) + self.ticks
        tight = over == row[self.end]
        return over[tight], self.end[tight]


class Paths:
    """Ticks between any two nodes of one mode, and the way.

    A trip leaves its stretch at the end, goes from junction to junction, and enters another stretch at the
    start, or it stays on the one it is on. Where roads are closed, a trip between junctions is worked out
    anew only if its way, with all roads open, led over one of them: others keep their times.
    """

    def __init__(self, network: Chains, table: Table, stretches: OpenStretches | None = None) -> None:
        self._network, self._table, self._graph = network, table, table.graph
        self._stretches = stretches or OpenStretches(network)
        self._closed = Closed.none()
        self._tight: dict[int, list[tuple[int, memoryview]]] = {}
        self._rows: dict[int, memoryview] = {}
        self._around: dict[int, memoryview] = {}
        self._hops: dict[int, memoryview] = {}

    def fresh(self) -> "Paths":
        """Return the same with all roads open, and with closures of its own."""
        other = Paths(self._network, self._table, self._stretches.fresh())
        other._rows, other._hops = self._rows, self._hops
        other.__dict__.update(_departures=self._departures, _edges=self._edges)
        other.__dict__.update(_ends=self._ends, _spans=self._spans)
        return other

    def close(self, arcs: Collection[int]) -> None:
        """Have exactly these arcs closed from now on."""
        self._stretches.close(arcs)
        self._around, self._tight, self._graph, self._closed = {}, {}, self._table.graph, Closed.none()
        if broken := self._stretches.breaks:
            kept = np.ones(len(self._edges), np.bool_)
            kept[list(broken)] = False
            self._graph = Graph(self._table.graph.n, *self._edges[kept].T)
            self._closed = Closed.between(self._table, self._graph)

    def ticks(self, origin: int, destination: int) -> int:
        """Return the least ticks from one node to another; NEVER where there is no way."""
        return self._best(origin, destination)[0]

    def is_best(self, way: Way, ticks: float, origin: int, destination: int) -> bool:
        """Whether a way is as good as any, and open, from the next node on after so many ticks.

        Before it has begun (0 ticks) that is the ``origin``.
        """
        stretches, closed = self._stretches.all, self._stretches.breaks
        if not way.since:
            return self.ticks(origin, destination) == (0 if origin == destination else NEVER)
        if ticks > 0:
            way = way.ahead(stretches, ticks)
            origin = stretches[way.stretches[0]].nodes[way.first]
        length = way.length(stretches)
        return length == self.ticks(origin, destination) and not way.uses(stretches, closed)

    def ticks_to(self, origin: int, destinations: Ints) -> FloatArray:
        """Return the least ticks from a node to others, shape (len(destinations),); inf without a way."""
        ends, to = self._stretches.ends(origin), self._stretches.columns
        junction, ticks = to.junction[:, destinations], to.ticks[:, destinations]
        best = np.full(len(destinations), NEVER)
        for leave in ends.exits:
            between = self._row_for(leave.junction, junction)
            best = np.minimum(best, (between + ticks).min(axis=0) + leave.ticks)
        stretch, at = to.stretch[:, destinations], to.at[:, destinations]
        for s, place in ends.on:
            here, last = (self._stretches.all[s].at[each] for each in (place, self._stretches.last(s, place)))
            along = np.where((stretch == s) & (at >= here) & (at <= last), at - here, NEVER)
            best = np.minimum(best, along.min(axis=0))
        return np.where(best < NEVER, best, inf)

    def ticks_from(self, origins: Ints, destination: int) -> FloatArray:
        """Return the least ticks from nodes to another with all roads open, shape (len(origins),); or inf."""
        ends, by = self._stretches.ends(destination), self._stretches.exits
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

    def way(self, origin: int, destination: int) -> Way:
        """Return the fastest way; empty where there is none, or nowhere to go."""
        ticks, leave, enter = self._best(origin, destination)
        if ticks >= NEVER or origin == destination:
            return Way()
        if leave is None or enter is None:
            return self._along(origin, destination, ticks)
        between = self._junctions(leave.junction, enter.junction)
        since = list(accumulate([self._spans[s] for s in between], initial=leave.ticks))
        first, last = leave.place, enter.place
        if leave.stretch >= 0:
            between.insert(0, leave.stretch)
            since.insert(0, 0)
        if enter.stretch >= 0:
            between.append(enter.stretch)
        else:
            since.pop()
            last = len(self._stretches.all[between[-1]].at) - 1
        return Way(since, between, first, last)

    def spot(self, way: Way, ticks: float) -> tuple[Stretch, int, float]:
        """Return the stretch and the place there after so many ticks of a way, and the share to the next."""
        return way.spot(self._stretches.all, ticks)

    def _best(self, origin: int, destination: int) -> tuple[int, Link | None, Link | None]:
        """Return the least ticks, and by which exit and entry; by none along a stretch that both lie on."""
        here, there = self._stretches.ends(origin), self._stretches.ends(destination)
        most = NEVER if self._closed.start.size else self._table.never
        best, by, to = most, None, None
        for leave in here.exits:
            row = self._rows.get(leave[0]) or self._row(leave[0])
            for enter in there.entries:
                ticks: int = leave[1] + row[enter[0]] + enter[1]
                if ticks < best and self._closed.start.size:
                    ticks = leave[1] + self._between(leave[0], enter[0]) + enter[1]
                if ticks < best:
                    best, by, to = ticks, leave, enter
        for s, place in here.on:
            for other, last in there.on:
                if s == other and place <= last <= self._stretches.last(s, place):
                    ticks = self._stretches.all[s].at[last] - self._stretches.all[s].at[place]
                    if ticks <= best:
                        best, by, to = ticks, None, None
        return best if best < most else NEVER, by, to

    def _row(self, a: int) -> memoryview:
        """Return the ticks from a junction to all with all roads open."""
        row = self._rows[a] = self._table.row(a).data
        return row

    def _detours(self, a: int, b: int) -> bool:
        """Whether the way between two junctions leads over a closed road."""
        if not self._closed.start.size:
            return False
        ticks = (self._rows.get(a) or self._row(a))[b]
        return any(over + onward[b] == ticks for over, onward in self._uses(a))

    def _between(self, a: int, b: int) -> int:
        """Return the least ticks between two junctions."""
        if self._detours(a, b):
            return self._row_around(a)[b]
        ticks: int = (self._rows.get(a) or self._row(a))[b]
        return ticks if ticks < self._table.never else NEVER

    def _row_for(self, a: int, junctions: Ints) -> Ints:
        """Return the least ticks from a junction to others, of any shape."""
        if self._closed.start.size and (a in self._around or self._uses(a)):
            return np.asarray(self._row_around(a))[junctions]
        return self._table.counted(self._table.row(a)[junctions])

    def _uses(self, a: int) -> list[tuple[int, memoryview]]:
        """Return the closed roads that fastest ways from a junction use: ticks to the end, and its row."""
        tight = self._tight.get(a)
        if tight is None:
            over, onward = self._closed.used_from(self._table.row(a))
            rows = [self._table.row(end).data for end in onward.tolist()]
            tight = self._tight[a] = list(zip(over.tolist(), rows, strict=True))
        return tight

    def _row_around(self, a: int) -> memoryview:
        """Return the ticks from a junction to all without the closed roads."""
        row = self._around.get(a)
        if row is None:
            row = self._around[a] = self._graph.rows([a])[0].data
        return row

    def _along(self, origin: int, destination: int, ticks: int) -> Way:
        """Return the way along the stretch that both lie on."""
        here, there = self._stretches.ends(origin).on, dict(self._stretches.ends(destination).on)
        s, place = next(
            (s, place)
            for s, place in here
            if s in there and self._stretches.all[s].at[there[s]] - self._stretches.all[s].at[place] == ticks
        )
        return Way((0,), (s,), place, there[s])

    def _junctions(self, a: int, b: int) -> list[int]:
        """Return the stretches of the fastest way between two junctions."""
        found, hops, departures, ends = [], self._hops, self._departures, self._ends
        careful = bool(self._stretches.breaks)
        while a != b:
            s = departures[a][(hops.get(a) or self._hops_from(a))[b]]
            if careful and (s in self._stretches.breaks or self._detours(a, b)):
                s = self._search(a, b)
            found.append(s)
            a = ends[s]
        return found

    def _search(self, a: int, b: int) -> int:
        """Return the first stretch of the fastest way on the roads that are open."""
        left, stretches = self._between(a, b), self._stretches.all
        return next(
            s
            for s in self._departures[a]
            if s not in self._stretches.breaks
            and stretches[s].at[-1] + self._between(stretches[s].end, b) == left
        )

    def _hops_from(self, a: int) -> memoryview:
        """Return which departure from a junction the fastest way to each other takes, with all roads open."""
        row = self._table.row(a).astype(np.int64)
        found = np.zeros(len(row), np.uint8)
        for i, s in enumerate(self._departures[a]):
            stretch = self._stretches.all[s]
            found[stretch.at[-1] + self._table.row(stretch.end).astype(np.int64) == row] = i
        hops = self._hops[a] = found.data
        return hops

    @cached_property
    def _ends(self) -> list[int]:
        """The junction that each stretch leads to."""
        ends: list[int] = self._edges[:, 1].tolist()
        return ends

    @cached_property
    def _spans(self) -> list[int]:
        """The ticks of each stretch."""
        spans: list[int] = self._edges[:, 2].tolist()
        return spans

    @cached_property
    def _edges(self) -> Ints:
        """The stretches as start, end and ticks, shape (stretches, 3)."""
        return edges_of(self._stretches.all)

    @cached_property
    def _departures(self) -> list[list[int]]:
        """The stretches that start at each junction, but for loops."""
        found: list[list[int]] = [[] for _ in range(self._table.graph.n)]
        for s, stretch in enumerate(self._stretches.all):
            if stretch.start != stretch.end:
                found[stretch.start].append(s)
        return found


def edges_of(stretches: Collection[Stretch]) -> Ints:
    """Return the start, end and ticks of stretches, shape (stretches, 3)."""
    return np.array([(s.start, s.end, s.at[-1]) for s in stretches], np.int64).reshape(-1, 3)


def graph_of(stretches: Collection[Stretch], n: int) -> Graph:
    """Return the graph that stretches make between n junctions."""
    return Graph(n, *edges_of(stretches).T)
