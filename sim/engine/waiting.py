"""Who waits for what: for each resource, in turn."""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterator, Sequence
from heapq import merge
from math import inf

from sim.engine.case import Case, Turn
from sim.engine.crew import Crew
from sim.engine.log import Recorder
from sim.engine.view import WorldView
from sim.model.resources import Resource
from sim.seams import Need

Queue = list[tuple[Turn, Case]]
"""Incidents by whose turn it is."""

Asking = tuple[Turn, int, Case, int]
"""Who asks: its turn, the line of its response card, the incident, the resource."""


class Waiting:
    """The incidents that lack something, by resource, each in its ``turn``.

    Those that the units which were free could not get to are kept apart, and only asked about again when
    roads change, or a unit comes free that can get there. ``turned_away`` are amounts by row and resource.
    """

    def __init__(
        self,
        resources: Sequence[Resource],
        view: WorldView,
        recorder: Recorder,
        limit: int | None,
        turn: Callable[[Case], Turn],
    ) -> None:
        self.turn = turn
        self._resources, self._view, self._recorder, self._limit = resources, view, recorder, limit
        self._by_resource: dict[int, Queue] = {}
        self._apart: dict[int, Queue] = {}
        self.turned_away: dict[tuple[int, int], float] = {}

    def join(self, case: Case) -> None:
        """Have what an incident lacks wait, or turn away what the queue cannot hold."""
        self.look(case)
        for r, amount in tuple(case.lacking.items()):
            room = self._room(r)
            if amount > room:
                self._recorder.unmet(case.row, r, amount - room, "turned away")
                self.turned_away[case.row, r] = amount - room
                if not room:
                    del case.lacking[r]
                    continue
                case.lacking[r] = room
            self._stand_in_line(case, r)

    def rejoin(self, case: Case, cause: str) -> None:
        """Have an incident wait anew for what a unit was to bring, as far as others do not bring it.

        Whatever the limit of the queue: it was let in once.
        """
        if cause == "cut off":
            self._recorder.cut_off[case.row] = True
        self.count(case)
        for r in case.lacking:
            if not self._is_in_line(case, r):
                insort(self._by_resource.setdefault(r, []), (self.turn(case), case))

    def count(self, case: Case) -> None:
        """Have an incident lack what it asks for, but what was turned away or others bring that were sent."""
        case.lacking.clear()
        for r, amount in case.asked:
            lacking = amount - self.turned_away.get((case.row, r), 0.0) - case.brought(r)
            if lacking > 1e-9:
                case.lacking[r] = lacking

    def look(self, case: Case) -> None:
        """Put an incident apart where units are free for what it lacks, and none of them can get there."""
        for r in case.lacking:
            if self._view.unreachable(case, r):
                self._recorder.cut_off[case.row] = True
                waiting = self._by_resource.get(r, [])
                i = bisect_left(waiting, (self.turn(case),))
                if i < len(waiting) and waiting[i][1] is case:
                    insort(self._apart.setdefault(r, []), waiting.pop(i))

    def wait_on(self, case: Case) -> None:
        """Have an incident stand in line for all that it lacks, whatever the limit of the queue.

        Or apart: others may come to it than before.
        """
        for r in case.lacking:
            if not self._is_in_line(case, r):
                self._stand_in_line(case, r)
        self.look(case)

    def queue_anew(self, case: Case) -> None:
        """Have an incident take its turn by the level that it is taken to be of now."""
        for queue in (*self._by_resource.values(), *self._apart.values()):
            others = [each for each in queue if each[1] is not case]
            if len(others) < len(queue):
                insort(others, (self.turn(case), case))
                queue[:] = others

    def withdraw(self, case: Case) -> None:
        """Wait no more for what an incident lacks: it is over."""
        for r, amount in case.lacking.items():
            self._recorder.unmet(case.row, r, amount, "withdrawn")
        case.lacking.clear()

    def wanted(self, crew: Crew) -> list[int]:
        """Return the resources that a unit brings and somebody waits for."""
        if not self._by_resource and not self._apart:
            return []
        return [r for r, _ in crew.offers if r in self._by_resource or r in self._apart]

    def needs(self, resources: Sequence[int]) -> Iterator[Need]:
        """Yield what waits for some resources, in turn, for as long as a unit is free for it."""
        return self._merged(resources, while_free=True)

    def all_needs(self) -> Iterator[Need]:
        """Yield all that is waited for, in turn."""
        return self._merged(sorted({*self._by_resource, *self._apart}), while_free=False)

    def _merged(self, resources: Sequence[int], *, while_free: bool) -> Iterator[Need]:
        for r in resources:
            self._bring_back(r)
        queues = [self._in_turn(r, while_free) for r in resources if r in self._by_resource]
        for _, _, case, r in queues[0] if len(queues) == 1 else merge(*queues):
            yield from again_and_again(case, r)

    def close(self) -> None:
        """Record what is still waited for."""
        for r in sorted({*self._by_resource, *self._apart}):
            for case in sorted(self._still(r), key=self.turn):
                self._recorder.unmet(case.row, r, case.lacking[r], "waiting")

    def _is_in_line(self, case: Case, resource: int) -> bool:
        queues = self._by_resource.get(resource, []), self._apart.get(resource, [])
        places = [bisect_left(queue, (self.turn(case),)) for queue in queues]
        return any(i < len(queue) and queue[i][1] is case for i, queue in zip(places, queues, strict=True))

    def _stand_in_line(self, case: Case, resource: int) -> None:
        out_of_reach = self._view.unreachable(case, resource)
        if out_of_reach:
            self._recorder.cut_off[case.row] = True
        queues = self._apart if out_of_reach else self._by_resource
        insort(queues.setdefault(resource, []), (self.turn(case), case))

    def _still(self, resource: int) -> list[Case]:
        """Return who waits for a resource, in no order, without those who have got it, or need it no more."""
        queues = self._by_resource.get(resource, ()), self._apart.get(resource, ())
        return [case for queue in queues for _, case in queue if resource in case.lacking]

    def _room(self, resource: int) -> float:
        """Return how many more units can be waited for; an incident waits for people or equipment whole."""
        if self._limit is None:
            return inf
        waiting = self._still(resource)
        if self._resources[resource].measure == "units":
            return max(0.0, self._limit - sum(case.lacking[resource] for case in waiting))
        return inf if len(waiting) < self._limit else 0.0

    def _in_turn(self, resource: int, while_free: bool) -> Iterator[Asking]:
        """Yield who waits for a resource, and forget those who lack it no more or are out of reach."""
        waiting, i = self._by_resource[resource], 0
        mildest = self._view.mildest(resource) if while_free else inf
        while i < len(waiting) and mildest:
            turn, case = waiting[i]
            if resource in case.lacking:
                if case.level > mildest:
                    i += 1
                    continue
                yield turn, list(case.lacking).index(resource), case, resource
                mildest = self._view.mildest(resource) if while_free else inf
                i = bisect_left(waiting, (turn,))  # others have lost units meanwhile, and wait anew
                if i == len(waiting) or waiting[i][1] is not case:
                    continue
            if resource not in case.lacking:
                del waiting[i]
            elif self._view.unreachable(case, resource):
                del waiting[i]
                self._stand_in_line(case, resource)
            else:
                i += 1
        if not waiting:
            self._by_resource.pop(resource, None)

    def _bring_back(self, resource: int) -> None:
        """Have those wait in line again whom the unit that came free can reach; all of them if none did."""
        apart = [each for each in self._apart.pop(resource, ()) if resource in each[1].lacking]
        if not apart:
            return
        freed, reached = self._view.freed, [True] * len(apart)
        if freed is not None:
            reached = self._view.reached(freed, [case for _, case in apart])
        for each, near in zip(apart, reached, strict=True):
            if near:
                insort(self._by_resource.setdefault(resource, []), each)
        if not all(reached):
            self._apart[resource] = [each for each, near in zip(apart, reached, strict=True) if not near]


def again_and_again(case: Case, resource: int) -> Iterator[Need]:
    """Yield a need for as long as the incident lacks the resource and orders bring more of it."""
    lacking = case.lacking
    while (before := lacking.get(resource)) is not None:
        yield Need(case, resource)
        if lacking.get(resource) == before:
            return
