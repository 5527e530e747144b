"""How long trips take, and where a unit is on its way."""

from abc import ABC, abstractmethod
from collections.abc import Collection
from math import dist, inf

import numpy as np

from sim.model.closures import Closure
from sim.model.distributions import FloatArray
from sim.rng import Streams

Point = tuple[float, float]


class Route(ABC):
    """A trip on its way."""

    @abstractmethod
    def at(self, share: float) -> Point:
        """Return where the unit is after this share (0 to 1) of its travel time."""

    @abstractmethod
    def turn(self, share: float) -> tuple[Point, float]:
        """Return where the unit can first set out for another place, and how long until it is there.

        On a road that may be the next junction; on a plane it is where it is, and 0. It goes on there as it
        came, in the mode of this trip; the expected seconds are finite.
        """

    def metres(self, share: float = 1.0) -> float:
        """Return how far it is up to this share of its travel time: by default in a straight line."""
        return dist(self.at(0.0), self.at(share))

    def changed(self, share: float) -> bool:
        """Whether roads that have closed or opened give it reason to go another way from here on.

        By default it always has, and what is left of the trip is worked out anew.
        """
        return True


class StraightRoute(Route):
    """The straight line, at one speed."""

    __slots__ = ("_changes", "_destination", "_origin")

    def __init__(self, origin: Point, destination: Point, *, changes: bool = False) -> None:
        self._origin, self._destination, self._changes = origin, destination, changes

    def at(self, share: float) -> Point:
        """Return the point at this share of the line."""
        (x0, y0), (x1, y1) = self._origin, self._destination
        return x0 + (x1 - x0) * share, y0 + (y1 - y0) * share

    def turn(self, share: float) -> tuple[Point, float]:
        """Return where it is, and 0."""
        return self.at(share), 0.0

    def changed(self, share: float) -> bool:
        """Whether it may change at all."""
        return self._changes


class TravelTimes(ABC):
    """Says how long trips take."""

    @property
    @abstractmethod
    def modes(self) -> Collection[str]:
        """The modes of travel that it has speeds for."""

    @abstractmethod
    def seconds(
        self, origins: FloatArray, destinations: FloatArray, *, at_s: float | FloatArray, mode: str
    ) -> FloatArray:
        """Return expected times in seconds, shape (n, m), from origins (n, 2) to destinations (m, 2).

        ``at_s`` is the departure: one for all, or shape (m,), one for each destination. Unreachable
        is ``inf``. ``mode`` is the unit kind's; a source of randomness is none of its business.
        """

    def between(self, origin: Point, destination: Point, *, at_s: float, mode: str) -> float:
        """Return one trip's expected time; the same number, to the last bit, as ``seconds``."""
        times = self.seconds(np.array([origin]), np.array([destination]), at_s=at_s, mode=mode)
        return float(times[0, 0])

    def route(self, origin: Point, destination: Point, *, at_s: float, mode: str) -> Route:
        """Return where a unit is on its way, when it departs at ``at_s``: by default on the straight line."""
        return StraightRoute(origin, destination, changes=bool(self.closes))

    def begin(self, streams: Streams, *, horizon_s: float) -> "TravelTimes":
        """Return the provider as it is for one replication: its weather, its closures. By default itself.

        One that can close anything returns a fresh object each time, on which nothing is closed.
        """
        return self

    def next_change_s(self, after_s: float) -> float:
        """Return when trips that cannot be made now may be possible again by themselves: by default never.

        Such as at daybreak. Roads that open again need not be told.
        """
        return inf

    @property
    def closes(self) -> Collection[str]:
        """What of a closure it can close: ``arcs``, ``nodes``, ``zones``, ``at``. By default nothing."""
        return ()

    def close(self, closure: Closure) -> None:
        """Close what it can of a closure, from now on; only on what ``begin`` returned.

        What several closures close stays closed until all are reopened. Raises NotImplementedError when
        it can close nothing at all, ValueError for a road, node or zone that it does not know.
        """
        raise NotImplementedError(f"{type(self).__name__} cannot close anything, such as {closure.name}")

    def reopen(self, closure: Closure) -> None:
        """Reopen what was closed; times are then those of before, to the bit."""
        raise NotImplementedError(f"{type(self).__name__} cannot close anything, such as {closure.name}")
