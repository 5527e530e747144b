"""From degrees to metres."""

from math import cos, pi, radians, sin, sqrt
from typing import TypeVar

from sim.model.distributions import FloatArray

LatLon = tuple[float, float]
Degrees = TypeVar("Degrees", float, FloatArray)


def project(lat: Degrees, lon: Degrees, origin: LatLon) -> tuple[Degrees, Degrees]:
    """Return metres east and north of ``origin``, for degrees; numbers, or arrays of one shape.

    Equirectangular with the WGS 84 radii of curvature at the origin: within 0.1 % over 50 km.
    """
    semi_major, flattening = 6378137.0, 1 / 298.257223563
    e2 = flattening * (2 - flattening)
    root = sqrt(1 - e2 * sin(radians(origin[0])) ** 2)
    north_radius = semi_major * (1 - e2) / root**3
    east_radius = semi_major / root * cos(radians(origin[0]))
    return (lon - origin[1]) * (pi / 180) * east_radius, (lat - origin[0]) * (pi / 180) * north_radius
