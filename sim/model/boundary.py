"""Boundaries of areas, and the squares of a grid whose centres lie inside."""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from sim.model.distributions import FloatArray
from sim.model.earth import LatLon, project

_RING = re.compile(r"\(([^()]*)\)")
_PIECE = re.compile(r"\(\s*\([^()]*\)(?:\s*,\s*\([^()]*\))*\s*\)")


@dataclass(frozen=True, eq=False)
class Boundary:
    """Pieces of land that do not overlap: of each its edge, a closed ring of points (n, 2), and its holes."""

    pieces: tuple[tuple[FloatArray, ...], ...]

    def project(self, origin: LatLon) -> "Boundary":
        """Return the boundary in metres, from one of (longitude, latitude)."""
        return Boundary(
            tuple(
                tuple(np.column_stack(project(ring[:, 1], ring[:, 0], origin)) for ring in piece)
                for piece in self.pieces
            )
        )

    @cached_property
    def area(self) -> float:
        """What the edges enclose, without the holes."""
        return sum(_area(edge) - sum(map(_area, holes)) for edge, *holes in self.pieces)

    @property
    def spot(self) -> tuple[float, float]:
        """A point inside: halfway up the largest piece, in the middle of the widest stretch there."""
        edge = max((edge for edge, *_ in self.pieces), key=_area)
        y = float(edge[:, 1].min() + edge[:, 1].max()) / 2
        ends = self._crossings(y)
        widest = 2 * int(np.argmax(ends[1::2] - ends[::2]))
        return float(ends[widest] + ends[widest + 1]) / 2, y

    @cached_property
    def points(self) -> FloatArray:
        """All points, shape (n, 2)."""
        return np.concatenate([ring for piece in self.pieces for ring in piece])

    def contains(self, points: FloatArray) -> NDArray[np.bool_]:
        """Return which points (n, 2) lie inside."""
        found = np.zeros(len(points), np.bool_)
        for y in np.unique(points[:, 1]).tolist():
            row = points[:, 1] == y
            found[row] = _between(points[row, 0], self._crossings(y))
        return found

    def cells(self, side: float) -> FloatArray:
        """Return the centres (n, 2) that lie inside, of squares on the grid through (0, 0)."""
        rows = [np.zeros((0, 2))]
        low, high = self.points[:, 1].min(), self.points[:, 1].max()
        for y in ((np.arange(floor(low / side), ceil(high / side)) + 0.5) * side).tolist():
            ends = self._crossings(y)
            if len(ends):
                xs = (np.arange(floor(ends[0] / side), ceil(ends[-1] / side)) + 0.5) * side
                xs = xs[_between(xs, ends)]
                rows.append(np.column_stack([xs, np.full(len(xs), y)]))
        return np.concatenate(rows)

    @cached_property
    def _edges(self) -> tuple[FloatArray, FloatArray]:
        """Where all edges start and end."""
        rings = [ring for piece in self.pieces for ring in piece]
        return np.concatenate([ring[:-1] for ring in rings]), np.concatenate([ring[1:] for ring in rings])

    def _crossings(self, y: float) -> FloatArray:
        """Return the x, sorted, at which edges cross a height; every other gap between them is inside."""
        starts, ends = self._edges
        crossing = (starts[:, 1] <= y) != (ends[:, 1] <= y)
        (x0, y0), (x1, y1) = starts[crossing].T, ends[crossing].T
        return np.sort(x0 + (y - y0) * (x1 - x0) / (y1 - y0))


@lru_cache(maxsize=256)
def read_boundary(text: str) -> Boundary:
    """Return the boundary, in degrees, of a text such as ``POLYGON ((117.8 36.8, 117.9 36.8, ...))``.

    That is well-known text: of each point the longitude and then the latitude. Raises ValueError.
    """
    pieces = tuple(tuple(map(_ring, _RING.findall(piece))) for piece in _PIECE.findall(text))
    if not re.match(r"\s*(MULTI)?POLYGON\b", text) or not pieces:
        raise ValueError("expected a boundary such as POLYGON ((117.8 36.8, 117.9 36.8, ...))")
    return Boundary(pieces)


def _ring(text: str) -> FloatArray:
    try:
        points = np.array([point.split() for point in text.split(",")], float)
    except ValueError:
        raise ValueError("expected points of two numbers in the boundary") from None
    if len(points) < 4 or points.shape[1] != 2 or (points[0] != points[-1]).any():
        raise ValueError("expected closed rings of points in the boundary")
    if not (np.abs(points) <= (180, 90)).all():
        raise ValueError("expected degrees in the boundary, longitude before latitude")
    return points


def _area(ring: FloatArray) -> float:
    x, y = (ring - ring[0]).T
    return abs(float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))) / 2


def _between(xs: FloatArray, ends: FloatArray) -> NDArray[np.bool_]:
    """Return which numbers lie between the first and second end, the third and fourth, and so on."""
    return np.asarray(np.searchsorted(ends, xs) % 2 == 1)
