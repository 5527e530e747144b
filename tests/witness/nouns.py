"""What the witness remembers while it runs: units, their missions and trips, and open incidents."""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf, nan

from sim.model.resources import Modes
from sim.seams import Point

HOME, OUT, BUSY, RETURNING = "at base", "on its way", "busy", "on its way home"
"""What a unit may be doing. It is OUT from the order until it arrives, RETURNING also where it stands."""

URGENCIES = ("urgent", "routine", "green")
"""By which of its modes a unit goes to an incident."""

ENOUGH = 1e-9
"""An amount that is lacking no more."""


@dataclass(eq=False)
class Trip:
    """A straight trip that begins and ends at moments in seconds; until it begins the unit stands."""

    origin: Point
    destination: Point
    begins_s: float
    ends_s: float
    mode: str
    noise: float

    def at(self, now_s: float) -> Point:
        """Return where the unit is."""
        if now_s <= self.begins_s:
            return self.origin
        if now_s >= self.ends_s:
            return self.destination
        share = (now_s - self.begins_s) / (self.ends_s - self.begins_s)
        (x0, y0), (x1, y1) = self.origin, self.destination
        return x0 + (x1 - x0) * share, y0 + (y1 - y0) * share


@dataclass(eq=False)
class Case:
    """An incident; ``card`` and ``turned_away`` are amounts by resource, ``level`` that of the report.

    ``kind`` is the type (index) that it is taken for.
    It is ``taken_for`` another since ``found_s``, once it is ``sized_up`` by who has ``seen`` it, or raised.
    ``apart`` are resources that nobody who was free could bring there; see choice.look. ``come`` is what has.
    """

    row: int
    point: Point
    level: int
    priority: int
    haste: int
    zone: int
    card: dict[int, float]
    kind: int
    turned_away: dict[int, float] = field(default_factory=dict)
    missions: list["Mission"] = field(default_factory=list)
    answered_s: float = inf
    classified_s: float = inf
    heard: bool = False
    cut_off: bool = False
    apart: set[int] = field(default_factory=set)
    come: dict[int, float] = field(default_factory=dict)
    taken_for: int = 0
    found_s: float = nan
    seen: bool = False
    sized_up: bool = False
    raised: bool = False

    def __post_init__(self) -> None:
        self.taken_for = self.level

    def lacking(self, resource: int) -> float:
        """Return how much more of a resource must come."""
        left = self.card[resource] - self.turned_away.get(resource, 0.0) - self.coming(resource)
        return left if left > ENOUGH else 0.0

    def coming(self, resource: int) -> float:
        """Return how much of a resource the units bring that were sent."""
        return sum(m.car.offers.get(resource, 0.0) for m in self.missions if not m.cause)

    @property
    def lacks(self) -> list[int]:
        """The resources that it lacks, in the order of its card; none before it is classified."""
        return [resource for resource in self.card if self.heard and self.lacking(resource)]


@dataclass(eq=False)
class Mission:
    """A unit sent to an incident; ``moments`` by clock, in seconds; ``told_s`` when it is alerted;
    ``haste`` by which of its modes it goes; ``cause`` of giving up, if it did."""

    case: Case
    car: "Car"
    slot: int
    from_base: bool
    expected_s: float
    moments: dict[str, float]
    told_s: float
    nearest_s: float = inf
    haste: int = 0
    hospital: int | None = None
    cause: str = ""


@dataclass(eq=False)
class Car:
    """A unit. Plans made for it count as long as ``plan`` is the number that it had then.

    ``since_s`` is since when it has been at base; ``ready_s`` when a turnout
    that nobody needs any more would have been over. On call it takes ``call_in_s`` longer to turn out.
    It is ``changing`` when the next shift waits for it to be back.
    It comes to incidents of ``from_level`` or graver, and ``stays`` until they are out. Where it only
    ``waits`` for others to come, that is how it leaves.
    """

    index: int
    kind: int
    site: int
    modes: Modes
    base: Point
    offers: dict[int, float]
    place: Point
    doing: str = HOME
    trip: Trip | None = None
    mission: Mission | None = None
    plan: int = 0
    since_s: float = 0.0
    ready_s: float | None = None
    off_duty: bool = False
    changing: bool = False
    call_in_s: float = 0.0
    from_level: int = 4
    stays: bool = True
    waits: Callable[[], None] | None = None

    def at(self, now_s: float) -> Point:
        """Return where it is."""
        return self.trip.at(now_s) if self.trip else self.place
