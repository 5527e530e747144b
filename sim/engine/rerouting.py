"""Roads close and open again: units that are under way go on from where they are."""

from collections.abc import Sequence
from dataclasses import replace
from math import inf, isnan

from sim.engine.clock import ROADS, Clock, Story
from sim.engine.crew import Crew
from sim.engine.dispatcher import Dispatcher
from sim.engine.drive import Drive, drive_of, move_of
from sim.engine.mission import NAN, Mission
from sim.engine.staging import Reinforcement, Staging
from sim.model.closures import Closure
from sim.seams import Point, TravelTimes

SAME_S = 1e-6
"""Moments that are nearer to each other are the same, added up in another order."""


class Rerouting:
    """Closes and opens roads, and has all units go on in the best way that is left.

    A unit on a closed road goes on to where it can first turn. One that can reach its incident no more
    gives up and is free where it stands, and the incident asks for another. With a patient it takes
    another hospital; where it can reach none, or not its base, it stands until a road opens.
    """

    def __init__(
        self, clock: Clock, travel: TravelTimes, crews: Sequence[Crew], dispatcher: Dispatcher
    ) -> None:
        self._clock, self._travel, self._crews, self._dispatcher = clock, travel, crews, dispatcher
        self._orders = dispatcher.orders
        self._moves: dict[Crew, Drive] = {}

    def begin(self, closures: Sequence[Closure]) -> None:
        """Have roads close and open when they do: all of one moment at once, before whatever else is then."""
        opening = {each.until_s for each in closures if each.until_s < inf}
        for now_s in sorted(opening | {each.from_s for each in closures}):
            opened = [each for each in closures if each.until_s == now_s]
            closed = [each for each in closures if each.from_s == now_s]
            self._clock.tell(self._at(now_s, opened, closed), ROADS)
        self._clock.tell(self._day_by_day(), ROADS)

    def _at(self, now_s: float, opened: Sequence[Closure], closed: Sequence[Closure]) -> Story:
        yield now_s
        self._change(opened, closed, now_s)

    def _day_by_day(self) -> Story:
        """What becomes possible by itself, such as at daybreak."""
        now_s = 0.0
        while (now_s := self._travel.next_change_s(now_s)) < inf:
            yield now_s
            self._change((), (), now_s)

    def _change(self, opened: Sequence[Closure], closed: Sequence[Closure], now_s: float) -> None:
        out = [(crew, m) for crew in self._crews if (m := crew.mission) and not m.in_quarters_s <= now_s]
        for crew, mission in out:
            mission.drive = drive_of(crew, mission, now_s, self._travel)
        on_missions = {crew for crew, _ in out}
        moving = [crew for crew in self._crews if crew.is_moving(now_s) and crew not in on_missions]
        for each in opened:
            self._travel.reopen(each)
        for each in closed:
            self._travel.close(each)
        self._dispatcher.roads_changed(now_s)
        for crew, mission in out:
            self._go_on(crew, mission, now_s)
        for crew in moving:
            self._move_on(crew, now_s)
        self._dispatcher.serve_all()

    def _go_on(self, crew: Crew, mission: Mission, now_s: float) -> None:
        """Have a crew go on with its mission on the roads as they are now."""
        drive = mission.drive
        if drive is None:
            self._foresee_anew(crew, mission, now_s)
        elif drive.leg == "out":
            self._on_the_way_out(crew, mission, drive, now_s)
        elif drive.leg == "hospital":
            self._with_a_patient(crew, mission, drive, now_s)
        else:
            self._homewards(crew, mission, drive, now_s)

    def _foresee_anew(self, crew: Crew, mission: Mission, now_s: float) -> None:
        """What lies ahead of a crew at a scene, or at a hospital, is driven on other roads."""
        before = crew.free_s(mission)
        if mission.at_destination_s <= now_s:
            self._restart(crew, crew.foresee_way_home(mission, crew.hospital(mission)), before)
        elif not isnan(mission.left_scene_s):
            self._restart(crew, crew.foresee_return(mission), before)

    def _by_staging(self, crew: Reinforcement, mission: Mission, staging: Staging, now_s: float) -> None:
        """Have a crew that has not left its staging point yet go there, and on, on the roads of now."""
        before, drive = (staging.staged_s, mission.arrived_s), mission.drive
        assert drive is not None
        if not staging.holds(now_s):
            mission.drive = drive = self._anew(crew, drive, drive.destination, now_s)
            staging.staged_s = drive.end_s
        crew.foresee_arrival(mission)
        if mission.arrived_s == inf:
            self._orders.give_back(crew, self._orders.call_off(crew, mission, "cut off"))
        elif (staging.staged_s, mission.arrived_s) != before:
            self._orders.retell(crew, crew.carry_out(mission, self._orders.release))

    def _on_the_way_out(self, crew: Crew, mission: Mission, drive: Drive, now_s: float) -> None:
        if isinstance(crew, Reinforcement) and mission.staging and not mission.staging.over:
            self._by_staging(crew, mission, mission.staging, now_s)
            return
        mission.drive = drive = self._anew(crew, drive, drive.destination, now_s)
        if drive.end_s == inf:
            self._orders.give_back(crew, self._orders.call_off(crew, mission, "cut off"))
        elif drive.end_s == mission.arrived_s:
            self._foresee_anew(crew, mission, now_s)
        else:
            mission.arrived_s = drive.end_s
            self._orders.retell(crew, crew.carry_out(mission, self._orders.release))

    def _with_a_patient(self, crew: Crew, mission: Mission, drive: Drive, now_s: float) -> None:
        """Go on to the hospital, or to another where that is out of reach."""
        before = crew.free_s(mission)
        onward = drive
        if not isnan(mission.hospital):
            onward = self._anew(crew, drive, drive.destination, now_s)
        if onward.end_s == inf:
            onward = self._to_another(crew, mission, onward, now_s)
        mission.drive, mission.at_destination_s = onward, onward.end_s
        mission.transferred_s = mission.cleared_s = onward.end_s + mission.marks.handover_s
        self._restart(crew, crew.foresee_way_home(mission, onward.destination), before)

    def _to_another(self, crew: Crew, mission: Mission, drive: Drive, now_s: float) -> Drive:
        """Return the way to a hospital that can be reached; none has an end while there is none."""
        origin, begun_s = drive.turning(now_s)
        hospital, drive_s = crew.choose_hospital(mission, origin, begun_s)
        if drive_s < inf:
            mission.hospital = hospital
            return self._anew(crew, drive, crew.hospital(mission), now_s)
        mission.hospital = NAN
        return replace(drive, origin=origin, destination=origin, begun_s=begun_s, end_s=inf, route=None)

    def _homewards(self, crew: Crew, mission: Mission, drive: Drive, now_s: float) -> None:
        before = crew.free_s(mission)
        mission.drive = onward = self._anew(crew, drive, crew.home, now_s)
        if onward is not drive and crew.is_moving(now_s):
            crew.route = drive.route
            crew.move_on(onward.origin, onward.begun_s, onward.end_s)
        free_s = crew.head_home(mission, onward.origin, onward.begun_s, onward.end_s)
        crew.route = onward.route
        self._restart(crew, free_s, before)

    def _move_on(self, crew: Crew, now_s: float) -> None:
        """Go on to another base, without a mission before it."""
        drive, leg = self._moves.get(crew), (crew.leg_from, crew.leg_s, crew.home_s)
        if drive is None or (drive.origin, drive.begun_s, drive.end_s) != leg:
            drive = move_of(crew)
        drive.route = crew.route if drive.begun_s < now_s and drive.end_s < inf else None
        self._moves[crew] = onward = self._anew(crew, drive, crew.home, now_s)
        if onward is not drive:
            crew.move_on(onward.origin, onward.begun_s, onward.end_s)
            if crew.idle:
                self._dispatcher.service.head_home(crew)

    def _anew(self, crew: Crew, drive: Drive, destination: Point, now_s: float) -> Drive:
        """Return a trip to a destination from where the crew can turn; the same one where nothing changes."""
        same = destination == drive.destination
        underway = drive.route is not None and drive.end_s < inf
        if same and underway and not drive.changed(now_s):
            return drive
        origin, begun_s = drive.turning(now_s)
        at_s = drive.decided_s if same and not underway and drive.end_s < inf else begun_s
        expected_s = self._travel.between(origin, destination, at_s=at_s, mode=drive.mode)
        end_s = begun_s + expected_s * drive.noise
        if same and abs(end_s - drive.end_s) < SAME_S:
            if not underway:
                return drive
            end_s = drive.end_s
        elif same and abs(end_s - drive.planned_s) < SAME_S:
            end_s = drive.planned_s
        return replace(
            drive,
            origin=origin,
            destination=destination,
            begun_s=begun_s,
            end_s=end_s,
            decided_s=at_s,
            route=None,
        )

    def _restart(self, crew: Crew, free_s: float, before_s: float) -> None:
        """Have a crew that is not free yet come free at another moment, if it is another."""
        if crew.idle:
            self._dispatcher.service.head_home(crew)
        elif not crew.free and free_s != before_s:
            self._orders.retell(crew, crew.come_free(free_s, self._orders.release))
