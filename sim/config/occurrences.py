"""Checked incident types become nouns of the model."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from math import inf

import numpy as np

from sim.config.points import point
from sim.config.scenery import asked
from sim.config.schema import chain as spawning
from sim.config.schema import work as tasks
from sim.config.schema.effects import NOT_MODELLED
from sim.config.schema.incident import Asks, BecomesConfig, IncidentConfig, LevelConfig, WhereConfig
from sim.model import chain, work
from sim.model.casualties import Casualties
from sim.model.distributions import Distribution
from sim.model.place import Line, Place, Site
from sim.model.rates import Rate
from sim.model.resources import Ask, Card, Fleet
from sim.model.types import LEVELS, Becomes, IncidentType, Late, Level, Mistaken, Overdispersion, Profile
from sim.model.where import AlongLines, AtPoints, InZones, Where

LAND = ("built_up", "rural", "forest")
"""The zones of a type that names none."""


def types(
    config: Mapping[str, IncidentConfig], rates: Mapping[str, Rate], where: Place, units: Fleet
) -> tuple[IncidentType, ...]:
    """Return the incident types with rates for the whole place; ``rates`` are the place's own."""
    names = list(config)
    found = [
        _type(name, each, rates.get(name, each.rate), where, units, names) for name, each in config.items()
    ]
    return tuple(
        replace(
            kind,
            reported_as=tuple(
                Mistaken(names.index(name), found[names.index(name)], share)
                for name, share in config[kind.name].reported_as.items()
                if name in names
            ),
            unreported=tuple(name for name in config[kind.name].reported_as if name not in names),
        )
        for kind in found
    )


def _type(
    name: str, config: IncidentConfig, rate: Rate | None, place: Place, fleet: Fleet, names: list[str]
) -> IncidentType:
    levels = [_severity(config, config.levels.get(level), i, fleet) for i, level in enumerate(LEVELS, 1)]  # type: ignore[call-overload]
    profile, over = config.profile, config.overdispersion
    spots = where(config.where, place)
    return IncidentType(
        name=name,
        title=config.title or name,
        rate_per_s=rate.value * extent(config.where, rate, place) if rate and spots else 0.0,
        where=spots,
        profile=Profile(
            profile.peak, profile.swing, tuple(profile.weekly), tuple(profile.monthly), profile.weather
        ),
        detection=config.detection,
        reporting=config.reporting,
        handling=config.handling,
        size_up=config.size_up,
        levels=(levels[0], levels[1], levels[2], levels[3]),
        overdispersion=Overdispersion(over.block, over.deviation) if over else None,
        magnitudes=_magnitudes(config.magnitude) if config.magnitude else None,
        shaking=_shaking(config.shaking) if config.shaking else None,
        spawns=tuple(
            (names.index(child), spawn(law)) for child, law in config.spawns.items() if child in names
        ),
        childless=tuple(child for child in config.spawns if child not in names),
        not_modelled=_not_modelled(config),
    )


def _not_modelled(config: IncidentConfig) -> tuple[str, ...]:
    """Return the effects that do not act: not casualties whose number decides which level it becomes."""
    counted = any(level.becomes.casualties for level in config.levels.values())
    said = {
        effect: [each for of in (config, *config.levels.values()) if (each := getattr(of, effect))]
        for effect in NOT_MODELLED
    }
    if counted and not any(each.triage or each.trapped for each in said["casualties"]):
        del said["casualties"]
    return tuple(effect for effect, each in said.items() if each)


def extent(config: WhereConfig, rate: Rate, place: Place) -> float:
    """Return what a rate is to be multiplied with: people, m², sites, metres, or 1 for the whole place."""
    chosen = [zone.kind in (config.zones or LAND) for zone in place.zones]
    return {
        "person": float(place.people @ chosen),
        "area": float(place.area_m2 @ chosen),
        "site": float(len(_sites(config, place))),
        "length": sum(line.length_m for line in _lines(config, place)),
        "place": 1.0,
    }[rate.per]


def where(config: WhereConfig, place: Place) -> Where | None:
    """Return where a type happens; None when this place has no such zones, sites or lines."""
    if config.at is not None:
        return AtPoints((point(config.at, place.origin),), config.within)
    if config.sites:
        sites = _sites(config, place)
        return AtPoints(tuple((s.x_m, s.y_m) for s in sites), config.within) if sites else None
    if config.along:
        legs = [leg for line in _lines(config, place) for leg in pairwise(line.points)]
        starts, ends = tuple(leg[0] for leg in legs), tuple(leg[1] for leg in legs)
        return AlongLines(starts, ends, config.within) if legs else None
    weights = place.area_m2 if config.by == "area" else place.people
    zones = np.flatnonzero([zone.kind in (config.zones or LAND) for zone in place.zones])
    return (
        InZones(tuple(zones.tolist()), tuple(weights[zones].tolist())) if weights[zones].sum() > 0 else None
    )


