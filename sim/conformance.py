"""Whether a plug-in keeps the promises of its seam, for whoever writes one."""

import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import hypot, inf, isfinite

import numpy as np

from sim.model.closures import Closure
from sim.model.distributions import FloatArray
from sim.rng import Streams
from sim.seams import Point, Route, TravelTimes

HORIZON_S = 7 * 86400.0


class ConformanceError(AssertionError):
    """A plug-in breaks promises: ``broken`` says which, each in a line."""

    def __init__(self, name: str, broken: Sequence[str]) -> None:
        self.broken = tuple(broken)
        n = len(self.broken)
        head = f"{name} breaks {n} promise{'s' if n > 1 else ''}:"
        super().__init__("\n".join([head, *(f"  {line}" for line in self.broken)]))


@dataclass(frozen=True)
class _Trips:
    """What is asked about: all trips between ``points`` at all moments; see check_travel."""

    points: Sequence[Point]
    moments_s: Sequence[float]
    itself: bool
    shortest: bool
    near_m: float
    tolerance: float
    again_s: float
    closures: Sequence[Closure]

    @property
    def at(self) -> FloatArray:
        """The points, shape (n, 2)."""
        return np.array(self.points, float).reshape(-1, 2)

    def times(self, provider: TravelTimes, mode: str) -> FloatArray:
        """Return all times, shape (moments, n, n)."""
        return np.array(
            [provider.seconds(self.at, self.at, at_s=at_s, mode=mode) for at_s in self.moments_s], float
        )


def check_travel(
    provider: TravelTimes,
    points: Sequence[Point],
    *,
    at_s: float | Sequence[float] = (0.0, 30_000.0, 130_000.0),
    itself: bool = True,
    shortest: bool = False,
    near_m: float = 1000.0,
    tolerance: float = 0.01,
    again_s: float = 60.0,
    closures: Sequence[Closure] = (),
) -> None:
    """Raise ConformanceError with all promises of TravelTimes that a provider breaks between some points.

    ``points`` are two or more, in metres. ``itself``: a trip from a point to itself takes no time (or
    inf). ``shortest``: its times are along shortest paths, so that no detour is quicker, by more than
    ``tolerance``. A way begins and ends within ``near_m`` of the points. To go on by a turn takes about the
    whole, and up to ``again_s`` more: say how much where a trip has its own start (a take-off) or the turn
    is off the way (a node of a table). ``closures`` must each make a trip longer; where there are none, a
    circle of 1 km around the first point or the first zone must, if it closes these. Name roads or nodes
    there, where it closes such.
    """
    moments_s = [at_s] if isinstance(at_s, int | float) else list(at_s)
    trips = _Trips(points, moments_s, itself, shortest, near_m, tolerance, again_s, closures)
    broken = [*_modes(provider), *_begins(provider, trips)]
    for mode in () if broken else provider.modes:
        told = [f"{mode}: {line}" for check in BY_MODE for line in _guarded(check, provider, trips, mode)]
        broken += told
    if not broken:
        broken += [line for check in (_pickles, _closes) for line in _guarded(check, provider, trips, "")]
    if broken:
        raise ConformanceError(type(provider).__name__, broken)


Check = Callable[[TravelTimes, _Trips, str], Iterator[str]]


def _guarded(check: Check, provider: TravelTimes, trips: _Trips, mode: str) -> list[str]:
    """Return what a check finds; what the provider raises is a finding too."""
    found: list[str] = []
    try:
        found.extend(check(provider, trips, mode))
    except Exception as error:
        found.append(f"{check.__name__.strip('_')}: raises {type(error).__name__}: {error}")
    return found


def _modes(provider: TravelTimes) -> Iterator[str]:
    modes = list(provider.modes)
    if not modes or not all(isinstance(mode, str) for mode in modes):
        yield f"modes: {modes!r}, expected at least one name"


def _begins(provider: TravelTimes, trips: _Trips) -> Iterator[str]:
    streams = Streams(1, 0).below("travel")
    one, other = (provider.begin(streams, horizon_s=HORIZON_S) for _ in range(2))
    if not isinstance(one, TravelTimes) or set(one.modes) != set(provider.modes):
        yield f"begin: returns {one!r}, expected a provider of the same modes"
        return
    if provider.closes and (one is other or one is provider):
        yield "begin: returns the same object again, expected a fresh one, because it can close something"
    if not _same(_all(one, trips), _all(other, trips)):
        yield "begin: another provider each time, expected the same for the same streams"


