"""The nodes of a table: where they are, by a place or a file's own; which is nearest, which are closed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import isfinite
from pathlib import Path as FilePath
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.model.closures import Closure
from sim.model.distributions import FloatArray
from sim.model.earth import LatLon, project
from sim.model.hints import did_you_mean
from sim.model.place import Place
from sim.seams import Point
from sim.sheets import Fault, FileError, UnreadableError, canonical, read_rows
from sim.travel.areas import Areas

KNOWN = ("name", "lat", "lon", "x", "y")
_METRES = {None: 1.0, "m": 1.0, "km": 1000.0}


MOST_KEPT = 200_000
"""Points whose nearest node is remembered."""

Ints = NDArray[np.intp]


class Nodes:
    """Nodes with labels, at points (n, 2) in metres."""

    def __init__(self, labels: Sequence[str], points: FloatArray) -> None:
        from scipy.spatial import KDTree

        self._labels, self._points = labels, points
        self._tree = KDTree(points)
        self._known: dict[Point, tuple[int, float]] = {}

    def nearest(self, points: FloatArray) -> tuple[Ints, FloatArray]:
        """Return the nodes nearest to points (n, 2), and how far they are, shapes (n,)."""
        gap, node = self._tree.query(points)
        return node, gap

    def one(self, point: Point) -> tuple[int, float]:
        """Return the same for one point."""
        found = self._known.get(point)
        if found is None:
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            gap, node = self._tree.query(point)
            found = self._known[point] = int(node), float(gap)
        return found

    def at(self, node: int) -> Point:
        """Return where a node is."""
        x, y = self._points[node].tolist()
        return x, y

    def inside(self, closure: Closure, place: Place) -> Ints:
        """Return the nodes that a closure closes. Raises ValueError for one that is not there."""
        areas = Areas(place.zones)
        areas.close(closure)
        inside = areas.holds(self._points)
        if unknown := [name for name in closure.nodes if name not in self._labels]:
            hint = did_you_mean(unknown[0], self._labels)
            raise ValueError(f"expected a known node, not {unknown[0]}{hint}")
        inside[[self._labels.index(name) for name in closure.nodes]] = True
        return np.flatnonzero(inside)


def of_place(place: Place) -> dict[str, tuple[float, float]]:
    """Return where zones and sites are, by name; without the names that a zone and a site share."""
    zones = [(zone.name, (zone.x_m, zone.y_m)) for zone in place.zones]
    spots = zones + [(site.name, (site.x_m, site.y_m)) for site in place.sites]
    count = Counter(name for name, _ in spots)
    return {name: spot for name, spot in spots if count[name] == 1}


def read_nodes(file: FilePath, origin: LatLon | None) -> dict[str, tuple[float, float]]:
    """Return the nodes of a CSV in metres: a column name or id, and lat and lon, or x and y.

    Other columns are passed over. Raises FileError with everything that is wrong.
    """
    found: dict[str, tuple[float, float]] = {}
    faults: list[Fault] = []
    try:
        rows = read_rows(file)
        columns = _columns(file.name, *next(rows, (0, [])), origin)
        for row, cells in rows:
            name, where = columns.cell(cells, "name"), f"{file.name}, row {row}"
            if not name or name in found:
                faults.append(Fault(f"{where}, column name", repr(name), "names that are all different"))
            one, other = columns.spot(cells, where, faults)
            found[name] = project(one, other, origin) if origin and columns.degrees else (one, other)
    except UnreadableError as error:
        where = file.name if error.row is None else f"{file.name}, row {error.row}"
        faults.append(Fault(where, error.found, error.expected))
    if faults:
        raise FileError(faults)
    return found


class _Columns(NamedTuple):
    """Which cell of a row says what, and in which unit."""

    at: Mapping[str, int]
    scale: Mapping[str, float]

    @property
    def degrees(self) -> bool:
        return {"lat", "lon"} <= self.at.keys()

    def cell(self, cells: Sequence[str], column: str) -> str:
        return cells[self.at[column]] if self.at[column] < len(cells) else ""

    def spot(self, cells: Sequence[str], where: str, faults: list[Fault]) -> tuple[float, float]:
        """Return lat and lon, or x and y in metres, telling what is no number."""
        values = []
        for column in ("lat", "lon") if self.degrees else ("x", "y"):
            cell = self.cell(cells, column)
            values.append(_number(cell) * self.scale[column])
            if not isfinite(values[-1]):
                faults.append(Fault(f"{where}, column {column}", repr(cell), "a number"))
        return values[0], values[1]


def _columns(file: str, row: int, header: Sequence[str], origin: LatLon | None) -> _Columns:
    """Return the columns of a header. Raises FileError where some are missing, or of no use."""
    headings = [("name", None) if h.casefold() == "id" else canonical(h, KNOWN) for h in header]
    at = {name: i for i, (name, _) in enumerate(headings) if name in KNOWN}
    found = _Columns(at, {name: _METRES.get(unit, 1.0) for name, unit in headings})
    ends = ("lat", "lon") if found.degrees else ("x", "y")
    if missing := [name for name in ("name", *ends) if name not in at]:
        expected = "a column name, and lat and lon, or x and y"
        raise FileError([Fault(f"{file}, row {row}", f"no column {', '.join(missing)}", expected)])
    if found.degrees and origin is None:
        raise FileError([Fault(file, "lat and lon", "x and y, because the place is in metres")])
    return found


def _number(cell: str) -> float:
    """Return a cell's number, NaN for what is none."""
    try:
        return float(cell)
    except ValueError:
        return float("nan")
