"""What a plan promises, as data that a stored log can be judged against."""

from dataclasses import dataclass
from typing import Literal

INCIDENT_CLOCKS = ("occurred", "detected", "reported", "answered", "classified", "decided")
"""Moments in the life of an incident, in order."""

UNIT_CLOCKS = (
    "assigned",
    "notified",
    "enroute",
    "arrived",
    "at_work",
    "left_scene",
    "at_destination",
    "transferred",
    "cleared",
    "in_quarters",
)
"""Moments in the life of a unit's mission, in order."""

END_CLOCKS = ("controlled", "out")
"""Moments at which the work of all units is done: under control, and mopped up."""

CLOCKS = (*INCIDENT_CLOCKS, *UNIT_CLOCKS[:5], *END_CLOCKS, *UNIT_CLOCKS[5:])


@dataclass(frozen=True)
class Population:
    """Which incidents a target counts over; an empty tuple means all."""

    types: tuple[str, ...] = ()
    levels: tuple[int, ...] = ()
    zone_kinds: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


@dataclass(frozen=True)
class ResponseTarget:
    """A share of incidents in which ``stop`` comes within ``limit_s`` of ``start``.

    Over an incident's units (of the kinds in ``over.units``), ``first`` takes the earliest moment of
    each clock; ``all`` takes the latest stop, and needs every such unit on the response card.
    """

    name: str
    title: str
    clause: str
    start: str
    stop: str
    of: Literal["first", "all"]
    over: Population
    limit_s: float
    share: float
    confidence_level: float


@dataclass(frozen=True)
class CoverageTarget:
    """A share of people or land that a unit reaches in time when every unit is at its base.

    The time is ``turnout_s`` plus the expected travel from the nearest base of a unit of ``kind``,
    for a departure at ``at_s`` after the start. Over the zones of ``zone_kinds``.
    """

    name: str
    title: str
    clause: str
    kind: str
    of: Literal["people", "area"]
    zone_kinds: tuple[str, ...]
    turnout_s: float
    at_s: float
    limit_s: float
    share: float


@dataclass(frozen=True)
class RadiusTarget:
    """A share of people or land within a straight distance of one of the sites of some kinds."""

    name: str
    title: str
    clause: str
    sites: tuple[str, ...]
    of: Literal["people", "area"]
    zone_kinds: tuple[str, ...]
    radius_m: float
    share: float


@dataclass(frozen=True)
class BurntTarget:
    """At most a ``share`` of the land of some kinds of zone burns in a year."""

    name: str
    title: str
    clause: str
    types: tuple[str, ...]
    zone_kinds: tuple[str, ...]
    share: float
    confidence_level: float


@dataclass(frozen=True)
class DeclaredTarget:
    """A promise that nothing here can test yet; ``waits_for`` says what is missing."""

    name: str
    title: str
    clause: str
    waits_for: str


Target = ResponseTarget | CoverageTarget | RadiusTarget | BurntTarget | DeclaredTarget
