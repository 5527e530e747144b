"""Where incidents of a type happen."""

from dataclasses import dataclass

from sim.model.distributions import FloatArray
from sim.model.incidents import IntArray


@dataclass(frozen=True, eq=False)
class InZones:
    """In ``zones`` (k,) with chances in proportion to ``weights`` (k,), evenly over the zone's square."""

    zones: IntArray
    weights: FloatArray


@dataclass(frozen=True, eq=False)
class AtPoints:
    """At one of ``points`` (k, 2), all alike, or evenly within so many metres of it."""

    points: FloatArray
    within_m: float = 0.0


@dataclass(frozen=True, eq=False)
class AlongLines:
    """Evenly along the legs from ``starts`` (k, 2) to ``ends`` (k, 2), or within so many metres of them."""

    starts: FloatArray
    ends: FloatArray
    within_m: float = 0.0


Where = InZones | AtPoints | AlongLines
