"""Drawing where incidents happen."""

from collections.abc import Callable

import numpy as np

from sim.model.distributions import FloatArray
from sim.model.incidents import IntArray
from sim.model.place import Place
from sim.model.where import AlongLines, AtPoints, InZones, Where

Stream = Callable[[str], np.random.Generator]


def scatter(where: Where, place: Place, stream: Stream, n: int) -> tuple[IntArray, FloatArray]:
    """Return the zones (n,) and places in metres (n, 2) of incidents; ``stream`` names randomness."""
    match where:
        case InZones():
            chances = np.cumsum(np.array(where.weights))
            drawn = np.searchsorted(chances / chances[-1], stream("zone").random(n), side="right")
            zones = np.array(where.zones, np.int64)[drawn]
            return zones, within_zones(zones, place, stream)
        case AtPoints():
            points = np.array(where.points)[stream("site").integers(len(where.points), size=n)]
        case AlongLines():
            starts = np.array(where.starts)
            legs = np.array(where.ends) - starts
            chances = np.cumsum(np.hypot(legs[:, 0], legs[:, 1]))
            leg = np.searchsorted(chances / chances[-1], stream("leg").random(n), side="right")
            points = starts[leg] + stream("along").random(n)[:, None] * legs[leg]
    if where.within_m:
        radius = where.within_m * np.sqrt(stream("radius").random(n))
        points = points + around(radius, stream)
    return place.zones_at(points), points


def within_zones(zones: IntArray, place: Place, stream: Stream) -> FloatArray:
    """Return places evenly spread over the squares of zones (n,), in metres, shape (n, 2)."""
    offset = (stream("place").random((len(zones), 2)) - 0.5) * np.sqrt(place.area_m2[zones])[:, None]
    return np.asarray(place.centres[zones] + offset)


def around(radius_m: FloatArray, stream: Stream) -> FloatArray:
    """Return offsets (n, 2) of these lengths (n,) in directions at random."""
    angle = 2 * np.pi * stream("direction").random(len(radius_m))
    return np.asarray(radius_m[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1))
