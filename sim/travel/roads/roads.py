"""A road network as it was read: nodes, and arcs with a time for each mode of travel."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.model.distributions import FloatArray

TICK_S = 2.0**-16
"""Times of arcs are whole numbers of ticks (15 µs), so that their sums are exact, whatever the order."""

MOST_S = 2.0**37
"""What all arcs may take together: 2**53 ticks, up to which floating-point numbers are exact."""

NO_WAY = np.int64(-1)
"""The ticks of an arc that a mode may not take."""

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Roads:
    """Nodes with coordinates in metres, shape (nodes,), and directed arcs between them, shape (arcs,).

    ``access`` says at which nodes one may leave the road for a point off it. ``ticks`` are the times of
    the arcs by mode, ``NO_WAY`` where a mode may not go. ``labels`` name roads, for closures: each with
    the arcs that it consists of. ``names`` are what the file calls the nodes, ``untaken`` what
    it has times for that is no mode.
    """

    x_m: FloatArray
    y_m: FloatArray
    access: NDArray[np.bool_]
    start: Ints
    end: Ints
    ticks: Mapping[str, Ints]
    names: tuple[str, ...] = ()
    labels: Mapping[str, Ints] = field(default_factory=dict)
    untaken: tuple[str, ...] = ()

    @property
    def points(self) -> FloatArray:
        """Coordinates in metres, shape (nodes, 2)."""
        return np.stack([self.x_m, self.y_m], axis=1)


def ticks_of(seconds: FloatArray) -> Ints:
    """Return times of arcs in ticks, at least one: no arc takes no time at all.

    Raises ValueError where ways may be too long to be added up exactly.
    """
    if not seconds.sum() < MOST_S:
        raise ValueError(f"expected roads that take less than {MOST_S / 31557600:,.0f} years together")
    return np.maximum(1, np.rint(seconds / TICK_S)).astype(np.int64)
