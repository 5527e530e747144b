"""A drill: injects at given times."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from sim.demand.given import Rows, World, complete
from sim.demand.moments import moment_s
from sim.model.calendar import Calendar
from sim.model.distributions import FloatArray
from sim.model.earth import project
from sim.model.hints import did_you_mean
from sim.model.incidents import Incidents
from sim.model.place import Place
from sim.model.resources import Fleet
from sim.model.types import LEVELS, IncidentType
from sim.model.units import Coordinate, Seconds, duration
from sim.rng import Streams
from sim.seams import IncidentSource
from sim.sheets import Fault, FileError

Degrees = Annotated[float, Field(strict=True)]


class Inject(BaseModel):
    """One inject: when, what, where, and whatever else is certain about it.

    ``at`` is a time since the start ("9 h"), of the first day ("09:10"), or a date and time. The place
    is ``lat`` and ``lon``, ``x`` and ``y``, a ``zone`` or a ``site``; without any it happens where its type
    does.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    at: str
    type: str
    title: str = ""
    lat: Degrees | None = None
    lon: Degrees | None = None
    x: Coordinate | None = None
    y: Coordinate | None = None
    zone: str | None = None
    site: str | None = None
    level: str | None = None
    priority: Annotated[int, Field(strict=True, ge=1, le=1000)] | None = None
    magnitude: Annotated[float, Field(strict=True, ge=0, le=9.5)] | None = None
    reported_as: str | None = None
    casualties: Annotated[int, Field(strict=True, ge=0, le=1_000_000)] | None = None
    call_handling: Seconds | None = None
    scene: Seconds | None = None

    @model_validator(mode="after")
    def _one_place(self) -> "Inject":
        pairs = [(self.lat, self.lon), (self.x, self.y)]
        if any((one is None) != (other is None) for one, other in pairs):
            raise ValueError("expected both lat and lon, or both x and y")
        ways = [pair[0] is not None for pair in pairs] + [self.zone is not None, self.site is not None]
        if sum(ways) > 1:
            raise ValueError("expected one of lat and lon, x and y, zone, and site")
        return self


