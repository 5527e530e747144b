"""Which kind of zone a point lies in."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.distributions import FloatArray
from sim.model.place import Place

RESOLUTION_M = 250.0


class Terrain:
    """A raster of zone kinds: of the square that covers a point, else of the nearest zone.

    ``only_kind`` is the kind where there is but one.
    """

    def __init__(self, place: Place) -> None:
        half = np.array([zone.side_m / 2 for zone in place.zones])[:, None]
        low, high = (place.centres - half).min(axis=0), (place.centres + half).max(axis=0)
        self._x0, self._y0 = (float(value) for value in low)
        nx, ny = (int(n) for n in np.ceil((high - low) / RESOLUTION_M).astype(int) + 1)
        kinds = set(place.kinds.tolist())
        self.only_kind = kinds.pop() if len(kinds) == 1 else None
        if self.only_kind is not None:
            nx = ny = 1
        xs = self._x0 + (np.arange(nx) + 0.5) * RESOLUTION_M
        ys = self._y0 + (np.arange(ny) + 0.5) * RESOLUTION_M
        self._raster = place.kinds[[_nearest(x, ys, place.centres) for x in xs]]
        for zone, kind in zip(place.zones, place.kinds, strict=True):
            inside_x = np.abs(xs - zone.x_m) < zone.side_m / 2
            inside_y = np.abs(ys - zone.y_m) < zone.side_m / 2
            self._raster[np.ix_(inside_x, inside_y)] = kind
        self._rows: list[list[int]] = self._raster.tolist()
        self._last_x, self._last_y = nx - 1, ny - 1

    def kinds(self, points: FloatArray) -> NDArray[np.intp]:
        """Return the index into ZONE_KINDS at each point, shape (n,) for points (n, 2).

        Where there is but one kind the shape is (1,), that it may be broadcast.
        """
        if self.only_kind is not None:
            return np.asarray(self._raster[0])
        ix = ((points[:, 0] - self._x0) / RESOLUTION_M).astype(np.intp).clip(0, self._last_x)
        iy = ((points[:, 1] - self._y0) / RESOLUTION_M).astype(np.intp).clip(0, self._last_y)
        return np.asarray(self._raster[ix, iy])

    def kind(self, x_m: float, y_m: float) -> int:
        """Return the same for one point."""
        ix = min(max(int((x_m - self._x0) / RESOLUTION_M), 0), self._last_x)
        iy = min(max(int((y_m - self._y0) / RESOLUTION_M), 0), self._last_y)
        return self._rows[ix][iy]


def _nearest(x: float, ys: NDArray[Any], centres: FloatArray) -> NDArray[np.intp]:
    """Return the index of the nearest of ``centres`` (n, 2) to each (x, y), shape of ``ys``."""
    squared = (centres[:, 0] - x) ** 2 + (centres[:, 1] - ys[:, None]) ** 2
    return np.asarray(squared.argmin(axis=1))
