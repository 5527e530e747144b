"""The dispatcher: asks the policy, carries out its orders, and keeps what must wait in order."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from math import inf

from sim.engine.case import Case, Reach
from sim.engine.clock import Clock
from sim.engine.crew import Crew
from sim.engine.log import Recorder
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

    def __init__(self, pools: Sequence[Pool], travel: TravelTimes) -> None:
        self._pools, self._travel = pools, travel
        self.now_s = 0.0
        self.needs: Iterable[Need] = ()
        self._late = (-1, -1, -1.0)
        self._late_reach: Reach = ([], [])

    def candidates(self, need: Need) -> Iterator[tuple[FreeUnit, float]]:
        """Yield the free units for a need with their expected travel seconds, nearest first."""
        case, kind = need
        pool = self._pools[kind]
        if pool.count == 0:
            return
        if pool.homeward:
            pool.settle(self.now_s)
        assert isinstance(case, Case)
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
        if self.now_s == case.classified_s:
            return case.batch[kind][case.place_in_batch]
        asked = (case.row, kind, self.now_s)
        if asked != self._late:
            self._late, self._late_reach = asked, case.batch.at(kind, case.place_in_batch, self.now_s)
        return self._late_reach

    def _merged(
        self, pool: Pool, order: list[int], seconds: list[float], case: Case
    ) -> Iterator[tuple[FreeUnit, float]]:
        at_base = ((crew, seconds[base]) for base in order for crew in pool.at_base[base])
        on_road = sorted(((crew, self._road_s(crew, case)) for crew in pool.homeward), key=_by_time)
        return (found for found in merge(at_base, on_road, key=_by_time) if found[1] < inf)

    def _road_s(self, crew: Crew, case: Case) -> float:
        """Return the expected travel time of a unit that is on its way home."""
        here, there = crew.where(self.now_s), (case.x_m, case.y_m)
        return self._travel.between(here, there, at_s=self.now_s, mode=crew.mode)


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
        recorder: Recorder,
        queue_limit: int | None,
    ) -> None:
        self._clock, self._policy, self._view, self._pools = clock, policy, view, pools
        self._recorder, self._queue_limit = recorder, queue_limit
        self._waiting: list[list[tuple[tuple[int, int], Case]]] = [[] for _ in pools]

    def open(self, case: Case) -> None:
        """Send what the card asks for, now that the incident is classified; what is missing waits."""
        view = self._view
        view.now_s = case.classified_s
        view.needs = [Need(case, slot.kind) for slot in case.missing]
        self._decide()
        if case.missing:
            self._queue(case)

    def release(self, crew: Crew, now_s: float) -> None:
        """Take back a unit that has come free, and serve the most urgent that waits for its kind."""
        self._pools[crew.kind].put(crew, now_s)
        if self._waiting[crew.kind]:
            self._view.now_s = now_s
            self._view.needs = self._waiting_for(crew.kind)
            self._decide()

    def _decide(self) -> None:
        """Ask the policy, and carry out what it orders as it orders it."""
        orders = self._policy.decide(self._view)
        if not isinstance(orders, Iterable):
            raise PolicyError(f"{type(self._policy).__name__}.decide gave {orders!r}, not orders")
        for order in orders:
            self._send(order)

    def _queue(self, case: Case) -> None:
        """Have the units that an incident misses wait for, or turn away those the queue cannot hold."""
        for slot in tuple(case.missing):
            waiting = self._waiting[slot.kind]
            if self._queue_limit is None or len(waiting) < self._queue_limit:
                insort(waiting, (case.urgency, case))
            else:
                case.missing.remove(slot)
                self._recorder.turned_away[case.row] += 1

    def _waiting_for(self, kind: int) -> Iterator[Need]:
        """Yield what waits for a kind, most urgent first, for as long as a unit of it is free."""
        waiting, i = self._waiting[kind], 0
        while i < len(waiting) and self._pools[kind].count:
            entry = waiting[i]
            yield Need(entry[1], kind)
            if i < len(waiting) and waiting[i] is entry:
                i += 1

    def _send(self, order: Order) -> None:
        if not isinstance(order, Order):
            raise PolicyError(f"{type(self._policy).__name__}.decide gave {order!r}, not an Order")
        crew, case = order
        assert isinstance(crew, Crew)
        assert isinstance(case, Case)
        now_s, kind = self._view.now_s, crew.kind
        slot = case.fill(kind) if crew.free else None
        if slot is None:
            why = "is not free" if not crew.free else "is of a kind that the incident does not miss"
            raise PolicyError(f"incident {case.row} at {now_s:.1f} s: unit {crew.name} was ordered but {why}")
        waiting = self._waiting[kind]
        if waiting and (i := bisect_left(waiting, (case.urgency,))) < len(waiting) and waiting[i][1] is case:
            del waiting[i]
        expected_s, nearest_s = self._view.foreseen(crew, case)
        self._pools[kind].take(crew)
        self._clock.tell(crew.mission(case, slot, now_s, expected_s, nearest_s, self))
