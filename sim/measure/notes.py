"""What a user should know before trusting a verdict."""

from sim.model.targets import ResponseTarget
from sim.scenario import Scenario


def notes(scenario: Scenario) -> list[str]:
    """Return, in words, what looks unintended in a scenario that is otherwise sound."""
    based = {unit.base for unit in scenario.fleet.units}
    idle = [site.title for i, site in enumerate(scenario.place.stations) if i not in based]
    simulated = {kind.name for kind in scenario.types}
    told = [f"the station {title} has no units (fleet.units)" for title in idle]
    for target in scenario.targets:
        missing = set(target.over.types) - simulated if isinstance(target, ResponseTarget) else set()
        if missing:
            told.append(f"{target.title} names {', '.join(sorted(missing))}, not simulated here")
    return told
