"""The dispatcher: asks the policy, carries out its orders, and keeps what must wait in order."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from heapq import merge
from math import inf

from sim.engine.case import Case, Reach
from sim.engine.clock import Clock
from sim.engine.crew import Crew
from sim.engine.log import Recorder
from sim.model.resources import Modes, Resource
from sim.seams import FreeUnit, Need, Order, Policy, TravelTimes, View


class PolicyError(Exception):
    """A policy gave an order that cannot be carried out."""


class Pool:
    """The free units of one kind: at their bases, or on their way home."""

    def __init__(self, bases: int) -> None:
        self.at_base: list[list[Crew]] = [[] for _ in range(bases)]
        self.homeward: list[Crew] = []
        self.count = 0

    def put(self, crew: Crew, now_s: float) -> None:
        """Take in a unit that has come free."""
        crew.free = True
        self.count += 1
        if crew.home_s <= now_s:
            self.at_base[crew.base_position].append(crew)
        else:
            self.homeward.append(crew)

    def take(self, crew: Crew) -> None:
        """Give a unit out."""
        crew.free = False
        self.count -= 1
        here = self.at_base[crew.base_position]
        if crew in here:
            here.remove(crew)
        else:
            self.homeward.remove(crew)

    def settle(self, now_s: float) -> None:
        """Move the units that have reached quarters from the road to their bases."""
        for crew in [crew for crew in self.homeward if crew.home_s <= now_s]:
            self.homeward.remove(crew)
            self.at_base[crew.base_position].append(crew)


class WorldView(View):
    """What the policy sees, over the dispatcher's own pools."""

    def __init__(
        self,
        pools: Sequence[Pool],
        kinds_of: Sequence[tuple[int, ...]],
        travel: TravelTimes,
        modes: Sequence[Modes],
    ) -> None:
        self._pools, self._kinds_of, self._travel, self._modes = pools, kinds_of, travel, modes
        self.now_s = 0.0
        self.needs: Iterable[Need] = ()
        self._late = (-1, -1, -1.0)
        self._late_reach: Reach = ([], [])

    def candidates(self, need: Need) -> Iterator[tuple[FreeUnit, float]]:
        """Return the free units for a need with their expected travel seconds, nearest first."""
        case, resource = need
        assert isinstance(case, Case)
        kinds = self._kinds_of[resource] if resource in case.lacking else ()
        if len(kinds) == 1:
            return self._of_kind(case, kinds[0])
        left = {slot.kind for slot in case.slots}
        kinds = tuple(kind for kind in kinds if kind in left)
        return merge(*(self._of_kind(case, kind) for kind in kinds), key=_by_time)

    def any_free(self, resource: int) -> bool:
        """Whether a unit that brings a resource is free."""
        return any(self._pools[kind].count for kind in self._kinds_of[resource])

    def _of_kind(self, case: Case, kind: int) -> Iterator[tuple[FreeUnit, float]]:
        """Yield the free units of a kind with their expected travel seconds, nearest first."""
        pool = self._pools[kind]
        if pool.count == 0:
            return
        if pool.homeward:
            pool.settle(self.now_s)
        order, seconds = self._reach(case, kind)
        if pool.homeward:
            yield from self._merged(pool, order, seconds, case)
            return
        for base in order:
            for crew in pool.at_base[base]:
                if seconds[base] < inf:
                    yield crew, seconds[base]

    def foreseen(self, crew: Crew, case: Case) -> tuple[float, float]:
        """Return the expected travel seconds of a unit, and those from the nearest base of its kind."""
        order, seconds = self._reach(case, crew.kind)
        at_base = self.now_s >= crew.home_s
        own_s = seconds[crew.base_position] if at_base else self._road_s(crew, case)
        return own_s, seconds[order[0]]

    def _reach(self, case: Case, kind: int) -> Reach:
        """Return which bases of ``kind`` are near an incident, and how far each is, now."""
        way = kind, self._modes[kind][case.haste]
        if self.now_s == case.classified_s:
            return case.batch[way][case.place_in_batch]
        asked = (case.row, kind, self.now_s)
        if asked != self._late:
            self._late, self._late_reach = asked, case.batch.at(way, case.place_in_batch, self.now_s)
        return self._late_reach

    def _merged(
        self, pool: Pool, order: list[int], seconds: list[float], case: Case
    ) -> Iterator[tuple[FreeUnit, float]]:
        at_base = ((crew, seconds[base]) for base in order for crew in pool.at_base[base])
        on_road = sorted(((crew, self._road_s(crew, case)) for crew in pool.homeward), key=_by_time)
        return (found for found in merge(at_base, on_road, key=_by_time) if found[1] < inf)

    def _road_s(self, crew: Crew, case: Case) -> float:
        """Return the expected travel time of a unit that is on its way home."""
        mode, there = crew.modes[case.haste], (case.x_m, case.y_m)
        here, until_s = crew.turn(self.now_s, mode)
        return until_s + self._travel.between(here, there, at_s=self.now_s + until_s, mode=mode)


def _by_time(found: tuple[FreeUnit, float]) -> float:
    return found[1]


