"""Which unit goes where: what a policy sees, and the orders that it gives."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from sim.model.distributions import FloatArray
from sim.model.resources import Card


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
        """1 (especially major) to 4 (ordinary), as it is taken to be now."""
        ...

    @property
    def priority(self) -> int:
        """That of its level, as it is taken to be now; lower is more urgent."""
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

HEARD = ("freed", "sent")
"""What a policy may hear of; see Policy."""


class View(ABC):
    """The state of the world as a policy may see it, at one moment."""

    now_s: float
    needs: Iterable[Need]
    """What may be served now, in turn: by priority, then in order of report, or by the queue discipline."""
    freed: FreeUnit | None = None
    """The unit that has just come free, if that is why the policy is asked."""
    sent: bool = False
    """Whether units have just been sent, if that is why the policy is asked."""
    by_amount: Collection[int] = frozenset()
    """The resources (indices) that are people or equipment, of which units bring different amounts."""

    @abstractmethod
    def candidates(
        self, need: Need, over: Callable[[Incident], bool] | None = None
    ) -> Iterator[tuple[FreeUnit, float]]:
        """Yield the free units that bring what is needed, with their expected travel time in seconds.

        Those of forces only where these come; their typical mobilisation and marshalling are counted in.
        Also, with ``over``, the units on their way to incidents of which it is true. Nearest first; where
        times are equal, units at base before units on their way home and those before units on their way
        out; none once the incident lacks it no more. Ask anew after each order.
        """

    @abstractmethod
    def standing_by(self, kind: int) -> Iterator[tuple[FreeUnit, int]]:
        """Yield the free units of a kind, and the site (index) that each is at or on its way to."""

    @abstractmethod
    def seconds_to(self, unit: FreeUnit, site: int) -> float:
        """Return the expected seconds of a free unit to a base (index into the place's sites).

        From where it is, by the roads that are open: 0 where it is there, inf where no way leads.
        """

    @abstractmethod
    def under_way(self, kind: int) -> Iterator[tuple[FreeUnit, Incident, float]]:
        """Yield the units of a kind on their way to incidents, with the expected seconds left."""

    @abstractmethod
    def seconds(self, unit: FreeUnit, incident: Incident) -> float:
        """Return the expected seconds of a unit, free or on its way out, to an incident; see ``candidates``.

        inf where no way leads, or where it is not to go: by its level, or because it is of a reserve.
        """


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
