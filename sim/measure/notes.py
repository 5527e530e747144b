"""What a user should know before trusting a verdict."""

from collections.abc import Iterator

from sim.model.targets import BurntTarget, ResponseTarget
from sim.scenario import Scenario
from sim.seams import IncidentSource


def notes(scenario: Scenario) -> list[str]:
    """Return, in words, what looks unintended in a scenario that is otherwise sound."""
    parts = (_idle, _nowhere, _childless, _of_sources, _not_simulated, _not_modelled)
    return [note for part in parts for note in part(scenario)]


def _idle(scenario: Scenario) -> Iterator[str]:
    based = {unit.base for unit in scenario.fleet.units}
    for i, site in enumerate(scenario.place.sites):
        if site in scenario.place.stations and i not in based:
            yield f"the station {site.title} has no units (fleet.units)"


def _nowhere(scenario: Scenario) -> Iterator[str]:
    names = [kind.name for kind in scenario.types if kind.where is None]
    if names:
        yield f"{scenario.place.title} has no place for {', '.join(names)} (see where)"


def _childless(scenario: Scenario) -> Iterator[str]:
    """Tell of chains that end at their first link, for want of a source or of the child's type."""
    born = any(type(source).following is not IncidentSource.following for _, source in scenario.sources)
    parents = [kind.name for kind in scenario.types if kind.spawns]
    if parents and not born:
        yield f"{', '.join(parents)} would set off others, but no source in demand makes children (cascade)"
    for kind in scenario.types:
        if kind.childless:
            yield f"{kind.name} sets off {', '.join(kind.childless)}, not simulated here"


def _of_sources(scenario: Scenario) -> Iterator[str]:
    for name, source in scenario.sources:
        for note in source.notes(horizon_s=scenario.horizon_s):
            yield f"{name}: {note}"


def _not_simulated(scenario: Scenario) -> Iterator[str]:
    simulated = {kind.name for kind in scenario.types}
    for target in scenario.targets:
        match target:
            case ResponseTarget():
                missing = set(target.over.types) - simulated
            case BurntTarget():
                missing = set(target.types) - simulated
            case _:
                continue
        if missing:
            yield f"{target.title} names {', '.join(sorted(missing))}, not simulated here"


def _not_modelled(scenario: Scenario) -> Iterator[str]:
    effects = dict.fromkeys(effect for kind in scenario.types for effect in kind.not_modelled)
    if effects:
        having = sum(bool(kind.not_modelled) for kind in scenario.types)
        yield f"not modelled yet: {', '.join(effects)} (in {having} of {len(scenario.types)} incident types)"
