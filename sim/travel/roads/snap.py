"""The node of the road that is nearest to a point, and the way there off the road."""

from collections.abc import Sequence

import numpy as np

from sim.model.distributions import FloatArray
from sim.seams import Point
from sim.travel.roads.roads import Ints

MOST_KNOWN = 200_000
"""Points whose nodes are remembered; then they are looked for anew."""


class AtNode(tuple[float, float]):
    """The point of a node, which knows the node: also one where none may leave the road."""

    node: int


class Snap:
    """Finds the node nearest to a point, among some of all nodes at ``points`` (all, 2) in metres."""

    def __init__(self, nodes: Ints, points: FloatArray) -> None:
        from scipy.spatial import KDTree

        self._nodes, self._points = nodes, points
        self._tree = KDTree(points[nodes])
        self._known: dict[Point, tuple[int, float]] = {}

    def many(self, points: FloatArray) -> tuple[Ints, FloatArray]:
        """Return the nearest node to each point (n, 2), and the metres to it; shapes (n,)."""
        away_m, found = self._tree.query(points)
        return self._nodes[found], away_m

    def remember(self, points: FloatArray, nodes: Ints, away_m: FloatArray) -> None:
        """Have ``one`` find these points at once."""
        if len(self._known) > MOST_KNOWN:
            self._known.clear()
        places: Sequence[Point] = [(x, y) for x, y in points.tolist()]
        self._known.update(zip(places, zip(nodes.tolist(), away_m.tolist(), strict=True), strict=True))

    def one(self, point: Point) -> tuple[int, float]:
        """Return the nearest node to a point, and the metres to it."""
        if point.__class__ is AtNode:
            return point.node, 0.0
        found = self._known.get(point)
        if found is None:
            there = np.array([point])
            self.remember(there, *self.many(there))
            found = self._known[point]
        return found

    def at(self, node: int) -> Point:
        """Return the point of a node."""
        found = AtNode(self._points[node].tolist())
        found.node = node
        return found
