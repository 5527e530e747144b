"""Where users plug in: the protocols on one page.

A plug-in is a frozen dataclass that subclasses one of these. A YAML file names it (``use:
my_module.MyClass``) and gives its fields, which are checked against their type hints. Fields named
``place``, ``fleet``, ``types``, ``calendar`` or ``weather`` are filled in by tocsin. Everything is SI:
seconds, metres.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from math import inf
from typing import NamedTuple, Protocol

import numpy as np

from sim.model.closures import Closure
from sim.model.distributions import FloatArray
from sim.model.incidents import Incidents
from sim.model.resources import Card
from sim.rng import Streams

Point = tuple[float, float]


class IncidentSource:
    """Gives the incidents of one replication: of its own, what those of others set off, or both."""

    def incidents(self, streams: Streams, *, horizon_s: float) -> Incidents:
        """Return the incidents that occur in [0, horizon_s), with all their random marks: by default none.

        Ask ``streams`` for randomness by purpose; the marks must depend on nothing else, so that two
        fleets or policies meet the same days.
        """
        return Incidents.none()

    def following(self, parents: Incidents, streams: Streams, *, horizon_s: float) -> Incidents:
        """Return the incidents that ``parents`` set off before the horizon: by default none.

        ``parents`` are one source's incidents, of one generation; every source is asked about them,
        and then about their children. Name each child's ``parent`` by that one's ``number``.
        """
        return Incidents.none()

    def notes(self, *, horizon_s: float) -> Iterable[str]:
        """Return, in words, what a run leaves out, or a user may not expect: by default nothing."""
        return ()


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


class Incident(Protocol):
    """What a policy sees of an open incident."""

    @property
    def row(self) -> int:
        """Its number, in order of report."""
        ...

    @property
    def type(self) -> int:
        """Index into the scenario's types."""
        ...

    @property
    def level(self) -> int:
        """1 (especially major) to 4 (ordinary)."""
        ...

    @property
    def priority(self) -> int:
        """Lower is served first."""
        ...

    @property
    def zone(self) -> int:
        """Index into the place's zones."""
        ...

    @property
    def x_m(self) -> float:
        """Metres east."""
        ...

    @property
    def y_m(self) -> float:
        """Metres north."""
        ...

    @property
    def reported_s(self) -> float:
        """When it was reported, in seconds."""
        ...

    @property
    def lacking(self) -> Mapping[int, float]:
        """How much it lacks of each resource (index into the fleet's)."""
        ...


class FreeUnit(Protocol):
    """What a policy sees of a unit that can be sent."""

    @property
    def name(self) -> str:
        """Its name, such as central/engine-1."""
        ...

    @property
    def index(self) -> int:
        """Index into the fleet's units."""
        ...

    @property
    def kind(self) -> int:
        """Index into the fleet's kinds."""
        ...

    @property
    def free(self) -> bool:
        """Whether it can be sent at once; else it is on its way to an incident."""
        ...

    @property
    def offers(self) -> Card:
        """What it brings, as amounts of resources."""
        ...

    @property
    def orders(self) -> int:
        """How often it has been sent."""
        ...


class Need(NamedTuple):
    """What an incident still lacks: a unit that brings a resource (index into the fleet's resources)."""

    incident: Incident
    resource: int


class Order(NamedTuple):
    """Send this unit to that incident: a free unit, or one that is on its way to something less urgent.

    The other incident then asks for another unit at once.
    """

    unit: FreeUnit
    incident: Incident


class Recall(NamedTuple):
    """Call a unit back that is on its way to an incident, which then asks for another."""

    unit: FreeUnit


class Move(NamedTuple):
    """Have a free unit stand by at another base (index into the place's sites), its own from now on."""

    unit: FreeUnit
    site: int


AnyOrder = Order | Recall | Move


class View(ABC):
    """The state of the world as a policy may see it, at one moment."""

    now_s: float
    needs: Iterable[Need]
    """What may be served now, most urgent first: by priority, then in order of report."""
    freed: FreeUnit | None = None
    """The unit that has just come free, if that is why the policy is asked."""
    sent: bool = False
    """Whether units have just been sent, if that is why the policy is asked."""

    @abstractmethod
    def candidates(
        self, need: Need, over: Callable[[Incident], bool] | None = None
    ) -> Iterator[tuple[FreeUnit, float]]:
        """Yield the free units that bring what is needed, with their expected travel time in seconds.

        Also, with ``over``, the units on their way to incidents of which it is true. Nearest first; where
        times are equal, units at base before units on their way home and those before units on their way
        out; none once the incident lacks it no more. Ask anew after each order.
        """

    @abstractmethod
    def standing_by(self, kind: int) -> Iterator[tuple[FreeUnit, int]]:
        """Yield the free units of a kind, and the site (index) that each is at or on its way to."""

    @abstractmethod
    def under_way(self, kind: int) -> Iterator[tuple[FreeUnit, Incident, float]]:
        """Yield the units of a kind on their way to incidents, with the expected seconds left."""

    @abstractmethod
    def seconds(self, unit: FreeUnit, incident: Incident) -> float:
        """Return the expected seconds of a unit, free or on its way out, to an incident; inf for no way."""


class Ways(ABC):
    """How long it takes from sites, before anything is closed."""

    @abstractmethod
    def seconds(self, kind: int, sites: Sequence[int], points: FloatArray) -> FloatArray:
        """Return the expected seconds of a kind of unit, as it goes to what is urgent, at the start.

        From sites (indices, n) to points (m, 2); shape (n, m).
        """


class Policy(ABC):
    """Decides which unit goes where.

    It is asked about needs that may be served, and about what it ``hears`` of besides: "freed", a unit that
    has come free, and "sent", that units have been sent. One that ``moves`` units between sites says so.
    """

    def begin(self, ways: Ways) -> "Policy":
        """Return the policy for one replication, with what it works out beforehand: by default itself."""
        return self

    @property
    def moves(self) -> bool:
        """Whether it moves units to other sites than their bases; by default not."""
        return False

    @property
    def hears(self) -> Collection[str]:
        """What else it is asked about; by default nothing."""
        return ()

    @abstractmethod
    def decide(self, view: View) -> Iterable[AnyOrder]:
        """Return or yield orders; never draws, waits or changes anything.

        Yielded orders are carried out at once, so that ``view`` shows their effect to the next one.
        A need that no order serves waits until a unit that brings it comes free. People and equipment are
        needed by the amount: the policy is asked again for as long as its orders bring more of them.
        """
