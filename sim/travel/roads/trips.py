"""Trips between any two points: off the road to the nearest node, along it, and off it again."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import dist, inf

import numpy as np

from sim.model.closures import Closure
from sim.model.distributions import FloatArray
from sim.model.place import Place
from sim.seams import Point, Route, TravelTimes
from sim.travel.roads.closing import arcs_of, faults
from sim.travel.roads.graph import NEVER
from sim.travel.roads.paths import Paths
from sim.travel.roads.roads import TICK_S, Ints, Roads
from sim.travel.roads.snap import Snap
from sim.travel.roads.way import Nowhere

CLOSES = ("arcs", "nodes", "zones", "at")
"""What of a closure can be closed on roads."""

FEW = 64
"""Trips that are quicker asked for one by one."""


@dataclass(frozen=True, eq=False)
class Mode:
    """How one mode travels: its paths, its nearest nodes, its speed off the road, and times of some nodes.

    ``rows`` are the seconds from each of these to all nodes, ``columns`` those from all nodes to each.
    """

    paths: Paths
    snap: Snap
    off_road_mps: float
    rows: dict[int, memoryview]
    columns: dict[int, memoryview]

    def fresh(self) -> "Mode":
        """Return the same with closures of its own."""
        return Mode(self.paths.fresh(), self.snap, self.off_road_mps, self.rows, self.columns)


class Trips(TravelTimes):
    """Times on a road network, with closures of its own.

    Times do not depend on the hour. A trip to a point leaves the road at its nearest node. ``by_mode``
    is how each mode travels.
    """

    def __init__(
        self,
        roads: Roads,
        place: Place,
        by_mode: Mapping[str, Mode],
        arcs: dict[Closure, frozenset[int]] | None = None,
    ) -> None:
        self._roads, self._place, self.by_mode = roads, place, by_mode
        self._arcs = {} if arcs is None else arcs
        self._closed: list[Closure] = []
        self._stale: set[str] = set()

    def fresh(self) -> "Trips":
        """Return the same with all roads open, and closures of its own."""
        by_mode = {name: mode.fresh() for name, mode in self.by_mode.items()}
        return Trips(self._roads, self._place, by_mode, self._arcs)

    @property
    def modes(self) -> Collection[str]:
        """The modes that have roads."""
        return self.by_mode.keys()

    @property
    def closes(self) -> Collection[str]:
        """Roads, nodes, zones and circles."""
        return CLOSES

    def seconds(
        self, origins: FloatArray, destinations: FloatArray, *, at_s: float | FloatArray, mode: str
    ) -> FloatArray:
        """Return times in seconds, shape (n, m); see TravelTimes."""
        if len(origins) * len(destinations) <= FEW:
            return self._one_by_one(origins, destinations, mode)
        how = self.now(mode)
        start, away_m = how.snap.many(origins)
        end, beyond_m = how.snap.many(destinations)
        how.snap.remember(destinations, end, beyond_m)
        off_s, beyond_s = away_m / how.off_road_mps, beyond_m / how.off_road_mps
        nodes = start.tolist()
        by_road = np.array([self._row(how, node, end) for node in nodes]).reshape(len(nodes), len(end))
        return np.asarray(by_road + (off_s[:, None] + beyond_s))

    def nearest(self, points: FloatArray, mode: str) -> tuple[Ints, FloatArray]:
        """Return the node (index) nearest to each point (n, 2), and how far it is in metres; shapes (n,)."""
        return self.by_mode[mode].snap.many(points)

    def _one_by_one(self, origins: FloatArray, destinations: FloatArray, mode: str) -> FloatArray:
        starts, ends = ([(x, y) for x, y in points.tolist()] for points in (origins, destinations))
        found = [[self.between(start, end, at_s=0.0, mode=mode) for end in ends] for start in starts]
        return np.array(found).reshape(len(starts), len(ends))

    def between(self, origin: Point, destination: Point, *, at_s: float, mode: str) -> float:
        """Return one trip's time in seconds; see TravelTimes."""
        how = self.now(mode) if self._stale else self.by_mode[mode]
        (start, away_m), (end, beyond_m) = how.snap.one(origin), how.snap.one(destination)
        off_s = away_m / how.off_road_mps + beyond_m / how.off_road_mps
        if not self._closed:
            by_road: float
            if (row := how.rows.get(start)) is not None:
                by_road = row[end]
                return by_road + off_s
            if (column := how.columns.get(end)) is not None:
                by_road = column[start]
                return by_road + off_s
        ticks = how.paths.ticks(start, end)
        return ticks * TICK_S + off_s if ticks < NEVER else inf

    def _row(self, how: Mode, start: int, ends: Ints) -> FloatArray:
        row = how.rows.get(start)
        if row is not None and not self._closed:
            found: FloatArray = np.asarray(row)[ends]
            return found
        return how.paths.ticks_to(start, ends) * TICK_S

    def route(self, origin: Point, destination: Point, *, at_s: float, mode: str) -> "RoadRoute":
        """Return the way of a trip; see TravelTimes."""
        return RoadRoute(self, self._roads, mode, origin, destination)

    def close(self, closure: Closure) -> None:
        """Close roads; see TravelTimes. Raises ValueError for a road or node that is not there."""
        self.arcs(closure)
        self._closed.append(closure)
        self._stale = set(self.by_mode)

    def arcs(self, closure: Closure) -> frozenset[int]:
        """Return what a closure closes; looked for once for all replications. Raises ValueError as above."""
        if closure not in self._arcs:
            if unknown := list(faults(closure, self._roads)):
                raise ValueError(f"expected roads and nodes that are there, not {', '.join(unknown)}")
            self._arcs[closure] = frozenset(arcs_of(closure, self._roads, self._place))
        return self._arcs[closure]

    def reopen(self, closure: Closure) -> None:
        """Open what one closure closed, but for what another keeps closed; see TravelTimes."""
        if closure not in self._closed:
            raise ValueError(f"{closure.name} is not closed")
        self._closed.remove(closure)
        self._stale = set(self.by_mode)

    def now(self, mode: str) -> Mode:
        """Return how a mode travels, on the roads as they are now."""
        how = self.by_mode[mode]
        if mode in self._stale:
            self._stale.remove(mode)
            how.paths.close(frozenset().union(*(self._arcs[each] for each in self._closed)))
        return how


