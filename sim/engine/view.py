"""What a policy sees: what may be served now, and which free units are near."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from heapq import merge
from math import inf

import numpy as np

from sim.engine.case import Case
from sim.engine.crew import Crew
from sim.engine.pool import Pool
from sim.engine.reach import Bases, Reach
from sim.model.forces import ORDINARY
from sim.seams import FreeUnit, Incident, Need, TravelTimes, View


class WorldView(View):
    """What the policy sees, over the dispatcher's own pools."""

    freed: Crew | None = None
    tiered = False
    """Whether there are units that do not come to all incidents, or may have to stay."""

    def __init__(
        self,
        pools: Sequence[Pool],
        kinds_of: Sequence[tuple[int, ...]],
        travel: TravelTimes,
        bases: Sequence[Bases],
        by_amount: Collection[int],
    ) -> None:
        self._pools, self._kinds_of, self._travel, self._bases = pools, kinds_of, travel, bases
        self.by_amount = by_amount
        self._moves = any(each.own < len(each.sites) for each in bases)
        self._ways = [[(kind, mode) for mode in each.modes] for kind, each in enumerate(bases)]
        self.now_s = 0.0
        self.needs: Iterable[Need] = ()
        self._case: Case | None = None
        self._kind, self._at_s = -1, -1.0
        self._known: Reach = ([], [])
        self._on_road: dict[Crew, float] = {}
        self._on_road_to: Case | None = None
        self._on_road_s = -1.0
        self._changes = 0

    def roads_changed(self) -> None:
        """Have travel times be asked for anew."""
        self._changes += 1
        self.forget_ways()

    def forget_ways(self) -> None:
        """Have what was asked for at this moment be asked for anew."""
        self._case = self._on_road_to = None

    def candidates(
        self, need: Need, over: Callable[[Incident], bool] | None = None
    ) -> Iterator[tuple[FreeUnit, float]]:
        """Return the units for a need with their expected travel seconds, nearest first; see View."""
        case: Case
        case, resource = need  # type: ignore[assignment]
        kinds = self._kinds_of[resource] if resource in case.lacking else ()
        if len(kinds) == 1:
            return self._of_kind(case, kinds[0], over)
        left = {slot.kind for slot in case.slots}
        kinds = tuple(kind for kind in kinds if kind in left)
        return merge(*(self._of_kind(case, kind, over) for kind in kinds), key=self._by_time_and_place)

    def _by_time_and_place(self, found: tuple[FreeUnit, float]) -> tuple[float, int]:
        """Return the key of candidates of several kinds: at base, then on the way home, then out."""
        crew, seconds = found
        assert isinstance(crew, Crew)
        return seconds, (2 if not crew.free else 1 if self.now_s < crew.home_s else 0)

    def standing_by(self, kind: int) -> Iterator[tuple[FreeUnit, int]]:
        """Yield the free units of a kind, and the site that each is at or on its way to; see View."""
        sites = self._bases[kind].sites
        for crew in self._pools[kind].crews:
            if crew.free:
                yield crew, sites[crew.base_position]

    def seconds_to(self, unit: FreeUnit, site: int) -> float:
        """Return the expected seconds of a free unit to a base, from where it is; see View."""
        assert isinstance(unit, Crew)
        bases, now_s = self._bases[unit.kind], self.now_s
        to = bases.position[site]
        if to == unit.base_position:
            return max(0.0, unit.home_s - now_s)
        (x, y), (here, until_s) = bases.points[to].tolist(), unit.turn(now_s)
        return until_s + self._travel.between(here, (x, y), at_s=now_s + until_s, mode=unit.modes.home)

    def under_way(self, kind: int) -> Iterator[tuple[FreeUnit, Incident, float]]:
        """Yield the units of a kind on their way, their incidents, and the seconds left; see View."""
        for crew in self._pools[kind].crews:
            if (mission := crew.on_the_way(self.now_s)) is not None:
                yield crew, mission.case, self._expected_s(crew, mission.case)

    def seconds(self, unit: FreeUnit, incident: Incident) -> float:
        """Return the expected travel time of a unit, free or on its way out; see View."""
        assert isinstance(unit, Crew)
        assert isinstance(incident, Case)
        return self._expected_s(unit, incident)

    def may_go(self, crew: Crew, case: Case) -> bool:
        """Whether a unit comes to an incident of its level, and does not have to stay at its base."""
        return True

    def unreachable(self, case: Case, resource: int) -> bool:
        """Whether units may be sent for what an incident lacks, and none of them can get there."""
        if not any(self.any_to_send(kind, case) for kind in self._kinds_of[resource]):
            return False
        return next(self.candidates(Need(case, resource)), None) is None

    def any_to_send(self, kind: int, case: Case) -> bool:
        """Whether a unit of a kind is free, and would go to an incident if it could get there."""
        return self._pools[kind].count > 0

    def reached(self, crew: Crew, cases: Sequence[Case]) -> list[bool]:
        """Return to which of some incidents a free unit can get."""
        here, until_s = crew.turn(self.now_s)
        found = np.zeros(len(cases), np.bool_)
        for haste in {case.haste for case in cases}:
            some = [i for i, case in enumerate(cases) if case.haste == haste]
            points = np.array([(cases[i].x_m, cases[i].y_m) for i in some])
            at_s, mode = self.now_s + until_s, crew.modes[haste]
            found[some] = self._travel.seconds(np.array([here]), points, at_s=at_s, mode=mode)[0] < inf
        answer: list[bool] = found.tolist()
        return answer

    def mildest(self, resource: int) -> int:
        """Return the mildest level to which a unit comes that is free and brings a resource; 0 for none."""
        return ORDINARY if any(self._pools[kind].count for kind in self._kinds_of[resource]) else 0

    def _of_kind(
        self, case: Case, kind: int, over: Callable[[Incident], bool] | None = None
    ) -> Iterator[tuple[FreeUnit, float]]:
        """Return the units of a kind with their expected travel seconds, nearest first."""
        pool = self._pools[kind]
        if over is not None:
            return self._and_under_way(pool, case, kind, over)
        if pool.count == 0:
            return iter(())
        if pool.homeward:
            pool.settle(self.now_s)
        if pool.homeward:
            return self._merged(pool, case, kind)
        return _at_bases(pool, *self._reach(case, kind))

    def foreseen(self, crew: Crew, case: Case) -> tuple[float, float]:
        """Return the expected travel seconds of a unit, and those from the nearest base of its kind."""
        order, seconds = self._reach(case, crew.kind)
        at_base = crew.free and self.now_s >= crew.home_s
        own_s = seconds[crew.base_position] if at_base else self._road_s(crew, case)
        if not self._moves:
            return own_s, seconds[order[0]]
        own = self._bases[crew.kind].own
        return own_s, seconds[next(base for base in order if base < own)]

    def _reach(self, case: Case, kind: int) -> Reach:
        """Return which bases of ``kind`` are near an incident, and how far each is, now."""
        now_s = self.now_s
        if case is self._case and kind == self._kind and now_s == self._at_s:
            return self._known
        way = self._ways[kind][case.haste]
        if now_s == case.decided_s:
            known = case.batch.now(way, case.place_in_batch, self._changes)
        else:
            known = case.batch.at(way, case.place_in_batch, now_s)
        self._case, self._kind, self._at_s, self._known = case, kind, now_s, known
        return known

    def _merged(self, pool: Pool, case: Case, kind: int) -> Iterator[tuple[FreeUnit, float]]:
        found = sorted(((crew, self._road_s(crew, case)) for crew in pool.homeward), key=_by_time)
        on_road = (each for each in found if each[1] < inf)
        if len(pool.homeward) == pool.count:
            return on_road
        return merge(_at_bases(pool, *self._reach(case, kind)), on_road, key=_by_time)

    def _and_under_way(
        self, pool: Pool, case: Case, kind: int, over: Callable[[Incident], bool]
    ) -> Iterator[tuple[FreeUnit, float]]:
        """Yield the free units of a kind, and those on their way to incidents that may lose them."""
        pool.settle(self.now_s)
        out = (
            (crew, self._road_s(crew, case))
            for crew in pool.crews
            if not (crew.free or crew.withheld)
            if (mission := crew.on_the_way(self.now_s)) is not None and over(mission.case)
        )
        reachable = (found for found in sorted(out, key=_by_time) if found[1] < inf)
        return merge(self._merged(pool, case, kind), reachable, key=_by_time)

    def _expected_s(self, crew: Crew, case: Case) -> float:
        """Return the seconds until a unit would be there, its turnout left out."""
        return self._drive_s(crew, case)

    def _road_s(self, crew: Crew, case: Case) -> float:
        """Return the expected travel time of a unit that is on the road."""
        if case is not self._on_road_to or self.now_s != self._on_road_s:
            self._on_road, self._on_road_to, self._on_road_s = {}, case, self.now_s
        known = self._on_road.get(crew)
        if known is None:
            known = self._on_road[crew] = self._drive_s(crew, case)
        return known

    def called_off(self, crew: Crew) -> None:
        """Have the travel time of a unit be asked for anew, which may go by another urgency from now on."""
        self._on_road.pop(crew, None)

    def _drive_s(self, crew: Crew, case: Case) -> float:
        """Return the expected travel time of a unit from where it can turn."""
        here, until_s = crew.turn(self.now_s) if crew.free else crew.turn_back(self.now_s)
        at_s, there = self.now_s + until_s, (case.x_m, case.y_m)
        return until_s + self._travel.between(here, there, at_s=at_s, mode=crew.mode_to(case))


def _at_bases(pool: Pool, order: list[int], seconds: list[float]) -> Iterator[tuple[FreeUnit, float]]:
    for base in order:
        for crew in pool.at_base[base]:
            if (travel_s := seconds[base]) < inf:
                yield crew, travel_s


def _by_time(found: tuple[FreeUnit, float]) -> float:
    return found[1]