def _sites(config: WhereConfig, place: Place) -> list[Site]:
    return [site for site in place.sites if site.name in config.sites or site.kind in config.sites]


def _lines(config: WhereConfig, place: Place) -> list[Line]:
    return [line for line in place.lines if line.name in config.along or line.kind in config.along]


def _severity(config: IncidentConfig, level: LevelConfig | None, number: int, fleet: Fleet) -> Level:
    if level is None:
        return Level(0.0, 1, (), (), ())
    card, later = _card(level, fleet), _card(level.later, fleet)
    work_ = config.works(level)
    task = _task(work_.task, fleet) if work_.task else None
    slots = fleet.slots((*card, *later), number)
    return Level(
        probability=level.probability or 0.0,
        priority=level.priority,
        card=card,
        slots=slots,
        times=tuple(time_of(kind, work_, task, fleet) for kind in range(len(fleet.kinds))),
        transport=config.transport if level.transport is None else level.transport,
        task=task,
        supplies=tuple(level.supplies.items()),
        magnitude=level.magnitude or 0.0,
        urgency=level.urgency,
        later=later,
        becomes=_becomes(level.becomes),
        casualties=_casualties(config, level),
    )


def _casualties(config: IncidentConfig, level: LevelConfig) -> Casualties | None:
    """Return how many a level hurts, if that decides anything."""
    hurt = config.hurts(level) if level.becomes.casualties else None
    return Casualties(hurt.mean, hurt.dispersion) if hurt else None


def _card(asks: Asks, fleet: Fleet) -> Card:
    return tuple(Ask(fleet.resources.index(resource), amount) for resource, amount in asked(asks))


def _becomes(config: BecomesConfig) -> Becomes:
    one, two, three, four = (config.found.get(level, 0.0) for level in LEVELS)  # type: ignore[call-overload]
    late = Late(config.late.after, LEVELS.index(config.late.level)) if config.late else None
    hurt = tuple((least, LEVELS.index(level)) for least, level in sorted(config.casualties.items()))
    escapes = None if config.escapes is None else LEVELS.index(config.escapes)
    return Becomes((one, two, three, four), hurt, late, escapes)


def time_of(kind: int, config: tasks.WorkConfig, task: work.Task | None, fleet: Fleet) -> Distribution | None:
    """Return a unit kind's own time on scene, by its name or a capability; None where there is none."""
    if task is not None and task.rates[kind]:
        return None
    unit = fleet.kinds[kind]
    return next(
        (config.times[word] for word in (unit.name, *unit.capabilities) if word in config.times), None
    )


def _task(config: tasks.Task, fleet: Fleet) -> work.Task:
    rates = tuple(
        max(
            (config.rates[word] for word in (kind.name, *kind.capabilities) if word in config.rates),
            default=0.0,
        )
        for kind in fleet.kinds
    )
    shared = (rates, config.per, config.mop_up, config.burn_out)
    match config:
        case tasks.AmountConfig():
            return work.Amount(*shared, config.amount)
        case tasks.LinearConfig():
            return work.Linear(*shared, config.amount, config.growth, config.escape or inf)
        case tasks.SquaredConfig():
            growth = config.growth if isinstance(config.growth, float) else work.T_SQUARED[config.growth]
            return work.Squared(*shared, growth, config.peak, config.heat_per_area, config.escape or inf)
        case tasks.WildlandConfig():
            return work.Wildland(
                *shared,
                config.speed,
                config.length_to_width,
                config.escape or inf,
                config.most or inf,
            )


def _magnitudes(config: spawning.MagnitudeConfig) -> chain.Magnitudes:
    return chain.Magnitudes(config.b, config.least, np.inf if config.most is None else config.most)


def _shaking(config: spawning.ShakingConfig) -> chain.Shaking:
    law = config.attenuation
    return chain.Shaking(law.c0, law.c1, law.c2, law.near, law.sigma, config.intensity_a, config.intensity_b)


def spawn(config: spawning.Spawn) -> chain.Spawn:
    """Return the law by which children are born."""
    match config:
        case spawning.CountSpawn():
            mean = config.chance if config.mean is None else config.mean
            return chain.Count(config.delay, config.distance, mean or 0.0, config.mean is None)
        case spawning.ConstantSpawn():
            return chain.Steady(config.delay, config.distance, config.rate, config.lasting)
        case spawning.OmoriSpawn():
            law = (config.a, config.b, config.p, config.c, config.least, config.lasting)
            return chain.Omori(config.delay, config.distance, *law)
        case spawning.IgnitionSpawn():
            return chain.Ignitions(config.delay, config.quadratic, config.linear, config.floor_area)
        case spawning.DamageSpawn():
            steps = sorted((spawning.degree(word), n / 1000) for word, n in config.per_1000_people.items())
            return chain.Damage(
                config.delay, tuple(s for s, _ in steps), tuple(n for _, n in steps), tuple(config.zones)
            )
