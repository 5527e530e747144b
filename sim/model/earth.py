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


def squared_metres(dx: Degrees, dy: Degrees, y_mid: Degrees, lat: float) -> Degrees:
    """Return the squared distance over the ground of points on the plane of ``project``, in m².

    ``dx`` and ``dy`` are their differences in metres, ``y_mid`` the y halfway between them, ``lat`` that of
    the plane's origin. The mid-latitude formula: both radii of curvature are taken halfway, as in the
    FCC's rule for distances up to 475 km (47 CFR 73.208). Within 0.1 % of the geodesic over 500 km; only
    sums and products of the arguments, so that a number and an array give the same bits.
    """
    flattening = 1 / 298.257223563
    e2 = flattening * (2 - flattening)
    sin0, cos0 = sin(radians(lat)), cos(radians(lat))
    w0 = 1 - e2 * sin0 * sin0
    t = y_mid / (6378137.0 * (1 - e2) / (w0 * sqrt(w0)))
    t2 = t * t
    sin_t = t * (1 - t2 * (1 - t2 / 20) / 6)
    cos_t = 1 - t2 * (1 - t2 * (1 - t2 / 30) / 12) / 2
    sine, cosine = sin0 * cos_t + cos0 * sin_t, cos0 * cos_t - sin0 * sin_t
    w = w0 / (1 - e2 * sine * sine)
    east, north = dx * (cosine / cos0), dy
    return w * (east * east + north * north * (w * w))
