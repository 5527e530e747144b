"""What policies that send units have in common: pre-emption, whole cards, and relief by nearer units."""

from abc import abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import inf

from sim.model.units import Seconds
from sim.seams import FreeUnit, Incident, Need, Order, Policy, Recall, View

Rule = Callable[[Incident], bool]

ENOUGH = 1e-9
"""Amounts that differ by no more are equal."""


@dataclass(frozen=True, kw_only=True)
class Sending(Policy):
    """To each need, in turn, goes the first unit of ``choose``.

    For people, or equipment, units are chosen until there is enough of them, and those that others make
    needless are left out, the last to be chosen first: where two of an equipment are asked for, a truck that
    carries two goes alone if it is closer than the second engine that carries one. Who was sent stays sent.

    ``preempts`` says which priorities may take units that are on their way to which others: ``{1: [3]}`` lets
    priority 1 take them from priority 3. With ``whole``, units only go to an incident when all that its card
    lacks can go at once. ``relieve_by`` lets a unit that comes free, and that nobody waits for, go instead of
    one of its kind on the way that needs at least so much longer.

    Raises ValueError when a priority could lose units to one that it may take them from.
    """

    preempts: Mapping[int, list[int]] = field(default_factory=dict)
    whole: bool = False
    relieve_by: Seconds | None = None

    def __post_init__(self) -> None:
        if found := _cycle(self.preempts):
            raise ValueError(f"expected no circle in preempts, where {' takes from '.join(map(str, found))}")
        for taker, losers in self.preempts.items():
            if worse := [each for each in losers if each < taker]:
                raise ValueError(
                    f"expected priority {taker} to take units only from less urgent incidents, which have "
                    f"higher numbers, not from {', '.join(map(str, worse))}"
                )

    @property
    def hears(self) -> Collection[str]:
        """Units that come free, where they may relieve others."""
        return () if self.relieve_by is None else ("freed",)

    @abstractmethod
    def choose(self, view: View, need: Need, over: Rule | None) -> Iterator[tuple[FreeUnit, float]]:
        """Yield the units that may go with their expected seconds, best first; see View.candidates."""

    def may_go(self, unit: FreeUnit, incident: Incident) -> bool:
        """Whether a unit is one that ``choose`` might send to an incident; by default all are."""
        return True

    def decide(self, view: View) -> Iterator[Order | Recall]:
        """Yield orders for the needs that units can serve: one by one, or where amounts count together."""
        tried, by_amount = None, view.by_amount
        for need in view.needs:
            incident = need.incident
            if self.whole:
                if incident is not tried:
                    tried = incident
                    yield from self._together(view, incident, incident.lacking)
                continue
            if need.resource in by_amount:
                yield from self._together(view, incident, (need.resource,))
                continue
            over = self._rule(incident) if self.preempts else None
            for unit, _seconds in self.choose(view, need, over):
                yield Order(unit, incident)
                break
        if view.freed is not None and self.relieve_by is not None:
            yield from self._relieve(view, view.freed, self.relieve_by)

    def _rule(self, incident: Incident) -> Rule | None:
        """Return which incidents may lose units to one; None for none."""
        return self._rules.get(incident.priority)

    @cached_property
    def _rules(self) -> Mapping[int, Rule]:
        return {taker: _among(frozenset(losers)) for taker, losers in self.preempts.items() if losers}

    def _together(self, view: View, incident: Incident, resources: Iterable[int]) -> Iterator[Order]:
        """Yield orders for what an incident lacks of resources, without units that others make needless."""
        lacking = {r: incident.lacking.get(r, 0.0) for r in resources}
        team = self._team(view, incident, lacking)
        aims = {r: min(amount, _brought(team, r)) for r, amount in lacking.items()}
        if self.whole and any(aims[r] < amount - ENOUGH for r, amount in lacking.items()):
            return
        for unit in reversed(team[:]):
            others = [other for other in team if other is not unit]
            if all(_brought(others, r) >= aim - ENOUGH for r, aim in aims.items()):
                team = others
        yield from (Order(unit, incident) for unit in team)

    def _team(self, view: View, incident: Incident, lacking: Mapping[int, float]) -> list[FreeUnit]:
        """Return units for what an incident lacks, as far as they are there, in the order of choice."""
        team: list[FreeUnit] = []
        left = dict(lacking)
        for resource in lacking:
            for unit, _seconds in self.choose(view, Need(incident, resource), self._rule(incident)):
                if left[resource] <= ENOUGH:
                    break
                if unit not in team:
                    team.append(unit)
                    for other, amount in unit.offers:
                        left[other] = left.get(other, 0.0) - amount
        return team

    def _relieve(self, view: View, freed: FreeUnit, gain_s: float) -> Iterator[Order | Recall]:
        """Have a unit that has come free go instead of the one that it gains most on."""
        if not freed.free:
            return
        best, most = None, 0.0
        for unit, incident, left_s in view.under_way(freed.kind):
            if left_s < gain_s or left_s <= most or not self.may_go(freed, incident):
                continue
            gained_s = left_s - view.seconds(freed, incident)
            if gain_s <= gained_s < inf and gained_s > most:
                best, most = (unit, incident), gained_s
        if best is not None:
            yield Recall(best[0])
            if any(resource in best[1].lacking for resource, _ in freed.offers):
                yield Order(freed, best[1])


def _brought(units: Sequence[FreeUnit], resource: int) -> float:
    """Return how much of a resource units bring together."""
    return sum(amount for unit in units for r, amount in unit.offers if r == resource)


def _among(losers: frozenset[int]) -> Rule:
    return lambda incident: incident.priority in losers


def _cycle(takes: Mapping[int, Collection[int]]) -> list[int]:
    """Return a circle of who takes from whom, its first at both ends; empty for none."""
    harmless: set[int] = set()

    def from_(path: list[int]) -> list[int]:
        for loser in takes.get(path[-1], ()):
            if loser in path:
                return [*path[path.index(loser) :], loser]
            if loser not in harmless and (found := from_([*path, loser])):
                return found
        harmless.add(path[-1])
        return []

    return next((found for taker in takes if (found := from_([taker]))), [])
