"""What is closed to travel for a while: roads, nodes, zones, a circle."""

from dataclasses import dataclass
from math import inf


@dataclass(frozen=True)
class Closure:
    """What is closed from ``from_s`` until ``until_s`` (inf: for good).

    ``arcs`` are labels of roads, ``nodes`` those of nodes, ``zones`` indices into the place's zones; ``at``
    is the centre of a circle of ``radius_m``.
    """

    name: str
    from_s: float = 0.0
    until_s: float = inf
    arcs: tuple[str, ...] = ()
    nodes: tuple[str, ...] = ()
    zones: tuple[int, ...] = ()
    at: tuple[float, float] | None = None
    radius_m: float = 0.0

    @property
    def parts(self) -> tuple[str, ...]:
        """What it closes, by the names of its fields; see TravelTimes.closes."""
        return tuple(name for name in ("arcs", "nodes", "zones", "at") if getattr(self, name))
