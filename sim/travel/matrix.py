"""Travel times from an origin-destination table."""

from collections.abc import Collection, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from math import hypot, inf

import numpy as np
from numpy.typing import NDArray

from sim.model.closures import Closure
from sim.model.distributions import FloatArray
from sim.model.files import TableFile
from sim.model.hints import did_you_mean
from sim.model.place import Place, Site
from sim.model.resources import Fleet
from sim.model.units import PositiveMetres, Speed
from sim.rng import Streams
from sim.seams import Point, Route, TravelTimes
from sim.sheets import Fault, FileError
from sim.travel.nodes import Nodes, of_place, read_nodes
from sim.travel.od_modes import MatrixMode, Times, read_times, unknown_modes

Ints = NDArray[np.intp]


@dataclass(frozen=True)
class Matrix(TravelTimes):
    """Times between nodes, from tables; every point is at its nearest node.

    A table is a square CSV with labels in its first row and column, a long one with columns ``from``,
    ``to`` and one for each mode, such a Parquet file, or an NPZ of arrays by mode and ``names``. Inf, or
    nothing, is what cannot be reached. Labels are names of the place's zones or sites, or those of a CSV
    of ``nodes`` (name; lat and lon, or x and y). No zone or site may be farther than ``snap`` from a node.
    Within a node no time passes, and none between a point and its node, but at the speed ``off_road``.

    Nodes, zones and circles can be closed: the nodes inside are then reached from nowhere, and nothing
    from them. On its way a unit is on the straight line; it can turn at the node nearest to where it is,
    and is there at the pace of its trip. Raises FileError with all that is wrong.
    """

    place: Place
    modes: Mapping[str, MatrixMode] = None  # type: ignore[assignment]  # a default hides the seam's property
    nodes: TableFile | None = None
    snap: PositiveMetres = 5000.0
    off_road: Speed | None = None
    fleet: Fleet | None = None

    def __post_init__(self) -> None:
        if not self.modes:
            raise ValueError("expected the tables of at least one mode")
        if faults := [*unknown_modes(self.modes)]:
            raise FileError(faults)
        _ = self._times, self._nodes
        if faults := [*self._far()]:
            raise FileError(faults)

    @property
    def closes(self) -> Collection[str]:
        """Nodes, zones and circles."""
        return "nodes", "zones", "at"

    def begin(self, streams: Streams, *, horizon_s: float) -> "Matrix":
        """Return one that has closed nothing, of the same tables."""
        _ = self._nodes
        fresh = copy(self)
        for own in ("_closures", "_closed"):
            fresh.__dict__.pop(own, None)
        return fresh

    def close(self, closure: Closure) -> None:
        """Close nodes; see TravelTimes."""
        self._closed[self._nodes.inside(closure, self.place)] += 1
        self._closures.append(closure)

    def reopen(self, closure: Closure) -> None:
        """Reopen them."""
        if closure not in self._closures:
            raise ValueError(f"{closure.name} is not closed")
        self._closures.remove(closure)
        self._closed[self._nodes.inside(closure, self.place)] -= 1

    def seconds(
        self, origins: FloatArray, destinations: FloatArray, *, at_s: float | FloatArray, mode: str
    ) -> FloatArray:
        """Return expected times in seconds, shape (n, m); see TravelTimes."""
        table, factor = self._times.by_mode[mode]
        (here, gap), (there, rest) = self._nodes.nearest(origins), self._nodes.nearest(destinations)
        found = table[here[:, None], there] * factor
        if self.off_road is not None:
            dx, dy = (origins[:, None, i] - destinations[None, :, i] for i in (0, 1))
            within = np.sqrt(dx * dx + dy * dy) / self.off_road
            found = np.where(here[:, None] == there, within, found + (gap[:, None] + rest) / self.off_road)
        if self._closures:
            closed = self._closed > 0
            found = np.where(closed[here][:, None] | closed[there], inf, found)
        return found

    def between(self, origin: Point, destination: Point, *, at_s: float, mode: str) -> float:
        """Return one trip's expected time in seconds; see TravelTimes."""
        table, factor = self._times.by_mode[mode]
        (here, gap), (there, rest) = self._nodes.one(origin), self._nodes.one(destination)
        if self._closures and (self._closed[here] or self._closed[there]):
            return inf
        found: float = table.item(here, there) * factor
        if self.off_road is None:
            return found
        if here != there:
            return found + (gap + rest) / self.off_road
        dx, dy = origin[0] - destination[0], origin[1] - destination[1]
        return float(np.sqrt(dx * dx + dy * dy)) / self.off_road

    def route(self, origin: Point, destination: Point, *, at_s: float, mode: str) -> Route:
        """Return the straight line, with turns at nodes."""
        whole_s = self.between(origin, destination, at_s=at_s, mode=mode)
        return _Way(self, origin, destination, whole_s)

    def is_closed(self, point: Point) -> bool:
        """Whether the node of a point is closed."""
        return bool(self._closures and self._closed[self._nodes.one(point)[0]])

    def node_near(self, point: Point) -> Point:
        """Return where the nearest node is."""
        return self._nodes.at(self._nodes.one(point)[0])

    @property
    def summary(self) -> str:
        """Nothing beyond the table itself."""
        return ""

    def notes(self) -> Iterator[str]:
        """Yield, in words, who is reached in no time, and which bases nobody comes back to."""
        bases = self._bases(None)
        if self.off_road is None and bases:
            here, _ = self._nodes.nearest(np.array([(site.x_m, site.y_m) for site in bases]))
            at, _ = self._nodes.nearest(self.place.centres)
            near = self.place.people[np.isin(at, here)].sum()
            people = f"{near:,.0f} of {self.place.people.sum():,.0f} people"
            more = "are at the node of a base, 0 s from it (see off_road, or finer nodes)"
            yield f"within a node no time passes: {people} {more}"
        for mode in self.modes:
            yield from self._one_way(mode)

    def _bases(self, mode: str | None) -> list[Site]:
        """Return the bases of the units that go by a mode, or by any of this provider's."""
        fleet, wanted = self.fleet, set(self.modes) if mode is None else {mode}
        if fleet is None:
            return []
        going = {unit.base for unit in fleet.units if wanted & set(fleet.kinds[unit.kind].modes)}
        return [self.place.sites[i] for i in sorted(going)]

    def _one_way(self, mode: str) -> Iterator[str]:
        """Yield the bases that join most nodes one way only."""
        table, _ = self._times.by_mode[mode]
        for site in self._bases(mode):
            here = self._nodes.one((site.x_m, site.y_m))[0]
            out, back = np.isfinite(table[here]), np.isfinite(table[:, here])
            for one, other, words in ((out, back, "leave {} for"), (back, out, "come to {} from")):
                if (lost := int((one & ~other).sum())) > len(self.labels) / 2:
                    nodes = f"{lost} of {len(self.labels)} nodes"
                    yield f"{mode} can {words.format(site.name)} {nodes}, but not the other way"

    def unknown(self, closure: Closure) -> Iterator[Fault]:
        """Yield the nodes of a closure that are not there; see Closing."""
        for name in closure.nodes:
            if name not in self.labels:
                expected = f"a node of the table{did_you_mean(name, self.labels)}"
                yield Fault("", repr(name), expected, ("nodes",))

    def idle(self, closure: Closure) -> str:
        """Return why a closure stops nobody; see Closing."""
        return "" if len(self._nodes.inside(closure, self.place)) else "no node of the table is in it"

    @cached_property
    def _times(self) -> Times:
        return read_times(self.modes)

    @property
    def labels(self) -> tuple[str, ...]:
        """What the nodes are called, in the order of the first table."""
        return self._times.labels

    @cached_property
    def _nodes(self) -> Nodes:
        """Where the nodes are. Raises FileError for labels that are nowhere."""
        where = of_place(self.place) if self.nodes is None else read_nodes(self.nodes, self.place.origin)
        what = "a zone or site of the place, of one of them" if self.nodes is None else "a node of the file"
        first = next(mode.file for mode in self.modes.values() if mode.file is not None)
        faults = [
            Fault(first.name, repr(label), f"{what}{did_you_mean(label, where)}")
            for label in self.labels
            if label not in where
        ]
        if faults:
            raise FileError(faults)
        return Nodes(self.labels, np.array([where[label] for label in self.labels], float).reshape(-1, 2))

    def _far(self) -> Iterator[Fault]:
        """Yield the zones and sites that have no node near them."""
        spots = [(f"zone {zone.name}", zone.x_m, zone.y_m) for zone in self.place.zones]
        spots += [(f"site {site.name}", site.x_m, site.y_m) for site in self.place.sites]
        gaps = self._nodes.nearest(np.array([spot[1:] for spot in spots]))[1]
        for (name, *_), gap in zip(spots, gaps.tolist(), strict=True):
            if gap > self.snap:
                found = f"{name} is {gap / 1000:.1f} km from the nearest node"
                yield Fault("", found, f"a node within {self.snap / 1000:g} km", ("snap",))

    @cached_property
    def _closures(self) -> list[Closure]:
        return []

    @cached_property
    def _closed(self) -> Ints:
        """How often each node is closed, shape (n,)."""
        return np.zeros(len(self.labels), np.intp)


class _Way(Route):
    """The straight line from node to node."""

    def __init__(self, matrix: Matrix, origin: Point, destination: Point, whole_s: float) -> None:
        self._matrix, self._origin, self._destination = matrix, origin, destination
        self._whole_s = whole_s

    def at(self, share: float) -> Point:
        (x0, y0), (x1, y1) = self._origin, self._destination
        return x0 + (x1 - x0) * share, y0 + (y1 - y0) * share

    def changed(self, share: float) -> bool:
        """Whether the node of its destination is closed."""
        return self._matrix.is_closed(self._destination)

    def turn(self, share: float) -> tuple[Point, float]:
        """Return the node nearest to where it is, and the seconds until there at the trip's mean speed."""
        here = self.at(share)
        if not 0 < share < 1:
            return here, 0.0
        node = self._matrix.node_near(here)
        whole_s = self._whole_s
        (x0, y0), (x1, y1) = self._origin, self._destination
        whole_m, gap_m = hypot(x1 - x0, y1 - y0), hypot(node[0] - here[0], node[1] - here[1])
        return node, gap_m * whole_s / whole_m if whole_m > 0 and whole_s < inf else 0.0
