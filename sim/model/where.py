"""Where incidents of a type happen."""

from dataclasses import dataclass

Points = tuple[tuple[float, float], ...]
"""Metres east and north."""


@dataclass(frozen=True)
class InZones:
    """In ``zones`` with chances in proportion to ``weights``, evenly over the zone's square."""

    zones: tuple[int, ...]
    weights: tuple[float, ...]


@dataclass(frozen=True)
class AtPoints:
    """At one of ``points``, all alike, or evenly within so many metres of it."""

    points: Points
    within_m: float = 0.0


@dataclass(frozen=True)
class AlongLines:
    """Evenly along the legs from ``starts`` to ``ends``, or within so many metres of them."""

    starts: Points
    ends: Points
    within_m: float = 0.0


Where = InZones | AtPoints | AlongLines
