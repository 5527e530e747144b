"""Areas that are closed: the squares of zones, and circles."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.model.closures import Closure
from sim.model.distributions import FloatArray
from sim.model.place import Zone
from sim.seams import Point, StraightRoute

Spots = tuple[float, float, float]


class AreaRoute(StraightRoute):
    """The straight line to a point that an area may close; the areas that it passes do not matter."""

    __slots__ = ("_areas",)

    def __init__(self, origin: Point, destination: Point, areas: "Areas") -> None:
        super().__init__(origin, destination)
        self._areas = areas

    def changed(self, share: float) -> bool:
        """Whether its destination is closed."""
        return self._areas.hold(*self._destination)


def idle(closure: Closure, zones: Sequence[Zone]) -> str:
    """Return why a closure of areas stops nobody: no zone is in its circle; "" where one is."""
    if closure.at is None or closure.zones:
        return ""
    x, y = closure.at
    gaps = (
        (max(abs(zone.x_m - x) - zone.side_m / 2, 0.0), max(abs(zone.y_m - y) - zone.side_m / 2, 0.0))
        for zone in zones
    )
    near = any(dx * dx + dy * dy <= closure.radius_m**2 for dx, dy in gaps)
    return "" if near else "no zone is in it"


class Areas:
    """What ``closures`` close of a plane. Each counts until it is reopened."""

    __slots__ = ("_circles", "_squares", "_zones", "closures")

    def __init__(self, zones: Sequence[Zone]) -> None:
        self._zones = zones
        self.closures: list[Closure] = []
        self._squares: list[Spots] = []
        self._circles: list[Spots] = []

    def close(self, closure: Closure) -> None:
        """Close an area once more. Raises ValueError for a zone that there is not."""
        if unknown := [zone for zone in closure.zones if not 0 <= zone < len(self._zones)]:
            raise ValueError(f"expected zones 0 to {len(self._zones) - 1}, not {unknown[0]}")
        self.closures.append(closure)
        self._work_out()

    def reopen(self, closure: Closure) -> None:
        """Take back one closing. Raises ValueError when it is not closed."""
        if closure not in self.closures:
            raise ValueError(f"{closure.name} is not closed")
        self.closures.remove(closure)
        self._work_out()

    def _work_out(self) -> None:
        zones = [self._zones[i] for closure in self.closures for i in closure.zones]
        self._squares = [(zone.x_m, zone.y_m, zone.side_m / 2) for zone in zones]
        self._circles = [(*c.at, c.radius_m * c.radius_m) for c in self.closures if c.at]

    def hold(self, x_m: float, y_m: float) -> bool:
        """Whether a point is closed; edges are."""
        return any(abs(x_m - x) <= half and abs(y_m - y) <= half for x, y, half in self._squares) or any(
            (x_m - x) * (x_m - x) + (y_m - y) * (y_m - y) <= squared for x, y, squared in self._circles
        )

    def holds(self, points: FloatArray) -> NDArray[np.bool_]:
        """Return the same for points (n, 2), shape (n,)."""
        x_m, y_m = points[:, 0], points[:, 1]
        found = np.zeros(len(points), np.bool_)
        for x, y, half in self._squares:
            found |= (np.abs(x_m - x) <= half) & (np.abs(y_m - y) <= half)
        for x, y, squared in self._circles:
            found |= (x_m - x) * (x_m - x) + (y_m - y) * (y_m - y) <= squared
        return found
