"""A unit and its crew: turn out, drive, work, take the patient in, drive home."""

from collections.abc import Callable
from math import inf

from sim.engine.case import Case, SlotMarks
from sim.engine.clock import Story
from sim.engine.drive import drive_of
from sim.engine.mission import NAN, Mission
from sim.engine.standby import Standby, Surroundings
from sim.model.resources import Card, Unit, UnitKind
from sim.seams import Point

Release = Callable[["Crew", float], None]
"""What takes back a unit that comes free at a moment."""


class Crew(Standby):
    """One unit's state. Its ``story`` is what it does of its ``mission``, the last one.

    One that is ``idle`` is neither free nor on a mission: it is ``withheld`` for reasons, each with its row
    of the log.
    """

    __slots__ = (
        "_holds_s",
        "force",
        "free",
        "idle",
        "kind",
        "name",
        "offers",
        "orders",
        "people",
        "story",
        "turned_out_s",
        "withheld",
    )

    def __init__(
        self,
        world: Surroundings,
        index: int,
        unit: Unit,
        kind: UnitKind,
        offers: Card,
        home: Point,
        base_position: int,
    ) -> None:
        super().__init__(world, index, kind, home, base_position)
        self.name, self.kind, self._holds_s = unit.name, unit.kind, kind.holds_s
        self.offers, self.people, self.force = offers, unit.crew, unit.force
        self.free, self.idle, self.orders = True, False, 0
        self.withheld: dict[str, list[float]] = {}
        self.story: Story | None = None
        self.turned_out_s: tuple[float, float] | None = None

    def __repr__(self) -> str:
        return f"unit {self.name}"

    def order(
        self,
        case: Case,
        marks: SlotMarks,
        assigned_s: float,
        expected_s: float,
        nearest_s: float,
        release: Release,
    ) -> Story:
        """Return the story of an order until the crew is free again.

        ``expected_s`` is the travel time foreseen for this unit, ``nearest_s`` that from the nearest
        base of its kind. What lies ahead is foreseen, and recorded, as soon as it can be; it is
        amended where roads change, or the crew is called off.
        """
        self.orders += 1
        from_base = assigned_s >= self.home_s
        notified_s = assigned_s + self._world.alerting_s
        mission = Mission(case, marks, self.index, from_base, assigned_s, notified_s, expected_s, nearest_s)
        if self.call_in_s and from_base:
            mission.roll(mission.enroute_s + self.call_in_s)
        if self.turned_out_s is not None:
            self._go_on_turning_out(mission)
        if not from_base:
            point, until_s = self.turn(assigned_s)
            self.break_off_move(assigned_s, assigned_s + until_s)
            mission.turn = point, mission.enroute_s + until_s * marks.noise_out
        self.mission, self.story = mission, self.carry_out(mission, release)
        return self.story

    def _go_on_turning_out(self, mission: Mission) -> None:
        """Have a crew that was called off before it left, at this very moment, leave when it is ready."""
        assert self.turned_out_s is not None
        called_off_s, ready_s = self.turned_out_s
        if called_off_s == mission.assigned_s:
            mission.roll(max(mission.notified_s, ready_s))
        self.turned_out_s = None

    def carry_out(self, mission: Mission, release: Release) -> Story:
        """Arrive and work, for the crew's own time or on a common task until it is over; then leave."""
        recorder, marks = self._world.recorder, mission.marks
        at_work_s = mission.at_work_s = mission.arrived_s + marks.access_s
        case = mission.case
        scene, command, gathering = case.scene, case.command, case.gathering
        if command is not None or gathering is not None:
            recorder.mission(mission)
            yield mission.arrived_s
            if gathering is not None:
                gathering.arrived(case, self.offers)
            if command is not None:
                command.arrived(case, mission.arrived_s)
                mission.haste = case.haste
        if scene is not None and (rate := scene.task.rate(self.kind, self.people)):
            recorder.mission(mission)
            mission.left_scene_s = yield from scene.work(rate, at_work_s, self.force.release)
        elif self._holds_s and gathering is not None and not marks.transport:
            recorder.mission(mission)
            done_s = at_work_s + marks.scene_s
            mission.left_scene_s = yield from gathering.hold(case, self.index, done_s, self._holds_s)
        else:
            mission.left_scene_s = at_work_s + marks.scene_s
        free_s = self.foresee_return(mission)
        yield free_s
        release(self, free_s)

    def come_free(self, free_s: float, release: Release) -> Story:
        """Come free at a moment."""
        yield free_s
        release(self, free_s)

    def foresee_return(self, mission: Mission) -> float:
        """Foresee the way to hospital with a patient, and home; return when the crew can be sent again."""
        marks, where = mission.marks, mission.scene
        mission.cleared_s = mission.left_scene_s
        if marks.transport:
            where = self._foresee_transport(mission)
        return self.foresee_way_home(mission, where)

    def _foresee_transport(self, mission: Mission) -> Point:
        """Foresee the way to hospital; return where that is, or the scene while none can be reached."""
        marks, left_s = mission.marks, mission.left_scene_s
        hospital, drive_s = self.choose_hospital(mission, mission.scene, left_s)
        mission.hospital = hospital if drive_s < inf else NAN
        mission.at_destination_s = left_s + drive_s * marks.noise_hospital
        mission.cleared_s = mission.transferred_s = mission.at_destination_s + marks.handover_s
        return self.hospital(mission) if drive_s < inf else mission.scene

    def foresee_way_home(self, mission: Mission, where: Point) -> float:
        """Foresee the way home, and record the mission; return when the crew can be sent again."""
        cleared_s, home, drive_s = mission.cleared_s, self.home, 0.0
        if where != home:
            known = cleared_s < inf
            travel = self._world.travel
            drive_s = travel.between(where, home, at_s=cleared_s, mode=self.modes.home) if known else inf
        return self.head_home(mission, where, cleared_s, cleared_s + drive_s * mission.marks.noise_home)

    def head_home(self, mission: Mission, where: Point, begun_s: float, home_s: float) -> float:
        """Have the crew be home at ``home_s``, and record it; return when it can be sent again."""
        self.leg_from, self.leg_s, self.route = where, begun_s, None
        self.home_s = mission.in_quarters_s = home_s
        self._world.recorder.mission(mission)
        return mission.cleared_s if self._world.stays_available else home_s

    def stand_down(self, mission: Mission, cause: str, where: Point, begun_s: float, now_s: float) -> float:
        """Give the mission up, and head home from where it turns; return when the crew can be sent again.

        Who has not left the base yet is in quarters at once; its turnout counts if it is sent now.
        """
        ready_s = mission.enroute_s
        mission.give_up(cause, now_s)
        if where is self.home:
            self.turned_out_s = now_s, ready_s
            return self.head_home(mission, where, now_s, now_s)
        drive_s = 0.0
        if where != self.home:
            drive_s = self._world.travel.between(where, self.home, at_s=begun_s, mode=self.modes.home)
        return self.head_home(mission, where, begun_s, begun_s + drive_s * mission.marks.noise_home)

    def on_the_way(self, now_s: float) -> Mission | None:
        """Return the mission that a unit is on its way for, or turns out for; None for none."""
        out = self.mission is not None and not self.free and self.mission.leg(now_s) == "out"
        return self.mission if out else None

    def mode_to(self, case: Case) -> str:
        """Return the mode in which it goes to an incident, or would."""
        mission = None if self.free else self.mission
        return self.modes[case.haste if mission is None or mission.case is not case else mission.haste]

    def turning(self, now_s: float) -> tuple[Point, float]:
        """Return where a unit that is on its way out can first turn, and when it is there."""
        mission = self.mission
        assert mission is not None
        drive = mission.drive = drive_of(self, mission, now_s, self._world.travel)
        assert drive is not None
        return drive.turning(now_s)

    def turn_back(self, now_s: float) -> tuple[Point, float]:
        """Return where a unit on its way out can turn, and how long until then.

        At once from its base; elsewhere one that has not been told yet has stopped.
        """
        where, begun_s = self.turning(now_s)
        assert self.mission is not None
        return where, 0.0 if where is self.home else begun_s - max(now_s, self.mission.enroute_s)

    def hospital(self, mission: Mission) -> Point:
        """Return where the hospital of a mission is."""
        return self._world.hospitals.points[int(mission.hospital)]

    def choose_hospital(self, mission: Mission, where: Point, at_s: float) -> tuple[int, float]:
        """Return the hospital to go to from a point (index), and the seconds there; inf for no way."""
        mode = self.modes.with_patient(mission.haste)
        return self._world.hospitals.choose(mission.marks.hospital, where, mission.case.level, at_s, mode)

    def free_s(self, mission: Mission) -> float:
        """Return when the crew can be sent again, as it is foreseen."""
        return mission.cleared_s if self._world.stays_available else self.home_s