class RoadRoute(Route):
    """The way of a trip as it was when it began."""

    def __init__(self, trips: Trips, roads: Roads, mode: str, origin: Point, destination: Point) -> None:
        self._trips, self._roads, self._mode = trips, roads, mode
        self._how = how = trips.now(mode)
        self._origin, self._destination = origin, destination
        (self._start, away_m), (self._end, beyond_m) = how.snap.one(origin), how.snap.one(destination)
        self._off_s, self._beyond_s = away_m / how.off_road_mps, beyond_m / how.off_road_mps
        self._way = how.paths.way(self._start, self._end)
        self._road_s = self._way.ticks * TICK_S
        self._total_s = self._off_s + self._road_s + self._beyond_s

    def at(self, share: float) -> Point:
        """Return where the unit is after a share of its time; see Route."""
        gone_s = share * self._total_s - self._off_s
        if gone_s <= 0:
            over = 1 + gone_s / self._off_s if self._off_s else 1.0
            return _between(self._origin, self._point(self._start), over)
        if gone_s >= self._road_s:
            over = (gone_s - self._road_s) / self._beyond_s if self._beyond_s else 1.0
            return _between(self._point(self._end), self._destination, over)
        stretch, place, along = self._way.spot(gone_s / TICK_S)
        return _between(self._point(stretch.nodes[place]), self._point(stretch.nodes[place + 1]), along)

    def turn(self, share: float) -> tuple[Point, float]:
        """Return the next node on the way, and the seconds until the unit is there; see Route.

        Beyond the last node that is the last one again. A unit on an arc goes on to its end, even if that
        arc has been closed.
        """
        gone_s, snap = share * self._total_s - self._off_s, self._how.snap
        if gone_s <= 0:
            return snap.at(self._start), -gone_s
        if gone_s >= self._road_s:
            return snap.at(self._end), gone_s - self._road_s
        stretch, place, along = self._way.spot(gone_s / TICK_S)
        if along == 0:
            return snap.at(stretch.nodes[place]), 0.0
        ticks = stretch.at[place + 1] - stretch.at[place]
        return snap.at(stretch.nodes[place + 1]), (1 - along) * ticks * TICK_S

    def metres(self, share: float = 1.0) -> float:
        """Return how far it is up to a share of its time, along the nodes of the way and straight between."""
        ticks = (share * self._total_s - self._off_s) / TICK_S
        pieces = [] if isinstance(self._way, Nowhere) or ticks < 0 else self._way.pieces(0.0)
        passed = [node for piece in reversed(pieces) for node in piece.passed(ticks)]
        points = [self._origin, *map(self._point, passed), self.at(share)]
        return sum(map(dist, points, points[1:]))

    def changed(self, share: float) -> bool:
        """Whether the way ahead is closed, or an open one is faster; not once it has left the road."""
        gone_s = share * self._total_s - self._off_s
        if gone_s >= self._road_s:
            return False
        paths = self._trips.now(self._mode).paths
        return not paths.is_best(self._way, max(0.0, gone_s) / TICK_S, self._start, self._end)

    def _point(self, node: int) -> Point:
        return float(self._roads.x_m[node]), float(self._roads.y_m[node])


def _between(one: Point, other: Point, share: float) -> Point:
    """Return the point after a share (0 to 1) of the straight line."""
    share = min(1.0, max(0.0, share))
    return one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share
