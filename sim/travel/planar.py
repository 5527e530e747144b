"""Travel on a plane: distance with a detour factor, a cruise speed by place and hour, acceleration."""

from collections.abc import Collection, Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from math import inf, sqrt
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from sim.model.closures import Closure
from sim.model.distributions import FloatArray
from sim.model.place import ZONE_KINDS, Place
from sim.model.units import DAY_S, HOUR_S, Acceleration, Speed, TimeOfDay
from sim.rng import Streams
from sim.seams import Point, Route, TravelTimes
from sim.sheets import Fault
from sim.travel.areas import AreaRoute, Areas, idle
from sim.travel.terrain import Terrain

ZoneKind = Literal["built_up", "rural", "forest", "water"]
Period = Literal["day", "night"]
Cruise = dict[str, list[list[list[float]]]]


@dataclass(frozen=True)
class Planar(TravelTimes):
    """Times over the plane.

    Road distance d is the straight (or Manhattan) distance times ``detour``. A vehicle speeds up at
    ``acceleration`` a to its cruise speed v and brakes likewise: t = 2 sqrt(d/a) while d <= v²/a,
    else v/a + d/v (Larson & Odoni, Urban Operations Research, 3.7.2); without an acceleration,
    t = d/v. ``speeds`` gives v by mode, kind of zone, and day or night; a trip drives half its way
    at the speed of either end's kind, so that v is their harmonic mean. Hours from ``day_from`` to
    ``day_to`` are day, by the moment that the trip is decided (``at_s``).

    Zones and circles can be closed: a trip that begins or ends there takes inf. Of trips that pass them
    by, or through them, a plane says nothing: these stay as they were.
    """

    place: Place
    speeds: Mapping[str, Mapping[ZoneKind, Mapping[Period, Speed]]]
    detour: Annotated[float, Field(strict=True, ge=1, le=10)] = 1.0
    metric: Literal["euclidean", "manhattan"] = "euclidean"
    acceleration: Acceleration | None = None
    day_from: TimeOfDay = 6 * HOUR_S
    day_to: TimeOfDay = 22 * HOUR_S

    def __post_init__(self) -> None:
        if not self.speeds:
            raise ValueError("expected the speeds of at least one mode")
        wanted = sorted({zone.kind for zone in self.place.zones})
        for mode, by_zone in self.speeds.items():
            for kind in wanted:
                missing = {"day", "night"} - set(by_zone.get(kind, {}))  # type: ignore[call-overload]
                if missing:
                    raise ValueError(f"expected speeds.{mode}.{kind} for {' and '.join(sorted(missing))}")

    @property
    def modes(self) -> Collection[str]:
        """The modes that have speeds."""
        return self.speeds.keys()

    @property
    def closes(self) -> Collection[str]:
        """Zones and circles."""
        return "zones", "at"

    def begin(self, streams: Streams, *, horizon_s: float) -> "Planar":
        """Return one that has closed nothing, on the same terrain."""
        _ = self._terrain, self._cruise
        fresh = copy(self)
        for own in ("_areas", "_settings"):
            fresh.__dict__.pop(own, None)
        return fresh

    def close(self, closure: Closure) -> None:
        """Close zones and a circle; see TravelTimes."""
        self._areas.close(closure)

    def reopen(self, closure: Closure) -> None:
        """Reopen them."""
        self._areas.reopen(closure)

    def route(self, origin: Point, destination: Point, *, at_s: float, mode: str) -> Route:
        """Return the straight line, which only the closing of its end can change."""
        return AreaRoute(origin, destination, self._areas)

    def unknown(self, closure: Closure) -> Iterable[Fault]:
        """Return nothing: zones are known beforehand; see Closing."""
        return ()

    def idle(self, closure: Closure) -> str:
        """Return why a closure stops nobody; see Closing."""
        return idle(closure, self.place.zones)

    @cached_property
    def _areas(self) -> Areas:
        return Areas(self.place.zones)

    @cached_property
    def _terrain(self) -> Terrain:
        return Terrain(self.place)

    @cached_property
    def _cruise(self) -> dict[str, FloatArray]:
        """Cruise speeds in m/s by mode, each of shape (night, kind at origin, kind at destination)."""
        table = {}
        for mode, by_zone in self.speeds.items():
            slowness = np.full((2, len(ZONE_KINDS)), np.nan)
            for i, period in enumerate(("day", "night")):
                for kind, speeds in by_zone.items():
                    slowness[i, ZONE_KINDS.index(kind)] = 1 / speeds[period]  # type: ignore[index]
            table[mode] = 2 / (slowness[:, :, None] + slowness[:, None, :])
        return table

    @cached_property
    def _settings(self) -> tuple[bool, float, float | None, float, float, Terrain, Cruise, list[Closure]]:
        """What ``between`` reads on every trip, at once: field by field it takes half as long again."""
        cruise = {mode: table.tolist() for mode, table in self._cruise.items()}
        manhattan = self.metric == "manhattan"
        day = self.day_from, self.day_to
        return manhattan, self.detour, self.acceleration, *day, self._terrain, cruise, self._areas.closures

    def seconds(
        self, origins: FloatArray, destinations: FloatArray, *, at_s: float | FloatArray, mode: str
    ) -> FloatArray:
        """Return expected times in seconds, shape (n, m); see TravelTimes."""
        dx = np.abs(origins[:, None, 0] - destinations[None, :, 0])
        dy = np.abs(origins[:, None, 1] - destinations[None, :, 1])
        straight = dx + dy if self.metric == "manhattan" else np.sqrt(dx * dx + dy * dy)
        d = self.detour * straight
        clock = np.asarray(at_s) % DAY_S
        night = ((clock < self.day_from) | (clock >= self.day_to)).astype(np.intp)
        here, there = self._terrain.kinds(origins), self._terrain.kinds(destinations)
        v = self._cruise[mode][night, here[:, None], there[None, :]]
        a = self.acceleration
        seconds = d / v if a is None else np.where(d * a <= v * v, 2 * np.sqrt(d / a), v / a + d / v)
        if self._areas.closures:
            closed = self._areas.holds(origins)[:, None] | self._areas.holds(destinations)
            return np.where(closed, inf, seconds)
        return np.asarray(seconds)

    def between(self, origin: Point, destination: Point, *, at_s: float, mode: str) -> float:
        """Return one trip's expected time in seconds; see TravelTimes."""
        manhattan, detour, a, day_from, day_to, terrain, cruise, closures = self._settings
        (x0, y0), (x1, y1) = origin, destination
        if closures and (self._areas.hold(x0, y0) or self._areas.hold(x1, y1)):
            return inf
        dx, dy = x0 - x1, y0 - y1
        d = detour * (abs(dx) + abs(dy) if manhattan else sqrt(dx * dx + dy * dy))
        night = not day_from <= at_s % DAY_S < day_to
        here = there = terrain.only_kind
        if here is None or there is None:
            here, there = terrain.kind(x0, y0), terrain.kind(x1, y1)
        v = cruise[mode][night][here][there]
        if a is None:
            return d / v
        return 2 * sqrt(d / a) if d * a <= v * v else v / a + d / v