def _table(provider: TravelTimes, trips: _Trips, mode: str) -> Iterator[str]:
    """Shapes, signs, and the diagonal."""
    at, at_s = trips.at, trips.moments_s[0]
    for n, m in ((len(at), 1), (1, len(at))):
        found = provider.seconds(at[:n], at[:m], at_s=at_s, mode=mode)
        if not isinstance(found, np.ndarray) or found.shape != (n, m) or found.dtype != np.float64:
            what = f"{found.dtype} of shape {found.shape}" if isinstance(found, np.ndarray) else repr(found)
            yield f"seconds: {what}, expected float64 of shape ({n}, {m}): origins by destinations"
            return
    times = trips.times(provider, mode)
    if np.isnan(times).any():
        yield "seconds: NaN, expected inf for what cannot be reached"
    if (times < 0).any():
        yield f"seconds: {times.min():g}, expected at least 0"
    own = np.diagonal(times, axis1=1, axis2=2)
    if trips.itself and ((own != 0) & (own != inf)).any():
        yield f"seconds: up to {own[own < inf].max():g} s from a point to itself, expected 0"


def _one_by_one(provider: TravelTimes, trips: _Trips, mode: str) -> Iterator[str]:
    """Every trip by itself, and departures that differ by destination."""
    times, n = trips.times(provider, mode), len(trips.points)
    for k, at_s in enumerate(trips.moments_s):
        alone = np.array(
            [[provider.between(a, b, at_s=at_s, mode=mode) for b in trips.points] for a in trips.points]
        )
        if (wrong := np.argwhere(alone != times[k])).size:
            i, j = wrong[0].tolist()
            found = f"{alone[i, j]!r} from {trips.points[i]} to {trips.points[j]} at {at_s:g} s"
            yield f"between: {found}, expected what seconds says to the last bit, {times[k, i, j]!r}"
        same = provider.seconds(trips.at, trips.at, at_s=np.full(n, at_s), mode=mode)
        if not _same(same, times[k]):
            yield "seconds: other times for departures (m,) than for one departure at the same moment"
    mixed = np.resize(np.array(trips.moments_s), n)
    varied = provider.seconds(trips.at, trips.at, at_s=mixed, mode=mode)
    expected = np.stack([times[j % len(times), :, j] for j in range(n)], axis=1)
    if not _same(varied, expected):
        yield "seconds: departures (m,) are not those of the destinations"


def _ways(provider: TravelTimes, trips: _Trips, mode: str) -> Iterator[str]:
    """Where a unit is on its way, and where it can turn."""
    at_s, told = trips.moments_s[0], set[str]()
    times = trips.times(provider, mode)[0]
    for i, j in np.argwhere(np.isfinite(times) & (times > 0)).tolist():
        route = provider.route(trips.points[i], trips.points[j], at_s=at_s, mode=mode)
        ends = (trips.points[i], trips.points[j])
        for line in (*_ends(route, ends, trips), *_turns(provider, route, ends, times[i, j], mode, trips)):
            if line.partition(":")[0] not in told:
                told.add(line.partition(":")[0])
                yield line


def _ends(route: Route, ends: tuple[Point, Point], trips: _Trips) -> Iterator[str]:
    for share, end in zip((0.0, 1.0), ends, strict=True):
        x, y = route.at(share)
        gap = hypot(x - end[0], y - end[1])
        if not gap <= trips.near_m:
            yield f"route.at({share:g}): {gap:g} m from {end}, expected at most {trips.near_m:g} m"
    if not all(map(isfinite, route.at(0.5))):
        yield f"route.at(0.5): {route.at(0.5)}, expected a point"


def _turns(
    provider: TravelTimes,
    route: Route,
    ends: tuple[Point, Point],
    whole_s: float,
    mode: str,
    trips: _Trips,
) -> Iterator[str]:
    for share in (0.0, 0.3, 0.7, 1.0):
        point, until_s = route.turn(share)
        if not (0 <= until_s < inf and all(map(isfinite, point))):
            yield f"route.turn: {point}, {until_s} s at {share:g}, expected a point and a finite time"
            return
        rest_s = provider.between(point, ends[1], at_s=trips.moments_s[0], mode=mode)
        total_s = share * whole_s + until_s + rest_s
        slack_s = trips.tolerance * whole_s + 1e-6
        where = f"{total_s:g} s from {ends[0]} to {ends[1]} by a turn at {share:g}"
        if share == 0 and abs(total_s - whole_s) > slack_s:
            yield f"route.turn(0): {where}, expected about the whole, {whole_s:g} s"
        if share > 0 and whole_s + slack_s + trips.again_s < total_s < inf:
            expected = f"about the whole, {whole_s:g} s, and at most {trips.again_s:g} s more (again_s)"
            yield f"route.turn is slower: {where}, expected {expected}"
        if trips.shortest and total_s < whole_s - slack_s:
            yield f"route.turn is quicker: {where}, expected at least the shortest, {whole_s:g} s"


