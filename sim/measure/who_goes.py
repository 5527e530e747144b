"""What looks unintended in who goes: short lists, priorities that no incident has, crews that never come."""

from collections.abc import Iterator, Mapping

import numpy as np

from sim.demand.cascade import Cascade
from sim.demand.poisson import Poisson
from sim.demand.timeline import Timeline
from sim.dispatch.chain import Chain
from sim.dispatch.preference import Preference
from sim.dispatch.sending import Sending
from sim.model.place import Place
from sim.model.resources import Fleet
from sim.model.types import LEVELS
from sim.model.where import AlongLines, InZones, Where
from sim.scenario import Scenario
from sim.seams import Policy


def of_lists(scenario: Scenario) -> Iterator[str]:
    """Tell of zones whose lists, where nobody else goes, bring nothing of what may be asked for there.

    Or too little of it, where nobody goes before all can.
    """
    for policy in _parts(scenario.policy):
        if not isinstance(policy, Preference) or policy.others != "none":
            continue
        for (r, zones), cards in _short(policy, scenario).items():
            resource = scenario.fleet.resources[r]
            what = resource.name + (" people" if resource.measure == "crew" else "")
            those = _some([scenario.place.zones[zone].name for zone in zones])
            told = f"only those listed go (dispatch.others: none), and the lists of {those} bring"
            if policy.whole:
                yield f"{told} less {what} than {_some(cards)} asks for, so that nobody goes"
            else:
                yield f"{told} no {what} for {_some(cards)}"


def of_preemption(scenario: Scenario) -> Iterator[str]:
    """Tell of priorities that may take units, or lose them, and that no incident has.

    Nothing is said where records, or sources of a user's own, may have others than their types.
    """
    known = {level.priority for kind in scenario.types for level in kind.levels if level.defined}
    for _, source in scenario.sources:
        if isinstance(source, Timeline):
            known |= {inject.priority for inject in source.injects if inject.priority is not None}
        elif not isinstance(source, Poisson | Cascade):
            return
    for policy in _parts(scenario.policy):
        named = policy.preempts.items() if isinstance(policy, Sending) else ()
        idle = sorted({each for taker, losers in named for each in (taker, *losers)} - known)
        if idle:
            told = f"priority {', '.join(map(str, idle))}, which no incident has"
            yield f"dispatch.preempts names {told} (they have {', '.join(map(str, sorted(known)))})"


def of_crews(scenario: Scenario) -> Iterator[str]:
    """Tell of units whose crews never come."""
    fleet = scenario.fleet
    kinds = sorted({unit.kind for unit in fleet.units if not fleet.kinds[unit.kind].mishaps.attends})
    for kind in kinds:
        name = fleet.kinds[kind].name
        yield f"no {name} ever comes to a call (fleet.kinds.{name}.attendance.share: 0 %)"
    nobody = [
        unit.name
        for unit in fleet.units
        if unit.hours and unit.hours.absence == 1 and unit.hours.on_call_s is None
    ]
    if nobody:
        yield f"no shift of {_some(nobody)} has anybody on it (duty.absence: 100 %)"


def _parts(policy: Policy) -> tuple[Policy, ...]:
    """Return the policies that one is made of."""
    return policy.policies if isinstance(policy, Chain) else (policy,)


def _some(names: list[str]) -> str:
    return f"{', '.join(names[:3])}{f' and {len(names) - 3} more' if len(names) > 3 else ''}"


def _short(policy: Preference, scenario: Scenario) -> Mapping[tuple[int, tuple[int, ...]], list[str]]:
    """Return by resource and zones the cards for which the lists of the zones bring too little."""
    fleet, place = scenario.fleet, scenario.place
    lists = [frozenset(policy.listed(zone)) for zone in range(len(place.zones))]
    brought = {units: _brought(units, fleet) for units in set(lists)}
    found: dict[tuple[int, tuple[int, ...]], list[str]] = {}
    for kind in scenario.types:
        zones = _zones(kind.where, place)
        for i, (name, level) in enumerate(zip(LEVELS, kind.levels, strict=True)):
            for r, amount in level.whole.items():
                enough = amount - 1e-9 if policy.whole else 1e-9
                short = tuple(zone for zone in zones if brought[lists[zone]][i].get(r, 0.0) < enough)
                if short:
                    found.setdefault((r, short), []).append(f"{kind.name} ({name})")
    return found


def _brought(units: frozenset[int], fleet: Fleet) -> list[dict[int, float]]:
    """Return by level, I to IV, how much of each resource some units bring with their largest crews."""
    found: list[dict[int, float]] = [{} for _ in LEVELS]
    for unit in (fleet.units[i] for i in units):
        for r, amount in fleet.offer(unit, max(unit.crews)):
            for brought in found[: unit.force.from_level]:
                brought[r] = brought.get(r, 0.0) + amount
    return found


def _zones(where: Where | None, place: Place) -> list[int]:
    """Return zones (indices) where a type happens; of sites and lines only those of their own points."""
    if where is None:
        return []
    if isinstance(where, InZones):
        return [zone for zone, weight in zip(where.zones, where.weights, strict=True) if weight]
    points = (*where.starts, *where.ends) if isinstance(where, AlongLines) else where.points
    found: list[int] = np.unique(place.zones_at(np.array(points))).tolist()
    return found
