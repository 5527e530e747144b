"""Checked config sections become nouns of the model, in SI units and with indices for names."""

from collections.abc import Mapping
from math import cos, radians, sin, sqrt

from sim.config.schema.fleet import CentreConfig, FleetConfig
from sim.config.schema.incident import IncidentConfig, LevelConfig
from sim.config.schema.place import Located, PlaceConfig
from sim.config.schema.target import ResponseTargetConfig, TargetConfig
from sim.config.zoning import TownPoint, zone_towns
from sim.model.incidents import LEVELS, IncidentType, Level, Profile
from sim.model.place import Place, Site, Zone
from sim.model.resources import NO_TIME, CommandCentre, Fleet, Unit, UnitKind
from sim.model.targets import CoverageTarget, Population, ResponseTarget, Target

LatLon = tuple[float, float]


def project(lat: float, lon: float, origin: LatLon) -> tuple[float, float]:
    """Return metres east and north of ``origin``, in degrees.

    Equirectangular with the WGS 84 radii of curvature at the origin: within 0.1 % over 50 km.
    """
    semi_major, flattening = 6378137.0, 1 / 298.257223563
    e2 = flattening * (2 - flattening)
    root = sqrt(1 - e2 * sin(radians(origin[0])) ** 2)
    north_radius = semi_major * (1 - e2) / root**3
    east_radius = semi_major / root * cos(radians(origin[0]))
    return radians(lon - origin[1]) * east_radius, radians(lat - origin[0]) * north_radius


def origin_of(config: PlaceConfig) -> LatLon | None:
    """Return the mean (latitude, longitude) of the towns or zones; None for places in metres."""
    spots = list((config.towns or config.zones or {}).values())
    lats, lons = [s.lat for s in spots if s.lat is not None], [s.lon for s in spots if s.lon is not None]
    return (sum(lats) / len(lats), sum(lons) / len(lons)) if lats and lons else None


def point(spot: Located, origin: LatLon | None) -> tuple[float, float]:
    """Return a point in metres."""
    if origin is not None and spot.lat is not None and spot.lon is not None:
        return project(spot.lat, spot.lon, origin)
    return spot.x or 0.0, spot.y or 0.0


def place(config: PlaceConfig) -> Place:
    """Return the place, zoned. Raises ValueError when a town finds no land."""
    origin = origin_of(config)
    if config.towns and config.zoning:
        towns = [
            TownPoint(name, *point(town, origin), town.people, town.kind == "urban")
            for name, town in config.towns.items()
        ]
        zones = zone_towns(towns, config.zoning)
    else:
        zones = tuple(
            Zone(name, name, zone.kind, *point(zone, origin), zone.side or 0.0, zone.people)
            for name, zone in (config.zones or {}).items()
        )
    return Place(
        name=config.name,
        title=config.title or config.name,
        zones=zones,
        stations=tuple(
            Site(name, site.title or name, *point(site, origin)) for name, site in config.stations.items()
        ),
        hospitals=tuple(
            Site(name, site.title or name, *point(site, origin), tuple(map(_level, site.accepts)))
            for name, site in config.hospitals.items()
        ),
        origin=origin,
    )


def _level(name: str) -> int:
    return LEVELS.index(name) + 1


def fleet(config: FleetConfig, sites: PlaceConfig) -> Fleet:
    """Return all units, named ``base/kind-number``, in the order of the config."""
    kinds = tuple(
        UnitKind(
            name=name,
            title=kind.title or name,
            mode=kind.mode,
            turnout=kind.turnout,
            access=kind.access,
            trip_sigma=kind.trip_sigma,
            transports=kind.transports,
            handover=kind.handover or NO_TIME,
        )
        for name, kind in config.kinds.items()
    )
    names, bases = list(config.kinds), [*sites.stations, *sites.hospitals]
    units = []
    for base, counts in config.units.items():
        for kind, stated in counts.items():
            count = stated
            if kind == "engine" and stated and config.engines_per_station is not None:
                count = config.engines_per_station
            for i in range(count):
                units.append(Unit(f"{base}/{kind}-{i + 1}", names.index(kind), bases.index(base)))
    return Fleet(kinds, tuple(units), config.available, config.firefighters)


def types(config: Mapping[str, IncidentConfig], where: Place, units: Fleet) -> tuple[IncidentType, ...]:
    """Return the incident types with rates for the whole place."""
    kinds = [kind.name for kind in units.kinds]
    return tuple(_type(name, each, where, kinds) for name, each in config.items())


def _type(name: str, config: IncidentConfig, where: Place, kinds: list[str]) -> IncidentType:
    people = sum(zone.people for zone in where.zones if zone.kind in config.where.zones)
    rate = config.rate * people if config.rate is not None else config.total_rate
    levels = [_severity(config, config.levels.get(level), kinds) for level in LEVELS]  # type: ignore[call-overload]
    return IncidentType(
        name=name,
        title=config.title or name,
        rate_per_s=rate or 0.0,
        zone_kinds=tuple(config.where.zones),
        by=config.where.by,
        profile=Profile(config.profile.peak, config.profile.swing, tuple(config.profile.weekly)),
        detection=config.detection,
        reporting=config.reporting,
        handling=config.handling,
        levels=(levels[0], levels[1], levels[2], levels[3]),
    )


def _severity(config: IncidentConfig, level: LevelConfig | None, kinds: list[str]) -> Level:
    if level is None:
        return Level(0.0, 1, (), ())
    card = {kind: count for kind, count in level.card.items() if count}
    scene = config.scene | level.scene
    return Level(
        probability=level.probability,
        priority=level.priority,
        card=tuple((kinds.index(kind), count) for kind, count in card.items()),
        scene=tuple(scene[kind] for kind in card),
        transport=config.transport if level.transport is None else level.transport,
    )


def centre(config: CentreConfig) -> CommandCentre:
    """Return the command centre."""
    return CommandCentre(config.call_takers, config.pick_up, config.alerting, config.queue_limit)


def targets(config: Mapping[str, TargetConfig]) -> tuple[Target, ...]:
    """Return the targets in the order of the config."""
    return tuple(_target(name, target) for name, target in config.items())


def _target(name: str, config: TargetConfig) -> Target:
    if isinstance(config, ResponseTargetConfig):
        return ResponseTarget(
            name=name,
            title=config.title or name,
            clause=config.clause,
            start=config.clock.start,
            stop=config.clock.stop,
            of=config.of,
            over=Population(
                types=tuple(config.types),
                levels=tuple(map(_level, config.levels)),
                zone_kinds=tuple(config.zones),
                units=tuple(config.units),
            ),
            limit_s=config.limit,
            share=config.share,
            confidence_level=config.confidence_level,
        )
    return CoverageTarget(
        name=name,
        title=config.title or name,
        clause=config.clause,
        kind=config.unit,
        of=config.of,
        zone_kinds=tuple(config.zones),
        turnout_s=config.turnout,
        at_s=config.at,
        limit_s=config.limit,
        share=config.share,
    )
