"""Closures of a config become nouns, where what they name is there and their times make sense."""

from collections.abc import Iterator, Mapping
from math import inf, nan

from sim.config.boundaries import EDGE_M
from sim.config.problems import Problem, did_you_mean, shown
from sim.config.schema.closures import ClosureConfig
from sim.demand.moments import moment_s
from sim.model.calendar import Calendar
from sim.model.closures import Closure
from sim.model.earth import project
from sim.model.place import Place
from sim.rng import Streams
from sim.seams import TravelTimes
from sim.travel.telling import Closing, parts

WORDS = {"arcs": "roads", "nodes": "nodes", "zones": "zones", "at": "within"}
"""What the parts of a closure are called in a config."""


def closures(
    config: Mapping[str, ClosureConfig], place: Place, calendar: Calendar, problems: list[Problem]
) -> tuple[Closure, ...]:
    """Return the closures by the time they begin, adding what is wrong with each."""
    found = [_closure(name, each, place, calendar, problems) for name, each in config.items()]
    return tuple(sorted(found, key=lambda closure: closure.from_s))


def _closure(
    name: str, config: ClosureConfig, place: Place, calendar: Calendar, problems: list[Problem]
) -> Closure:
    def moment(key: str, text: str) -> float:
        try:
            return moment_s(text, calendar)
        except ValueError as error:
            why = str(error).removeprefix("expected ")
            problems.append(Problem(("closures", name, key), shown(text), why))
            return nan

    from_s, until_s = moment("at", config.at), inf
    if config.lasting is not None:
        until_s = from_s + config.lasting
    if config.until is not None:
        until_s = moment("until", config.until)
        if until_s <= from_s:
            problems.append(Problem(("closures", name, "until"), shown(config.until), "a moment after at"))
    return Closure(
        name,
        from_s,
        until_s,
        tuple(config.roads or ()),
        tuple(config.nodes or ()),
        tuple(i for word in config.zones or () for i in _zones(name, word, place, problems)),
        _point(name, config, place, problems),
        config.within or 0.0,
    )


def _zones(name: str, word: str, place: Place, problems: list[Problem]) -> list[int]:
    """Return the zones that a word names: one of its name, or all of a town."""
    found = [i for i, zone in enumerate(place.zones) if word in (zone.name, zone.town)]
    if not found:
        known = {zone.name for zone in place.zones} | {zone.town for zone in place.zones}
        expected = f"a zone or town of the place{did_you_mean(word, known)}"
        problems.append(Problem(("closures", name, "zones"), shown(word), expected))
    return found


def _point(
    name: str, config: ClosureConfig, place: Place, problems: list[Problem]
) -> tuple[float, float] | None:
    if config.lat is not None and config.lon is not None:
        if place.origin is None:
            expected = "x and y, because the place is in metres"
            problems.append(Problem(("closures", name), "lat and lon", expected))
            return None
        point = project(config.lat, config.lon, place.origin)
    elif config.x is not None and config.y is not None:
        point = config.x, config.y
    else:
        return None
    gap_m = place.gap_m(point) - (config.within or 0.0)
    if gap_m > EDGE_M:
        found = f"a point {gap_m / 1000:,.1f} km from any zone"
        problems.append(Problem(("closures", name), found, "a point in the area"))
    return point


def problems_on(
    travel: TravelTimes, config: Mapping[str, ClosureConfig], found: tuple[Closure, ...], horizon_s: float
) -> Iterator[Problem]:
    """Yield what closures name that travel does not have, or that it cannot close."""
    for closure in found:
        written, path = config[closure.name], ("closures", closure.name)
        unable = [part for part in closure.parts if part not in travel.closes]
        for part in unable:
            able = ", ".join(word for each, word in WORDS.items() if each in travel.closes) or "nothing"
            expected = f"what travel can close: {able}"
            yield Problem((*path, WORDS[part]), shown(getattr(written, WORDS[part])), expected)
        if unable:
            continue
        if not (asked := [each for each in parts(travel) if isinstance(each, Closing)]):
            yield from _tried(travel, closure, horizon_s)
        for each in asked:
            yield from (Problem((*path, *f.path), f.found, f.expected) for f in each.unknown(closure))


def _tried(travel: TravelTimes, closure: Closure, horizon_s: float) -> Iterator[Problem]:
    """Yield what a provider says as it is asked to close something."""
    try:
        travel.begin(Streams(0, 0), horizon_s=horizon_s).close(closure)
    except ValueError as error:
        yield Problem(("closures", closure.name), "", str(error).removeprefix("expected "))
