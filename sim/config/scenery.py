"""Checked config sections become nouns of the model, in SI units and with indices for names."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from math import hypot

import numpy as np

from sim.config.boundaries import squares
from sim.config.forces import forces
from sim.config.points import origin_of, point
from sim.config.schema.fleet import DutyConfig, FleetConfig, UnitKindConfig
from sim.config.schema.incident import Asks, IncidentConfig
from sim.config.schema.place import LineConfig, PlaceConfig, SiteConfig
from sim.config.schema.weather import WeatherConfig
from sim.config.zoning import TownPoint, zone_towns
from sim.model.duty import Hours, Servicing, WorkLimit
from sim.model.earth import LatLon
from sim.model.forces import OWN
from sim.model.place import HOSPITAL, Line, Place, Site, Zone
from sim.model.resources import NO_TIME, Fleet, Mishaps, Modes, Resource, Unit, UnitKind
from sim.model.roster import Roster
from sim.model.types import LEVELS
from sim.model.weather import Weather
from sim.rng import Streams


def place(config: PlaceConfig) -> Place:
    """Return the place, zoned. Raises ValueError when a town finds no land."""
    origin = origin_of(config)
    zones = tuple(_reporting(zone, config) for zone in _zones(config, origin))
    sites = [_site(name, site, origin) for name, site in config.sites.items()]
    return Place(
        name=config.name,
        title=config.title or config.name,
        zones=zones,
        sites=(*sites, *_scattered(config, zones)),
        lines=tuple(_line(name, line, origin) for name, line in config.lines.items()),
        origin=origin,
    )


def _zones(config: PlaceConfig, origin: LatLon | None) -> tuple[Zone, ...]:
    if config.towns and config.zoning:
        towns = [
            TownPoint(name, *point(town, origin), town.people, town.kind == "urban", town.district)
            for name, town in config.towns.items()
        ]
        return zone_towns(towns, config.zoning, origin)
    zones = {name: (zone, point(zone, origin)) for name, zone in (config.zones or {}).items()}
    return tuple(
        square
        for name, (zone, spot) in zones.items()
        for square in squares(name, zone, spot, config.cell or 0.0, origin)
    )


def _reporting(zone: Zone, config: PlaceConfig) -> Zone:
    """Return a zone by how much its reports come late: as its own or its town's, else as its kind's."""
    own = (config.towns or config.zones or {})[zone.town].report_delay
    law = own or config.report_delays.get(zone.kind)  # type: ignore[call-overload]
    return replace(zone, report_delay=law) if law else zone


def _site(name: str, config: SiteConfig, origin: LatLon | None) -> Site:
    everybody = LEVELS if config.kind == HOSPITAL else ()
    accepts = everybody if config.accepts is None else config.accepts
    return Site(name, config.title or name, *point(config, origin), tuple(map(level, accepts)), config.kind)


def _line(name: str, config: LineConfig, origin: LatLon | None) -> Line:
    points = tuple(point(spot, origin) for spot in config.points)
    drawn_m = sum(hypot(x1 - x0, y1 - y0) for (x0, y0), (x1, y1) in pairwise(points))
    return Line(name, config.title or name, config.kind, points, config.length or drawn_m)


def _scattered(config: PlaceConfig, zones: tuple[Zone, ...]) -> Iterator[Site]:
    """Yield the sites whose positions are drawn: always the same for a place and its zoning's seed.

    Raises ValueError when there is no zone for them.
    """
    seed = config.zoning.seed if config.zoning else 0
    for name, group in config.scattered.items():
        rng = Streams(seed, 0)("scattered", name)
        weights = np.array(
            [
                (zone.people if group.by == "people" else zone.side_m**2)
                * (zone.kind in group.zones and (not group.towns or zone.town in group.towns))
                for zone in zones
            ]
        )
        if weights.sum() == 0:
            raise ValueError(f"expected zones for scattered.{name}")
        chosen = rng.choice(len(zones), group.count, p=weights / weights.sum())
        for i, (z, (u, v)) in enumerate(zip(chosen, rng.random((group.count, 2)) - 0.5, strict=True), 1):
            x, y = zones[z].x_m + u * zones[z].side_m, zones[z].y_m + v * zones[z].side_m
            yield Site(f"{name}-{i}", f"{group.title or name} {i}", float(x), float(y), (), group.kind)


def level(name: str) -> int:
    """Return the number of a level, from 1 for I to 4 for IV."""
    return LEVELS.index(name) + 1


def fleet(config: FleetConfig, sites: PlaceConfig, incident: Mapping[str, IncidentConfig]) -> Fleet:
    """Return all units, named ``base/kind-number``, in the order of the config.

    What a card can ask for begins with the kinds themselves, in their order.
    """
    kinds = tuple(
        UnitKind(
            name=name,
            title=kind.title or name,
            modes=Modes.of(**kind.mode.model_dump()),
            turnout=kind.turnout,
            access=kind.access,
            trip_sigma=kind.trip_sigma,
            transports=kind.transports,
            handover=kind.handover or NO_TIME,
            capabilities=tuple(kind.capabilities),
            equipment=kind.equipment,
            mishaps=_mishaps(kind),
            minimum_crew=kind.minimum_crew,
            servicing=Servicing(kind.servicing.every, kind.servicing.lasting) if kind.servicing else None,
            holds_s=kind.holds or 0.0,
        )
        for name, kind in config.kinds.items()
    )
    names, bases, called = list(config.kinds), list(sites.sites), forces(config, sites)
    owners = {base: called[name] for name, each in config.forces.items() for base in each.bases}
    units = []
    for base, stood in config.units.items():
        for kind, stated in stood.items():
            count = stated.count
            if kind == "engine" and count and config.engines_per_station is not None:
                count = config.engines_per_station
            crew = config.kinds[kind].crew if stated.crew is None else stated.crew
            for i in range(count):
                name, own = f"{base}/{kind}-{i + 1}", stated.duty or config.kinds[kind].duty
                place = names.index(kind), bases.index(base)
                units.append(Unit(name, *place, crew, _hours(own, crew), owners.get(base, OWN)))
    asked_for, every = _resources(config, incident), tuple(called.values())
    return Fleet(kinds, tuple(units), config.available, config.firefighters, asked_for, every)


def _hours(config: DutyConfig | None, crew: int) -> Hours | None:
    """Return the hours of a unit whose shifts have so many people where they do not say otherwise."""
    if config is None:
        return None
    shifts = (each.shift_of(crew if each.crew is None else each.crew) for each in config.hours.values())
    return Hours(
        Roster(tuple(shifts)),
        config.on_call,
        tuple(config.hours),
        hand_over_s=(config.hand_over or 0.0) if config.at_end == "hand_over" else None,
        absence=config.absence,
        work_limit=WorkLimit(config.max_work, config.rest) if config.max_work and config.rest else None,
    )


def _mishaps(config: UnitKindConfig) -> Mishaps:
    attendance, breakdown = config.attendance, config.breakdown
    comes = (attendance.share, attendance.again) if attendance else (1.0, 0.0)
    return Mishaps(*comes, *((breakdown.chance, breakdown.repair) if breakdown else (0.0, 0.0)))


def _resources(config: FleetConfig, incident: Mapping[str, IncidentConfig]) -> tuple[Resource, ...]:
    """Return the unit kinds, the other capabilities, and what people and equipment the cards ask for."""
    capabilities = [word for kind in config.kinds.values() for word in kind.capabilities]
    found = dict.fromkeys(Resource(name) for name in (*config.kinds, *capabilities))
    for each in incident.values():
        for meaning in each.levels.values():
            for asks in (meaning, meaning.later):
                found |= dict.fromkeys(resource for resource, _ in asked(asks))
    return tuple(found)


def asked(config: Asks) -> list[tuple[Resource, float]]:
    """Return what a level asks for, in order: units, people, equipment."""
    by_measure: dict[str, Mapping[str, float]] = {
        "units": config.needs,
        "crew": config.crew,
        "equipment": config.equipment,
    }
    return [
        (Resource(name, measure), float(amount))  # type: ignore[arg-type]
        for measure, amounts in by_measure.items()
        for name, amount in amounts.items()
        if amount
    ]


def weather(config: WeatherConfig) -> Weather:
    """Return the kinds of day."""
    return Weather(tuple(config.kinds), tuple(map(tuple, config.kinds.values())), config.persistence)
