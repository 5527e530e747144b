"""The conformance kit: every provider of ours passes, and each broken promise is named."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from worlds import points, stations, world

import sim
from sim.model.closures import Closure
from sim.model.place import Zone
from sim.seams import Route, StraightRoute, TravelTimes
from sim.travel.areas import Areas

SPOTS = [(0.0, 0.0), (3000.0, 0.0), (3000.0, 4000.0), (-2500.0, 700.0)]
NAMES = "abcd"


def travel(folder: Path = Path(), **more: Any) -> TravelTimes:
    zones = {n: {**at, "people": 1} for n, at in points(dict(zip(NAMES, SPOTS, strict=True))).items()}
    mapping = world(place__zones=zones, place__sites=stations({"s": (0.0, 0.0)}), **more)
    return sim.build(mapping, folders=[folder]).scenario.travel


def matrix(folder: Path, **more: Any) -> TravelTimes:
    gaps = np.array(SPOTS)[:, None] - np.array(SPOTS)[None]
    np.savez(folder / "t.npz", names=np.array(list(NAMES)), unit=np.abs(gaps).sum(axis=2) / 10)
    modes = {"unit": {"file": "t.npz", "unit": "s"}, "slow": {"of": "unit", "factor": 1.5}}
    return travel(folder, travel={"use": "sim.travel.matrix.Matrix", "modes": modes, **more})


def test_planar_air_traffic_and_both_together() -> None:
    car = {"unit": {"built_up": {"day": "36 km/h", "night": "40 km/h"}}}
    planar = {"use": "sim.travel.planar.Planar", "speeds": car, "acceleration": "0.4 m/s2"}
    plane = {"plane": {"cruise": "200 km/h", "take_off_and_landing": "4 min", "radius": "4 km"}}
    air = {"use": "sim.travel.air.Air", "modes": plane}
    traffic = {
        "weekdays": ["90 %"] * 12 + ["77 %"] * 12,
        "modes": {"convoy": {"of": "unit", "speed": "115 %"}},
    }
    for more in ({}, {"air": air}, {"traffic": traffic}, {"air": air, "traffic": traffic}):
        again_s = 300.0 if "air" in more else 60.0  # to take off anew
        sim.check_travel(travel(travel=planar, **more), SPOTS, shortest=True, again_s=again_s)


def test_shipped_ones_between_stations() -> None:
    place = sim.prepare("place=huancui", "air=helicopter", "traffic=ordinary", "weather=shandong")
    sites = [(site.x_m, site.y_m) for site in place.scenario.place.sites[:5]]
    sim.check_travel(place.scenario.travel, sites, again_s=900.0)


def test_matrices(tmp_path: Path) -> None:
    nodes, back_s = Closure("two", nodes=("b", "c")), 800.0  # it may turn at the node behind
    sim.check_travel(matrix(tmp_path), SPOTS, closures=[nodes], again_s=back_s)
    off_road = [(x + 50.0, y - 20.0) for x, y in SPOTS] + SPOTS
    sim.check_travel(matrix(tmp_path, off_road="2 m/s"), off_road, closures=[nodes], again_s=back_s)


@dataclass(frozen=True)
class Sound(TravelTimes):
    """Ten metres a second; the base of those that are broken."""

    areas: ClassVar[Areas] = Areas([Zone("z", "t", "built_up", 0.0, 0.0, 10.0, 1.0)])
    modes: ClassVar[tuple[str, ...]] = ("car",)

    def seconds(self, origins: Any, destinations: Any, *, at_s: Any, mode: str) -> Any:
        gaps = origins[:, None] - destinations[None]
        return np.sqrt(gaps[..., 0] ** 2 + gaps[..., 1] ** 2) / 10


class Transposed(Sound):
    def seconds(self, origins: Any, destinations: Any, **more: Any) -> Any:
        return super().seconds(destinations, origins, **more)


class Whole(Sound):
    def seconds(self, *args: Any, **more: Any) -> Any:
        return super().seconds(*args, **more).astype(int)


class Lost(Sound):
    def seconds(self, *args: Any, **more: Any) -> Any:
        return np.where(super().seconds(*args, **more) > 400, np.nan, 5.0)


class Ahead(Sound):
    def seconds(self, *args: Any, **more: Any) -> Any:
        return super().seconds(*args, **more) - 1


class Rounded(Sound):
    def between(self, *args: Any, **more: Any) -> float:
        return float(super().between(*args, **more) * (1 + 1e-15))


class First(Sound):
    def seconds(self, origins: Any, destinations: Any, *, at_s: Any, mode: str) -> Any:
        slow = 1 + np.ravel(at_s)[0] / 1e5
        return super().seconds(origins, destinations, at_s=at_s, mode=mode) * slow


class Elsewhere(Sound):
    def route(self, origin: Any, destination: Any, **more: Any) -> Route:
        return StraightRoute(destination, (0.0, 9e9))


class Backwards(StraightRoute):
    def turn(self, share: float) -> tuple[tuple[float, float], float]:
        return self.at(share), -1.0


class Hasty(Sound):
    def route(self, origin: Any, destination: Any, **more: Any) -> Route:
        return Backwards(origin, destination)


class Jump(StraightRoute):
    def turn(self, share: float) -> tuple[tuple[float, float], float]:
        return self.at(1.0), 0.0


class Teleport(Sound):
    def route(self, origin: Any, destination: Any, **more: Any) -> Route:
        return Jump(origin, destination)


class Moody(Sound):
    def begin(self, *args: Any, **more: Any) -> TravelTimes:
        return Slower(self)


class Slower(Sound):
    count: ClassVar[list[int]] = [0]

    def __init__(self, of: Sound) -> None:
        self.count[0] += 1
        object.__setattr__(self, "slow", self.count[0])

    def seconds(self, *args: Any, **more: Any) -> Any:
        return super().seconds(*args, **more) * self.slow  # type: ignore[attr-defined]


class Quiet(Sound):
    def close(self, closure: Closure) -> None:
        pass


class Shared(Sound):
    closes = ("at",)

    def close(self, closure: Closure) -> None:
        self.areas.close(closure)

    def reopen(self, closure: Closure) -> None:
        self.areas.reopen(closure)


class Flag(Sound):
    closes = ("at",)
    shut = False

    def begin(self, *args: Any, **more: Any) -> TravelTimes:
        return Flag()

    def seconds(self, *args: Any, **more: Any) -> Any:
        return super().seconds(*args, **more) * (2 if self.shut else 1)

    def close(self, closure: Closure) -> None:
        object.__setattr__(self, "shut", True)

    def reopen(self, closure: Closure) -> None:
        object.__setattr__(self, "shut", False)


class NeverCloses(Sound):
    closes = ("at", "zones")

    def begin(self, *args: Any, **more: Any) -> TravelTimes:
        return type(self)()

    def close(self, closure: Closure) -> None:
        pass

    reopen = close


class Closes(NeverCloses):
    """Soundly: nobody comes to a closed area, or leaves it."""

    closes = ("at",)

    def __init__(self) -> None:
        object.__setattr__(self, "own", Areas(self.areas._zones))

    def close(self, closure: Closure) -> None:
        self.own.close(closure)  # type: ignore[attr-defined]

    def reopen(self, closure: Closure) -> None:
        self.own.reopen(closure)  # type: ignore[attr-defined]

    def seconds(self, origins: Any, destinations: Any, **more: Any) -> Any:
        shut = self.own.holds(origins)[:, None] | self.own.holds(destinations)  # type: ignore[attr-defined]
        return np.where(shut, np.inf, super().seconds(origins, destinations, **more))


class HalfClosed(Closes):
    def between(self, *args: Any, **more: Any) -> float:
        return Sound().between(*args, **more)


class Stubborn(Closes):
    def route(self, origin: Any, destination: Any, **more: Any) -> Route:
        return StraightRoute(origin, destination, changes=False)


class Hesitates(StraightRoute):
    def turn(self, share: float) -> tuple[tuple[float, float], float]:
        return self.at(share), 600.0 if share else 0.0


class Overhead(Sound):
    def route(self, origin: Any, destination: Any, **more: Any) -> Route:
        return Hesitates(origin, destination)


class Modeless(Sound):
    modes = ()


class Local(Sound):
    def __getstate__(self) -> Any:
        raise TypeError("a thread cannot be copied")


BROKEN: Mapping[type[Sound], list[str]] = {
    Modeless: ["modes: [], expected at least one name"],
    Transposed: ["seconds: float64 of shape (1, 4), expected float64 of shape (4, 1)"],
    Whole: ["seconds: int64 of shape"],
    Lost: ["seconds: NaN", "seconds: up to 5 s from a point to itself"],
    Ahead: ["seconds: -1, expected at least 0"],
    Rounded: ["between:", "to the last bit"],
    First: ["departures (m,) are not those of the destinations"],
    Elsewhere: ["route.at(0): ", "route.at(1): "],
    Hasty: ["route.turn: ", "-1.0 s at 0, expected a point and a finite time"],
    Teleport: ["route.turn(0): 0 s", "expected about the whole", "route.turn is quicker"],
    Moody: ["begin: another provider each time"],
    Quiet: ["close: raises nothing, expected NotImplementedError"],
    Shared: ["begin: returns the same object again"],
    Flag: ["reopen: a circle closed twice and reopened once is not as closed once"],
    NeverCloses: ["close: no trip takes longer with a circle or a zone closed"],
    HalfClosed: ["with a circle closed, car: between:"],
    Stubborn: ["car: route.changed(0): False", "once a circle is closed"],
    Overhead: ["route.turn is slower:", "at most 60 s more (again_s)"],
    Local: ["pickles: raises TypeError: a thread cannot be copied"],
}


def test_a_sound_one_passes() -> None:
    sim.check_travel(Sound(), SPOTS, shortest=True, at_s=5.0)
    sim.check_travel(Closes(), SPOTS, shortest=True)


def test_a_closure_that_is_given_must_make_a_trip_longer() -> None:
    nearby, afar = (Closure(name, at=(x, 0.0), radius_m=9.0) for name, x in (("here", 0.0), ("afar", 1e5)))
    sim.check_travel(Closes(), SPOTS, closures=[nearby])
    with pytest.raises(sim.ConformanceError, match="no trip takes longer with afar closed"):
        sim.check_travel(Closes(), SPOTS, closures=[nearby, afar])


@pytest.mark.parametrize("kind", BROKEN)
def test_each_broken_promise_is_named(kind: type[Sound]) -> None:
    made = kind()
    with pytest.raises(sim.ConformanceError) as error:
        sim.check_travel(made, SPOTS, shortest=True)
    for words in BROKEN[kind]:
        assert words in str(error.value), str(error.value)
