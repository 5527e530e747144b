"""A unit and its crew: turn out, drive, work, take the patient in, drive home."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.engine.case import Case, SlotMarks
from sim.engine.clock import Story
from sim.engine.log import Recorder
from sim.engine.medical import Hospitals
from sim.model.resources import Card, CommandCentre, Unit, UnitKind
from sim.seams import Point, TravelTimes

if TYPE_CHECKING:
    from sim.engine.dispatcher import Dispatcher

NAN = float("nan")

NOT_YET = (NAN,) * 5
"""From left_scene to in_quarters, while a common task goes on."""

NOWHERE = (NAN,)
"""Instead of a hospital."""


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
        "_world",
        "base_position",
        "free",
        "home",
        "home_s",
        "index",
        "kind",
        "leg_from",
        "leg_s",
        "mode",
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
        self.index, self.name, self.kind, self.mode = index, unit.name, unit.kind, kind.mode
        self.offers, self.people = offers, unit.crew
        self.home, self.base_position = home, base_position
        self.free = True
        self.leg_from, self.leg_s, self.home_s = home, 0.0, 0.0

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
        world, recorder = self._world, self._world.recorder
        from_base = assigned_s >= self.home_s

        notified_s = assigned_s + world.centre.alerting_s
        enroute_s = notified_s + slot.turnout_s if from_base else notified_s
        arrived_s = enroute_s + expected_s * slot.noise_out
        at_work_s = arrived_s + slot.access_s
        left_scene_s = at_work_s + slot.scene_s

        outward = (case.row, slot.slot, self.index, assigned_s, notified_s, enroute_s, arrived_s, at_work_s)
        foreseen = (expected_s, nearest_s, from_base)

        place = None
        if case.scene is not None and (rate := case.scene.task.rate(self.kind, self.people)):
            place = recorder.next_place
            recorder.mission(outward + NOT_YET + foreseen + NOWHERE)
            left_scene_s = yield from case.scene.work(rate, at_work_s)

        where, cleared_s = (case.x_m, case.y_m), left_scene_s
        at_destination_s = transferred_s = hospital = NAN
        if slot.transport:
            hospital, at_destination_s = self._take_in(slot, where, case.level, left_scene_s)
            where = world.hospitals.points[hospital]
            cleared_s = transferred_s = at_destination_s + slot.handover_s

        home_s = world.travel.between(where, self.home, at_s=cleared_s, mode=self.mode)
        self.leg_from, self.leg_s, self.home_s = where, cleared_s, cleared_s + home_s * slot.noise_home
        inward = (left_scene_s, at_destination_s, transferred_s, cleared_s, self.home_s)
        recorder.mission(outward + inward + foreseen + (hospital,), place)
        free_s = cleared_s if world.stays_available else self.home_s
        yield free_s
        dispatcher.release(self, free_s)

    def _take_in(self, slot: SlotMarks, scene: Point, level: int, left_scene_s: float) -> tuple[int, float]:
        """Take the patient in; return to which hospital, and when they are there."""
        hospital, drive_s = self._world.hospitals.choose(slot.hospital, scene, level, left_scene_s, self.mode)
        return hospital, left_scene_s + drive_s * slot.noise_hospital

    def where(self, now_s: float) -> Point:
        """Return where a free unit is: at its base, or on its way there."""
        if now_s >= self.home_s:
            return self.home
        share = (now_s - self.leg_s) / (self.home_s - self.leg_s)
        return self._world.travel.along(self.leg_from, self.home, share)
