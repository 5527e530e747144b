"""What of the stretches of a network stays the same, whatever is closed: worked out once, when asked for."""

from functools import cached_property
from typing import NamedTuple

import numpy as np

from sim.travel.roads.chains import Chains
from sim.travel.roads.graph import NEVER, Graph
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


class Stretches:
    """The stretches of a network, ``all`` open."""

    def __init__(self, network: Chains) -> None:
        self.network, self.all = network, network.stretches
        self.ends: dict[int, Ends] = {}

    @cached_property
    def by_arc(self) -> dict[int, list[tuple[int, int]]]:
        """By arc, the stretches that it is part of and its place there."""
        found: dict[int, list[tuple[int, int]]] = {}
        for s, stretch in enumerate(self.all):
            for place, arc in enumerate(stretch.arcs):
                found.setdefault(arc, []).append((s, place))
        return found

    @cached_property
    def arrivals(self) -> list[list[tuple[int, int, int]]]:
        """The stretches that end at each junction, but for loops: where from, the ticks, and which it is."""
        found: list[list[tuple[int, int, int]]] = [[] for _ in self.network.junctions]
        for s, stretch in enumerate(self.all):
            if stretch.start != stretch.end:
                found[stretch.end].append((stretch.start, stretch.at[-1], s))
        return found

    @cached_property
    def edges(self) -> Ints:
        """Their start, end and ticks, shape (stretches, 3)."""
        return np.array([(s.start, s.end, s.at[-1]) for s in self.all], np.int64).reshape(-1, 3)

    def graph(self, without: list[int] | None = None) -> Graph:
        """Return the graph that they make between junctions, ``without`` some of them."""
        kept = np.ones(len(self.all), np.bool_)
        kept[without or []] = False
        return Graph(len(self.network.junctions), *self.edges[kept].T)

    @cached_property
    def entries(self) -> Columns:
        """How all nodes are entered: from which junctions."""
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
        """How all nodes are left: to which junctions."""
        into, s = self.entries, self.entries.stretch
        ends, spans = self.edges[:, 1], self.edges[:, 2]
        return into._replace(
            junction=np.where(s >= 0, ends[s], into.junction),
            ticks=np.where(s >= 0, spans[s] - into.at, into.ticks),
        )