@dataclass(frozen=True)
class Timeline(IncidentSource):
    """Injects of a drill, the same in every replication.

    When they are ``known`` to the responders, each is reported as it happens and the units stand by: nobody
    has to detect it, to call, or to turn out. Otherwise they are like any incident. Raises FileError with
    every name that is unknown and every time that cannot be read.
    """

    place: Place
    fleet: Fleet
    types: tuple[IncidentType, ...]
    calendar: Calendar
    injects: Annotated[list[Inject], Field(min_length=1)]
    known: bool = False

    def __post_init__(self) -> None:
        faults = [fault for i, inject in enumerate(self.injects) for fault in self._faults(i, inject)]
        if faults:
            raise FileError(faults)

    def incidents(self, streams: Streams, *, horizon_s: float) -> Incidents:
        """Return the injects before the horizon; see IncidentSource."""
        rows = self._rows()
        kept = np.flatnonzero(rows.at_s < horizon_s)
        return complete(rows.at(kept), self._world, streams, prompt=self.known)

    def notes(self, *, horizon_s: float) -> Iterator[str]:
        """Tell which injects the run is too short for."""
        late = [inject.at for inject in self.injects if moment_s(inject.at, self.calendar) >= horizon_s]
        if late:
            told = f"{len(late):,} of {len(self.injects):,} injects lie after the horizon"
            yield f"{told} ({duration(horizon_s)}) and are left out, the first of them at {late[0]}"

    @property
    def _world(self) -> World:
        return World(self.place, self.fleet, self.types)

    def _rows(self) -> Rows:
        n, injects = len(self.injects), self.injects
        names, zones = [kind.name for kind in self.types], [zone.name for zone in self.place.zones]
        where = np.array([self._point(inject) for inject in injects], float)
        marks = {
            "level": _said([_level(inject) if inject.level else None for inject in injects]),
            "priority": _said([inject.priority for inject in injects]),
            "magnitude": _said([inject.magnitude for inject in injects]),
            "told": _said([self._told(inject) for inject in injects]),
            "casualties": _said([inject.casualties for inject in injects]),
            "handling_s": _said([inject.call_handling for inject in injects]),
            "scene_s": _said([inject.scene for inject in injects]),
        }
        if self.known:
            marks["turnout_s"] = np.zeros(n)
        return Rows(
            at_s=np.array([moment_s(inject.at, self.calendar) for inject in injects]),
            type=np.array([names.index(inject.type) for inject in injects]),
            x_m=where[:, 0],
            y_m=where[:, 1],
            zone=np.array([zones.index(inject.zone) if inject.zone else -1 for inject in injects]),
            marks=marks,
            card=np.full(n, -1),
        )

    def _told(self, inject: Inject) -> int | None:
        """Return the place of what an inject is reported as among what its type may be; -1 for itself."""
        return None if inject.reported_as is None else self._tellings(inject).index(inject.reported_as) - 1

    def _tellings(self, inject: Inject) -> list[str]:
        """Return what an inject may be reported as: its own type, then what that is mistaken for."""
        kind = next(kind for kind in self.types if kind.name == inject.type)
        return [kind.name, *(each.kind.name for each in kind.reported_as if each.kind.name != kind.name)]

    def _point(self, inject: Inject) -> tuple[float, float]:
        """Return metres east and north, NaN where no point is said."""
        if inject.site is not None:
            site = next(each for each in self.place.sites if each.name == inject.site)
            return site.x_m, site.y_m
        if inject.lat is not None and inject.lon is not None and self.place.origin is not None:
            return project(inject.lat, inject.lon, self.place.origin)
        if inject.x is not None and inject.y is not None:
            return inject.x, inject.y
        return float("nan"), float("nan")

    def _faults(self, i: int, inject: Inject) -> list[Fault]:
        """Return what an inject names that there is not."""
        known: dict[str, list[str]] = {
            "type": [kind.name for kind in self.types],
            "level": list(LEVELS),
            "zone": [zone.name for zone in self.place.zones],
            "site": [site.name for site in self.place.sites],
        }
        path = ("injects", str(i))
        found = []
        for key, names in known.items():
            said: Any = getattr(inject, key)
            if said is not None and said not in names:
                hint = did_you_mean(said, names)
                found.append(Fault("", repr(said), f"a known {key} of this config{hint}", (*path, key)))
        if inject.lat is not None and self.place.origin is None:
            found.append(Fault("", "lat and lon", "x and y, because the place is in metres", path))
        elif not found and self._world.outside(np.array([self._point(inject)])).any():
            swapped = "; are lat and lon swapped?" if inject.lat is not None else ""
            found.append(Fault("", "a point far away", f"a point in the area{swapped}", path))
        if not found:
            found += self._severity_faults(path, inject, known["type"].index(inject.type))
            found += self._report_faults(path, inject)
        try:
            moment_s(inject.at, self.calendar)
        except ValueError as error:
            expected = str(error).removeprefix("expected ")
            found.append(Fault("", repr(inject.at), expected, (*path, "at")))
        return found

    def _report_faults(self, path: tuple[str, ...], inject: Inject) -> list[Fault]:
        """Return what is wrong with what an inject is reported as, and with how many it hurts."""
        kind = next(kind for kind in self.types if kind.name == inject.type)
        found, tellings = [], self._tellings(inject)
        if inject.reported_as is not None and inject.reported_as not in tellings:
            expected = f"{' or '.join(tellings)}, by incident.{kind.name}.reported_as"
            found.append(Fault("", repr(inject.reported_as), expected, (*path, "reported_as")))
        levels = kind.levels if inject.level is None else [kind.levels[_level(inject) - 1]]
        if inject.casualties is not None and not any(level.casualties for level in levels):
            at = "any level" if inject.level is None else f"level {inject.level}"
            expected = f"none, because {kind.name} does not go by them at {at} (becomes.casualties)"
            found.append(Fault("", f"{inject.casualties}", expected, (*path, "casualties")))
        return found

    def _severity_faults(self, path: tuple[str, ...], inject: Inject, kind: int) -> list[Fault]:
        """Return what is wrong with the level and the magnitude of an inject for its type."""
        measured, name = self.types[kind].magnitudes is not None, inject.type
        if inject.magnitude is not None and not measured:
            found = f"{inject.magnitude:g}"
            return [Fault("", found, f"none, because {name} has none", (*path, "magnitude"))]
        if inject.level is None:
            return []
        if measured and inject.magnitude is None:
            expected = f"magnitude, from which the level and the shaking of {name} follow"
            return [Fault("", repr(inject.level), expected, (*path, "level"))]
        if self._world.lacks(kind, _level(inject)):
            return [Fault("", repr(inject.level), f"a level that {name} has", (*path, "level"))]
        return []


def _level(inject: Inject) -> int:
    """Return the number of an inject's level, which it says."""
    return LEVELS.index(inject.level or LEVELS[-1]) + 1


def _said(values: list[Any]) -> FloatArray:
    """Return numbers, NaN for None."""
    return np.array([np.nan if value is None else value for value in values], float)
