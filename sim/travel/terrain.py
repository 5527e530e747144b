"""Which kind of zone a point lies in."""

import numpy as np
from numpy.typing import NDArray

from sim.model.distributions import FloatArray
from sim.model.place import Place

RESOLUTION_M = 250.0
UNKNOWN = -1


class Terrain:
    """A raster of zone kinds: of the square that covers a point, else of the nearest zone.

    ``only_kind`` is the kind where there is but one. The nearest zone is looked for once a point
    outside all squares is asked for: few ever are.
    """

    def __init__(self, place: Place) -> None:
        half = np.array([zone.side_m / 2 for zone in place.zones])[:, None]
        low, high = (place.centres - half).min(axis=0), (place.centres + half).max(axis=0)
        self._x0, self._y0 = (float(value) for value in low)
        self._centres, self._kinds = place.centres, place.kinds
        nx, ny = (int(n) for n in np.ceil((high - low) / RESOLUTION_M).astype(int) + 1)
        kinds = set(place.kinds.tolist())
        self.only_kind = kinds.pop() if len(kinds) == 1 else None
        if self.only_kind is not None:
            nx = ny = 1
        self._xs = self._x0 + (np.arange(nx) + 0.5) * RESOLUTION_M
        self._ys = self._y0 + (np.arange(ny) + 0.5) * RESOLUTION_M
        self._raster = np.full((nx, ny), UNKNOWN if self.only_kind is None else self.only_kind, np.intp)
        for zone, kind in zip(place.zones, place.kinds, strict=True):
            inside_x = np.abs(self._xs - zone.x_m) < zone.side_m / 2
            inside_y = np.abs(self._ys - zone.y_m) < zone.side_m / 2
            self._raster[np.ix_(inside_x, inside_y)] = kind
        self._rows: list[list[int]] = self._raster.tolist()
        self._last_x, self._last_y = nx - 1, ny - 1

    def kinds(self, points: FloatArray) -> NDArray[np.intp]:
        """Return the index into ZONE_KINDS at each point, shape (n,) for points (n, 2).

        Where there is but one kind the shape is (1,), that it may be broadcast.
        """
        if self.only_kind is not None:
            return np.asarray(self._raster[0])
        x, y = points.T
        ix = _within(((x - self._x0) / RESOLUTION_M).astype(np.intp), self._last_x)
        iy = _within(((y - self._y0) / RESOLUTION_M).astype(np.intp), self._last_y)
        found = self._raster[ix, iy]
        for i in np.flatnonzero(found == UNKNOWN).tolist():
            found[i] = self._nearest(int(ix[i]), int(iy[i]))
        return np.asarray(found)

    def kind(self, x_m: float, y_m: float) -> int:
        """Return the same for one point."""
        ix = min(max(int((x_m - self._x0) / RESOLUTION_M), 0), self._last_x)
        iy = min(max(int((y_m - self._y0) / RESOLUTION_M), 0), self._last_y)
        known = self._rows[ix][iy]
        return known if known != UNKNOWN else self._nearest(ix, iy)

    def _nearest(self, ix: int, iy: int) -> int:
        """Return the kind of the zone nearest to a cell's centre, and keep it in the raster."""
        squared = (self._centres[:, 0] - self._xs[ix]) ** 2 + (self._centres[:, 1] - self._ys[iy]) ** 2
        kind = int(self._kinds[squared.argmin()])
        self._raster[ix, iy] = self._rows[ix][iy] = kind
        return kind


def _within(index: NDArray[np.intp], last: int) -> NDArray[np.intp]:
    """Return indices brought into 0 to ``last``; for a few of them np.clip takes ten times as long."""
    return np.minimum(np.maximum(index, 0), last)
