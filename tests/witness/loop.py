"""The witness: a plain and slow simulator of the core, one event loop over a heap.

It shares the nouns of sim.model and the travel times with the product, and nothing of its engine.
"""

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from math import inf

from witness import calls, closed, shifts
from witness.nouns import URGENCIES, Car, Case, Mission
from witness.ranks import FREES, MOVES

from sim.model.incidents import Incidents
from sim.rng import Streams
from sim.scenario import Scenario


class World:
    """The state of a run, and what is planned to happen in it."""

    def __init__(self, scenario: Scenario, incidents: Incidents) -> None:
        self.scenario, self.incidents = scenario, incidents
        self.travel = scenario.travel.begin(Streams(0, 0), horizon_s=scenario.horizon_s)
        self.now_s = 0.0
        self.cars = [_car(scenario, i) for i in range(len(scenario.fleet.units))]
        self.cases = [_case(scenario, incidents, row) for row in range(len(incidents))]
        self.missions: list[Mission] = []
        self._heap: list[tuple[float, int, int, int, Callable[[], None]]] = []
        self._numbers = count()

    def plan(self, at_s: float, what: int, act: Callable[[], None], unit: int = 0) -> None:
        """Have something happen at a moment, unless that is never; to a ``unit``, or incident, by number."""
        if at_s < inf:
            heappush(self._heap, (at_s, what, unit, next(self._numbers), act))

    def plan_for(self, car: Car, at_s: float, what: int, act: Callable[[], None]) -> None:
        """Have a unit do something at a moment, unless its plans change before."""
        made = car.plan
        self.plan(at_s, what, lambda: act() if car.plan == made else None, car.index)

    def run(self) -> None:
        """Let happen what is planned until the horizon. There units still move, and nobody decides."""
        while self._heap and self._heap[0][0] <= self.scenario.horizon_s:
            self.now_s, what, *_, act = heappop(self._heap)
            if what in (MOVES, FREES) or not self.over:
                act()

    @property
    def over(self) -> bool:
        """Whether the horizon is reached."""
        return self.now_s >= self.scenario.horizon_s


def simulate(scenario: Scenario, incidents: Incidents) -> World:
    """Return the world as it is at the horizon."""
    world = World(scenario, incidents)
    calls.expect(world)
    closed.expect(world)
    shifts.expect(world)
    world.run()
    return world


def _car(scenario: Scenario, index: int) -> Car:
    fleet = scenario.fleet
    unit, site = fleet.units[index], scenario.place.sites[fleet.units[index].base]
    kind = fleet.kinds[unit.kind]
    brings = {r: kind.amount(resource, unit.crew) for r, resource in enumerate(fleet.resources)}
    base = (site.x_m, site.y_m)
    offers = {r: n for r, n in brings.items() if n > 0}
    whose = {"from_level": unit.force.from_level, "stays": unit.force.release == "out"}
    return Car(index, unit.kind, unit.base, kind.modes, base, offers, base, **whose)


def _case(scenario: Scenario, x: Incidents, row: int) -> Case:
    level = int(x.level[row])
    told = int(x.taken_for[row])
    urgency = scenario.types[told].levels[level - 1].urgency
    card: dict[int, float] = {}
    for resource, amount in x.cards[x.card[row]]:
        card[resource] = card.get(resource, 0.0) + amount
    point = (float(x.x_m[row]), float(x.y_m[row]))
    where = point, level, int(x.priority[row]), URGENCIES.index(urgency), int(x.zone[row])
    return Case(row, *where, card, told)
