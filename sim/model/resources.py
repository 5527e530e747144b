"""Units, the kinds they are of, and what they bring."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import ceil
from typing import Literal, NamedTuple

from sim.model.distributions import Constant, Distribution
from sim.model.duty import Hours, Servicing
from sim.model.forces import ORDINARY, OWN, Force

NO_TIME = Constant(0.0)


class Resource(NamedTuple):
    """What a response card can ask for: units with a capability, their people, or equipment."""

    name: str
    measure: Literal["units", "crew", "equipment"] = "units"


class Ask(NamedTuple):
    """An amount of a resource (index into the fleet's)."""

    resource: int
    amount: float


Card = tuple[Ask, ...]
"""A response card: what an incident asks for."""


Urgency = Literal["urgent", "routine", "green"]
"""How units go to an incident: with sirens, without, or by a green channel that is kept clear for them."""


class Modes(NamedTuple):
    """The modes of travel that a kind goes by: to incidents by their urgency, home, and to hospital.

    ``hospital`` of "" is that of the way out.
    """

    urgent: str
    routine: str
    green: str
    home: str
    hospital: str = ""

    @classmethod
    def of(
        cls,
        urgent: str,
        routine: str | None = None,
        green: str | None = None,
        home: str | None = None,
        hospital: str | None = None,
    ) -> "Modes":
        """Return the modes of a kind: as urgent where nothing else is said, and home as routine."""
        routine = routine or urgent
        return cls(urgent, routine, green or urgent, home or routine, hospital or "")

    def with_patient(self, haste: int) -> str:
        """Return the mode to hospital after a way out by the ``haste``-th mode."""
        return self.hospital or self[haste]


class Mishaps(NamedTuple):
    """What may happen to units of a kind when they are sent, drawn for each order.

    A crew ``attends`` with that chance; one that does not is not asked again for ``absent_s``. A unit
    ``breaks_down`` on its way with that chance, and is out for ``repair_s``.
    """

    attends: float = 1.0
    absent_s: float = 0.0
    breaks_down: float = 0.0
    repair_s: float = 0.0


NO_MISHAPS = Mishaps()


@dataclass(frozen=True)
class UnitKind:
    """What all units of one kind share.

    ``modes`` name the speeds they travel at. ``turnout`` runs from notified to wheels rolling,
    ``access`` from arrival to work begun (or the patient reached). Only a kind that ``transports``
    takes patients to hospital, where ``handover`` is the time until it is free again. Each trip's
    time is multiplied by a lognormal of median 1 and log standard deviation ``trip_sigma``. Its name
    is one of its ``capabilities``. With fewer people than its ``minimum_crew`` a unit is not sent. When its
    own work on scene is done it stays until all has come that the card asks for, ``holds_s`` at most.
    """

    name: str
    title: str
    modes: Modes
    turnout: Distribution
    access: Distribution
    trip_sigma: float = 0.0
    transports: bool = False
    handover: Distribution = NO_TIME
    capabilities: tuple[str, ...] = ()
    equipment: Mapping[str, float] = field(default_factory=dict)
    mishaps: Mishaps = NO_MISHAPS
    minimum_crew: int = 0
    servicing: Servicing | None = None
    holds_s: float = 0.0

    def amount(self, resource: Resource, crew: int) -> float:
        """Return how much of a resource a unit of this kind with so many people brings."""
        if resource.measure == "equipment":
            return self.equipment.get(resource.name, 0.0)
        if resource.name not in (self.name, *self.capabilities):
            return 0.0
        return 1.0 if resource.measure == "units" else float(crew)


@dataclass(frozen=True)
class Unit:
    """One vehicle or team. ``kind`` indexes the fleet's kinds, ``base`` the place's sites.

    Without ``hours`` it is always on duty, with its ``crew``; else with as many as each shift has, and with
    its ``crew`` on call. ``force`` is whose it is.
    """

    name: str
    kind: int
    base: int
    crew: int = 0
    hours: Hours | None = None
    force: Force = OWN

    @property
    def crews(self) -> tuple[int, ...]:
        """How many people are to be on it: in each shift, and on call."""
        if self.hours is None:
            return (self.crew,)
        shifts = tuple(shift.count for shift in self.hours.roster.shifts)
        return shifts if self.hours.on_call_s is None else (*shifts, self.crew)

    def minimum(self, minimum_crew: int) -> int:
        """Return the minimum crew: the kind's, and one where members may be missing."""
        return max(minimum_crew, 1) if self.hours is not None and self.hours.absence else minimum_crew

    def fewest(self, minimum_crew: int) -> int | None:
        """Return the fewest people that it is sent with, by the kind's minimum; None if it never is."""
        minimum = self.minimum(minimum_crew)
        enough = [people for people in self.crews if people >= minimum]
        if enough and self.hours is not None and self.hours.absence:
            return minimum
        return min(enough, default=None)


@dataclass(frozen=True)
class Fleet:
    """All units. ``available`` says when a unit can be sent again: on clearing, or back in quarters.

    ``forces`` are those that units may belong to, none where all come alike.
    """

    kinds: tuple[UnitKind, ...]
    units: tuple[Unit, ...]
    available: Literal["clearing", "in_quarters"] = "clearing"
    firefighters: int | None = None
    resources: tuple[Resource, ...] = ()
    forces: tuple[Force, ...] = ()

    def offer(self, unit: Unit, people: int) -> Card:
        """Return what a unit with so many people brings."""
        kind, numbered = self.kinds[unit.kind], enumerate(self.resources)
        amounts = ((r, kind.amount(resource, people)) for r, resource in numbered)
        return tuple(Ask(r, amount) for r, amount in amounts if amount > 0)

    @cached_property
    def offers(self) -> tuple[Card, ...]:
        """What each unit brings with its own crew, shape (units,)."""
        return tuple(self.offer(unit, unit.crew) for unit in self.units)

    @cached_property
    def most(self) -> tuple[dict[int, float], ...]:
        """By level, I to IV, the most of each resource that units can bring to one incident, all together.

        Each with its largest crew; who does not come to that level, or stays as a reserve, is left out.
        """
        alike: dict[tuple[str, int, int], list[Unit]] = {}
        for unit in self.units:
            alike.setdefault((unit.force.name, unit.kind, unit.base), []).append(unit)
        found: list[dict[int, float]] = [{} for _ in range(ORDINARY)]
        for units in alike.values():
            force, crews = units[0].force, sorted((max(unit.crews) for unit in units), reverse=True)
            for people in crews[: max(0, len(units) - force.reserve)]:
                for r, amount in self.offer(units[0], people):
                    for most in found[: force.from_level]:
                        most[r] = most.get(r, 0.0) + amount
        return tuple(found)

    @cached_property
    def least(self) -> tuple[dict[int, float], ...]:
        """By resource, the least that a unit of each kind brings of it; shape (resources,)."""
        return self._least[0]

    @cached_property
    def _least(self) -> tuple[tuple[dict[int, float], ...], ...]:
        """The same of the units that come to each level, I to IV; shape (4, resources)."""
        found: list[list[dict[int, float]]] = [[{} for _ in self.resources] for _ in range(ORDINARY)]
        for unit in self.units:
            people = unit.fewest(self.kinds[unit.kind].minimum_crew)
            for r, amount in self.offer(unit, people) if people is not None else ():
                for least in found[: unit.force.from_level]:
                    least[r][unit.kind] = min(amount, least[r].get(unit.kind, amount))
        return tuple(map(tuple, found))

    def slots(self, card: Iterable[Ask], level: int = 1) -> tuple[tuple[int, int], ...]:
        """Return the most units of each kind that a card can take, as (kind, number), in card order.

        Units that do not come to a ``level`` (1 to 4) are left out.
        """
        most: dict[int, int] = {}
        for r, amount in card:
            for kind, least in sorted(self._least[level - 1][r].items()):
                most[kind] = most.get(kind, 0) + ceil(amount / least - 1e-9)
        return tuple(most.items())
