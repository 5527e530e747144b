"""A unit and its crew: turn out, drive, work, take the patient in, drive home."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.engine.case import Case, SlotMarks
from sim.engine.clock import Story
from sim.engine.log import Recorder
from sim.engine.medical import Hospitals
from sim.model.resources import Card, CommandCentre, Unit, UnitKind
from sim.seams import Point, Route, TravelTimes

if TYPE_CHECKING:
    from sim.engine.dispatcher import Dispatcher

NAN = float("nan")

NOT_YET = (NAN,) * 5
"""From left_scene to in_quarters, while a common task goes on."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every crew needs to know of the world."""

    travel: TravelTimes
    centre: CommandCentre
    hospitals: Hospitals
    recorder: Recorder
    stays_available: bool


class Crew:
    """One unit's state. On its way home it is between ``leg_from``, left at ``leg_s``, and its base."""

    __slots__ = (
        "_route",
        "_world",
        "base_position",
        "free",
        "home",
        "home_s",
        "index",
        "kind",
        "leg_from",
        "leg_s",
        "modes",
        "name",
        "offers",
        "people",
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
        self._world = world
        self.index, self.name, self.kind, self.modes = index, unit.name, unit.kind, kind.modes
        self.offers, self.people = offers, unit.crew
        self.home, self.base_position = home, base_position
        self.free = True
        self.leg_from, self.leg_s, self.home_s = home, 0.0, 0.0
        self._route: Route | None = None

    def mission(
        self,
        case: Case,
        slot: SlotMarks,
        assigned_s: float,
        expected_s: float,
        nearest_s: float,
        dispatcher: "Dispatcher",
    ) -> Story:
        """Carry out an order and come free.

        ``expected_s`` is the travel time foreseen for this unit, ``nearest_s`` that from the nearest
        base of its kind. No decision can change a mission yet, so all of it is known, and recorded,
        at its beginning; but for a common task the crew stays until that is over.
        """
        world = self._world
        from_base = assigned_s >= self.home_s

        notified_s = assigned_s + world.centre.alerting_s
        enroute_s = notified_s + slot.turnout_s if from_base else notified_s
        arrived_s = enroute_s + expected_s * slot.noise_out
        at_work_s = arrived_s + slot.access_s
        left_scene_s = at_work_s + slot.scene_s
        outward = (case.row, slot.slot, self.index, assigned_s, notified_s, enroute_s, arrived_s, at_work_s)
        foreseen = (expected_s, nearest_s, from_base)

        scene = case.scene
        place = None
        if scene is not None and (rate := scene.task.rate(self.kind, self.people)):
            place = world.recorder.mission(*outward, *NOT_YET, *foreseen, NAN)
            yield at_work_s
            scene.join(rate, at_work_s)
            if scene.out_s > at_work_s:
                yield scene.over
            left_scene_s = max(at_work_s, scene.out_s)

        where = (case.x_m, case.y_m)
        at_destination_s = transferred_s = hospital = NAN
        cleared_s = left_scene_s
        if slot.transport:
            hospital, drive_s = world.hospitals.choose(
                slot.hospital, where, case.level, left_scene_s, self.modes[case.haste]
            )
            where = world.hospitals.points[hospital]
            at_destination_s = left_scene_s + drive_s * slot.noise_hospital
            cleared_s = transferred_s = at_destination_s + slot.handover_s

        drive_home_s = (
            world.travel.between(where, self.home, at_s=cleared_s, mode=self.modes.home) * slot.noise_home
        )
        self.leg_from, self.leg_s, self.home_s = where, cleared_s, cleared_s + drive_home_s
        self._route = None
        inward = (left_scene_s, at_destination_s, transferred_s, cleared_s, self.home_s)
        if place is None:
            world.recorder.mission(*outward, *inward, *foreseen, hospital)
        else:
            world.recorder.amend(place, *outward, *inward, *foreseen, hospital)
        free_s = cleared_s if world.stays_available else self.home_s
        yield free_s
        dispatcher.release(self, free_s)

    def turn(self, now_s: float, mode: str) -> tuple[Point, float]:
        """Return where a free unit can set out for an incident in ``mode``, and how long until it is there.

        At once from its base; on its way there, see Route.
        """
        if now_s >= self.home_s:
            return self.home, 0.0
        if self._route is None:
            travel = self._world.travel
            self._route = travel.route(self.leg_from, self.home, at_s=self.leg_s, mode=self.modes.home)
        return self._route.turn((now_s - self.leg_s) / (self.home_s - self.leg_s), mode)
