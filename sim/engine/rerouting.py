"""Roads close and open again: units that are under way go on from where they are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf, isnan

from sim.engine.clock import Clock, Story
from sim.engine.crew import Crew
from sim.engine.dispatcher import Dispatcher
from sim.engine.mission import NAN, Mission
from sim.model.closures import Closure
from sim.model.log import CAUSES
from sim.seams import Point, Route, TravelTimes

SAME_S = 1e-6
"""Moments that are nearer to each other are the same, added up in another order."""


@dataclass
class Drive:
    """A trip, over one leg of a mission, from a point that it leaves at ``begun_s``.

    ``planned_s`` is when it was to end before any road closed; ``route`` is looked for when it is asked.
    """

    leg: str
    mode: str
    origin: Point
    destination: Point
    begun_s: float
    end_s: float
    noise: float
    planned_s: float
    route: Route | None = None


def _foreseen(crew: Crew, m: Mission, leg: str) -> Drive | None:
    """Return the trip of a leg as it was planned; None where that is none."""
    if leg == "out":
        origin, outset_s = m.turn or (crew.home, m.enroute_s)
        ends, moments, noise = (origin, m.scene), (outset_s, m.arrived_s), m.marks.noise_out
        mode = crew.modes[m.case.haste]
    elif leg == "hospital":
        ends, moments = (m.scene, crew.hospital(m)), (m.left_scene_s, m.at_destination_s)
        noise, mode = m.marks.noise_hospital, crew.modes.with_patient(m.case.haste)
    elif leg == "home":
        ends, moments, noise = (crew.leg_from, crew.home), (crew.leg_s, crew.home_s), m.marks.noise_home
        mode = crew.modes.home
    else:
        return None
    return Drive(leg, mode, *ends, *moments, noise, planned_s=moments[1])


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

    def closures(self, closures: Sequence[Closure]) -> Story:
        """What closes and opens again, one moment after the other; all of one moment at once."""
        opening = {each.until_s for each in closures if each.until_s < inf}
        for now_s in sorted(opening | {each.from_s for each in closures}):
            yield now_s
            self._change(
                [each for each in closures if each.until_s == now_s],
                [each for each in closures if each.from_s == now_s],
                now_s,
            )

    def _change(self, opened: Sequence[Closure], closed: Sequence[Closure], now_s: float) -> None:
        out = [(crew, m) for crew in self._crews if (m := crew.mission) and not m.in_quarters_s <= now_s]
        for crew, mission in out:
            mission.drive = self._drive(crew, mission, now_s)
        for each in opened:
            self._travel.reopen(each)
        for each in closed:
            self._travel.close(each)
        self._dispatcher.roads_changed(now_s)
        for crew, mission in out:
            self._go_on(crew, mission, now_s)
        self._dispatcher.serve_all()

    def _drive(self, crew: Crew, mission: Mission, now_s: float) -> Drive | None:
        """Return the trip that a crew is on, or about to begin, with its route so far; None for none."""
        leg = mission.leg(now_s)
        drive = mission.drive if mission.drive and mission.drive.leg == leg else _foreseen(crew, mission, leg)
        if drive is None:
            return None
        if drive.route is None and drive.begun_s < now_s < drive.end_s < inf:
            ends_at = (drive.origin, drive.destination)
            drive.route = self._travel.route(*ends_at, at_s=drive.begun_s, mode=drive.mode)
        return drive

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
        if mission.at_destination_s <= now_s:
            self._restart(crew, crew.foresee_way_home(mission, crew.hospital(mission)))
        elif not isnan(mission.left_scene_s):
            self._restart(crew, crew.foresee_return(mission))

    def _on_the_way_out(self, crew: Crew, mission: Mission, drive: Drive, now_s: float) -> None:
        mission.drive = drive = self._anew(crew, drive, drive.destination, now_s)
        if drive.end_s == inf:
            self._give_up(crew, mission, drive, now_s)
        elif drive.end_s == mission.arrived_s:
            self._foresee_anew(crew, mission, now_s)
        else:
            mission.arrived_s = drive.end_s
            self._tell(crew, crew.carry_out(mission, self._dispatcher))

    def _with_a_patient(self, crew: Crew, mission: Mission, drive: Drive, now_s: float) -> None:
        onward = self._anew(crew, drive, drive.destination, now_s)
        if onward.end_s == inf:
            hospital, to = crew.another_hospital(mission, onward.origin, onward.begun_s)
            onward, mission.hospital = self._anew(crew, drive, to, now_s), hospital
        mission.drive, mission.at_destination_s = onward, onward.end_s
        mission.transferred_s = mission.cleared_s = onward.end_s + mission.marks.handover_s
        self._restart(crew, crew.foresee_way_home(mission, onward.destination))

    def _homewards(self, crew: Crew, mission: Mission, drive: Drive, now_s: float) -> None:
        mission.drive = drive = self._anew(crew, drive, crew.home, now_s)
        free_s = crew.head_home(mission, drive.origin, drive.begun_s, drive.end_s)
        crew.route = drive.route
        if not mission.cleared_s <= now_s or free_s > now_s:
            self._restart(crew, free_s)

    def _anew(self, crew: Crew, drive: Drive, destination: Point, now_s: float) -> Drive:
        """Return a trip to a destination from where the crew can turn; the same one where nothing changes."""
        origin, begun_s = drive.origin, drive.begun_s
        if drive.end_s == inf:
            begun_s = max(begun_s, now_s)
        elif drive.route is not None:
            share = (now_s - begun_s) / (drive.end_s - begun_s)
            if destination == drive.destination and drive.route.arriving(share):
                return drive
            origin, until_s = drive.route.turn(share, drive.mode)
            begun_s = now_s + until_s * drive.noise
        expected_s = self._travel.between(origin, destination, at_s=begun_s, mode=drive.mode)
        end_s = begun_s + expected_s * drive.noise
        if destination == drive.destination:
            if abs(end_s - drive.end_s) < SAME_S:
                return drive
            if abs(end_s - drive.planned_s) < SAME_S:
                end_s = drive.planned_s
        return replace(
            drive, origin=origin, destination=destination, begun_s=begun_s, end_s=end_s, route=None
        )

    def _give_up(self, crew: Crew, mission: Mission, drive: Drive, now_s: float) -> None:
        """Leave the incident to others."""
        mission.arrived_s = mission.at_work_s = mission.left_scene_s = NAN
        mission.at_destination_s = mission.transferred_s = mission.hospital = NAN
        mission.notified_s, mission.enroute_s = (
            moment_s if moment_s <= now_s else NAN for moment_s in (mission.notified_s, mission.enroute_s)
        )
        mission.cleared_s, mission.cause = now_s, CAUSES.index("cut off")
        home_s = self._travel.between(drive.origin, crew.home, at_s=drive.begun_s, mode=crew.modes.home)
        end_s = drive.begun_s + home_s * mission.marks.noise_home
        mission.drive = None
        self._dispatcher.take_back(crew, mission.case, mission.marks)
        self._restart(crew, crew.head_home(mission, drive.origin, drive.begun_s, end_s))

    def _restart(self, crew: Crew, free_s: float) -> None:
        self._tell(crew, crew.come_free(free_s, self._dispatcher))

    def _tell(self, crew: Crew, story: Story) -> None:
        """Have a crew's story go on in another way."""
        if crew.story is not None:
            crew.story.close()
        crew.story = story
        self._clock.tell(story)
