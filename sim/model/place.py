"""A place: its demand zones, and the sites where units stand, patients go, and things happen."""

from dataclasses import dataclass
from functools import cached_property
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from sim.model.distributions import Distribution, FloatArray

ZONE_KINDS = ("built_up", "rural", "forest", "water")
"""Kinds of zone; speeds and the places of incidents depend on them."""

FIRE_STATION, HOSPITAL = "fire_station", "hospital"

SITE_KINDS = (FIRE_STATION, HOSPITAL, "depot", "helipad", "shelter", "team_base")
"""Kinds of site that tocsin knows by name; a place may have any others."""


@dataclass(frozen=True)
class Zone:
    """A square of land with its centre at (x_m, y_m); ``side_m`` of 0 is a single point.

    Where there is no signal and nobody to tell, reports come by ``report_delay`` later.
    """

    name: str
    town: str
    kind: str
    x_m: float
    y_m: float
    side_m: float
    people: float
    district: str = ""
    report_delay: Distribution | None = None


@dataclass(frozen=True)
class Site:
    """A fire station, hospital, or other site. A hospital ``accepts`` patients of these incident levels."""

    name: str
    title: str
    x_m: float
    y_m: float
    accepts: tuple[int, ...] = ()
    kind: str = FIRE_STATION


@dataclass(frozen=True)
class Line:
    """A road, coast, river or pipeline through ``points`` in metres; ``length_m`` is the stated one."""

    name: str
    title: str
    kind: str
    points: tuple[tuple[float, float], ...]
    length_m: float


@dataclass(frozen=True)
class Place:
    """A county or city on a plane, x to the east and y to the north, in metres.

    ``origin`` is the (latitude, longitude) of (0, 0) in degrees, where it is known.
    """

    name: str
    title: str
    zones: tuple[Zone, ...]
    sites: tuple[Site, ...]
    lines: tuple[Line, ...] = ()
    origin: tuple[float, float] | None = None

    def sites_of(self, kind: str) -> tuple[Site, ...]:
        """Return the sites of a kind."""
        return tuple(site for site in self.sites if site.kind == kind)

    @property
    def stations(self) -> tuple[Site, ...]:
        """The fire stations."""
        return self.sites_of(FIRE_STATION)

    @property
    def hospitals(self) -> tuple[Site, ...]:
        """The hospitals."""
        return self.sites_of(HOSPITAL)

    @cached_property
    def centres(self) -> FloatArray:
        """Zone centres in metres, shape (zones, 2)."""
        return np.array([(zone.x_m, zone.y_m) for zone in self.zones])

    @cached_property
    def people(self) -> FloatArray:
        """People in each zone, shape (zones,)."""
        return np.array([zone.people for zone in self.zones])

    @cached_property
    def area_m2(self) -> FloatArray:
        """Land of each zone in square metres, shape (zones,)."""
        return np.array([zone.side_m**2 for zone in self.zones])

    @cached_property
    def kinds(self) -> NDArray[np.intp]:
        """Index into ZONE_KINDS of each zone, shape (zones,)."""
        return np.array([ZONE_KINDS.index(zone.kind) for zone in self.zones])

    @cached_property
    def late(self) -> NDArray[np.bool_]:
        """Which zones' reports come late, shape (zones,)."""
        return np.array([zone.report_delay is not None for zone in self.zones], np.bool_)

    @cached_property
    def lateness_s(self) -> FloatArray:
        """By how much each zone's reports typically come late, shape (zones,)."""
        laws = [zone.report_delay for zone in self.zones]
        return np.array([law.median_s if law else 0.0 for law in laws])

    def gap_m(self, point: tuple[float, float]) -> float:
        """Return about how far a point is from the land of any zone, in metres."""
        return float((np.hypot(*(self.centres - point).T) - self.area_m2**0.5 * sqrt(0.5)).min())

    def zones_at(self, points: FloatArray) -> NDArray[np.int64]:
        """Return the zone that covers each point (n, 2), else the one with the nearest centre; shape (n,)."""
        from scipy.spatial import KDTree

        found = KDTree(self.centres).query(points)[1].astype(np.int64)
        sides = np.sqrt(self.area_m2)
        for side in np.unique(sides[sides > 0]):
            same = np.flatnonzero(sides == side)
            gap, nearest = KDTree(self.centres[same]).query(points, p=np.inf)
            inside = gap <= side / 2
            found[inside] = same[nearest[inside]]
        return np.asarray(found)
