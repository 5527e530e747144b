"""How far incidents are from the bases of each kind of unit, worked out in batches."""

from collections.abc import Sequence

import numpy as np

from sim.model.distributions import FloatArray
from sim.model.resources import Modes
from sim.seams import TravelTimes

BATCH = 256
AFTER_A_CHANGE = 32
"""Incidents at a time, and as many where roads have changed since the first of them."""

Reach = tuple[list[int], list[float]]
"""Base positions from near to far, and the expected seconds from each base."""


class Bases:
    """Where the units of one kind have their bases, and the modes they travel in.

    The first ``own`` are their own, and others those that they may be moved to.
    """

    def __init__(self, own: Sequence[int], others: Sequence[int], points: FloatArray, modes: Modes) -> None:
        self.sites, self.own = [*own, *others], len(own)
        self.position = {site: i for i, site in enumerate(self.sites)}
        self.points = points[self.sites]
        self.modes = modes


class Batch:
    """The reach of each of some incidents when it is classified, worked out once it is asked for.

    By kind and mode; incidents that are gone to in another mode are worked out with the others.
    """

    def __init__(self, travel: TravelTimes, bases: Sequence[Bases], points: FloatArray, at_s: FloatArray):
        self._travel, self._bases, self._points, self._at_s = travel, bases, points, at_s
        self._tables: dict[tuple[int, str], list[Reach | None]] = {}
        self._changes, self._span = 0, len(points)

    def now(self, way: tuple[int, str], i: int, changes: int) -> Reach:
        """Return the reach of the i-th incident by a kind and mode, after so many changes of the roads.

        It is worked out with that of others to come: few of them where roads change, and all may be in vain.
        """
        if changes != self._changes:
            self._tables, self._changes, self._span = {}, changes, AFTER_A_CHANGE
        table = self._tables.get(way)
        return (table and table[i]) or self._with_others(way, i)

    def _with_others(self, way: tuple[int, str], i: int) -> Reach:
        """Work out the reach of the i-th incident, and of those that come next."""
        table = self._tables.setdefault(way, [None] * len(self._points))
        some = slice(i, i + self._span) if self._span < len(self._points) else slice(0, None)
        table[some] = self._work_out(way, self._points[some], self._at_s[some])
        found = table[i]
        assert found is not None
        return found

    def at(self, way: tuple[int, str], i: int, at_s: float) -> Reach:
        """Return the reach of the i-th incident by a kind and mode at another moment."""
        return self._work_out(way, self._points[i : i + 1], at_s)[0]

    def _work_out(self, way: tuple[int, str], points: FloatArray, at_s: float | FloatArray) -> list[Reach]:
        kind, mode = way
        seconds = self._travel.seconds(self._bases[kind].points, points, at_s=at_s, mode=mode).T
        order = np.argsort(seconds, axis=1, kind="stable")
        return list(zip(order.tolist(), seconds.tolist(), strict=True))
