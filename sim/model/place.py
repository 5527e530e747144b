"""A place: its demand zones, and the sites where units stand and patients go."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.model.distributions import FloatArray

ZONE_KINDS = ("built_up", "rural")
"""Kinds of zone; speeds and the places of incidents depend on them."""


@dataclass(frozen=True)
class Zone:
    """A square of land with its centre at (x_m, y_m); ``side_m`` of 0 is a single point."""

    name: str
    town: str
    kind: str
    x_m: float
    y_m: float
    side_m: float
    people: float


@dataclass(frozen=True)
class Site:
    """A fire station or a hospital. A hospital ``accepts`` patients of these incident levels."""

    name: str
    title: str
    x_m: float
    y_m: float
    accepts: tuple[int, ...] = ()


@dataclass(frozen=True)
class Place:
    """A county or city on a plane, x to the east and y to the north, in metres.

    ``origin`` is the (latitude, longitude) of (0, 0) in degrees, where it is known.
    """

    name: str
    title: str
    zones: tuple[Zone, ...]
    stations: tuple[Site, ...]
    hospitals: tuple[Site, ...] = ()
    origin: tuple[float, float] | None = None

    @property
    def sites(self) -> tuple[Site, ...]:
        """Stations, then hospitals: wherever a unit may be based."""
        return self.stations + self.hospitals

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
