"""Closures of a config become nouns, where what they name is there and their times make sense."""

from collections.abc import Iterator, Mapping
from math import inf, nan

from sim.config.problems import Problem, did_you_mean, shown
from sim.config.schema.closures import ClosureConfig
from sim.demand.moments import moment_s
from sim.model.calendar import Calendar
from sim.model.closures import Closure
from sim.model.earth import project
from sim.model.place import Place
from sim.rng import Streams
from sim.seams import TravelTimes

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
        return project(config.lat, config.lon, place.origin)
    return None if config.x is None or config.y is None else (config.x, config.y)


def problems_on(travel: TravelTimes, found: tuple[Closure, ...], horizon_s: float) -> Iterator[Problem]:
    """Yield the closures that a provider of travel times cannot carry out, each tried by itself."""
    for closure in found:
        parts = [part for part in closure.parts if part not in travel.closes]
        for part in parts:
            able = ", ".join(WORDS[each] for each in travel.closes) or "nothing"
            expected = f"what {type(travel).__name__} can close: {able}"
            yield Problem(("closures", closure.name, WORDS[part]), "", expected)
        try:
            if not parts:
                travel.begin(Streams(0, 0), horizon_s=horizon_s).close(closure)
        except ValueError as error:
            why = str(error).removeprefix("expected ")
            yield Problem(("closures", closure.name), "", why)