BY_MODE: tuple[Check, ...] = (_table, _one_by_one, _ways)


def _pickles(provider: TravelTimes, trips: _Trips, mode: str) -> Iterator[str]:
    """Workers get a copy; ``mode`` is all of them."""
    copy = pickle.loads(pickle.dumps(provider))
    if not _same(_all(copy, trips), _all(provider, trips)):
        yield "pickle: a copy has other times"


def _closes(provider: TravelTimes, trips: _Trips, mode: str) -> Iterator[str]:
    """Closing twice and reopening twice, and nobody else notices; ``mode`` is all of them."""
    x, y = trips.points[0]
    own = [Closure("a circle", at=(x, y), radius_m=1000.0)] if "at" in provider.closes else []
    own += [Closure("a zone", zones=(0,))] if "zones" in provider.closes else []
    streams = Streams(1, 0).below("travel")
    one, other = (provider.begin(streams, horizon_s=HORIZON_S) for _ in range(2))
    if not provider.closes:
        try:
            one.close(Closure("a circle", at=(x, y), radius_m=1.0))
        except NotImplementedError:
            return
        yield "close: raises nothing, expected NotImplementedError, because closes is empty"
        return
    before = _all(one, trips)
    for closure in (*own, *trips.closures):
        yield from _shuts(one, other, closure, before, trips)
    for closure in own:
        one.close(closure)
    if own and not trips.closures and not (_all(one, trips) > before).any():
        names = " or ".join(closure.name for closure in own)
        yield f"close: no trip takes longer with {names} closed, expected one that does (or see closures)"


def _shuts(
    one: TravelTimes, other: TravelTimes, closure: Closure, before: FloatArray, trips: _Trips
) -> Iterator[str]:
    """One closure, which must be open before, and is after."""
    routes = {mode: _routes(one, trips, mode) for mode in one.modes}
    one.close(closure)
    shut = _all(one, trips)
    if (shut < before).any() and trips.shortest:
        yield f"close: a trip is quicker with {closure.name} closed"
    if closure in trips.closures and not (shut > before).any():
        yield f"close: no trip takes longer with {closure.name} closed"
    for mode in one.modes:
        for line in (*_one_by_one(one, trips, mode), *_ways(one, trips, mode)):
            yield f"with {closure.name} closed, {mode}: {line}"
        yield from (f"{mode}: {line}" for line in _unmoved(one, routes[mode], closure, trips, mode))
    one.close(closure)
    one.reopen(closure)
    if not _same(_all(one, trips), shut):
        yield f"reopen: {closure.name} closed twice and reopened once is not as closed once"
    if not _same(_all(other, trips), before):
        yield f"close: {closure.name} is closed in another replication too"
    one.reopen(closure)
    if not _same(_all(one, trips), before):
        yield f"reopen: other times than before {closure.name} was closed, expected the same bits"


Routes = Mapping[tuple[int, int], Route]


def _routes(provider: TravelTimes, trips: _Trips, mode: str) -> Routes:
    """Return the routes of all trips that can be made, by their points (indices)."""
    at_s, able = trips.moments_s[0], trips.times(provider, mode)[0]
    return {
        (i, j): provider.route(trips.points[i], trips.points[j], at_s=at_s, mode=mode)
        for i, j in np.argwhere(np.isfinite(able) & (able > 0)).tolist()
    }


def _unmoved(
    provider: TravelTimes, routes: Routes, closure: Closure, trips: _Trips, mode: str
) -> Iterator[str]:
    """Routes that see no change although nobody can reach their destination any more."""
    lost = np.isinf(trips.times(provider, mode)[0]).all(axis=0)
    for (i, j), route in routes.items():
        if lost[j] and not route.changed(0.0):
            way = f"from {trips.points[i]} to {trips.points[j]}"
            yield f"route.changed(0): False {way} once {closure.name} is closed, where it leads no more"
            return


def _all(provider: TravelTimes, trips: _Trips) -> FloatArray:
    return np.array([trips.times(provider, mode) for mode in provider.modes])


def _same(one: FloatArray, other: FloatArray) -> bool:
    """Whether two tables are equal to the bit."""
    return bool(np.array_equal(one, other, equal_nan=True))
