"""Crews of forces that mobilise first, or gather at a staging point before they go on to the incident."""

from dataclasses import dataclass
from math import inf, isnan

from sim.engine.case import Case, SlotMarks
from sim.engine.clock import Story
from sim.engine.crew import Crew, Release
from sim.engine.drive import Drive
from sim.engine.mission import NAN, Mission
from sim.engine.muster import Muster
from sim.engine.standby import Surroundings
from sim.model.forces import Force
from sim.model.resources import Card, Unit, UnitKind
from sim.seams import Point, TravelTimes


@dataclass(slots=True)
class Staging:
    """A mission's stay at the staging point: reached at ``staged_s``, over after ``marshalling_s``."""

    point: Point
    staged_s: float
    marshalling_s: float
    over: bool = False

    @property
    def leaves_s(self) -> float:
        """When the unit goes on."""
        return self.staged_s + self.marshalling_s

    def holds(self, now_s: float) -> bool:
        """Whether the unit is there."""
        return not self.over and self.staged_s <= now_s


def way_s(travel: TravelTimes, force: Force, here: Point, there: Point, at_s: float, mode: str) -> float:
    """Return the expected seconds from point to point, by the staging point of a force if it has one."""
    if force.staging is None:
        return travel.between(here, there, at_s=at_s, mode=mode)
    gone_s = travel.between(here, force.staging, at_s=at_s, mode=mode) + force.marshalling.median_s
    if gone_s == inf:
        return inf
    return gone_s + travel.between(force.staging, there, at_s=at_s + gone_s, mode=mode)


class Reinforcement(Crew):
    """A crew whose force mobilises, or has a staging point.

    It is over that point that it goes once for each time that it leaves its base.
    """

    __slots__ = ("_muster", "_staged")

    def __init__(
        self,
        world: Surroundings,
        index: int,
        unit: Unit,
        kind: UnitKind,
        offers: Card,
        home: Point,
        base_position: int,
        muster: Muster,
    ) -> None:
        super().__init__(world, index, unit, kind, offers, home, base_position)
        self._muster, self._staged = muster, False

    def order(
        self,
        case: Case,
        marks: SlotMarks,
        assigned_s: float,
        expected_s: float,
        nearest_s: float,
        release: Release,
    ) -> Story:
        """Return the story of an order; see Crew. From the base it begins with the mobilisation."""
        gathering, turning_out = self._gathering(assigned_s), self.turned_out_s
        story = super().order(case, marks, assigned_s, expected_s, nearest_s, release)
        mission = self.mission
        assert mission is not None
        if mission.from_base:
            self._staged = False
            if turning_out is None or turning_out[0] != assigned_s:
                mission.roll(mission.enroute_s + self._muster.mobilisation_s[case.row])
        if self.force.staging is not None and not self._staged:
            self._by_staging(mission, gathering, self.force.staging)
        return story

    def _gathering(self, now_s: float) -> Staging | None:
        """Return the stay at the staging point that it is on, or was until it was called off just now."""
        mission = self.mission
        if mission is None or mission.staging is None or not mission.staging.holds(now_s):
            return None
        return mission.staging if isnan(mission.cause) or mission.cleared_s == now_s else None

    def _by_staging(self, mission: Mission, gathering: Staging | None, staging: Point) -> None:
        """Have it go to the staging point first; one that is there stays on."""
        case, noise = mission.case, mission.marks.noise_out
        origin, outset_s = mission.turn or (self.home, mission.enroute_s)
        decided_s = mission.assigned_s + (outset_s - mission.enroute_s) / noise
        staged_s, stay_s = outset_s, self._muster.marshalling_s[case.row]
        if gathering is not None:
            stay_s = max(0.0, gathering.leaves_s - staged_s)
        else:
            mode = self.modes[mission.haste]
            staged_s += noise * self._world.travel.between(origin, staging, at_s=decided_s, mode=mode)
        mission.staging = Staging(staging, staged_s, stay_s)
        self._bound_for(mission, staging, origin, outset_s, staged_s, decided_s)
        self.foresee_arrival(mission)

    def _bound_for(
        self, mission: Mission, to: Point, origin: Point, begun_s: float, end_s: float, decided_s: float
    ) -> None:
        """Have it be on a trip of its way out."""
        mode, noise = self.modes[mission.haste], mission.marks.noise_out
        mission.drive = Drive("out", mode, origin, to, begun_s, end_s, noise, end_s, decided_s)

    def foresee_arrival(self, mission: Mission) -> None:
        """Foresee when it arrives on scene, from the staging point that it has not left yet."""
        staging = mission.staging
        assert staging is not None
        left_s, mode, drive_s = staging.leaves_s, self.modes[mission.haste], 0.0
        if left_s < inf:
            drive_s = self._world.travel.between(staging.point, mission.scene, at_s=left_s, mode=mode)
        mission.arrived_s = left_s + drive_s * mission.marks.noise_out

    def carry_out(self, mission: Mission, release: Release) -> Story:
        """Go on from the staging point, arrive and work; see Crew."""
        staging = mission.staging
        if staging is not None and not staging.over:
            self._world.recorder.mission(mission)
            self._world.recorder.staged(mission, staging.staged_s)
            left_s = staging.leaves_s
            yield left_s
            staging.over = self._staged = True
            self._bound_for(mission, mission.scene, staging.point, left_s, mission.arrived_s, left_s)
        yield from super().carry_out(mission, release)

    def turning(self, now_s: float) -> tuple[Point, float]:
        """Return where a unit that is on its way out can first turn, and when it is there."""
        staging = self.mission.staging if self.mission else None
        return (staging.point, now_s) if staging and staging.holds(now_s) else super().turning(now_s)

    def stand_down(self, mission: Mission, cause: str, where: Point, begun_s: float, now_s: float) -> float:
        """Give the mission up; see Crew."""
        free_s = super().stand_down(mission, cause, where, begun_s, now_s)
        staging = mission.staging
        if staging is not None and staging.staged_s > now_s:
            staging.staged_s = NAN
            self._world.recorder.staged(mission, NAN)
        return free_s

    def mobilising_s(self, now_s: float) -> float:
        """Return how long it would typically mobilise, or go on to, before it can turn out.

        Nobody knows how long it will be: one that mobilises is never taken to be later than if it began now.
        """
        typical_s = self.force.mobilisation.median_s
        if self.free:
            return typical_s if now_s >= self.home_s else 0.0
        mission = self.mission
        assert mission is not None
        return max(0.0, mission.assigned_s + typical_s - now_s) if mission.from_base else 0.0

    def way_s(self, case: Case, now_s: float) -> float:
        """Return the expected seconds of its way to an incident, from where it is."""
        here, until_s = self.turn(now_s) if self.free else self.turn_back(now_s)
        travel, mode, there = self._world.travel, self.mode_to(case), (case.x_m, case.y_m)
        at_base = self.free and now_s >= self.home_s
        if (gathering := self._gathering(now_s)) is not None:
            until_s = gathering.leaves_s - now_s
        elif at_base or not self._staged:
            return until_s + way_s(travel, self.force, here, there, now_s + until_s, mode)
        return until_s + travel.between(here, there, at_s=now_s + until_s, mode=mode)
