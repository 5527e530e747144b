"""Travel by air: the straight line, in range, in daylight, in fair weather."""

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from math import inf, sqrt

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from sim.model.calendar import Calendar
from sim.model.distributions import FloatArray
from sim.model.earth import Degrees, squared_metres
from sim.model.hints import did_you_mean
from sim.model.place import Place
from sim.model.units import DAY_S, PositiveMetres, Seconds, Speed, TimeOfDay, TimeZone
from sim.model.weather import NO_WEATHER, Weather
from sim.rng import Streams
from sim.seams import Point, TravelTimes
from sim.sheets import Fault, FileError
from sim.travel.sun import daylight


class Strict(BaseModel):
    """A mapping that accepts no other keys than its own."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Daylight(Strict):
    """When it is light: ``from`` one hour ``until`` another, or with the ``sun``.

    Local time is ahead of UTC by ``utc``, which the sun needs.
    """

    from_: TimeOfDay | None = Field(None, alias="from")
    until: TimeOfDay | None = None
    sun: bool = False
    utc: TimeZone | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "Daylight":
        hours, by_sun = (self.from_, self.until), (self.sun, self.utc)
        if not (None not in hours and by_sun == (False, None)) and not (
            hours == (None, None) and self.sun and self.utc is not None
        ):
            raise ValueError("expected either from and until, or sun: true and utc")
        if self.from_ is not None and self.until is not None and self.from_ >= self.until:
            raise ValueError("expected from to be before until")
        return self


class AirMode(Strict):
    """One kind of aircraft.

    ``take_off_and_landing`` comes on top of every flight. It flies no farther than ``radius``, only in
    ``daylight`` from take-off to landing, and not on days whose ``weather`` is of these kinds.
    """

    cruise: Speed
    take_off_and_landing: Seconds = 0.0
    radius: PositiveMetres | None = None
    daylight: Daylight | None = None
    weather: list[str] = []


@dataclass(frozen=True)
class Air(TravelTimes):
    """Flights: t = take_off_and_landing + d / cruise, and none from a point to itself.

    Where the place knows its latitude, d is the distance over the ground (see earth.squared_metres), else
    that on the plane. A flight that is too far, in the dark or in bad weather takes inf. The radius counts
    from the origin of the trip.
    """

    place: Place
    calendar: Calendar
    weather: Weather
    modes: Mapping[str, AirMode] = None  # type: ignore[assignment]  # a default hides the seam's property

    def __post_init__(self) -> None:
        if not self.modes:
            raise ValueError("expected at least one mode")
        if faults := list(self._faults()):
            raise FileError(faults)

    def _faults(self) -> Iterator[Fault]:
        """Yield what does not fit the place and its weather."""
        for name, mode in self.modes.items():
            path = ("modes", name)
            if self.place.origin is None and mode.daylight and mode.daylight.sun:
                expected = "from and until, because the place is in metres"
                yield Fault("", "sun: true", expected, (*path, "daylight"))
            for kind in mode.weather if self.weather.kinds else ():
                if kind not in self.weather.kinds:
                    expected = f"a kind of weather{did_you_mean(kind, self.weather.kinds)}"
                    yield Fault("", repr(kind), expected, (*path, "weather"))

    @property
    def summary(self) -> str:
        """Nothing was read."""
        return ""

    def notes(self) -> Iterator[str]:
        """Yield, in words, the kinds of weather that never come."""
        kinds = dict.fromkeys(kind for mode in self.modes.values() for kind in mode.weather)
        if kinds and not self.weather.kinds:
            yield f"nothing keeps aircraft from flying on days of {', '.join(kinds)}: {NO_WEATHER}"

    def begin(self, streams: Streams, *, horizon_s: float) -> "Air":
        """Return one that knows the weather of a replication's days: those that the incidents meet."""
        fresh = copy(self)
        fresh.__dict__["_days"] = self.weather.days(streams, self.calendar, horizon_s).tolist()
        fresh.__dict__["_windows"] = {}
        return fresh

    def seconds(
        self, origins: FloatArray, destinations: FloatArray, *, at_s: float | FloatArray, mode: str
    ) -> FloatArray:
        """Return expected times in seconds, shape (n, m); see TravelTimes."""
        dx, dy, y = (
            origins[:, None, 0] - destinations[None, :, 0],
            origins[:, None, 1] - destinations[None, :, 1],
            (origins[:, None, 1] + destinations[None, :, 1]) / 2,
        )
        craft, d = self.modes[mode], np.sqrt(self._squared(dx, dy, y))
        t = np.where(d > 0, d / craft.cruise + craft.take_off_and_landing, 0.0)
        day, clock = np.divmod(np.asarray(at_s, float), DAY_S)
        windows = np.array([self._window(mode, one) for one in day.ravel().tolist()]).reshape(-1, 2)
        flies = (clock >= windows[:, 0]) & (clock + t <= windows[:, 1])
        if craft.radius is not None:
            flies &= d <= craft.radius
        return np.where(flies, t, inf)

    def between(self, origin: Point, destination: Point, *, at_s: float, mode: str) -> float:
        """Return one flight's expected time in seconds; see TravelTimes."""
        (x0, y0), (x1, y1) = origin, destination
        craft, d = self.modes[mode], sqrt(self._squared(x0 - x1, y0 - y1, (y0 + y1) / 2))
        t = d / craft.cruise + craft.take_off_and_landing if d > 0 else 0.0
        day, clock = divmod(at_s, DAY_S)
        first_s, last_s = self._window(mode, day)
        too_far = craft.radius is not None and d > craft.radius
        return inf if too_far or clock < first_s or clock + t > last_s else t

    def next_change_s(self, after_s: float) -> float:
        """Return the next moment at which a mode may fly that could not before: daybreak, or a better day."""
        day = after_s // DAY_S
        moments = (
            begun * DAY_S + max(0.0, self._window(mode, begun)[0])
            for begun in (day, day + 1)
            for mode, craft in self.modes.items()
            if craft.daylight or craft.weather
        )
        return min((moment_s for moment_s in moments if after_s < moment_s < inf), default=self._later(day))

    def _later(self, day: float) -> float:
        """Return when to look again where no mode flies today or tomorrow: at midnight, if any is limited."""
        limited = any(craft.daylight or craft.weather for craft in self.modes.values())
        return (day + 1) * DAY_S if limited else inf

    def _squared(self, dx: Degrees, dy: Degrees, y_mid: Degrees) -> Degrees:
        """Return squared distances in m²."""
        origin = self.place.origin
        return dx * dx + dy * dy if origin is None else squared_metres(dx, dy, y_mid, origin[0])

    @cached_property
    def _days(self) -> list[int]:
        """The weather of each day; none is known outside a replication."""
        return []

    @cached_property
    def _windows(self) -> dict[tuple[str, float], tuple[float, float]]:
        return {}

    def _window(self, mode: str, day: float) -> tuple[float, float]:
        """Return from when to when a mode flies on a day since the start, in seconds since midnight."""
        found = self._windows.get((mode, day))
        if found is None:
            found = self._windows[mode, day] = self._work_out(self.modes[mode], int(day))
        return found

    def _work_out(self, craft: AirMode, day: int) -> tuple[float, float]:
        kinds, light = (*self.weather.kinds, ""), craft.daylight
        if day < len(self._days) and kinds[self._days[day]] in craft.weather:
            return inf, -inf
        hours = (0.0, DAY_S) if light is None else self._hours(light, day)
        return (-inf, inf) if hours == (0.0, DAY_S) else hours  # a flight may go on after midnight

    def _hours(self, light: Daylight, day: int) -> tuple[float, float]:
        """Return from when to when it is light on a day since the start."""
        if light.from_ is not None and light.until is not None:
            return light.from_, light.until
        assert self.place.origin is not None
        return daylight(self.calendar.start + timedelta(days=day), self.place.origin, light.utc or 0.0)
