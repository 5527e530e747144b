"""What a user should know before trusting a verdict."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sim.demand.timeline import Timeline
from sim.demand.trace import Trace
from sim.measure.cards import too_large
from sim.measure.who_goes import of_crews, of_lists, of_preemption
from sim.model.targets import BurntTarget, ResponseTarget
from sim.model.units import duration
from sim.model.weather import NO_WEATHER
from sim.scenario import Scenario, Study
from sim.seams import IncidentSource
from sim.travel.air import Air
from sim.travel.telling import Closing, parts, slowed, telling

if TYPE_CHECKING:
    from sim.measure.targets import Verdict


def notes_on(study: Study, verdicts: "Sequence[Verdict]" = ()) -> list[str]:
    """Return all that there is to note on a study, and on its verdicts where it has run."""
    return [*study.notes, *notes(study.scenario), *queue_notes(verdicts)]


def notes(scenario: Scenario) -> list[str]:
    """Return, in words, what looks unintended in a scenario that is otherwise sound."""
    tellers = (
        *(_too_large, _idle, _nowhere, _childless, _unreported, _of_sources, _of_travel, _of_traffic),
        *(_of_aircraft, of_lists, of_preemption, of_crews, _of_closures, _not_simulated, _not_modelled),
    )
    return [note for teller in tellers for note in teller(scenario)]


def read(scenario: Scenario) -> list[str]:
    """Return, in a line each, what was read of roads."""
    return [provider.summary for provider in telling(scenario.travel) if provider.summary]


LONG_QUEUE = 0.1
"""The share of a target's limit from which on a queue before its clock is worth a note."""


def queue_notes(verdicts: "Sequence[Verdict]") -> list[str]:
    """Return, in words, which clocks start only after a long wait for a free unit.

    Of targets on the first unit, over the incidents that it reached. Of a whole card the last unit's wait
    may lie within the clock.
    """
    found = []
    for verdict in verdicts:
        target, breakdown = verdict.target, verdict.breakdown
        if not isinstance(target, ResponseTarget) or target.of != "first" or breakdown is None:
            continue
        stages = zip(breakdown.stages, breakdown.in_clock, breakdown.mean_s, strict=True)
        waited_s = sum(mean_s for name, counted, mean_s in stages if name == "queue" and not counted)
        if waited_s > LONG_QUEUE * target.limit_s:
            shut = dict(breakdown.causes).get("cut off", 0) > 0
            what = "a unit that was free and could get there" if shut else "a free unit"
            found.append(
                f"{target.title}: its clock starts at {target.start}; before that, incidents waited "
                f"{duration(waited_s)} on average for {what} (queue)"
            )
    return found


def _idle(scenario: Scenario) -> Iterator[str]:
    based = {unit.base for unit in scenario.fleet.units}
    for i, site in enumerate(scenario.place.sites):
        if site in scenario.place.stations and i not in based:
            yield f"the station {site.title} has no units (fleet.units)"


def _too_large(scenario: Scenario) -> Iterator[str]:
    """Tell of cards that ask for more than all units together bring."""
    asked: dict[tuple[int, float], list[str]] = {}
    for each in too_large(scenario.types, scenario.fleet):
        asked.setdefault((each.resource, each.most), []).append(f"{each.type} ({each.level})")
    for (r, most), cards in asked.items():
        resource = scenario.fleet.resources[r]
        what = resource.name + (" people" if resource.measure == "crew" else "")
        told = f"{', '.join(cards[:3])}{' and more' if len(cards) > 3 else ''}"
        yield f"all units together bring {most:g} {what}, and more is asked for by {told}"


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


def _unreported(scenario: Scenario) -> Iterator[str]:
    """Tell as what types none is reported because they are not there."""
    for kind in scenario.types:
        if kind.unreported:
            yield f"no {kind.name} is reported as {', '.join(kind.unreported)}, not simulated here"


def _of_sources(scenario: Scenario) -> Iterator[str]:
    for name, source in scenario.sources:
        for note in source.notes(horizon_s=scenario.horizon_s):
            yield f"{name}: {note}"


def _of_travel(scenario: Scenario) -> Iterator[str]:
    for provider in telling(scenario.travel):
        yield from provider.notes()


def _of_traffic(scenario: Scenario) -> Iterator[str]:
    for each in slowed(scenario.travel):
        slow = dict.fromkeys(kind for flow in each.flows.values() for kind in flow.weather)
        if slow and not each.weather.kinds:
            yield f"nothing is slowed down by {', '.join(slow)}: {NO_WEATHER}"


def _of_aircraft(scenario: Scenario) -> Iterator[str]:
    """Tell of aircraft that there are none of, or that no response card asks for."""
    kinds, sources = scenario.fleet.kinds, scenario.sources
    own_cards = any(isinstance(source, Trace | Timeline) for _, source in sources)
    asked = {k for kind in scenario.types for level in kind.levels for k, _ in level.slots}
    for air in (each for each in parts(scenario.travel) if isinstance(each, Air)):
        flown = {unit.kind for unit in scenario.fleet.units if air.modes.keys() & {*kinds[unit.kind].modes}}
        if not flown:
            yield f"nobody flies: no unit goes by {', '.join(air.modes)} (see fleet.units)"
        for k in sorted(flown - asked) if not own_cards else ():
            yield f"no response card asks for {kinds[k].name}: these units are never sent"


def _of_closures(scenario: Scenario) -> Iterator[str]:
    """Tell of closures that do nothing: they begin too late, or close what nobody needs."""
    asked = [each for each in parts(scenario.travel) if isinstance(each, Closing)]
    for closure in scenario.closures:
        if closure.from_s >= scenario.horizon_s:
            end = duration(scenario.horizon_s)
            yield f"the closure {closure.name} does nothing: it begins after the horizon ({end})"
        elif asked and all(why := [each.idle(closure) for each in asked]):
            yield f"the closure {closure.name} does nothing: {why[0]}"


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
