"""The node of the road that is nearest to a point, and the way there off the road."""

from collections.abc import Sequence

import numpy as np

from sim.model.distributions import FloatArray
from sim.seams import Point
from sim.travel.roads.roads import Ints

MOST_KNOWN = 200_000
"""Points whose nodes are remembered; then they are looked for anew."""


class Snap:
    """Finds the node nearest to a point, among some of all nodes at ``points`` (all, 2) in metres."""

    def __init__(self, nodes: Ints, points: FloatArray) -> None:
        from scipy.spatial import KDTree

        self._nodes, self._points = nodes, points
        self._tree = KDTree(points[nodes])
        self._known: dict[Point, tuple[int, float]] = {}
        self._pinned: dict[Point, int] = {}

    def many(self, points: FloatArray) -> tuple[Ints, FloatArray]:
        """Return the nearest node to each point (n, 2), and the metres to it; shapes (n,)."""
        pinned = [self._pinned.get((x, y), -1) for x, y in points.tolist()] if self._pinned else ()
        away_m, found = self._tree.query(points)
        nodes = self._nodes[found]
        if self._pinned:
            on = np.array(pinned)
            nodes, away_m = np.where(on >= 0, on, nodes), np.where(on >= 0, 0.0, away_m)
        return nodes, away_m

    def remember(self, points: FloatArray, nodes: Ints, away_m: FloatArray) -> None:
        """Have ``one`` find these points at once."""
        if len(self._known) > MOST_KNOWN:
            self._known.clear()
        places: Sequence[Point] = [(x, y) for x, y in points.tolist()]
        self._known.update(zip(places, zip(nodes.tolist(), away_m.tolist(), strict=True), strict=True))

    def one(self, point: Point) -> tuple[int, float]:
        """Return the nearest node to a point, and the metres to it."""
        found = self._known.get(point)
        if found is None:
            there = np.array([point])
            self.remember(there, *self.many(there))
            found = self._known[point]
        return found

    def at(self, node: int) -> Point:
        """Return the point of a node; from now on it is found there, also where none may leave it."""
        x, y = self._points[node].tolist()
        if self.one((x, y)) != (node, 0.0):
            self._pinned[x, y] = node
            self._known[x, y] = node, 0.0
        return x, y
