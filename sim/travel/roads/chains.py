"""Most nodes of a road only give it its shape: what is left without them are junctions and stretches."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.travel.roads.roads import NO_WAY, Ints, Roads


class Stretch(NamedTuple):
    """A directed way from one junction (index) to the next, over nodes and arcs of the network.

    ``at`` are the ticks from its start at each of its nodes, the first and the last included.
    """

    start: int
    end: int
    nodes: list[int]
    arcs: list[int]
    at: list[int]


@dataclass(frozen=True, eq=False)
class Chains:
    """The network of one mode as junctions and the stretches between them.

    ``junctions`` are nodes, and ``junction`` (nodes,) the index of a node among them, else -1. ``on`` has
    for every other node the stretches that it lies on, as (stretch, place on it): one on a one-way road,
    two on others. Nodes that the mode has no road to are in neither.
    """

    junctions: Ints
    junction: Ints
    stretches: list[Stretch]
    on: dict[int, list[tuple[int, int]]]


def chains(roads: Roads, mode: str) -> Chains:
    """Return the network of one mode, contracted.

    A node is a junction unless traffic can only pass it, in by one neighbour and out by another, on a
    one-way or a two-way road. Of a ring without junctions one node becomes one.
    """
    n, arcs = len(roads.x_m), _usable(roads, mode)
    start, end = roads.start[arcs], roads.end[arcs]
    passed = _passed(start, end, n)
    ways = _Ways(np.searchsorted(start, np.arange(n + 1)).tolist(), end.tolist(), passed.tolist())
    touched = np.bincount(start, minlength=n) + np.bincount(end, minlength=n) > 0
    heads = np.flatnonzero(touched & ~passed).tolist()
    seen, found = np.zeros(n, np.bool_), []
    while heads or (heads := np.flatnonzero(touched & passed & ~seen)[:1].tolist()):
        for head in heads:
            passed[head] = ways.through[head] = False
        for nodes, way in (ways.follow(head, i) for head in heads for i in ways.out(head)):
            seen[nodes] = True
            found.append((nodes, way))
        heads = []
    junctions = np.flatnonzero(touched & ~passed)
    junction = np.full(n, -1)
    junction[junctions] = np.arange(len(junctions))
    ticks = roads.ticks[mode]
    stretches = [_stretch(nodes, arcs[way], junction, ticks) for nodes, way in found]
    on: dict[int, list[tuple[int, int]]] = {}
    for s, stretch in enumerate(stretches):
        for place, node in enumerate(stretch.nodes[1:-1], 1):
            on.setdefault(node, []).append((s, place))
    return Chains(junctions, junction, stretches, on)


class _Ways(NamedTuple):
    """Arcs by their start: those out of a node are ``first[node]`` to ``first[node + 1]``."""

    first: Sequence[int]
    ends: Sequence[int]
    through: list[bool]

    def out(self, node: int) -> range:
        return range(self.first[node], self.first[node + 1])

    def follow(self, node: int, i: int) -> tuple[list[int], list[int]]:
        """Return the nodes and arcs from a node by its arc i, up to the next junction."""
        nodes, way = [node, self.ends[i]], [i]
        while self.through[nodes[-1]]:
            i = next(j for j in self.out(nodes[-1]) if self.ends[j] != nodes[-2])
            nodes.append(self.ends[i])
            way.append(i)
        return nodes, way


def _stretch(nodes: list[int], arcs: Ints, junction: Ints, ticks: Ints) -> Stretch:
    at = [0, *np.cumsum(ticks[arcs]).tolist()]
    return Stretch(int(junction[nodes[0]]), int(junction[nodes[-1]]), nodes, arcs.tolist(), at)


def _usable(roads: Roads, mode: str) -> Ints:
    """Return the arcs that a mode can take, by start and end."""
    able = np.flatnonzero((roads.ticks[mode] != NO_WAY) & (roads.start != roads.end))
    return able[np.lexsort((roads.end[able], roads.start[able]))]


def _passed(start: Ints, end: Ints, n: int) -> NDArray[np.bool_]:
    """Return which of n nodes traffic can only pass."""
    out, into = np.bincount(start, minlength=n), np.bincount(end, minlength=n)
    low, high = np.minimum(start, end), np.maximum(start, end)
    pairs = np.unique(low * n + high)
    neighbours = np.bincount(pairs // n, minlength=n) + np.bincount(pairs % n, minlength=n)
    ways, parallel = np.unique(start * n + end, return_counts=True)
    forked = ways[parallel > 1]
    passed = (neighbours == 2) & (out == into) & ((out == 1) | (out == 2))
    passed[forked // n] = passed[forked % n] = False
    return np.asarray(passed)
