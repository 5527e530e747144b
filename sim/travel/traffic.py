"""What slows all travel down alike: the hour, the weather; and modes that are a share of another's speed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from sim.model.calendar import Calendar
from sim.model.closures import Closure
from sim.model.distributions import FloatArray
from sim.model.units import DAY_S, HOUR_S
from sim.model.weather import Weather
from sim.rng import Streams
from sim.seams import Point, Route, TravelTimes


class Flow(NamedTuple):
    """What a mode's times are: those ``of`` a mode of the provider's, divided by these shares of its speed.

    ``hours`` are by kind of day (weekdays, Saturday and Sunday) and hour, shape (2, 24); ``weather`` by
    kind of weather; ``speed`` is for all times.
    """

    of: str
    hours: tuple[tuple[float, ...], tuple[float, ...]]
    weather: Mapping[str, float]
    speed: float = 1.0


@dataclass(frozen=True)
class Traffic(TravelTimes):
    """A provider's times at other speeds: t / (speed * hour * weather), by the hour and day of departure.

    ``flows`` are its modes. The weather of a day is the one that its incidents meet; outside a
    replication, and after its horizon, every day is ordinary.
    """

    provider: TravelTimes
    calendar: Calendar
    weather: Weather
    flows: Mapping[str, Flow]
    days: tuple[int, ...] = ()

    @property
    def modes(self) -> Collection[str]:
        """The provider's, and those derived from them."""
        return self.flows.keys()

    def begin(self, streams: Streams, *, horizon_s: float) -> "Traffic":
        """Return it with the provider and the weather of a replication."""
        days = self.weather.days(streams, self.calendar, horizon_s).tolist()
        return replace(self, provider=self.provider.begin(streams, horizon_s=horizon_s), days=tuple(days))

    @property
    def closes(self) -> Collection[str]:
        """What the provider closes."""
        return self.provider.closes

    def close(self, closure: Closure) -> None:
        """Have the provider close it."""
        self.provider.close(closure)

    def reopen(self, closure: Closure) -> None:
        """Have the provider reopen it."""
        self.provider.reopen(closure)

    def seconds(
        self, origins: FloatArray, destinations: FloatArray, *, at_s: float | FloatArray, mode: str
    ) -> FloatArray:
        """Return expected times in seconds, shape (n, m); see TravelTimes."""
        of = self.flows[mode].of
        found = self.provider.seconds(origins, destinations, at_s=at_s, mode=of)
        if np.ndim(at_s) == 0:
            return np.asarray(found / self.factor(float(at_s), mode))
        return np.asarray(found / [self.factor(moment_s, mode) for moment_s in np.asarray(at_s).tolist()])

    def between(self, origin: Point, destination: Point, *, at_s: float, mode: str) -> float:
        """Return one trip's expected time in seconds; see TravelTimes."""
        found = self.provider.between(origin, destination, at_s=at_s, mode=self.flows[mode].of)
        return found / self.factor(at_s, mode)

    def route(self, origin: Point, destination: Point, *, at_s: float, mode: str) -> Route:
        """Return the provider's way; what is left to a turn is slowed down as at departure."""
        of = self.flows[mode].of
        route = self.provider.route(origin, destination, at_s=at_s, mode=of)
        return _Way(route, self.factor(at_s, mode))

    def next_change_s(self, after_s: float) -> float:
        """Return the provider's next change."""
        return self.provider.next_change_s(after_s)

    def factor(self, at_s: float, mode: str) -> float:
        """Return what share of the provider's speed a trip has that departs at a moment."""
        by_hour, by_weather = self._factors[mode]
        day, clock = divmod(at_s, DAY_S)
        ordinary = len(by_weather) - 1
        kind = self.days[int(day)] if day < len(self.days) else ordinary
        weekend = (int(day) + self.calendar.start.weekday()) % 7 >= 5
        return by_hour[weekend][int(clock // HOUR_S)] * by_weather[kind]

    @cached_property
    def _factors(self) -> dict[str, tuple[tuple[tuple[float, ...], ...], list[float]]]:
        """By mode: shares of the speed by kind of day and hour, and by weather, an ordinary day last."""
        return {
            mode: (
                tuple(tuple(share * flow.speed for share in hours) for hours in flow.hours),
                [flow.weather.get(kind, 1.0) for kind in self.weather.kinds] + [1.0],
            )
            for mode, flow in self.flows.items()
        }


class _Way(Route):
    """The provider's route, under modes and at speeds of ours."""

    def __init__(self, route: Route, factor: float) -> None:
        self._route, self._factor = route, factor

    def at(self, share: float) -> Point:
        return self._route.at(share)

    def metres(self, share: float = 1.0) -> float:
        return self._route.metres(share)

    def changed(self, share: float) -> bool:
        return self._route.changed(share)

    def turn(self, share: float) -> tuple[Point, float]:
        point, seconds = self._route.turn(share)
        return point, seconds / self._factor
