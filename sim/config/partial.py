"""What is wrong in the parts of a config that are well formed each by itself, whatever is wrong elsewhere."""

from collections.abc import Mapping, Set
from contextlib import suppress
from datetime import date
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from sim.config import checks, closures, occurrences, policies, scenery, travel
from sim.config.plugins import PlugIn
from sim.config.problems import Problem
from sim.config.provenance import Path
from sim.config.schema.centre import CentreConfig
from sim.config.schema.closures import ClosureConfig
from sim.config.schema.fleet import FleetConfig
from sim.config.schema.incident import IncidentConfig
from sim.config.schema.place import PlaceConfig
from sim.config.schema.traffic import TrafficConfig
from sim.config.schema.weather import WeatherConfig
from sim.model.calendar import Calendar
from sim.model.units import PositiveSeconds
from sim.seams import TravelTimes

M = TypeVar("M", bound=BaseModel)


def of_plugins(
    sections: checks.Sections, plain: Mapping[str, Any], plugins: Mapping[str, PlugIn | None]
) -> list[Problem]:
    """Return what is wrong with sources, travel, whole cards and closures, where what each needs is sound."""
    given, found = _given(sections, plain), list[Problem]()
    made = {
        path: plugin.make(given, found)
        for path, plugin in plugins.items()
        if plugin is not None and path not in ("dispatch", "move_up") and given.keys() >= {*plugin.filled_in}
    }
    ways = _ways(made, given, plain, found)
    if ways is not None and "fleet" in given:
        found += checks.mode_problems(given["fleet"], ways)
    if given.keys() >= {"fleet", "types"}:
        found += policies.never_filled(plugins.get("dispatch"), given["types"], given["fleet"])
    if given.keys() >= {"place", "calendar"}:
        closed = _node(plain, "closures")
        sound = {name: each for name, node in closed.items() if (each := _sound(ClosureConfig, node, {}))}
        begun = closures.closures(sound, given["place"], given["calendar"], found)
        if ways is not None:
            found += closures.problems_on(ways, sound, begun, sections.horizon_s)
    return found


def _given(sections: checks.Sections, plain: Mapping[str, Any]) -> dict[str, Any]:
    """Return what plug-ins may be given, as far as it is well formed.

    Where types of incident are not, the fleet knows only what the others ask for, and no types are given.
    """
    given: dict[str, Any] = {}
    incidents, whole = sections.incident, set(sections.incident) == set(_node(plain, "incident"))
    with suppress(ValueError, KeyError, TypeError):
        given["calendar"] = Calendar(date.fromisoformat(str(plain.get("start"))))
    if weather := _sound(WeatherConfig, _node(plain, "weather"), {}):
        given["weather"] = scenery.weather(weather)
    with suppress(ValueError, KeyError, TypeError):
        if sections.place is not None:
            given["place"] = sections.zoned
            if sections.fleet is not None:
                given["fleet"] = scenery.fleet(sections.fleet, sections.place, incidents)
                if whole:
                    rates = sections.place.rates
                    given["types"] = occurrences.types(incidents, rates, given["place"], given["fleet"])
    return given


def _ways(
    made: Mapping[str, Any], given: Mapping[str, Any], plain: Mapping[str, Any], found: list[Problem]
) -> TravelTimes | None:
    """Return the provider of all travel, None where a part of it is not well formed."""
    kinds = {"kind of weather": set(_node(_node(plain, "weather"), "kinds"))}
    traffic = _sound(TrafficConfig, _node(plain, "traffic"), kinds if kinds["kind of weather"] else {})
    ground, air = made.get("travel"), made.get("air")
    if (
        not ground
        or not traffic
        or (plain.get("air") and not air)
        or not given.keys() >= {"calendar", "weather"}
    ):
        return None
    problems: list[Problem] = []
    ways = travel.provider(ground, air, traffic, given["calendar"], given["weather"], problems)
    found += problems
    return None if problems else ways


def _node(plain: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return the mapping under a key, an empty one where there is none."""
    node = plain.get(key)
    return node if isinstance(node, Mapping) else {}


def sections_of(plain: Mapping[str, Any], context: Mapping[str, Any], torn: Set[Path]) -> checks.Sections:
    """Return the sections that are well formed each by itself, whatever is wrong elsewhere."""
    plain = {key: node for key, node in plain.items() if key not in {path[0] for path in torn}}

    nodes = plain.get("incident")
    types = nodes.items() if isinstance(nodes, Mapping) else ()
    sound = {str(name): _sound(IncidentConfig, node, context) for name, node in types}
    return checks.Sections(
        _sound(PlaceConfig, plain.get("place"), context),
        _sound(FleetConfig, plain.get("fleet"), context),
        {name: found for name, found in sound.items() if found is not None},
        _horizon_s(plain.get("horizon")),
        _sound(CentreConfig, plain.get("centre"), context),
    )


def _sound(model: type[M], node: Any, context: Mapping[str, Any]) -> M | None:
    """Return a section that is well formed by itself, else None."""
    try:
        return model.model_validate(node, context=dict(context))
    except ValidationError:
        return None


def _horizon_s(written: object) -> float:
    """Return the horizon, 0 where it is not well formed."""
    try:
        return TypeAdapter(PositiveSeconds).validate_python(written)
    except ValidationError:
        return 0.0