class Dispatcher:
    """Opens incidents, sends units, and serves the waiting when a unit comes free."""

    def __init__(
        self,
        clock: Clock,
        policy: Policy,
        view: WorldView,
        pools: Sequence[Pool],
        resources: Sequence[Resource],
        recorder: Recorder,
        queue_limit: int | None,
    ) -> None:
        self._clock, self._policy, self._view, self._pools = clock, policy, view, pools
        self._resources, self._recorder, self._queue_limit = resources, recorder, queue_limit
        self._waiting: list[list[tuple[tuple[int, int], Case]]] = [[] for _ in resources]

    def open(self, case: Case) -> None:
        """Send what the card asks for, now that the incident is classified; what is lacking waits."""
        view = self._view
        view.now_s = case.classified_s
        if case.scene is not None:
            case.scene.begin(view.now_s, partial(self._withdraw, case))
        if case.asks is None:
            self._decide_until_done(case)
        else:
            view.needs = [Need(case, r) for r in case.asks]
            self._decide()
        if case.lacking:
            self._queue(case)

    def release(self, crew: Crew, now_s: float) -> None:
        """Take back a unit that has come free, and serve the most urgent that waits for what it brings."""
        self._pools[crew.kind].put(crew, now_s)
        wanted = [r for r, _ in crew.offers if self._waiting[r]]
        if wanted:
            self._view.now_s = now_s
            self._view.needs = self._waiting_for(wanted)
            self._decide()

    def close(self) -> None:
        """Record what is still waited for."""
        for r, waiting in enumerate(self._waiting):
            for _, case in waiting:
                self._recorder.unmet(case.row, r, case.lacking[r], "waiting")

    def _decide_until_done(self, case: Case) -> None:
        """Ask again for as long as orders bring more: people and equipment may take any number of units."""
        before: dict[int, float] = {}
        while case.lacking and case.lacking != before:
            before = dict(case.lacking)
            self._view.needs = (need for r in before for need in _again_and_again(case, r))
            self._decide()

    def _decide(self) -> None:
        """Ask the policy, and carry out what it orders as it orders it."""
        orders = self._policy.decide(self._view)
        if not isinstance(orders, Iterable):
            raise PolicyError(f"{type(self._policy).__name__}.decide gave {orders!r}, not orders")
        for order in orders:
            self._send(order)

    def _queue(self, case: Case) -> None:
        """Have what an incident lacks wait, or turn away what the queue cannot hold."""
        for r, amount in tuple(case.lacking.items()):
            room = self._room(r)
            if amount <= room:
                insort(self._waiting[r], (case.urgency, case))
                continue
            self._recorder.unmet(case.row, r, amount - room, "turned away")
            del case.lacking[r]
            if room:
                case.lacking[r] = room
                insort(self._waiting[r], (case.urgency, case))

    def _room(self, resource: int) -> float:
        """Return how many more units can be waited for; an incident waits for people or equipment whole."""
        if self._queue_limit is None:
            return inf
        waiting = self._waiting[resource]
        if self._resources[resource].measure == "units":
            return self._queue_limit - sum(case.lacking[resource] for _, case in waiting)
        return inf if len(waiting) < self._queue_limit else 0.0

    def _waiting_for(self, resources: Sequence[int]) -> Iterator[Need]:
        """Yield what waits for some resources, most urgent first, for as long as a unit is free for it."""
        queues = [self._in_turn(r) for r in resources]
        for _, case, r in queues[0] if len(queues) == 1 else merge(*queues):
            yield from _again_and_again(case, r)

    def _in_turn(self, resource: int) -> Iterator[tuple[tuple[int, int], Case, int]]:
        """Yield who waits for a resource, also while they are served and leave the queue."""
        waiting, i = self._waiting[resource], 0
        while i < len(waiting) and self._view.any_free(resource):
            entry = waiting[i]
            yield *entry, resource
            if i < len(waiting) and waiting[i] is entry:
                i += 1

    def _send(self, order: Order) -> None:
        if not isinstance(order, Order):
            raise PolicyError(f"{type(self._policy).__name__}.decide gave {order!r}, not an Order")
        crew, case = order
        assert isinstance(crew, Crew)
        assert isinstance(case, Case)
        now_s = self._view.now_s
        slot = case.fill(crew.kind) if crew.free and self._brings(crew, case) else None
        if slot is None:
            why = "is not free" if not crew.free else "brings nothing that the incident lacks"
            raise PolicyError(f"incident {case.row} at {now_s:.1f} s: unit {crew.name} was ordered but {why}")
        expected_s, nearest_s = self._view.foreseen(crew, case)
        self._pools[crew.kind].take(crew)
        self._clock.tell(crew.mission(case, slot, now_s, expected_s, nearest_s, self))

    def _brings(self, crew: Crew, case: Case) -> bool:
        """Take what a unit brings off what an incident lacks; whether there was any."""
        lacking, useful = case.lacking, False
        for r, amount in crew.offers:
            left = lacking.get(r)
            if left is None:
                continue
            useful = True
            if left - amount > 1e-9:
                lacking[r] = left - amount
            else:
                del lacking[r]
                self._leave_queue(case, r)
        return useful

    def _leave_queue(self, case: Case, resource: int) -> None:
        waiting = self._waiting[resource]
        if waiting and (i := bisect_left(waiting, (case.urgency,))) < len(waiting) and waiting[i][1] is case:
            del waiting[i]

    def _withdraw(self, case: Case) -> None:
        """Wait no more for what an incident lacks: it is over."""
        for r in tuple(case.lacking):
            self._recorder.unmet(case.row, r, case.lacking.pop(r), "withdrawn")
            self._leave_queue(case, r)


def _again_and_again(case: Case, resource: int) -> Iterator[Need]:
    """Yield a need for as long as the incident lacks the resource and orders bring more of it."""
    lacking = case.lacking
    while (before := lacking.get(resource)) is not None:
        yield Need(case, resource)
        if lacking.get(resource) == before:
            return
