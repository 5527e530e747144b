"""What a user should know before trusting a verdict."""

from collections.abc import Iterator

from sim.model.targets import BurntTarget, ResponseTarget
from sim.scenario import Scenario


def notes(scenario: Scenario) -> list[str]:
    """Return, in words, what looks unintended in a scenario that is otherwise sound."""
    return [*_idle(scenario), *_nowhere(scenario), *_not_simulated(scenario), *_not_modelled(scenario)]


def _idle(scenario: Scenario) -> Iterator[str]:
    based = {unit.base for unit in scenario.fleet.units}
    for i, site in enumerate(scenario.place.sites):
        if site in scenario.place.stations and i not in based:
            yield f"the station {site.title} has no units (fleet.units)"


def _nowhere(scenario: Scenario) -> Iterator[str]:
    names = [kind.name for kind in scenario.types if kind.where is None]
    if names:
        yield f"{scenario.place.title} has no place for {', '.join(names)} (see where)"


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
        names = [kind.name for kind in scenario.types if kind.not_modelled]
        yield f"not modelled yet: {', '.join(effects)} (of {', '.join(names)})"
