"""Everything that one run needs, frozen: a world, what happens in it, and what it is judged by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.model.calendar import Calendar
from sim.model.centre import CommandCentre
from sim.model.closures import Closure
from sim.model.place import Place
from sim.model.resources import Fleet
from sim.model.targets import Target
from sim.model.types import IncidentType
from sim.model.until import Decided
from sim.seams import IncidentSource, Policy, QueueDiscipline, TravelTimes


@dataclass(frozen=True)
class Scenario:
    """A world and its days.

    ``calendar`` knows the date of time 0; ``closures`` go by when they begin. Without a ``queue`` discipline
    who waits is served by priority, then in order of report.
    """

    name: str
    place: Place
    fleet: Fleet
    types: tuple[IncidentType, ...]
    centre: CommandCentre
    travel: TravelTimes
    policy: Policy
    sources: tuple[tuple[str, IncidentSource], ...]
    targets: tuple[Target, ...]
    calendar: Calendar
    horizon_s: float
    warmup_s: float = 0.0
    closures: tuple[Closure, ...] = ()
    queue: QueueDiscipline | None = None


@dataclass(frozen=True)
class Study:
    """A scenario, how often it is repeated, and from which seed.

    With ``until`` it is repeated until that is satisfied, and ``replications`` is the most that it takes.
    ``workers`` of None means one process a core. ``fingerprint`` names the config and the code: two
    studies with the same one give the same tables, byte for byte. ``config`` is the composed mapping
    that the study was built from, with sources and confidences; ``plugin_folder`` is where the user's
    own plug-ins lie, ``folders`` where the files that the config names are looked for, ``files`` those of
    them that it does not hold itself. ``notes`` are what a user should know of how it came about.
    """

    scenario: Scenario
    seed: int
    replications: int
    workers: int | None
    fingerprint: str = ""
    plugin_folder: str | None = None
    folders: tuple[str, ...] = field(default=(), compare=False)
    files: tuple[str, ...] = field(default=(), compare=False)
    until: Decided | None = None
    notes: tuple[str, ...] = field(default=(), compare=False)
    config: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
