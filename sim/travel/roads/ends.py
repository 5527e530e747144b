"""How nodes are left and entered: along the stretches that they lie on, where these are open."""

from collections.abc import Collection
from functools import cached_property
from typing import NamedTuple

import numpy as np

from sim.travel.roads.chains import Chains
from sim.travel.roads.graph import NEVER
from sim.travel.roads.roads import Ints


class Link(NamedTuple):
    """How a node is joined to a junction: in so many ticks, along a stretch from or up to its place there.

    A junction is joined to itself, along no stretch (-1).
    """

    junction: int
    ticks: int
    stretch: int = -1
    place: int = 0


class Ends(NamedTuple):
    """How a node is left and entered, and the stretches that it lies on, as (stretch, place)."""

    exits: tuple[Link, ...]
    entries: tuple[Link, ...]
    on: tuple[tuple[int, int], ...]


class Columns(NamedTuple):
    """How all nodes are entered or left, shape (2, nodes): by which junctions and in how many ticks.

    ``stretch`` and ``at`` say where a node lies, -1 for nowhere. What is missing takes NEVER.
    """

    junction: Ints
    ticks: Ints
    stretch: Ints
    at: Ints


class OpenStretches:
    """The stretches of a network, and at which places they are broken by closed arcs."""

    def __init__(self, network: Chains) -> None:
        self.network, self.all = network, network.stretches
        self.breaks: dict[int, list[int]] = {}
        self._ends_open: dict[int, Ends] = {}
        self._ends = self._ends_open

    def fresh(self) -> "OpenStretches":
        """Return the same stretches, all open."""
        other = OpenStretches(self.network)
        other._ends = other._ends_open = self._ends_open
        other.__dict__.update(_by_arc=self._by_arc, _all_open=self._all_open, columns=self._all_open)
        return other

    def close(self, arcs: Collection[int]) -> None:
        """Have exactly these arcs closed."""
        self.breaks = {}
        for arc in set(arcs):
            for s, place in self._by_arc.get(arc, ()):
                self.breaks.setdefault(s, []).append(place)
        for places in self.breaks.values():
            places.sort()
        self.columns = self._broken() if self.breaks else self._all_open
        self._ends = {} if self.breaks else self._ends_open

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
        junction = int(self.network.junction[node])
        if junction >= 0:
            itself = (Link(junction, 0),)
            return Ends(itself, itself, ())
        on = tuple(self.network.on.get(node, ()))
        exits, entries = [], []
        for s, place in on:
            stretch, breaks = self.all[s], self.breaks.get(s)
            if not breaks or breaks[-1] < place:
                exits.append(Link(stretch.end, stretch.at[-1] - stretch.at[place], s, place))
            if not breaks or breaks[0] >= place:
                entries.append(Link(stretch.start, stretch.at[place], s, place))
        return Ends(tuple(exits), tuple(entries), on)

    @cached_property
    def _by_arc(self) -> dict[int, list[tuple[int, int]]]:
        """By arc, the stretches that it is part of and its place there."""
        found: dict[int, list[tuple[int, int]]] = {}
        for s, stretch in enumerate(self.all):
            for place, arc in enumerate(stretch.arcs):
                found.setdefault(arc, []).append((s, place))
        return found

    @cached_property
    def columns(self) -> Columns:
        """How all nodes are entered now."""
        return self._all_open

    @cached_property
    def _all_open(self) -> Columns:
        n, junctions = len(self.network.junction), self.network.junctions
        found = Columns(
            np.zeros((2, n), np.int64), np.full((2, n), NEVER), np.full((2, n), -1), np.full((2, n), -1)
        )
        found.junction[0, junctions], found.ticks[0, junctions] = np.arange(len(junctions)), 0
        for node, on in self.network.on.items():
            for i, (s, place) in enumerate(on):
                at = self.all[s].at[place]
                found.junction[i, node], found.ticks[i, node] = self.all[s].start, at
                found.stretch[i, node], found.at[i, node] = s, at
        return found

    @cached_property
    def exits(self) -> Columns:
        """How all nodes are left with all roads open: to which junctions."""
        into, s = self._all_open, self._all_open.stretch
        ends = np.array([stretch.end for stretch in self.all], np.int64)
        spans = np.array([stretch.at[-1] for stretch in self.all], np.int64)
        return into._replace(
            junction=np.where(s >= 0, ends[s], into.junction),
            ticks=np.where(s >= 0, spans[s] - into.at, into.ticks),
        )

    def _broken(self) -> Columns:
        """Return the columns without the entries that are closed."""
        ticks = self._all_open.ticks.copy()
        for s, places in self.breaks.items():
            nodes = np.array(self.all[s].nodes[places[0] + 1 : -1], np.int64)
            row, which = np.nonzero(self._all_open.stretch[:, nodes] == s)
            ticks[row, nodes[which]] = NEVER
        return self._all_open._replace(ticks=ticks)
