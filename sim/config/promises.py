"""Checked targets become nouns of the model."""

from collections.abc import Mapping

from sim.config.scenery import level
from sim.config.schema.target import (
    BurntTargetConfig,
    CoverageTargetConfig,
    DeclaredTargetConfig,
    RadiusTargetConfig,
    ResponseTargetConfig,
    TargetConfig,
)
from sim.config.schema.until import UntilConfig
from sim.model.targets import (
    BurntTarget,
    CoverageTarget,
    DeclaredTarget,
    Population,
    RadiusTarget,
    ResponseTarget,
    Target,
)
from sim.model.until import Decided


def until(config: UntilConfig) -> Decided:
    """Return the rule by which a study stops."""
    return Decided(config.precision, config.most, config.least, tuple(config.targets))


def targets(config: Mapping[str, TargetConfig]) -> tuple[Target, ...]:
    """Return the targets in the order of the config."""
    return tuple(_target(name, target) for name, target in config.items())


def _target(name: str, config: TargetConfig) -> Target:
    named = (name, config.title or name, config.clause)
    match config:
        case ResponseTargetConfig():
            return ResponseTarget(
                *named,
                start=config.clock.start,
                stop=config.clock.stop,
                of=config.of,
                over=Population(
                    types=tuple(config.types),
                    levels=tuple(map(level, config.levels)),
                    zone_kinds=tuple(config.zones),
                    units=tuple(config.units),
                ),
                limit_s=config.limit,
                share=config.share,
                confidence_level=config.confidence_level,
            )
        case CoverageTargetConfig():
            return CoverageTarget(
                *named,
                kind=config.unit,
                of=config.of,
                zone_kinds=tuple(config.zones),
                turnout_s=config.turnout,
                at_s=config.at,
                limit_s=config.limit,
                share=config.share,
            )
        case RadiusTargetConfig():
            return RadiusTarget(
                *named, tuple(config.sites), config.of, tuple(config.zones), config.radius, config.share
            )
        case BurntTargetConfig():
            return BurntTarget(
                *named, tuple(config.types), tuple(config.zones), config.share, config.confidence_level
            )
        case DeclaredTargetConfig():
            return DeclaredTarget(*named, config.waits_for)
