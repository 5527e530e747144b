"""Who waits for what: for each resource, most urgent first."""

from bisect import insort
from collections.abc import Iterator, Sequence
from heapq import merge
from math import inf

from sim.engine.case import Case
from sim.engine.crew import Crew
from sim.engine.log import Recorder
from sim.engine.view import WorldView
from sim.model.resources import Resource
from sim.seams import Need


class Waiting:
    """The incidents that lack something, by resource, in order of priority and then of report."""

    def __init__(
        self, resources: Sequence[Resource], view: WorldView, recorder: Recorder, limit: int | None
    ) -> None:
        self._resources, self._view, self._recorder, self._limit = resources, view, recorder, limit
        self._by_resource: dict[int, list[tuple[tuple[int, int], Case]]] = {}

    def join(self, case: Case) -> None:
        """Have what an incident lacks wait, or turn away what the queue cannot hold."""
        if self._view.unreachable(case):
            self._recorder.cut_off[case.row] = True
        for r, amount in tuple(case.lacking.items()):
            room = self._room(r)
            if amount > room:
                self._recorder.unmet(case.row, r, amount - room, "turned away")
                del case.lacking[r]
                if not room:
                    continue
                case.lacking[r] = room
            insort(self._by_resource.setdefault(r, []), (case.urgency, case))

    def rejoin(self, case: Case, lost: Crew, cause: str) -> None:
        """Have an incident wait anew for what a unit was to bring, as far as others do not bring it."""
        if cause == "cut off":
            self._recorder.cut_off[case.row] = True
        for r, amount in case.card:
            lacked = case.lacking.get(r, 0.0)
            brought = sum(each for offers in case.sent for other, each in offers if other == r)
            gone = sum(each for other, each in lost.offers if other == r)
            lacking = min(amount - brought, lacked + gone)
            if lacking > 1e-9:
                case.lacking[r] = lacking
                waiting = self._by_resource.setdefault(r, [])
                if all(other is not case for _, other in waiting):
                    insort(waiting, (case.urgency, case))

    def withdraw(self, case: Case) -> None:
        """Wait no more for what an incident lacks: it is over."""
        for r, amount in case.lacking.items():
            self._recorder.unmet(case.row, r, amount, "withdrawn")
        case.lacking.clear()

    def wanted(self, crew: Crew) -> list[int]:
        """Return the resources that a unit brings and somebody waits for."""
        return [r for r, _ in crew.offers if r in self._by_resource] if self._by_resource else []

    def needs(self, resources: Sequence[int]) -> Iterator[Need]:
        """Yield what waits for some resources, most urgent first, for as long as a unit is free for it."""
        queues = [self._in_turn(r) for r in resources]
        for _, case, r in queues[0] if len(queues) == 1 else merge(*queues):
            yield from again_and_again(case, r)

    def all_needs(self) -> Iterator[Need]:
        """Yield all that is waited for, as ``needs`` does."""
        return self.needs(sorted(self._by_resource))

    def close(self) -> None:
        """Record what is still waited for."""
        for r in sorted(self._by_resource):
            for case in self._still(r):
                self._recorder.unmet(case.row, r, case.lacking[r], "waiting")

    def _still(self, resource: int) -> list[Case]:
        """Return who waits for a resource, without those who have got it, or need it no more."""
        return [case for _, case in self._by_resource.get(resource, ()) if resource in case.lacking]

    def _room(self, resource: int) -> float:
        """Return how many more units can be waited for; an incident waits for people or equipment whole."""
        if self._limit is None:
            return inf
        waiting = self._still(resource)
        if self._resources[resource].measure == "units":
            return self._limit - sum(case.lacking[resource] for case in waiting)
        return inf if len(waiting) < self._limit else 0.0

    def _in_turn(self, resource: int) -> Iterator[tuple[tuple[int, int], Case, int]]:
        """Yield who waits for a resource, and forget those who lack it no more."""
        waiting, i = self._by_resource[resource], 0
        while i < len(waiting) and self._view.any_free(resource):
            urgency, case = waiting[i]
            if resource in case.lacking:
                yield urgency, case, resource
            if resource in case.lacking:
                i += 1
            else:
                del waiting[i]
        if not waiting:
            del self._by_resource[resource]


def again_and_again(case: Case, resource: int) -> Iterator[Need]:
    """Yield a need for as long as the incident lacks the resource and orders bring more of it."""
    lacking = case.lacking
    while (before := lacking.get(resource)) is not None:
        yield Need(case, resource)
        if lacking.get(resource) == before:
            return
