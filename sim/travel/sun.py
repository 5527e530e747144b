"""When the sun rises and sets."""

from datetime import date
from math import acos, cos, degrees, pi, radians, sin, tan

from sim.model.earth import LatLon
from sim.model.units import DAY_S, MINUTE_S

ZENITH_DEG = 90.833
"""Of the sun's centre as its upper edge shows: 0.833° below the horizon, for refraction and its radius."""


def daylight(day: date, where: LatLon, utc_s: float) -> tuple[float, float]:
    """Return sunrise and sunset on a date, in seconds since midnight of a clock ``utc_s`` ahead of UTC.

    NOAA Global Monitoring Laboratory, "General Solar Position Calculations": within two minutes below 60°
    of latitude. In a polar night both are noon, in a polar day the whole day is light.
    """
    lat, lon = where
    year_days = 366 if day.year % 4 == 0 and (day.year % 100 or day.year % 400 == 0) else 365
    g = 2 * pi / year_days * (day.timetuple().tm_yday - 1)
    equation_min = 229.18 * (
        0.000075 + 0.001868 * cos(g) - 0.032077 * sin(g) - 0.014615 * cos(2 * g) - 0.040849 * sin(2 * g)
    )
    declination = (
        0.006918
        - 0.399912 * cos(g)
        + 0.070257 * sin(g)
        - 0.006758 * cos(2 * g)
        + 0.000907 * sin(2 * g)
        - 0.002697 * cos(3 * g)
        + 0.00148 * sin(3 * g)
    )
    phi = radians(lat)
    hour = cos(radians(ZENITH_DEG)) / (cos(phi) * cos(declination)) - tan(phi) * tan(declination)
    half_min = 4 * degrees(acos(min(1.0, max(-1.0, hour))))
    noon_s = (720 - 4 * lon - equation_min) * MINUTE_S + utc_s
    if hour <= -1:
        return 0.0, DAY_S
    return noon_s - half_min * MINUTE_S, noon_s + half_min * MINUTE_S
