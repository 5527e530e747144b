"""What a policy sees where units belong to forces: not all of them come to all incidents, or straight."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from math import inf

from sim.engine.case import Case
from sim.engine.crew import Crew
from sim.engine.pool import Pool
from sim.engine.reach import Bases
from sim.engine.staging import Reinforcement, way_s
from sim.engine.view import WorldView
from sim.model.forces import OWN, Force
from sim.seams import FreeUnit, Incident, TravelTimes


class TieredView(WorldView):
    """The view of a fleet with forces: who comes to which level, how many stay, and who comes how.

    Of those that mobilise or gather first, the expected seconds include it.
    """

    tiered = True

    def __init__(
        self,
        pools: Sequence[Pool],
        kinds_of: Sequence[tuple[int, ...]],
        travel: TravelTimes,
        bases: Sequence[Bases],
        by_amount: Collection[int],
    ) -> None:
        super().__init__(pools, kinds_of, travel, bases, by_amount)
        self._owners = [{crew.base_position: crew.force for crew in pool.crews} for pool in pools]
        self._ours = [all(force == OWN for force in owners.values()) for owners in self._owners]

    def any_to_send(self, kind: int, case: Case) -> bool:
        """Whether a unit of a kind is free, and would go to an incident if it could get there."""
        if self._ours[kind]:
            return super().any_to_send(kind, case)
        return any(comes(crew, case) for crew in self._sendable(kind))

    def may_go(self, crew: Crew, case: Case) -> bool:
        """Whether a unit comes to an incident of its level, and does not have to stay at its base."""
        return comes(crew, case) and not (crew.free and crew.force.reserve and self._is_reserve(crew))

    def mildest(self, resource: int) -> int:
        """Return the mildest level to which a unit comes that is free and brings a resource; 0 for none."""
        free = (crew for kind in self._kinds_of[resource] for crew in self._sendable(kind))
        return max((crew.force.from_level for crew in free), default=0)

    def seconds(self, unit: FreeUnit, incident: Incident) -> float:
        """Return the expected seconds of a unit to an incident, inf where it would not go; see View."""
        assert isinstance(unit, Crew)
        assert isinstance(incident, Case)
        return self._expected_s(unit, incident) if self.may_go(unit, incident) else inf

    def reached(self, crew: Crew, cases: Sequence[Case]) -> list[bool]:
        """Return to which of some incidents a free unit can get, and comes."""
        return [self.seconds(crew, case) < inf for case in cases]

    def foreseen(self, crew: Crew, case: Case) -> tuple[float, float]:
        """Return the expected seconds of a unit's way, and those from the nearest base of its kind."""
        _, seconds = self._reach(case, crew.kind)
        owners = self._owners[crew.kind].items()
        nearest_s = [
            self._from_base_s(crew, base, force, case, seconds[base])
            for base, force in owners
            if force.from_level >= case.level
        ]
        if isinstance(crew, Reinforcement):
            own_s = crew.way_s(case, self.now_s)
        else:
            own_s = self._expected_s(crew, case)
        return own_s, min(nearest_s, default=own_s)

    def _from_base_s(self, crew: Crew, base: int, force: Force, case: Case, straight_s: float) -> float:
        """Return the expected seconds of the way from a base."""
        if force.staging is None:
            return straight_s
        x_m, y_m = self._bases[crew.kind].points[base].tolist()
        mode = crew.modes[case.haste]
        return way_s(self._travel, force, (x_m, y_m), (case.x_m, case.y_m), self.now_s, mode)

    def _is_reserve(self, crew: Crew) -> bool:
        """Whether a free unit is at a base that is down to the reserve of its force."""
        pool = self._pools[crew.kind]
        pool.settle(self.now_s)
        there = pool.at_base[crew.base_position]
        own = sum(each.force.name == crew.force.name for each in there)
        return crew in there and own <= crew.force.reserve

    def _sendable(self, kind: int) -> list[Crew]:
        """Return the free units of a kind that may be sent anywhere: all but the reserve of each base."""
        pool, found = self._pools[kind], list[Crew]()
        pool.settle(self.now_s)
        for there in pool.at_base:
            left = Counter(crew.force.name for crew in there)
            for crew in there:
                left[crew.force.name] -= 1
                if left[crew.force.name] >= crew.force.reserve:
                    found.append(crew)
        return found + pool.homeward

    def _of_kind(
        self, case: Case, kind: int, over: Callable[[Incident], bool] | None = None
    ) -> Iterator[tuple[FreeUnit, float]]:
        """Return the units of a kind that come with their expected seconds, the first to be there first."""
        if self._ours[kind]:
            return super()._of_kind(case, kind, over)
        able = self._sendable(kind)
        if over is not None:
            for crew in self._pools[kind].crews:
                mission = crew.on_the_way(self.now_s)
                if mission is not None and not crew.withheld and over(mission.case):
                    able.append(crew)
        found = [(crew, self._expected_s(crew, case)) for crew in able if comes(crew, case)]
        return iter(sorted((each for each in found if each[1] < inf), key=lambda each: each[1]))

    def _expected_s(self, crew: Crew, case: Case) -> float:
        """Return the seconds until a unit would be there, its turnout left out."""
        if isinstance(crew, Reinforcement):
            return crew.mobilising_s(self.now_s) + crew.way_s(case, self.now_s)
        if crew.free and self.now_s >= crew.home_s:
            return self._reach(case, crew.kind)[1][crew.base_position]
        return self._road_s(crew, case)


def comes(crew: Crew, case: Case) -> bool:
    """Whether a unit's force comes to an incident of a level, and still has something to do there."""
    if crew.force.release == "controlled" and case.scene is not None and case.scene.controlled:
        return False
    return crew.force.from_level >= case.level
